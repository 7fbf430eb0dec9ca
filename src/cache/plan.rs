//! A Dockerfile as a builder's cache sees it: the steps that are built for the target, and what each of them depends on.

use std::collections::HashMap;

use super::builder::Traits;
use super::facts::Facts;
use super::generators::Generator;
use super::key::Key;
use super::origins::Written;
use crate::model::{Base, BuildOptions, Model, Replaced};
use crate::source::Source;
use crate::syntax::{Keyword, Kind as Says};

/// The steps of a Dockerfile, for one builder and one target.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The steps in order of the file, those of stages that are needed.
    pub steps: Vec<Step>,
    /// What is to be reported about it.
    pub notes: Vec<String>,
}

/// A step.
#[derive(Debug, Clone)]
pub struct Step {
    /// The first line of its instruction.
    pub line: u32,
    /// Its keyword in upper case.
    pub keyword: &'static str,
    /// The name of its stage, or its number where it has none.
    pub stage: String,
    /// Its number among all stages.
    pub stage_index: usize,
    /// The instruction, by index.
    pub instruction: usize,
    /// Its text in one line.
    pub text: String,
    /// What it depends on besides files and what precedes it.
    pub facts: Vec<Fact>,
    /// The image of its stage, if it is the first step on that image.
    pub base: Option<Fact>,
    /// What the FROM of its stage says, if it is the first step of it.
    pub from: Option<Written>,
    /// Arguments that are in force and have no value: whoever calls the builder may give them one.
    pub unset: Vec<String>,
    /// The files that it takes.
    pub inputs: Vec<Input>,
    /// The step that it is built on; none for the first one of per image.
    pub parent: Option<usize>,
    /// Whether it is independent of its parent: `--link`.
    pub is_linked: bool,
    /// Whether it makes a layer. The others only lead from one to the next.
    pub has_layer: bool,
    /// Where its files go.
    pub destination: Option<String>,
    /// What it puts there, besides the content of the files.
    pub placed: Option<Key>,
    /// What its commands remove, or put something else in the place of.
    pub replaced: Vec<Replaced>,
    /// Seconds that it takes: from the table of `cost.rs`, unless they were measured.
    pub seconds: f64,
    /// Whether these were measured.
    pub is_measured: bool,
    /// Whether nobody knows what it gets, as it comes from the network.
    pub is_remote: bool,
}

/// Something that a step depends on, and where the file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The line to blame when it changes.
    pub line: u32,
    /// What it is about.
    pub about: String,
    /// Its value.
    pub key: Key,
    /// The lines that the value comes from.
    pub origins: Vec<Written>,
}

/// What a step takes from the context.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// The paths, from its root.
    pub sources: Vec<String>,
    /// Patterns of `--exclude`.
    pub exclude: Vec<String>,
    /// Whether archives are unpacked.
    pub unpack: bool,
    /// Whether the folders that files lie in are kept: `--parents`.
    pub parents: bool,
}

/// Files that a step takes.
#[derive(Debug, Clone)]
pub enum Input {
    /// From the context.
    Context(Taken),
    /// From another stage.
    Stage {
        /// The last step of the stage; none where it has no step.
        last: Option<usize>,
        /// What of it.
        paths: Vec<String>,
        /// What is known of the content, if something made by a command with stable output is copied.
        generator: Option<&'static Generator>,
        /// The image at the bottom of that stage.
        base: Fact,
    },
}

impl Plan {
    /// The image of a stage, if a step of the stage is the first one on it.
    pub(super) fn base_in(&self, stage: usize) -> Option<&Fact> {
        self.steps.iter().filter(|it| it.stage_index == stage).find_map(|it| it.base.as_ref())
    }

    /// What the FROM of a stage says, if the stage has a step.
    pub(super) fn written_from(&self, stage: usize) -> Option<&Written> {
        self.steps.iter().filter(|it| it.stage_index == stage).find_map(|it| it.from.as_ref())
    }
}

