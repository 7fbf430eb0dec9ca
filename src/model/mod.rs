//! What a Dockerfile means: stages and their graph, variables, the state at each instruction, layers, and
//! for each RUN the facts that rules ask for. Built once from the tree; immutable; no I/O.

mod accounts;
mod archives;
mod base_shell;
mod base_system;
mod buildkit;
mod cache_facts;
mod cache_mounts;
mod caches;
mod casing;
mod cd;
mod chain;
mod changes;
mod chores;
mod cleanups;
mod compile;
mod context_facts;
mod copies;
mod ecosystems;
mod edits;
mod entry;

mod descriptions;
mod dev_needs;
mod directories;
mod expose;
mod fetched;
mod files;
mod filled_mounts;
mod history;
mod idle;
mod image_ref;
mod images;
mod joins;
mod json_slips;
mod labels;
mod late_installs;
mod later_needs;
mod layers;
mod left_over;
mod lineage;
mod locked;
mod lost;
mod manifests;
mod measured;
mod misplaced;
mod mounted;
mod moved_downloads;
mod names;
mod official;
pub mod packages;
mod path_table;
mod paths;
mod permissions;
mod reach;
mod recommends;
mod refused;
mod repeated_installs;
mod rights;

mod pipefail;
mod pipes;
mod platform;
mod purpose;
mod relations;
mod remote;
mod removed;
mod rewrites;
mod run;
mod scope;
mod secrets;
mod shell_state;
mod source_folders;
mod stage_names;
mod stages;
mod state;
mod write_table;
mod writes;

pub use archives::UnpackedCopy;
pub use base_system::System;
pub use cache_mounts::{Defeat, Defeated};
pub use caches::CacheMaker;
pub use cd::WorkdirForCd;
pub use chain::Beneath;
pub use changes::Change;
pub use chores::Chore;
pub use cleanups::{cleans, refreshes, simulates, upgrades};
pub use compile::{Build, Toolchain};
pub use context_facts::{Ballast, IgnoredSource, Missing};
pub use copies::CopyGroup;
pub use edits::Tail;
pub use entry::Entry;
mod trail;
pub mod transfers;
mod two_stages;
mod unchecked;
mod unset;
mod unused_packages;
mod variables;
mod varying;
mod volatile;
mod volatile_names;
mod volumes;

pub use casing::Case;
pub use descriptions::Description;
pub use dev_needs::CopiedDevNeeds;
pub use expose::ExposedPort;
pub use files::{Deletion, Download};
pub use idle::{Idle, IdleKind, options_before_command};
pub use image_ref::ImageRef;
pub use images::UsedImage;
pub use json_slips::{JsonSlip, Slip};
pub use labels::Label;
pub use late_installs::{LateInstall, Placed};
pub use later_needs::Need;
pub use layers::Layer;
pub use left_over::LeftOver;
pub use locked::Unlocked;
pub use manifests::Inputs;
pub use measured::MeasuredWaste;
pub use mounted::{Lost, Use};
pub use names::UsedWhereSet;
pub use packages::{Alone, Ecosystem, Fetches, Install, Manager, Package};
pub use paths::{covers, variables_in};
pub use permissions::PermissionChange;
pub use pipes::HiddenFailure;
pub use platform::Platform;
pub use recommends::{lacks_headers, recommends_its_use};
pub use refused::Refused;
pub use remote::{RemoteSource, Why};
pub use rewrites::Rewrite;
pub use run::Run;
pub use scope::{Definition, Origin, PREDEFINED, Resolved, Scopes};
pub use secrets::Named;
pub use stages::{Base, Stage};
pub use state::{ShellInForce, State, join};
pub use two_stages::SecondStage;
pub use unchecked::Unchecked;
pub use unset::Unset;
pub use unused_packages::UnusedPackage;
pub use variables::{Evidence, Undefined};
pub use volatile::Volatile;
pub use writes::{How, Shape, Write, is_shared};

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::context::BuildContext;
use crate::shell::KeptLints;
use crate::source::{Span, work};
use crate::syntax::Dockerfile;
use cache_facts::AllCacheFacts;
use later_needs::Needs;
use pipefail::PipeFacts;
use trail::Trail;
use transfers::KnownSource;
use write_table::Writes;

/// What the caller of a build may choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildOptions {
    /// `--build-arg` values by name.
    pub build_args: Vec<(String, String)>,
    /// `--target`: the name or index of the stage to build.
    pub target: Option<String>,
    /// The folder of the build context; none if it is to be found from where the Dockerfile is.
    pub context: Option<PathBuf>,
}

