//! The layers of COPY, ADD, WORKDIR and heredocs, made without an engine: the same names, modes, owners and bytes, so that
//! the digests are the same too, where the times are. What a RUN does is not known, and is not guessed.

mod copy;
mod node;
mod tar;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::{Base, Confidence, Evidence, Lines, Origin};
use crate::context::{BuildContext, IgnoreFile};
use crate::image::{Digest, Image, Kind as NodeKind, Layer, Limits, Step, clean, read_layer};
use crate::model::{Base as StageBase, Model, join};
use crate::syntax::{Instruction, Kind, Transfer};
use copy::{Changes, Item, Target, from_context};
use node::{Body, Node, Nodes};
use tar::LayerTar;

/// The times of what is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Files keep theirs; directories that are made get this one, in seconds since 1970.
    Keep(i64),
    /// Everything has this one.
    All(i64),
}

/// What could be made of an image.
#[derive(Debug)]
pub struct Partial {
    /// The layers that could be made, on those of the base.
    pub image: Image,
    /// Where they come from.
    pub lines: Lines,
    /// Instructions, by index, whose layers need something else, and what.
    pub unmeasured: Vec<(usize, &'static str)>,
    /// Layers, by index, whose digests depend on what is not known.
    pub uncertain: Vec<usize>,
}

/// Makes what can be made.
///
/// # Errors
///
/// What would make a build fail, with the line.
pub fn build(
    model: &Model<'_>,
    context: &Path,
    file: &Path,
    base: Option<Image>,
    times: Times,
    limits: &Limits,
) -> Result<Partial, String> {
    let open = BuildContext::open(context.to_owned(), Some(file))
        .ok_or("the ignore file cannot be read")?;
    if let Some(malformed) = &open.malformed {
        return Err(format!("the ignore file is malformed in line {}", malformed.line));
    }
    let mut builder = Builder {
        model,
        context,
        ignore: open.ignore.as_deref(),
        times,
        limits,
        stages: HashMap::new(),
    };
    let target = model.final_stage.ok_or("it has no stage to build")?;
    // Stages whose files are copied come first.
    for stage in model.stages.iter().filter(|it| it.needed && it.id != target) {
        let of_base = base
            .as_ref()
            .filter(|_| stage.image().is_some() && same_image(model, stage.id, target));
        let built = builder.stage(stage.id, of_base)?;
        builder.stages.insert(stage.id, built);
    }
    let built = builder.stage(target, base.as_ref())?;
    Ok(on_base(model, base.filter(|_| built.has_base), built))
}

/// The image of a stage whose layers are made, on those of its base.
fn on_base(model: &Model<'_>, base: Option<Image>, built: BuiltStage) -> Partial {
    let base_layers = base.as_ref().map_or(0, |it| it.layers.len());
    let mut image = base.unwrap_or_else(|| Image {
        names: Vec::new(),
        id: None,
        platform: String::new(),
        workdir: String::new(),
        command: Vec::new(),
        history: Vec::new(),
        layers: Vec::new(),
    });
    let base_steps = image.history.len();
    image.id = None;
    image.names.clear();
    let (mut origins, mut uncertain) = (vec![None; base_layers], Vec::new());
    for made in built.layers {
        let content = Arc::new(made.content);
        let chain_id = Digest::chain(image.layers.last().map(|it| it.chain_id), content.diff_id);
        if made.is_uncertain {
            uncertain.push(image.layers.len());
        }
        let it = &model.doc.instructions[made.instruction];
        image.history.push(Step {
            created_by: format!("{} {}", it.keyword.name(), it.body.value),
            ..Step::default()
        });
        image.layers.push(Layer { chain_id, content, step: Some(image.history.len() - 1) });
        origins.push(Some(Origin {
            first: made.instruction,
            last: made.instruction,
            confidence: Confidence::Exact,
        }));
    }
    let evidence = if base_layers > 0 { Evidence::Given } else { Evidence::Dockerfile };
    let base = Base { layers: base_layers, steps: base_steps, evidence };
    Partial { image, lines: Lines { base, origins }, unmeasured: built.unmeasured, uncertain }
}

/// Whether the chains of two stages end at the same image.
fn same_image(model: &Model<'_>, a: usize, b: usize) -> bool {
    model.root_image(a).is_some() && model.root_image(a) == model.root_image(b)
}

struct Builder<'m> {
    model: &'m Model<'m>,
    context: &'m Path,
    ignore: Option<&'m IgnoreFile>,
    times: Times,
    limits: &'m Limits,
    stages: HashMap<usize, BuiltStage>,
}

