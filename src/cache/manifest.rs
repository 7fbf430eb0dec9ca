//! A recorded build: the Dockerfile, the ignore file, and the digests of all files that it takes, in one file of JSON. Read again, it
//! is a state as good as a commit, and better: it has what git ignores, and modes as they are.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::builder::Builder;
use super::history::State;
use super::key::Key;
use super::keys::{Evaluator, Snapshot};
use super::plan::{Input, Plan, plan};
use super::select::Selector;
use super::tree::{Entry, Extra, Folder, Id, Kind, MadeTree};
use crate::context::{IgnoreFile, clean, is_in, literal_part};
use crate::model::BuildOptions;
use crate::secrets::names_secret;

/// The version of the format; it changes when a reader of the old one would break.
const VERSION: u32 = 1;

/// What says that a file is a manifest.
pub const MARK: &str = "layerwise-cache";

/// What is before the digest of a value.
const DIGEST: &str = "digest:";

/// Longer paths are not read.
const LONGEST_PATH: usize = 4096;

/// Deeper paths are not read.
const DEEPEST_PATH: usize = 200;

/// A manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What it is.
    manifest: String,
    version: u32,
    builder: String,
    target: Option<String>,
    /// The commit, if it is of one and not of files on the disk.
    pub revision: Option<String>,
    dockerfile: Text,
    ignore: Option<Text>,
    build_args: Vec<Argument>,
    steps: Vec<StepRecord>,
    files: Vec<FileRecord>,
}

/// A file with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Its path.
    pub path: String,
    /// Its content.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Argument {
    name: String,
    /// Its value; the digest of it where the name is that of a secret.
    value: String,
}

/// A step; for people and programs, as keys are computed again from the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StepRecord {
    line: u32,
    keyword: String,
    stage: String,
    key: String,
    /// The digest of what it takes from the context.
    content: Option<String>,
}

/// What is at a path of the context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// The path.
    pub path: String,
    /// `file`, `link`, `folder` or `submodule`.
    pub kind: String,
    /// Permissions, octal.
    pub mode: String,
    /// The digest of the content, as git computes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where a link leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// User and group, if they are not 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<(u32, u32)>,
    /// Extended attributes that builders copy, with digests of their values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<String>,
}

/// What is to be recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Whose keys.
    pub builder: Builder,
    /// The Dockerfile.
    pub dockerfile: Text,
    /// The ignore file.
    pub ignore: Option<Text>,
    /// Build arguments and target.
    pub options: BuildOptions,
    /// The commit.
    pub revision: Option<String>,
}

impl Recorded {
    /// The paths of the context that steps name, as far as they are literal; all of the context is the empty one.
    ///
    /// # Errors
    /// Why a build would stop before its first step.
    pub fn wanted(&self) -> Result<Vec<String>, String> {
        let plan = plan(&self.dockerfile.text, self.builder.traits(), &self.options)?;
        let mut wanted = Vec::new();
        for input in plan.steps.iter().flat_map(|it| &it.inputs) {
            let Input::Context(taken) = input else { continue };
            for source in &taken.sources {
                let path = literal_part(clean(source).trim_start_matches('/'));
                wanted.push(if path == "." { String::new() } else { path });
            }
        }
        wanted.sort();
        wanted.dedup();
        Ok(wanted)
    }

    /// The patterns of the ignore file.
    ///
    /// # Errors
    /// A pattern is malformed.
    pub fn patterns(&self) -> Result<Option<IgnoreFile>, String> {
        patterns(self.ignore.as_ref())
    }
}

fn patterns(ignore: Option<&Text>) -> Result<Option<IgnoreFile>, String> {
    let Some(Text { path, text }) = ignore else { return Ok(None) };
    let parsed = IgnoreFile::parse(text);
    parsed.map(Some).map_err(|it| format!("{path}:{}: malformed pattern", it.line))
}

/// Whether something at a path counts for one of the wanted paths: it is one of them, in one, or above one.
pub fn is_wanted(path: &str, wanted: &[String]) -> bool {
    wanted.iter().any(|it| it.is_empty() || is_in(path, it) || is_in(it, path))
}

