//! Installs that depend on copied sources although they need none of them, so that every change of the sources repeats them.

use std::collections::{HashMap, HashSet};

use super::compile::compiles;
use super::ecosystems::is_manifest;
use super::removed::Removals;
use crate::context::{EntryKind, clean};
use crate::model::files::paths::path_in;
use crate::model::files::source_folders::{PARTS, is_neutral, is_project};
use crate::model::{Alone, Base, How, Inputs, Install, Manager, Model, Run, Shape, Write, covers};
use crate::source::Span;
use crate::syntax::{Instruction, Kind, MountType};

/// What makes the builder repeat an install.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// The whole build context is copied before it.
    Whole,
    /// The folder of the project is copied before it.
    Folder,
    /// A folder of sources is copied before it, apart from the manifests.
    Part,
    /// What was built elsewhere, or a part of the sources, is copied before packages of the system are installed.
    Product,
    /// The whole build context is mounted.
    Mount,
}

/// An install that could be before the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateInstall {
    /// The install, by index in [`Model::installs`].
    pub install: usize,
    /// What it reads.
    pub inputs: Inputs,
    /// What is before it.
    pub placed: Placed,
    /// Where that is named: the first source, or the mount.
    pub source: Span,
    /// Where that goes.
    pub path: String,
    /// The folder of the build context where the manifests are; none where that is not known.
    pub project: Option<String>,
    /// The instructions that copy it, by index, in order; none for a mount.
    pub copies: Vec<usize>,
    /// Whether the command also compiles, so that only what it downloads before that could be earlier.
    pub compiles: bool,
}

/// More copies of a stage and what it is built on are not compared.
const MOST_COPIES: usize = 12;

/// More names of programs and folders are not remembered.
const MOST_NAMES: usize = 64;

/// A copy that changes as often as the sources.
#[derive(Debug, Clone)]
struct Copied {
    instruction: usize,
    /// Where it goes.
    path: String,
    /// The source as it is written.
    source: String,
    span: Span,
    placed: Placed,
    /// Whether it comes from the build context.
    local: bool,
    /// Whether it is surely no single script or setting, which seldom change.
    changes_often: bool,
}

/// What makes the builder repeat an install.
struct Late {
    placed: Placed,
    source: Span,
    path: String,
    project: Option<String>,
    copies: Vec<usize>,
}

impl Copied {
    /// The folder of the build context that comes to be at `folder`, which is in this copy.
    fn project_of(&self, folder: &str) -> String {
        let below = folder.strip_prefix(self.path.as_str()).unwrap_or("").trim_matches('/');
        let source = clean(&format!("/{}", self.source.replace('*', "")));
        let parts = [source.trim_matches('/'), below];
        parts.iter().filter(|it| !it.is_empty()).copied().collect::<Vec<_>>().join("/")
    }
}

/// What is beneath the next instruction.
#[derive(Debug, Clone, Default)]
struct Beneath {
    copies: Vec<Copied>,
    /// The first instruction in which a program worked on manifests, as it seems.
    worked: HashMap<String, usize>,
    /// The managers that have fetched a project's dependencies.
    fetched: HashSet<Manager>,
    /// The folders into which single manifests were copied.
    manifests: HashSet<String>,
}

impl Beneath {
    /// The copies that an install of named packages need not wait for.
    fn unused_by_named(&self, install: &Install) -> Vec<&Copied> {
        let neutral = || self.copies.iter().filter(|it| is_neutral(&it.path));
        let whole: Vec<_> = neutral().filter(|it| it.placed == Placed::Whole).collect();
        if whole.is_empty() && install.manager.is_system() {
            neutral().filter(|it| it.changes_often).collect()
        } else {
            whole
        }
    }

    /// Parts of a folder whose manifests were copied apart.
    fn parts_of<'c>(&self, local: &[&'c Copied], folder: &str) -> Vec<&'c Copied> {
        let is_part = |it: &&&Copied| {
            it.placed == Placed::Part && it.path != *folder && inside(folder, &it.path)
        };
        let is_apart = self.manifests.contains(folder);
        local.iter().filter(|_| is_apart).filter(is_part).copied().collect()
    }
}