/// A stage as far as it is known.
#[derive(Debug, Clone)]
struct BuiltStage {
    nodes: Nodes,
    layers: Vec<Made>,
    unmeasured: Vec<(usize, &'static str)>,
    /// Whether all of its files are known.
    is_complete: bool,
    /// Whether the base that was given is at its bottom.
    has_base: bool,
    workdir: String,
}

/// A layer that was made.
#[derive(Debug, Clone)]
struct Made {
    instruction: usize,
    content: crate::image::LayerContent,
    is_uncertain: bool,
}

/// What the flags of a copy say.
struct Attributes {
    owner: (u64, u64),
    mode: Option<u32>,
    /// Whether these are the owner and the mode that the image gets.
    is_certain: bool,
}

/// Why an instruction has no layer here: a reason to tell, or a failure of the build.
enum No {
    Unmeasured(&'static str),
    Fails(String),
}

impl No {
    /// With the path that a failure is about.
    fn of(self, path: &str) -> Self {
        match self {
            Self::Fails(reason) => Self::Fails(format!("`{path}`: {reason}")),
            it => it,
        }
    }
}

impl From<String> for No {
    fn from(reason: String) -> Self {
        Self::Fails(reason)
    }
}

const BASE: &str = "depends on the base";
const ENGINE: &str = "needs an engine";
/// BuildKit leaves such a `..` out, and others refuse it.
const ABOVE: &str = "its source begins with `..`, which builders read differently";

impl Builder<'_> {
    fn stage(&self, id: usize, base: Option<&Image>) -> Result<BuiltStage, String> {
        let stage = &self.model.stages[id];
        let mut built = match stage.base {
            StageBase::Scratch => BuiltStage::empty(true),
            StageBase::Stage(below) => match self.stages.get(&below) {
                Some(it) => it.clone(),
                None => self.stage(below, base)?,
            },
            StageBase::Image(_) | StageBase::Unknown => match base {
                Some(image) => BuiltStage::on(image),
                None => BuiltStage::empty(false),
            },
        };
        for at in stage.instructions.clone().skip(1) {
            let instruction = &self.model.doc.instructions[at];
            match self.instruction(instruction, &mut built) {
                Ok(()) => {}
                Err(No::Unmeasured(why)) => {
                    built.unmeasured.push((at, why));
                    built.is_complete = false;
                }
                Err(No::Fails(reason)) => {
                    let line = self.model.doc.source.line(instruction.span.start);
                    return Err(format!("line {line}: a build fails here: {reason}"));
                }
            }
        }
        Ok(built)
    }

    fn instruction(&self, instruction: &Instruction<'_>, built: &mut BuiltStage) -> Result<(), No> {
        let now = match self.times {
            Times::Keep(now) | Times::All(now) => now,
        };
        let (layer, is_certain) = match &instruction.kind {
            Kind::Run(_) => return Err(No::Unmeasured(ENGINE)),
            Kind::Workdir(word) => {
                let resolved = self.model.scopes.resolve(instruction.id, word);
                let path = absolute(&built.workdir, &resolved.text);
                built.workdir = format!("/{}", String::from_utf8_lossy(&path));
                let mut changes = Changes::new(&mut built.nodes);
                changes.work_in(&path, now)?;
                let layer = changes.layer;
                if layer.is_empty() {
                    return Ok(());
                }
                // Of a base that is not known it may be there; afterwards it is, either way.
                if !built.is_complete {
                    return Err(No::Unmeasured(BASE));
                }
                (layer, resolved.certain)
            }
            Kind::Copy(transfer) => self.transfer(instruction, transfer, false, built, now)?,
            Kind::Add(transfer) => self.transfer(instruction, transfer, true, built, now)?,
            Kind::Invalid => {
                return Err(No::Fails("builders do not support this instruction".to_owned()));
            }
            _ => return Ok(()),
        };
        let mut layer = layer;
        if let Times::All(time) = self.times {
            layer.values_mut().for_each(|it| it.mtime = time);
        }
        if layer.values().any(|it| matches!(it.body, Body::Base)) {
            return Err(No::Unmeasured("copies files of the base image"));
        }
        let content = read_layer(LayerTar::new(&layer), self.limits)
            .map_err(|it| No::Fails(it.to_string()))?;
        let is_uncertain = !is_certain || !built.is_complete;
        built.layers.push(Made { instruction: instruction.id, content, is_uncertain });
        Ok(())
    }