impl Manifest {
    /// Puts one together.
    ///
    /// # Errors
    /// Why a build would stop before its first step.
    pub fn new(recorded: &Recorded, files: Vec<FileRecord>) -> Result<Self, String> {
        let argument = |(name, value): &(String, String)| {
            // What was read from a manifest is a digest already.
            let value = match names_secret(name) && !value.starts_with(DIGEST) {
                true => format!("{DIGEST}{}", Key::of(&["argument", value])),
                false => value.clone(),
            };
            Argument { name: name.clone(), value }
        };
        let mut found = Self {
            manifest: MARK.to_owned(),
            version: VERSION,
            builder: recorded.builder.traits().name.to_owned(),
            target: recorded.options.target.clone(),
            revision: recorded.revision.clone(),
            dockerfile: recorded.dockerfile.clone(),
            ignore: recorded.ignore.clone(),
            build_args: recorded.options.build_args.iter().map(argument).collect(),
            steps: Vec::new(),
            files,
        };
        let mut tree = MadeTree::default();
        let state = found.state(recorded.builder, &mut tree)?;
        let mut evaluator = Evaluator::new(Selector::new(&tree, recorded.builder.traits()));
        let keys = evaluator.evaluate(&state.plan, &state.snapshot).map_err(|it| it.0)?;
        let steps = state.plan.steps.iter().zip(&keys.steps);
        found.steps = steps
            .map(|(step, keys)| StepRecord {
                line: step.line,
                keyword: step.keyword.to_owned(),
                stage: step.stage.clone(),
                key: keys.key.upper.to_string(),
                content: keys.selected.first().map(|it| it.key.to_string()),
            })
            .collect();
        Ok(found)
    }

    /// Reads one.
    ///
    /// # Errors
    /// It is not one, or one of a later version.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        let found: Self = serde_json::from_slice(text)
            .map_err(|it| format!("it is not a manifest that can be read: {it}"))?;
        if found.version != VERSION {
            return Err(format!(
                "it is a manifest of version {}, and version {VERSION} is read",
                found.version
            ));
        }
        Ok(found)
    }

    /// Its text.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn write(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map(|it| it + "\n").map_err(|it| it.to_string())
    }

    /// The builder whose keys it has.
    pub fn builder(&self) -> Option<Builder> {
        let all = [Builder::Buildkit, Builder::Classic, Builder::Buildah];
        all.into_iter().find(|it| it.traits().name == self.builder)
    }

    /// The path of its Dockerfile.
    pub fn dockerfile(&self) -> &str {
        &self.dockerfile.path
    }

    /// The options that it was recorded with. Values of secrets are digests.
    pub fn options(&self) -> BuildOptions {
        let args = self.build_args.iter().map(|it| (it.name.clone(), it.value.clone()));
        BuildOptions { build_args: args.collect(), target: self.target.clone(), context: None }
    }

    /// The state that it holds, with its files in a tree.
    ///
    /// # Errors
    /// It is broken, or a build would stop before its first step.
    pub fn state(&self, builder: Builder, tree: &mut MadeTree) -> Result<State, String> {
        let mut root = Folder::default();
        for file in &self.files {
            put(file, &mut root, tree)?;
        }
        let id = |text: &str| {
            let mut id = [0; 20];
            id[..16].copy_from_slice(&Key::of(&[text]).bytes());
            Id(id)
        };
        let ignore = patterns(self.ignore.as_ref())?.map(Arc::new);
        let text = self.ignore.as_ref().map(|it| id(&it.text));
        let plan: Plan = plan(&self.dockerfile.text, builder.traits(), &self.options())
            .map_err(|it| format!("{}: {it}", self.dockerfile.path))?;
        let context = tree.close(root);
        let name = Key::of(&["manifest", &context.to_string()]);
        let snapshot = Snapshot { name, context, ignore: text.zip(ignore) };
        Ok(State { plan: Arc::new(plan), snapshot })
    }
}

/// Puts a file into a folder.
fn put(file: &FileRecord, root: &mut Folder, tree: &mut MadeTree) -> Result<(), String> {
    let broken = || format!("it is broken: the entry of `{}`", file.path);
    let names = file.path.split('/');
    let is_odd = |it: &str| matches!(it, "" | "." | "..");
    if file.path.len() > LONGEST_PATH
        || names.clone().count() > DEEPEST_PATH
        || names.clone().any(is_odd)
    {
        return Err(broken());
    }
    let mode = u16::from_str_radix(&file.mode, 8).map_err(|_| broken())?;
    let kind = match file.kind.as_str() {
        "file" => Kind::File,
        "link" => Kind::Link,
        "submodule" => Kind::Submodule,
        "folder" => {
            root.folder(&file.path).set_mode(mode);
            return Ok(());
        }
        _ => return Err(broken()),
    };
    let id = file.id.as_deref().and_then(Id::parse).ok_or_else(broken)?;
    if let Some(target) = &file.target {
        tree.keep(id, target.as_bytes());
    }
    let owner = file.owner.unwrap_or_default();
    let attributes = file.attributes.clone().unwrap_or_default();
    let has_more = owner != (0, 0) || !attributes.is_empty();
    let extra = has_more.then(|| Box::new(Extra { owner, attributes }));
    root.put(&file.path, Entry { name: "".into(), kind, mode, id, extra });
    Ok(())
}