/// All facts of one file.
#[derive(Debug, Clone)]
pub struct Model<'s> {
    /// The tree.
    pub doc: &'s Dockerfile<'s>,
    /// The stages in order.
    pub stages: Vec<Stage<'s>>,
    /// The state in force before each instruction, by instruction index.
    pub states: Vec<State>,
    /// The first instruction whose shell text is not read, because too many have some before it.
    pub unread_from: usize,
    /// What each instruction adds to the image, by instruction index.
    pub layers: Vec<Layer>,
    /// Variables.
    pub scopes: Scopes,
    /// The RUN instructions in order, also those wrapped in ONBUILD.
    pub runs: Vec<Run<'s>>,
    /// Package installs in order.
    pub installs: Vec<Install>,
    /// Files fetched by commands, in order.
    pub downloads: Vec<Download>,
    /// Files deleted by commands, in order.
    pub deletions: Vec<Deletion>,
    /// Commands that set where a package manager keeps its cache, by the manager's name.
    cache_settings: HashMap<String, Trail<()>>,
    /// What is known of caches, found when it is asked for.
    cache_facts: OnceLock<AllCacheFacts>,
    cached_managers: OnceLock<Vec<Manager>>,
    has_modern_yarn: OnceLock<bool>,
    /// Who needs what a manager fetched, from each RUN to the end of its stage.
    needs: OnceLock<Needs>,
    pipe_facts: OnceLock<PipeFacts>,
    /// The first instruction by which ONBUILD defines a variable, by stage and name.
    onbuild_variables: OnceLock<HashMap<(usize, String), usize>>,
    /// What a container of each stage runs.
    entry_points: OnceLock<Vec<entry::EntryPoint>>,
    /// The stages of each name.
    stage_names: OnceLock<stage_names::StageNames>,
    /// The shell that the first package manager which a stage calls suggests, by stage.
    shells_by_manager: OnceLock<Vec<Option<&'static str>>>,
    /// For each stage, whether it is the last one or the base of a later one, as hadolint sees it.
    base_or_last: OnceLock<Vec<bool>>,
    /// The directory in which each command runs, by RUN and command.
    directories: Vec<Vec<Option<Arc<str>>>>,
    /// What [`Self::inputs`], [`Self::writes`] and [`Self::builds`] found: several rules ask for them.
    inputs: OnceLock<Vec<Inputs>>,
    context_sources: OnceLock<Vec<KnownSource>>,
    /// How the file indents the lines by which an instruction goes on; none where none does.
    indent: OnceLock<Option<Span>>,
    /// Whether a manifest is copied that the build context does not have.
    lacks_manifest: OnceLock<bool>,
    /// Whether a command takes dependencies for development away.
    prunes_dev: OnceLock<bool>,
    written: OnceLock<Writes>,
    built: OnceLock<Vec<Build>>,
    /// The RUNs that put another shell at `/bin/sh`; found when it is asked for.
    relinked: OnceLock<Trail<()>>,
    /// Where scripts give variables of the shell their values, by name; found when it is asked for.
    assigned: OnceLock<HashMap<String, Vec<(usize, Span)>>>,
    /// The stage that becomes the image: `--target`, else the last one.
    pub final_stage: Option<usize>,
    /// The stages that become images.
    outputs: Vec<usize>,
    /// What the caller of the build says about BuildKit's checks in place of the file's `check` directive: the build
    /// argument `BUILDKIT_DOCKERFILE_CHECK`.
    pub check_override: Option<String>,
    /// Whether the file is in a repository.
    pub in_repository: bool,
    /// The build context, where a folder is known; whoever knows where the file is puts it here.
    pub context: Option<BuildContext>,
    /// The stages that files next to it build by their names; [`Self::take_targets`] puts them here.
    pub(crate) named_targets: HashSet<String>,
    /// Whether the manifests of the build context name dependencies for development; none where nobody looked, or none was
    /// found.
    pub dev_dependencies: Option<bool>,
    /// What was measured in the image; whoever measured it puts it here.
    pub measured: Vec<MeasuredWaste>,
    /// What was found in shell texts before; whoever checks similar files again puts it here.
    pub kept_lints: Option<Arc<KeptLints>>,
}

fn check_override(options: &BuildOptions) -> Option<String> {
    let given = options.build_args.iter().rev();
    given
        .into_iter()
        .find(|(name, _)| name == "BUILDKIT_DOCKERFILE_CHECK")
        .map(|(_, it)| it.clone())
}

impl<'s> Model<'s> {
    /// Finds all facts of a file.
    pub fn build(doc: &'s Dockerfile<'s>, options: &BuildOptions) -> Self {
        let stages = stages::find(doc, options);
        let final_stage = stages::final_stage(&stages, options);
        let outputs = stages::outputs(doc, &stages, options, &HashSet::new());
        let scopes = Scopes::find(doc, &stages, options);
        let states = state::find(doc, &stages, &scopes);
        let layers =
            doc.instructions.iter().zip(&states).map(|(it, state)| layers::of(it, state)).collect();
        let unread_from = run::unread_from(doc);
        let runs = run::find(doc, &stages, &states, unread_from);
        let directories = paths::directories(&runs, &states);
        let mut model = Self {
            doc,
            directories,
            inputs: OnceLock::new(),
            stages,
            states,
            unread_from,
            layers,
            scopes,
            runs,
            installs: Vec::new(),
            downloads: Vec::new(),
            deletions: Vec::new(),
            cache_settings: HashMap::new(),
            cache_facts: OnceLock::new(),
            cached_managers: OnceLock::new(),
            has_modern_yarn: OnceLock::new(),
            needs: OnceLock::new(),
            pipe_facts: OnceLock::new(),
            onbuild_variables: OnceLock::new(),
            entry_points: OnceLock::new(),
            stage_names: OnceLock::new(),
            shells_by_manager: OnceLock::new(),
            base_or_last: OnceLock::new(),
            context_sources: OnceLock::new(),
            indent: OnceLock::new(),
            lacks_manifest: OnceLock::new(),
            prunes_dev: OnceLock::new(),
            written: OnceLock::new(),
            built: OnceLock::new(),
            outputs,
            relinked: OnceLock::new(),
            assigned: OnceLock::new(),
            final_stage,
            check_override: check_override(options),
            in_repository: false,
            context: None,
            named_targets: HashSet::new(),
            dev_dependencies: None,
            measured: Vec::new(),
            kept_lints: None,
        };
        model.installs = packages::find(&model);
        model.cache_settings = caches::settings(&model);
        model.downloads = files::downloads(&model);
        model.deletions = files::deletions(&model);
        model
    }