    fn transfer(
        &self,
        instruction: &Instruction<'_>,
        transfer: &Transfer<'_>,
        is_add: bool,
        built: &mut BuiltStage,
        now: i64,
    ) -> Result<(Nodes, bool), No> {
        let resolve = |word| self.model.scopes.resolve(instruction.id, word);
        let flag = |name: &str| instruction.flag(name);
        if ["exclude", "parents", "unpack", "keep-git-dir", "checksum"]
            .iter()
            .any(|it| flag(it).is_some())
        {
            return Err(No::Unmeasured(ENGINE));
        }
        let destination = resolve(&transfer.destination);
        if !destination.certain && destination.text.contains("${") {
            return Err(No::Unmeasured("its destination depends on a build argument"));
        }
        let items = self.items(instruction, transfer, is_add, now)?;
        let Attributes { owner, mode, is_certain } = self.attributes(instruction);
        let text = destination.text.as_str();
        let target = Target {
            path: absolute(&built.workdir, text),
            is_directory: text.ends_with('/') || text.ends_with("/.") || text == ".",
            owner,
            mode,
            now,
        };
        if transfer.sources.len() > 1 && !target.is_directory {
            let there = built.nodes.get(&target.path);
            if there.is_none_or(|it| it.kind != NodeKind::Directory) {
                let fault = "several sources need a destination that ends with `/`";
                return Err(No::Fails(fault.to_owned()));
            }
        }
        // Links are their own layers that know nothing of those below.
        let is_link =
            flag("link").is_some_and(|it| it.value.as_ref().is_none_or(|it| it.text != "false"));
        if is_link {
            let mut alone = Nodes::new();
            let mut changes = Changes::new(&mut alone);
            changes.copy(items, &target)?;
            let layer = changes.layer;
            built.nodes.extend(layer.clone());
            return Ok((layer, is_certain));
        }
        let mut changes = Changes::new(&mut built.nodes);
        let copied = changes.copy(items, &target);
        // What looks like a file here may be a directory of what is not known.
        copied.map_err(|it| if built.is_complete { it.into() } else { No::Unmeasured(BASE) })?;
        Ok((changes.layer, is_certain))
    }

    /// What the flags say of the owner and the mode.
    fn attributes(&self, instruction: &Instruction<'_>) -> Attributes {
        let value = |name: &str| {
            let value = instruction.flag(name).and_then(|it| it.value.as_ref());
            value.map(|it| self.model.scopes.resolve(instruction.id, it).text)
        };
        // With the name of one of the image's own users, the bytes are the same.
        let owner = value("chown").map_or(Some((0, 0)), |it| owner(&it));
        let read = |text: String| u32::from_str_radix(&text, 8).ok().filter(|it| *it <= 0o7777);
        let mode = value("chmod").map(read);
        Attributes {
            owner: owner.unwrap_or((0, 0)),
            mode: mode.flatten(),
            is_certain: owner.is_some() && mode != Some(None),
        }
    }

    /// What is copied.
    fn items(
        &self,
        instruction: &Instruction<'_>,
        transfer: &Transfer<'_>,
        is_add: bool,
        now: i64,
    ) -> Result<Vec<Item>, No> {
        let resolve = |word| self.model.scopes.resolve(instruction.id, word);
        let from = instruction.flag("from").and_then(|it| it.value.as_ref());
        let mut items = Vec::new();
        for source in &transfer.sources {
            if let Some(heredoc) = source.heredoc.and_then(|it| instruction.heredocs.get(it)) {
                let body = self.model.doc.source.slice(heredoc.body);
                if heredoc.expand && body.contains('$') {
                    return Err(No::Unmeasured("its text holds variables"));
                }
                let text = if heredoc.strip_tabs { strip_tabs(body) } else { body.to_owned() };
                let node = Node::text(text.into_bytes().into(), (0, 0), now);
                let nodes = Nodes::from([(Vec::new(), node)]);
                let name = heredoc.name.as_bytes().to_vec();
                items.push(Item { name, nodes, is_directory: false, is_unpacked: false });
                continue;
            }
            let path = resolve(&source.word).text;
            if let Some(from) = from {
                items.extend(self.of_stage(instruction, &resolve(from).text, &path)?);
            } else if is_add && (path.contains("://") || path.starts_with("git@")) {
                return Err(No::Unmeasured("needs the network"));
            } else {
                items.extend(from_context(self.context, self.ignore, &path, is_add)?);
            }
        }
        Ok(items)
    }