/// Reads a Dockerfile.
///
/// # Errors
/// Why a build would stop before its first step.
pub fn plan(text: &str, traits: &'static Traits, options: &BuildOptions) -> Result<Plan, String> {
    let source = Source::new("Dockerfile", text);
    let doc = crate::syntax::parse(&source);
    if let Some(error) = doc.errors.first() {
        return Err(format!("line {}: {}", source.line(error.span.start), error.message));
    }
    let model = Model::build(&doc, options);
    if model.stages.is_empty() {
        return Err("it has no FROM".to_owned());
    }
    if let Some(target) = &options.target
        && !is_stage(&model, target)
    {
        return Err(format!("it has no stage `{target}`"));
    }
    Ok(Planner::new(&model, traits).run())
}

fn is_stage(model: &Model<'_>, name: &str) -> bool {
    let lower = name.to_lowercase();
    let by_number = name.parse::<usize>().is_ok_and(|it| it < model.stages.len());
    by_number || model.stages.iter().any(|it| it.name.as_ref() == Some(&lower))
}

struct Planner<'m> {
    model: &'m Model<'m>,
    traits: &'static Traits,
    facts: Facts<'m>,
    steps: Vec<Step>,
    notes: Vec<String>,
    /// The last step of each stage so far, and the image at its bottom.
    ends: Vec<(Option<usize>, Fact)>,
    /// What the commands of each RUN remove or replace.
    replaced: HashMap<usize, Vec<Replaced>>,
}

impl<'m> Planner<'m> {
    fn new(model: &'m Model<'m>, traits: &'static Traits) -> Self {
        let facts = Facts { model, traits };
        let (steps, notes, ends) = (Vec::new(), Vec::new(), Vec::new());
        let mut replaced: HashMap<usize, Vec<Replaced>> = HashMap::new();
        for it in model.replaced() {
            replaced.entry(model.runs[it.run].id()).or_default().push(it);
        }
        Self { model, traits, facts, steps, notes, ends, replaced }
    }

    fn run(mut self) -> Plan {
        for stage in &self.model.stages {
            let base = self.facts.base(stage);
            let mut from = base.origins.first().cloned();
            let (mut parent, bottom, mut pending) = match stage.base {
                Base::Stage(below) => {
                    let (last, bottom) = self.ends.get(below).cloned().unwrap_or((None, base));
                    // A stage without a step leaves its image to this one.
                    let pending = last.is_none().then(|| bottom.clone());
                    (last, bottom, pending)
                }
                _ => (None, base.clone(), Some(base)),
            };
            if stage.needed {
                for at in stage.instructions.clone().skip(1) {
                    let Some(mut step) = self.step(at, stage.id) else { continue };
                    step.parent = parent;
                    // What a stage is built on counts for its first step.
                    (step.base, step.from) = (pending.take(), from.take());
                    parent = Some(self.steps.len());
                    self.steps.push(step);
                }
            }
            self.ends.push((parent, bottom));
        }
        Plan { steps: self.steps, notes: self.notes }
    }

    fn step(&mut self, at: usize, stage: usize) -> Option<Step> {
        let instruction = &self.model.doc.instructions[at];
        let has_layer = matches!(
            instruction.keyword,
            Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir
        );
        // The root is there already.
        let is_root = matches!(&instruction.kind, Says::Workdir(word)
            if self.facts.folder(at, word) == "/");
        if (!has_layer || is_root) && !self.traits.metadata {
            return None;
        }
        let line = self.model.doc.source.line(instruction.span.start);
        let written = self.model.doc.source.slice(instruction.span);
        let name = self.model.stages[stage].name.clone();
        let mut step = Step {
            line,
            keyword: instruction.keyword.name(),
            stage: name.unwrap_or_else(|| stage.to_string()),
            stage_index: stage,
            instruction: at,
            text: written.split_whitespace().collect::<Vec<_>>().join(" "),
            facts: self.facts.of(at),
            base: None,
            from: None,
            unset: self.facts.unset(at),
            inputs: Vec::new(),
            parent: None,
            is_linked: false,
            has_layer,
            destination: None,
            placed: None,
            replaced: self.replaced.remove(&at).unwrap_or_default(),
            seconds: super::cost::seconds(self.model, at),
            is_measured: false,
            is_remote: false,
        };
        match &instruction.kind {
            Says::Copy(transfer) | Says::Add(transfer) => {
                self.transfer(&mut step, at, transfer, instruction.keyword == Keyword::Add);
            }
            Says::Run(run) => self.mounts(&mut step, at, &run.mounts),
            _ => {}
        }
        if !self.traits.is_modern && self.is_modern(at) {
            self.notes.push(format!("line {line} needs BuildKit; the classic builder refuses it"));
        }
        Some(step)
    }