    /// The install that a command is, by the indices of its RUN and of itself in its script.
    pub fn install_of(&self, run: usize, command: usize) -> Option<&Install> {
        let at = self.installs.binary_search_by_key(&(run, command), |it| (it.run, it.command));
        at.ok().map(|at| &self.installs[at])
    }

    /// The installs of one RUN.
    pub fn installs_of(&self, run: usize) -> &[Install] {
        part(&self.installs, run, |it| it.run)
    }

    /// What the commands of one RUN fetch.
    pub fn downloads_of(&self, run: usize) -> &[Download] {
        part(&self.downloads, run, |it| it.run)
    }

    /// What the commands of one RUN delete.
    pub fn deletions_of(&self, run: usize) -> &[Deletion] {
        part(&self.deletions, run, |it| it.run)
    }

    /// The RUN that an instruction is or wraps, by index in [`Self::runs`].
    pub fn run_at(&self, instruction: usize) -> Option<usize> {
        self.runs.binary_search_by_key(&instruction, Run::id).ok()
    }

    /// The stage that holds the instruction of that index; none before the first FROM.
    pub fn stage_of(&self, instruction: usize) -> Option<&Stage<'s>> {
        work::count(1);
        let index = self.stages.partition_point(|stage| stage.instructions.start <= instruction);
        self.stages.get(index.checked_sub(1)?)
    }

    /// The stages that become images, in order; the final one is the last.
    pub fn outputs(&self) -> &[usize] {
        &self.outputs
    }

    /// Whether it may depend on the build files next to it which stages ship or are used, or what a name means.
    pub fn asks_for_targets(&self) -> bool {
        self.stages.iter().any(|it| it.name.is_some() && !it.needed)
            || self.images_used().iter().any(|it| it.image.is_local())
    }

    /// Whether a build file names it where it says what is built, and of what.
    pub fn is_named_beside(&self, name: &str) -> bool {
        self.named_targets.contains(name)
    }

    /// Takes the names of stages that build files build.
    pub fn take_targets(&mut self, named: HashSet<String>, options: &BuildOptions) {
        stages::mark_reach(self.doc, &mut self.stages, options, &named);
        self.outputs = stages::outputs(self.doc, &self.stages, options, &named);
        self.named_targets = named;
    }

    /// Whether what the instruction makes is in an image that is given away: its stage becomes one or is a base of one.
    pub fn ships(&self, instruction: usize) -> bool {
        self.stage_of(instruction).is_none_or(|stage| stage.ships)
    }

    /// Whether a stage is the last one, the base of a later one, or built from the same words as the last one
    /// (which is how hadolint decides whose left-overs count).
    pub fn is_base_or_last(&self, stage: usize) -> bool {
        let all = self.base_or_last.get_or_init(|| self.find_base_or_last());
        self.stages.is_empty() || all.get(stage).copied().unwrap_or(false)
    }

    fn find_base_or_last(&self) -> Vec<bool> {
        let Some(last) = self.stages.last() else { return Vec::new() };
        let words = |stage: &Stage<'_>| {
            let word = |word: &crate::syntax::Word<'_>| word.text.to_string();
            let alias = stage.from.alias.as_ref().map(|alias| word(&alias.name));
            (word(&stage.from.image), stage.from.platform.as_ref().map(word), alias)
        };
        let bases: HashSet<usize> = self
            .stages
            .iter()
            .filter_map(|it| if let Base::Stage(base) = it.base { Some(base) } else { None })
            .collect();
        let words_of_last = words(last);
        let is_one = |it: &Stage<'_>| {
            it.id == last.id || bases.contains(&it.id) || words(it) == words_of_last
        };
        self.stages.iter().map(is_one).collect()
    }
}

/// The part of a list in the order of RUNs that is about one of them.
fn part<T>(list: &[T], run: usize, run_of: impl Fn(&T) -> usize) -> &[T] {
    work::count(1);
    let start = list.partition_point(|it| run_of(it) < run);
    let length = list[start..].partition_point(|it| run_of(it) == run);
    &list[start..start + length]
}

#[cfg(test)]
mod tests;