    /// What a path names in another stage, if that is known.
    fn of_stage(
        &self,
        instruction: &Instruction<'_>,
        name: &str,
        path: &str,
    ) -> Result<Vec<Item>, No> {
        let by_number = name.parse::<usize>().ok().and_then(|it| self.model.stages.get(it));
        let stage = self.model.stage_called(instruction.id, name).or(by_number);
        let Some(built) = stage.and_then(|it| self.stages.get(&it.id)).filter(|it| it.is_complete)
        else {
            return Err(No::Unmeasured(ENGINE));
        };
        if crate::context::has_wildcard(path) {
            return Err(No::Unmeasured(ENGINE));
        }
        let path = clean(path.as_bytes()).map_err(|_| No::Unmeasured(ABOVE))?;
        let path = node::follow(&built.nodes, &path);
        let root = built.nodes.get(&path);
        let is_directory = path.is_empty() || root.is_some_and(|it| it.kind == NodeKind::Directory);
        let name = crate::image::split(&path).1.to_vec();
        if !is_directory {
            let missing =
                || No::Fails(format!("`/{}` is not in that stage", crate::image::show(&path)));
            let node = Node { file: None, ..root.ok_or_else(missing)?.clone() };
            let nodes = Nodes::from([(Vec::new(), node)]);
            return Ok(vec![Item { name, nodes, is_directory: false, is_unpacked: false }]);
        }
        let below = if path.is_empty() { Vec::new() } else { [&path[..], b"/"].concat() };
        let inside =
            built.nodes.iter().filter(|(key, _)| key.starts_with(&below) && !key.is_empty());
        let mut nodes: Nodes =
            inside.map(|(key, node)| (key[below.len()..].to_vec(), node.clone())).collect();
        nodes.insert(Vec::new(), Node::directory((0, 0), 0));
        Ok(vec![Item { name, nodes, is_directory: true, is_unpacked: false }])
    }
}

impl BuiltStage {
    fn empty(is_complete: bool) -> Self {
        Self {
            nodes: Nodes::new(),
            layers: Vec::new(),
            unmeasured: Vec::new(),
            is_complete,
            has_base: false,
            workdir: "/".to_owned(),
        }
    }

    /// A stage that starts with an image.
    fn on(image: &Image) -> Self {
        let tree = super::Tree::of(image);
        let nodes = tree.paths().map(|(path, place)| {
            let entry = tree.entry(place);
            let node = Node {
                kind: entry.kind,
                mode: entry.mode,
                size: entry.size,
                body: if entry.kind == NodeKind::File { Body::Base } else { Body::None },
                link: entry.link.clone(),
                ..Node::directory((entry.uid, entry.gid), entry.mtime)
            };
            (path.to_vec(), node)
        });
        let workdir = if image.workdir.is_empty() { "/".to_owned() } else { image.workdir.clone() };
        Self { nodes: nodes.collect(), has_base: true, workdir, ..Self::empty(true) }
    }
}

/// A path from the root, without slashes at its ends.
fn absolute(workdir: &str, path: &str) -> Vec<u8> {
    let path = join(Some(workdir), path).unwrap_or_default();
    path.trim_start_matches('/').as_bytes().to_vec()
}

/// `7:8`, `7` or `root`; none for other names.
fn owner(text: &str) -> Option<(u64, u64)> {
    let number = |text: &str| if text == "root" { Some(0) } else { text.parse().ok() };
    match text.split_once(':') {
        Some((user, group)) => Some((number(user)?, number(group)?)),
        None => number(text).map(|it| (it, it)),
    }
}

fn strip_tabs(text: &str) -> String {
    text.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
}
