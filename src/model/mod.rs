//! What a Dockerfile means: stages and their graph, variables, the state at each instruction, layers, and
//! for each RUN the facts that rules ask for. Built once from the tree; immutable; no I/O.

mod files;
mod image;
mod installs;
pub mod packages;
mod run;
mod stages;
mod variables;

pub use files::archives::UnpackedCopy;
pub use files::changes::Change;
pub use files::context_facts::{Ballast, IgnoredSource, Missing};
pub use files::copies::CopyGroup;
pub use files::downloads::{Deletion, Download};
pub use files::mounted::{Lost, Use};
pub use files::paths::{covers, variables_in};
pub use files::permissions::PermissionChange;
pub use files::remote::{RemoteSource, Why};
pub use files::replaced::Replaced;
pub use files::ties::Ties;
pub use files::transfers;
pub use files::writes::{How, Shape, Write, is_shared};
pub use image::base_system::System;
pub use image::casing::Case;
pub use image::descriptions::Description;
pub use image::entry::Entry;
pub use image::expose::ExposedPort;
pub use image::image_ref::ImageRef;
pub use image::images::UsedImage;
pub use image::json_slips::{JsonSlip, Slip};
pub use image::labels::Label;
pub use image::layers::Layer;
pub use image::measured::MeasuredWaste;
pub use image::platform::Platform;
pub use image::refused::Refused;
pub use image::state::{ShellInForce, State, join};
pub use installs::cache_mounts::{Defeat, Defeated};
pub use installs::caches::CacheMaker;
pub use installs::cleanups::{cleans, refreshes, simulates, upgrades};
pub use installs::compile::{Build, Toolchain};
pub use installs::dev_needs::CopiedDevNeeds;
pub use installs::late_installs::{LateInstall, Placed};
pub use installs::later_needs::Need;
pub use installs::left_over::LeftOver;
pub use installs::locked::Unlocked;
pub use installs::manifests::Inputs;
pub use installs::recommends::{lacks_headers, recommends_its_use};
pub use installs::removed::{Removal, removal};
pub use installs::scripts::runs_scripts;
pub use installs::unused_packages::UnusedPackage;
pub use packages::{Alone, Ecosystem, Fetches, Install, Manager, Package};
pub use run::cd::WorkdirForCd;
pub use run::chores::Chore;
pub use run::edits::Tail;
pub use run::idle::{Idle, IdleKind, options_before_command};
pub use run::pipes::HiddenFailure;
pub use run::rewrites::Rewrite;
pub use run::runs::Run;
pub use run::touches::Touches;
pub use run::unchecked::Unchecked;
pub use stages::chain::Beneath;
pub use stages::stage::{Base, Stage};
pub use stages::two_stages::SecondStage;
pub use variables::names::UsedWhereSet;
pub use variables::scope::{Definition, Origin, PREDEFINED, Resolved, Scopes};
pub use variables::secrets::Named;
pub use variables::undefined::{Evidence, Undefined};
pub use variables::unset::Unset;
pub use variables::volatile::Volatile;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::context::BuildContext;
use crate::shell::KeptLints;
use crate::source::{Span, work};
use crate::syntax::Dockerfile;
use files::transfers::KnownSource;
use files::write_table::Writes;
use installs::cache_facts::AllCacheFacts;
use installs::later_needs::Needs;
use run::pipefail::PipeFacts;
use stages::trail::Trail;

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
    /// The directory in which each command runs, by RUN and command.
    directories: Vec<Vec<Option<Arc<str>>>>,
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
    /// Facts that are found when they are asked for.
    found: Found,
}

/// Facts about a file, each found when it is asked for the first time.
#[derive(Debug, Clone, Default)]
struct Found {
    /// What is known of caches.
    cache_facts: OnceLock<AllCacheFacts>,
    /// The managers with which the file installs or upgrades.
    cached_managers: OnceLock<Vec<Manager>>,
    /// Whether the file shows a Yarn above version 1.
    has_modern_yarn: OnceLock<bool>,
    /// Who needs what a manager fetched, from each RUN to the end of its stage.
    needs: OnceLock<Needs>,
    /// Which pipes hide failures.
    pipe_facts: OnceLock<PipeFacts>,
    /// The first instruction by which ONBUILD defines a variable, by stage and name.
    onbuild_variables: OnceLock<HashMap<(usize, String), usize>>,
    /// What a container of each stage runs.
    entry_points: OnceLock<Vec<image::entry::EntryPoint>>,
    /// The stages of each name.
    stage_names: OnceLock<stages::stage_names::StageNames>,
    /// The shell that the first package manager which a stage calls suggests, by stage.
    shells_by_manager: OnceLock<Vec<Option<&'static str>>>,
    /// For each stage, whether it is the last one or the base of a later one, as hadolint sees it.
    base_or_last: OnceLock<Vec<bool>>,
    /// What installs read.
    inputs: OnceLock<Vec<Inputs>>,
    /// What instructions copy from the build context.
    context_sources: OnceLock<Vec<KnownSource>>,
    /// How the file indents the lines by which an instruction goes on; none where none does.
    indent: OnceLock<Option<Span>>,
    /// Whether a manifest is copied that the build context does not have.
    lacks_manifest: OnceLock<bool>,
    /// Whether a command takes dependencies for development away.
    prunes_dev: OnceLock<bool>,
    /// What instructions write.
    written: OnceLock<Writes>,
    /// What is compiled.
    built: OnceLock<Vec<Build>>,
    /// The RUNs that put another shell at `/bin/sh`.
    relinked: OnceLock<Trail<()>>,
    /// Where scripts give variables of the shell their values, by name.
    assigned: OnceLock<HashMap<String, Vec<(usize, Span)>>>,
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
        let stages = stages::stage::find(doc, options);
        let final_stage = stages::stage::final_stage(&stages, options);
        let outputs = stages::stage::outputs(doc, &stages, options, &HashSet::new());
        let scopes = Scopes::find(doc, &stages, options);
        let states = image::state::find(doc, &stages, &scopes);
        let layers = doc
            .instructions
            .iter()
            .zip(&states)
            .map(|(it, state)| image::layers::of(it, state))
            .collect();
        let unread_from = run::runs::unread_from(doc);
        let runs = run::runs::find(doc, &stages, &states, unread_from);
        let directories = files::paths::directories(&runs, &states);
        let mut model = Self {
            doc,
            directories,
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
            outputs,
            final_stage,
            check_override: check_override(options),
            in_repository: false,
            context: None,
            named_targets: HashSet::new(),
            dev_dependencies: None,
            measured: Vec::new(),
            kept_lints: None,
            found: Found::default(),
        };
        model.installs = packages::find(&model);
        model.cache_settings = installs::caches::settings(&model);
        model.downloads = files::downloads::downloads(&model);
        model.deletions = files::downloads::deletions(&model);
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
        stages::stage::mark_reach(self.doc, &mut self.stages, options, &named);
        self.outputs = stages::stage::outputs(self.doc, &self.stages, options, &named);
        self.named_targets = named;
    }

    /// Whether what the instruction makes is in an image that is given away: its stage becomes one or is a base of one.
    pub fn ships(&self, instruction: usize) -> bool {
        self.stage_of(instruction).is_none_or(|stage| stage.ships)
    }

    /// Whether a stage is the last one, the base of a later one, or built from the same words as the last one
    /// (which is how hadolint decides whose left-overs count).
    pub fn is_base_or_last(&self, stage: usize) -> bool {
        let all = self.found.base_or_last.get_or_init(|| self.find_base_or_last());
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