impl Model<'_> {
    /// The installs that could be before the sources, in order.
    pub fn late_installs(&self) -> Vec<LateInstall> {
        let mut found = Vec::new();
        if self.installs.is_empty() {
            return found;
        }
        let mut by_instruction: HashMap<usize, Vec<&Write>> = HashMap::new();
        for write in self.writes().iter().filter(|it| it.command.is_none()) {
            by_instruction.entry(write.instruction).or_default().push(write);
        }
        let with_sources = self.stages_with_sources(&by_instruction);
        let mut at_end: Vec<Beneath> = Vec::new();
        for stage in &self.stages {
            let mut beneath = match stage.base {
                // What the stage beneath copies is meant for others too: nothing is moved above it.
                Base::Stage(base) => {
                    Beneath { copies: Vec::new(), ..at_end.get(base).cloned().unwrap_or_default() }
                }
                _ => Beneath::default(),
            };
            for id in stage.instructions.clone() {
                let instruction = &self.doc.instructions[id];
                if let Some(writes) = by_instruction.get(&id) {
                    for write in writes {
                        self.take_copy(instruction, write, &with_sources, &mut beneath);
                    }
                } else if let Some(run) = self.run_at(id).filter(|it| !self.runs[*it].onbuild) {
                    self.take_run(run, &mut beneath, &mut found);
                }
            }
            at_end.push(beneath);
        }
        found
    }

    /// Which stages hold what depends on the build context's sources, by index.
    fn stages_with_sources(&self, writes: &HashMap<usize, Vec<&Write>>) -> Vec<bool> {
        let mut found: Vec<bool> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let has = |id: &usize| found.get(*id).copied().unwrap_or(false);
            let inherits = matches!(&stage.base, Base::Stage(base) if has(base));
            let takes = stage.takes_from.iter().any(has);
            let mut own = self.doc.instructions[stage.instructions.clone()].iter();
            let own = own.any(|it| {
                let mounts = |run: &crate::syntax::Run<'_>| {
                    run.mounts
                        .iter()
                        .any(|it| it.kind == MountType::Bind && it.option("from").is_none())
                };
                match &it.kind {
                    // Scripts and settings for a tool that is built from elsewhere are not sources.
                    Kind::Copy(_) | Kind::Add(_) => {
                        let own = writes.get(&it.id).map_or(&[][..], Vec::as_slice);
                        own.iter().any(|it| {
                            matches!(it.how, How::Copied { from: false, .. })
                                && matches!(it.shape, Shape::Tree | Shape::Unsure)
                                && !self.is_small_copy(it)
                        })
                    }
                    Kind::Run(run) => mounts(run),
                    _ => false,
                }
            });
            found.push(inherits || takes || own);
        }
        found
    }

    /// Remembers what a COPY or ADD brings, if it changes as often as the sources.
    fn take_copy(
        &self,
        instruction: &Instruction<'_>,
        write: &Write,
        with_sources: &[bool],
        beneath: &mut Beneath,
    ) {
        let How::Copied { from, .. } = write.how else { return };
        let written = self.doc.source.slice(write.span).trim_matches(['"', '\'']);
        let name = written.trim_end_matches('/').rsplit('/').next().unwrap_or(written);
        if is_manifest(name) && beneath.manifests.len() < MOST_NAMES {
            let folder = write.path.rsplit_once('/').map_or(".", |it| it.0);
            // A pattern goes into the folder.
            let folder = if name.contains('*') { &write.path } else { folder };
            beneath.manifests.insert(if folder.is_empty() { "/" } else { folder }.to_owned());
        }
        let is_tree = matches!(write.shape, Shape::Tree | Shape::Unsure);
        let placed = if from {
            let stage = instruction.flag("from").and_then(|it| it.value.as_ref());
            let stage = stage.and_then(|it| self.stage_called(instruction.id, &it.text));
            if stage.is_none_or(|it| with_sources.get(it.id) != Some(&true)) {
                return;
            }
            Placed::Product
        } else if is_tree && self.is_bare_file_among_files(instruction, write) {
            return;
        } else if is_tree && matches!(written, "." | "./" | "*" | "./*" | "/") {
            Placed::Whole
        } else if is_tree && PARTS.contains(&name) && !self.holds_manifests(written) {
            Placed::Part
        } else if is_tree && is_project(name) {
            Placed::Folder
        } else if [".ear", ".jar", ".war"].iter().any(|it| name.ends_with(it)) {
            Placed::Product
        } else {
            return;
        };
        if beneath.copies.len() < MOST_COPIES {
            beneath.copies.push(Copied {
                instruction: instruction.id,
                path: write.path.clone(),
                source: written.to_owned(),
                span: write.span,
                placed,
                local: !from,
                changes_often: from
                    || matches!(placed, Placed::Whole | Placed::Part | Placed::Product)
                    || write.shape == Shape::Tree && !self.is_small_copy(write),
            });
        }
    }

    /// Whether a source whose name does not tell is copied along with files into a folder, as `Gemfile VERSION ./`.
    fn is_bare_file_among_files(&self, instruction: &Instruction<'_>, write: &Write) -> bool {
        let (Kind::Copy(transfer) | Kind::Add(transfer)) = &instruction.kind else { return false };
        let written = self.doc.source.slice(write.span);
        write.shape == Shape::Unsure
            && self.kind_in_context(written).is_none()
            && transfer.sources.iter().any(|it| Shape::of(&it.word.text) == Shape::File)
    }

    /// Whether a folder of the build context holds a manifest, as far as is known.
    fn holds_manifests(&self, source: &str) -> bool {
        let path = source.trim_start_matches("./").trim_matches('/');
        self.folder_holds(path, is_manifest)
    }

    /// Looks at the installs of a RUN, and remembers what it does.
    fn take_run(&self, index: usize, beneath: &mut Beneath, found: &mut Vec<LateInstall>) {
        let run = &self.runs[index];
        let start = self.installs.partition_point(|it| it.run < index);
        let end = self.installs.partition_point(|it| it.run <= index);
        // The first command that may read the copied files: what comes after it does not only install packages.
        let commands = run.script.commands.iter().enumerate();
        let reader = commands
            .take(if start == end { 0 } else { usize::MAX })
            .find(|(at, it)| !self.is_about_packages(index, *at, it))
            .map_or(usize::MAX, |it| it.0);
        let removals = if start == end { Removals::default() } else { self.removals_in(index) };
        let mut named = HashSet::new();
        for (at, install) in self.installs[start..end].iter().enumerate() {
            let command = &run.script.commands[install.command];
            let inputs = self.inputs(install);
            let compiles = inputs != Inputs::Named && compiles(command).is_some();
            if inputs == Inputs::Named {
                named.insert(install.command);
            }
            // A package that its own RUN takes away again cannot come in an earlier one.
            let is_tool = install.packages.iter().any(|it| removals.take(install, &it.name));
            let needs_all = is_tool || compiles && beneath.fetched.contains(&install.manager);
            if !needs_all && !command.inside.function && run.script.complete {
                let alone = install.command <= reader;
                let late = self.late(run, install, &inputs, (compiles, alone), beneath);
                found.extend(late.map(|it| LateInstall {
                    install: start + at,
                    inputs,
                    placed: it.placed,
                    source: it.source,
                    path: it.path,
                    project: it.project,
                    copies: it.copies,
                    compiles,
                }));
            }
            if compiles {
                beneath.copies.retain(|it| it.placed != Placed::Product);
            } else {
                beneath.fetched.insert(install.manager);
            }
        }
        for (at, command) in run.script.commands.iter().enumerate() {
            let verb = command.verb().map(|it| it.text.as_str());
            let sets = matches!(verb, Some("config" | "set" | "env" | "global"));
            if !sets
                && !named.contains(&at)
                && !command.has_flag("version")
                && !command.has_flag("g")
                && beneath.worked.len() < MOST_NAMES
            {
                beneath.worked.entry(command.name.clone()).or_insert(run.id());
            }
        }
    }

    /// What makes the builder repeat an install without need: what it is, where it is named, and what copies it. Known of
    /// it is whether it compiles, and whether its RUN does nothing before it that may read the copied files.
    fn late(
        &self,
        run: &Run<'_>,
        install: &Install,
        inputs: &Inputs,
        (compiles, alone): (bool, bool),
        beneath: &Beneath,
    ) -> Option<Late> {
        let command = &run.script.commands[install.command];
        if run.mounts.iter().any(|it| it.kind == MountType::Cache) {
            return None;
        }
        if run.mounts.iter().any(|it| it.kind == MountType::Bind) {
            let Inputs::Manifests { folder, .. } = inputs else { return None };
            return self.mounted(run, folder).filter(|_| !compiles);
        }
        let fits: Vec<&Copied> = match inputs {
            Inputs::Unknown => return None,
            Inputs::Named if !alone => return None,
            Inputs::Named => beneath.unused_by_named(install),
            Inputs::Manifests { folder, names } => {
                let worked = beneath.worked.get(&command.name);
                let fresh = |it: &&Copied| worked.is_none_or(|at| *at >= it.instruction);
                let local: Vec<_> =
                    beneath.copies.iter().filter(|it| it.local).filter(fresh).collect();
                let around = self.around(&local, folder, names, beneath);
                if around.is_empty() && reads_only_manifests(install, compiles) {
                    beneath.parts_of(&local, folder)
                } else {
                    around
                }
            }
        };
        let first = fits.first()?;
        let placed = match (first.placed, inputs) {
            (Placed::Whole, _) => Placed::Whole,
            (_, Inputs::Named) => Placed::Product,
            (Placed::Part, Inputs::Manifests { folder, .. }) if inside(&first.path, folder) => {
                Placed::Folder
            }
            (placed, _) => placed,
        };
        let mut copies: Vec<usize> = fits.iter().map(|it| it.instruction).collect();
        copies.dedup();
        let project = match (placed, inputs) {
            (Placed::Whole | Placed::Folder, Inputs::Manifests { folder, .. }) => {
                Some(first.project_of(folder))
            }
            _ => None,
        };
        Some(Late { placed, source: first.span, path: first.path.clone(), project, copies })
    }

    /// The whole project where a RUN mounts it.
    fn mounted(&self, run: &Run<'_>, folder: &str) -> Option<Late> {
        let whole = run.mounts.iter().find(|it| {
            let source = it.option("source");
            it.kind == MountType::Bind
                && it.option("from").is_none()
                && source.is_none_or(|it| matches!(it.text.as_ref(), "." | "./" | "/"))
        })?;
        let directory = self.states[run.id()].workdir.as_deref();
        let target = path_in(directory, &whole.option("target")?.text);
        (target == *folder || covers(&target, folder)).then(|| Late {
            placed: Placed::Mount,
            source: whole.span,
            path: target,
            project: None,
            copies: Vec::new(),
        })
    }

    /// The copies that bring a folder with manifests, and more than these.
    fn around<'c>(
        &self,
        local: &[&'c Copied],
        folder: &str,
        names: &[String],
        beneath: &Beneath,
    ) -> Vec<&'c Copied> {
        let brings = |it: &&&Copied| match it.placed {
            Placed::Whole => inside(&it.path, folder),
            Placed::Folder => inside(&it.path, folder) && self.may_bring(it, folder, names),
            // `COPY app /app`: the name says little where the manifests must have come with it.
            Placed::Part => {
                inside(&it.path, folder)
                    && !beneath.manifests.contains(folder)
                    && self.may_bring(it, folder, names)
            }
            Placed::Product | Placed::Mount => false,
        };
        local.iter().filter(brings).copied().collect()
    }

    /// Whether a copied folder may hold the first manifest of an install; by the build context, where that is known.
    fn may_bring(&self, copied: &Copied, folder: &str, names: &[String]) -> bool {
        let Some(first) = names.first() else { return true };
        let source = copied.source.trim_start_matches("./").trim_matches('/');
        if self.kind_in_context(source) != Some(EntryKind::Folder) {
            return true;
        }
        let path = copied.project_of(folder);
        !self.manifests_in(&path, std::slice::from_ref(first)).is_empty()
    }
}

/// Whether `path` is `folder` or is in it. `.` is the directory that the base image sets.
fn inside(folder: &str, path: &str) -> bool {
    folder == path || (folder == "." && !path.starts_with('/')) || covers(folder, path)
}

/// Whether an install reads its manifests and nothing else of the project, whatever its scripts are.
fn reads_only_manifests(install: &Install, compiles: bool) -> bool {
    !compiles && install.manager.alone != Alone::Never
}

mod doubts;
#[cfg(test)]
mod tests;
