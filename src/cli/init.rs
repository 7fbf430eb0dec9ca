//! `layerwise init`: files that a project lacks.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::args::{DockerignoreArgs, InitCommand};
use super::discover::{Discovered, discover};
use super::output::{Output, remark};
use super::write::Replacement;
use super::{Outcome, SUCCESS};
use crate::context::{SecretKind, Tree, is_in};
use crate::error::Error;
use crate::lint::size;
use crate::model::{BuildOptions, Model};
use crate::session::Origin;
use crate::source::Source;
use crate::syntax;

/// Runs it.
pub(super) fn run(command: &InitCommand) -> Outcome {
    match command {
        InitCommand::Dockerignore(args) => dockerignore(args),
    }
}

/// Writes a .dockerignore of what lies in the folder and no build needs.
fn dockerignore(args: &DockerignoreArgs) -> Outcome {
    let folder = &args.context;
    if !folder.is_dir() {
        return Err(Error::Usage(format!("{}: no such folder", folder.display())));
    }
    let path = folder.join(".dockerignore");
    if !args.stdout && path.symlink_metadata().is_ok() {
        let text =
            format!("{} is there already; `--stdout` prints what would be written", path.display());
        return Err(Error::Usage(text));
    }
    let tree = Tree::read(folder, &[String::new()], None);
    if !tree.complete {
        remark(
            "note: the folder is too big, or not to be read everywhere: not all of it was looked at",
        );
    }
    let used = Used::of(folder);
    let (text, bytes) = proposal(&tree, &used);
    if args.stdout {
        let mut output = Output::stdout();
        let _ = output.write(&text);
        output.finish()?;
    } else {
        write(&path, &text).map_err(|error| Error::io(&path, &error))?;
        remark(&format!("Wrote {}: it leaves {} out of the build.", path.display(), size(bytes)));
    }
    Ok(SUCCESS)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = Replacement::new(path)?;
    file.write_all(text.as_bytes())?;
    file.finish()
}

/// What the Dockerfiles of a folder use of it.
#[derive(Debug, Default)]
struct Used {
    /// What they copy by name, from the root of the context.
    copied: Vec<String>,
    /// Whether they run git, which needs the history.
    git: bool,
}

impl Used {
    /// Reads the Dockerfiles in the folder and below. One that cannot be read says nothing.
    fn of(folder: &Path) -> Self {
        let mut used = Self::default();
        let settings = |_: &Path, _: Option<&Path>| Ok(Some(Arc::default()));
        let found = discover(&[folder.to_owned()], "-", settings);
        for input in found.map_or(Vec::new(), |Discovered { inputs, .. }| inputs) {
            let Origin::File(_) = &input.origin else { continue };
            let Ok(source) = input.read() else { continue };
            used.add(&source);
        }
        used
    }

    fn add(&mut self, source: &Source) {
        let doc = syntax::parse(source);
        let model = Model::build(&doc, &BuildOptions::default());
        self.copied.extend(model.context_sources().map(|it| it.path).filter(|it| !it.is_empty()));
        self.git |= model.runs.iter().flat_map(|it| &it.script.commands).any(|it| it.is("git"));
    }
}

/// The text of the file, and the bytes that it leaves out.
fn proposal(tree: &Tree, used: &Used) -> (String, u64) {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    let mut bytes = 0;
    let mut add =
        |what: &'static str, pattern: String| match groups.iter_mut().find(|it| it.0 == what) {
            Some((_, patterns)) if patterns.contains(&pattern) => {}
            Some((_, patterns)) => patterns.push(pattern),
            None => groups.push((what, vec![pattern])),
        };
    for heap in &tree.heaps {
        let is_used = used.copied.iter().any(|it| is_in(it, &heap.path))
            || used.git && heap.kind.name == ".git";
        if !is_used {
            bytes += heap.bytes;
            add(heap.kind.what, heap.kind.pattern());
        }
    }
    for secret in &tree.secrets {
        if !used.copied.contains(&secret.path) {
            let what = match secret.kind {
                SecretKind::PrivateKey | SecretKind::KeyStore => "keys",
                SecretKind::Environment | SecretKind::Credentials => "passwords and tokens",
            };
            bytes += tree.find(&secret.path).map_or(0, |it| it.bytes);
            add(what, secret.path.clone());
        }
    }
    let mut text = "# What the build never needs.\n# Patterns are about paths from this folder; `**/` is any folder below.\n".to_owned();
    for (what, patterns) in &groups {
        text += &format!("\n# {what}\n{}\n", patterns.join("\n"));
    }
    // They are read for the build all the same.
    if !used.copied.iter().any(|it| it.contains("Dockerfile")) {
        text += "\n# the build's own files\n.dockerignore\n**/Dockerfile*\n**/*.Dockerfile\n";
    }
    (text, bytes)
}