    fn is_modern(&self, at: usize) -> bool {
        let instruction = &self.model.doc.instructions[at];
        let flags =
            ["link", "chmod", "exclude", "parents", "mount", "network", "security", "checksum"];
        !instruction.heredocs.is_empty() || flags.iter().any(|it| instruction.flag(it).is_some())
    }

    fn transfer(
        &mut self,
        step: &mut Step,
        at: usize,
        transfer: &crate::syntax::Transfer<'_>,
        is_add: bool,
    ) {
        let instruction = &self.model.doc.instructions[at];
        let resolve = |word| self.model.scopes.resolve(at, word).text;
        step.destination = self.facts.destination(at, transfer);
        step.placed = Some(self.facts.placed(at, transfer));
        step.is_linked = self.traits.links && self.facts.is_linked(at);
        let from = instruction.flag("from").and_then(|it| it.value.as_ref());
        let sources: Vec<String> = transfer
            .sources
            .iter()
            .filter(|it| it.heredoc.is_none())
            .map(|it| resolve(&it.word))
            .collect();
        if let Some(from) = from {
            if let Some(input) = self.of_stage(at, &resolve(from), sources) {
                step.inputs.push(input);
            }
            return;
        }
        let is_remote = |it: &String| is_add && (it.contains("://") || it.starts_with("git@"));
        let (remote, local): (Vec<_>, Vec<_>) = sources.into_iter().partition(is_remote);
        if !remote.is_empty() && instruction.flag("checksum").is_none() {
            step.is_remote = true;
            let line = step.line;
            self.notes
                .push(format!("line {line} adds from the network: what it gets is not known"));
        }
        if !local.is_empty() {
            let exclude = instruction.flags.iter().filter(|it| it.name == "exclude");
            let exclude = exclude.filter_map(|it| it.value.as_ref()).map(resolve).collect();
            let parents = self.facts.is_set(at, "parents");
            step.inputs.push(Input::Context(Taken {
                sources: local,
                exclude,
                unpack: self.facts.unpacks(at, transfer),
                parents,
            }));
        }
    }

    fn of_stage(&mut self, at: usize, name: &str, paths: Vec<String>) -> Option<Input> {
        let by_number = name.parse::<usize>().ok().and_then(|it| self.model.stages.get(it));
        let stage = self.model.stage_called(at, name).or(by_number)?;
        let (last, base) = self.ends.get(stage.id).cloned()?;
        let mut runs = self.model.runs.iter().filter(|it| it.stage == Some(stage.id));
        let generator = runs.find_map(|it| super::generators::find(it, paths.as_slice()));
        Some(Input::Stage { last, generator, paths, base })
    }

    fn mounts(&mut self, step: &mut Step, at: usize, mounts: &[crate::syntax::Mount<'_>]) {
        use crate::syntax::MountType;
        if !self.traits.mounted_content {
            return;
        }
        for mount in
            mounts.iter().filter(|it| matches!(it.kind, MountType::Bind | MountType::Cache))
        {
            let text = |key| mount.option(key).map(|it| self.model.scopes.resolve(at, it).text);
            let source = text("source");
            match text("from") {
                Some(from) => {
                    let source = source.unwrap_or_else(|| "/".to_owned());
                    let input = self.of_stage(at, &from, vec![source]);
                    step.inputs.extend(input);
                }
                None if mount.kind == MountType::Bind => {
                    let sources = vec![source.unwrap_or_default()];
                    step.inputs.push(Input::Context(Taken { sources, ..Taken::default() }));
                }
                None => {}
            }
        }
    }
}
