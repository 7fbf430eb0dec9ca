//! What is known about a package manager: plain data, filled by one file per manager. Nothing else knows one by its name,
//! except rules that are about exactly one.

use super::inputs::{Reading, Reads};
use super::{Grammar, Install, Says};
use crate::model::{ImageRef, Model, Toolchain};
use crate::shell::Command;

/// Everything that is known about one package manager. What a manager's file leaves out is as in [`Description::NONE`].
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, read one at a time")]
pub struct Description {
    /// The name people know it by.
    pub name: &'static str,
    /// The name of the family whose members fill the same folders; the manager's own where it is empty.
    pub family: &'static str,
    /// Its programs. A program belongs to one manager only.
    pub programs: &'static [&'static str],
    /// How its installs read; the first that fits a command counts.
    pub installs: &'static [Grammar],
    /// Whether a package word says which version is taken. It gets the word and the version that the grammar found in it.
    pub pins: fn(&str, Option<&str>) -> bool,
    /// Whether names of packages have slashes, as in `@scope/name`, so that a word with one is not a path.
    pub names_have_slashes: bool,
    /// Whether a word ends the packages when it is `--`, and `--version` is an option of installs.
    pub ends_packages: bool,
    /// The packages by which it upgrades itself.
    pub itself: &'static [&'static str],
    /// Those of them that base images bring, so that an install replaces what a shell may have run already.
    pub replaced: &'static [&'static str],
    /// The option with which an install goes into `~/.local`, without dashes.
    pub user_option: Option<&'static str>,
    /// Whether its installs may compile extensions written in C.
    pub compiles_extensions: bool,
    /// Whether its installs make an environment that other stages copy.
    pub makes_environment: bool,
    /// What its other commands do.
    pub commands: Commands,
    /// What only managers of the system's packages have.
    pub system: Option<System>,
    /// The caches that it leaves.
    pub cache: Cache,
    /// How its caches are mounted.
    pub mounts: Mounts,
    /// What an install reads.
    pub inputs: fn(&Reading<'_, '_>) -> Reads,
    /// Files in the directory of an install that say how it installs packages which it names.
    pub read_here: &'static [&'static str],
    /// Options of an install that name a manifest, without dashes.
    pub manifest_flags: &'static [&'static str],
    /// Which installs read their manifests and nothing else of the project, whatever its scripts are.
    pub alone: Alone,
    /// Installs that build as well, by their name, each with the command that only downloads.
    pub downloads: &'static [(&'static str, &'static str)],
    /// The manifests of its projects; none for a manager that installs only what is named.
    pub project: Option<Ecosystem>,
    /// The folder of a project that an install fills.
    pub fills: Option<Fills>,
    /// How dependencies for development are left out.
    pub development: Option<Development>,
    /// Seconds that a step with one of its programs may take, where nobody measured it.
    pub seconds: &'static [(&'static str, f64)],
}

impl Description {
    /// A manager of which nothing is known.
    pub const NONE: Self = Self {
        name: "",
        family: "",
        programs: &[],
        installs: &[],
        pins: |_, version| version.is_some(),
        names_have_slashes: false,
        ends_packages: false,
        itself: &[],
        replaced: &[],
        user_option: None,
        compiles_extensions: false,
        makes_environment: false,
        commands: Commands::NONE,
        system: None,
        cache: Cache::NONE,
        mounts: Mounts::NONE,
        inputs: |it| it.by_default(),
        read_here: &[],
        manifest_flags: &[],
        alone: Alone::Never,
        downloads: &[],
        project: None,
        fills: None,
        development: None,
        seconds: &[],
    };
}

/// What commands of a manager do besides installing.
#[derive(Debug)]
pub struct Commands {
    /// How a command that only fetches the package index is called.
    pub refresh: &'static str,
    /// Fetch the package index.
    pub refreshes: &'static [Says],
    /// The verbs that upgrade whatever is installed.
    pub upgrades: &'static [&'static str],
    /// Other verbs that change what is installed and leave the index as an upgrade does.
    pub changes: &'static [&'static str],
    /// The verbs that remove the packages which are named.
    pub removes: &'static [&'static str],
    /// The verbs that remove what nothing else needs.
    pub removes_unneeded: &'static [&'static str],
    /// Options of an install that name a group by which its packages are removed, with dashes.
    pub groups: &'static [&'static str],
    /// Clear the cache, and leave nothing of it.
    pub cleans: &'static [Says],
    /// Options with which such a command keeps what a cache mount is for, without dashes.
    pub cleans_partly: &'static [&'static str],
    /// The verbs that only look after packages and need no file of the project.
    pub upkeep: &'static [&'static str],
    /// The verbs that fill the cache where nothing is said against it, besides installs.
    pub fills: &'static [&'static str],
    /// Programs and verbs that read the index that was fetched before.
    pub reads_index: (&'static [&'static str], &'static [&'static str]),
    /// Which commands run the project's own scripts.
    pub scripts: Scripts,
}

impl Commands {
    /// No such command.
    pub const NONE: Self = Self {
        refresh: "update",
        refreshes: &[],
        upgrades: &[],
        changes: &[],
        removes: &[],
        removes_unneeded: &[],
        groups: &[],
        cleans: &[],
        cleans_partly: &[],
        upkeep: &[],
        fills: &[],
        reads_index: (&[], &[]),
        scripts: Scripts::Never,
    };
}

/// Which commands of a manager run scripts of the project: `npm run build`, `bundle exec rake`. Such a script may read
/// any file and any variable.
#[derive(Debug)]
pub enum Scripts {
    /// None does.
    Never,
    /// Every command: the project's own build file is a program.
    Always,
    /// Those with these verbs.
    With(&'static [&'static str]),
    /// Those with any verb but these, and but the verbs that install or remove packages.
    Without(&'static [&'static str]),
}

/// A manager of the system's packages: one file says what is installed, and each install rewrites it.
#[derive(Debug)]
pub struct System {
    /// The shell that an image with this manager has.
    pub shell: Option<&'static str>,
    /// Whether people know each of its programs by the program's own name.
    pub is_known_by_program: bool,
    /// Whether its systems have the programs of GNU.
    pub is_gnu: bool,
    /// Whether it can take packages away again with all that came along with them.
    pub removes_all: bool,
    /// How its database is written; none where that is not read.
    pub database: Option<Database>,
}

impl System {
    /// A system of which nothing is known.
    pub const NONE: Self = Self {
        shell: None,
        is_known_by_program: false,
        is_gnu: false,
        removes_all: false,
        database: None,
    };
}

/// The database of a manager of the system's packages.
#[derive(Debug, Clone, Copy)]
pub struct Database {
    /// Where it may be, from the root and without the leading slash.
    pub paths: &'static [&'static str],
    /// How it is written.
    pub format: DatabaseFormat,
    /// The file next to it that says which packages nobody asked for.
    pub automatic: Option<&'static str>,
}

/// How a database of packages is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseFormat {
    /// Paragraphs of `Name: value` lines (Debian Policy, section 5).
    Control,
    /// Paragraphs of `P:value` lines (apk's installed database, version 2).
    Apk,
}

/// A folder in which a manager leaves a cache, for root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachePath {
    /// The absolute folder (`~` is `/root`).
    pub path: &'static str,
    /// What is kept there.
    pub what: &'static str,
}

/// Whether installs fetch the index from which they install.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetches {
    /// Another command has to. The index is in [`Cache::folders`].
    Never,
    /// They do if no command did before. The index is in [`Cache::folders`].
    WhenMissing,
    /// They do, or there is no index: what is in [`Cache::folders`] are only downloads.
    Always,
}

/// The caches of a manager.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, read one at a time")]
pub struct Cache {
    /// The folders in which an install leaves a cache when nothing is said against it.
    pub folders: &'static [CachePath],
    /// The folders of other versions and images.
    pub others: &'static [&'static str],
    /// The folders whose files no container needs, as images show them: from the root without the leading slash, or from a
    /// home folder with `~/`; each with a slash at its end.
    pub measured: &'static [&'static str],
    /// What an install leaves there, if that is not all of what is kept there.
    pub left: Option<&'static str>,
    /// Whether what is left there is worth a word. pnpm and bun link their store's files into the project, so the store
    /// costs nothing next to it in one layer; caches of compilers are a matter of multi-stage builds.
    pub counts: bool,
    /// Whether a part of the cache is worth nothing: only all of it is cleared or mounted.
    pub counts_whole: bool,
    /// A rough estimate of the package index in bytes, no measurement.
    pub index_bytes: Option<u64>,
    /// Whether an install fetches the index.
    pub fetches: Fetches,
    /// Variables that move the cache or switch it off. Where one is set, nothing is known of the cache.
    pub variables: &'static [&'static str],
    /// The variable that switches it off.
    pub switch: Option<&'static str>,
    /// Options of an install that switch it off or move it, or leave nothing to fetch, without dashes: `--name` and
    /// `--name=value`. For any other form, there is `is_avoided`.
    pub avoided_by: &'static [&'static str],
    /// The same, for what is not as simple as an option.
    pub is_avoided: fn(&Command) -> bool,
    /// Whether an install leaves nothing for a reason of its own.
    pub is_spared: fn(&Model<'_>, &Install) -> bool,
    /// Whether a base image switches it off.
    pub is_off_in: fn(&ImageRef) -> bool,
    /// What a command says that must not download.
    pub offline: &'static [Says],
    /// Whether it downloads in one step and uses that in another.
    pub is_fetched_apart: bool,
    /// Whether builds use what is in it.
    pub is_used_later: bool,
    /// Programs that fill it by what they build, run or test.
    pub filled_by: &'static [&'static str],
    /// What has it keep its downloads elsewhere.
    pub moved: &'static [Moved],
    /// The folder that the settings of images keep empty.
    pub kept_empty: Option<KeptEmpty>,
    /// How it is avoided or cleared.
    pub advice: Advice,
}

impl Cache {
    /// No cache.
    pub const NONE: Self = Self {
        folders: &[],
        others: &[],
        measured: &[],
        left: None,
        counts: false,
        counts_whole: false,
        index_bytes: None,
        fetches: Fetches::Always,
        variables: &[],
        switch: None,
        avoided_by: &[],
        is_avoided: |_| false,
        is_spared: |_, _| false,
        is_off_in: |_| false,
        offline: &[Says::Flag(&["offline"])],
        is_fetched_apart: false,
        is_used_later: false,
        filled_by: &[],
        moved: &[],
        kept_empty: None,
        advice: Advice::NONE,
    };
}

/// What has a manager keep its downloads elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Moved {
    /// The variable, and the folder below its value.
    pub variable: Option<&'static str>,
    /// The folder below the variable's value.
    pub below: &'static str,
    /// The option, or the name of the setting, without dashes.
    pub option: Option<&'static str>,
}

/// A folder that the settings of images empty after each install.
#[derive(Debug, Clone, Copy)]
pub struct KeptEmpty {
    /// The folder.
    pub folder: &'static str,
    /// The verbs that empty it as well.
    pub verbs: &'static [&'static str],
    /// The official images with such settings.
    pub images: &'static [&'static str],
    /// What words have that may change these settings.
    pub marks: &'static [&'static str],
}

/// How a cache is kept out of the layer.
#[derive(Debug)]
pub struct Advice {
    /// The option that keeps it out.
    pub option: Option<&'static str>,
    /// The verbs behind which a fix writes that option.
    pub option_after: &'static [&'static str],
    /// The command that clears it; `{tool}` is the program of the install.
    pub clean_up: Option<&'static str>,
    /// An official image in which root installs, and the folder to mount there.
    pub or_mount: Option<(&'static str, &'static str)>,
    /// What to do in general.
    pub left: &'static str,
    /// What to do where a later command needs what was fetched.
    pub needed_again: &'static str,
}

impl Advice {
    /// What is true for any cache.
    pub const NONE: Self = Self {
        option: None,
        option_after: &[],
        clean_up: None,
        or_mount: None,
        left: "delete the cache in the same `RUN`, or mount a cache over it",
        needed_again: "download again in the later `RUN`, and clean the cache in both",
    };
}

/// Where it is known which folders to mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nowhere.
    Nowhere,
    /// Everywhere.
    Everywhere,
    /// In images of that name.
    In(&'static str),
}

/// How the caches of a manager are mounted.
#[derive(Debug)]
pub struct Mounts {
    /// Whether a mount saves downloads of installs from manifests.
    pub is_advised: bool,
    /// Where the folders are known.
    pub known: Known,
    /// The folders, if they are not those of the caches.
    pub targets: &'static [&'static str],
    /// Whether builds that share a mount fail on its lock file.
    pub is_locked: bool,
}

impl Mounts {
    /// Nothing is known.
    pub const NONE: Self =
        Self { is_advised: false, known: Known::Nowhere, targets: &[], is_locked: false };
}

/// Which installs from manifests read nothing else of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alone {
    /// None for sure.
    Never,
    /// All.
    Always,
    /// All but builds, and this one also where the project's sources come later.
    Download(&'static str),
}

/// What is known of the projects of a manager.
#[derive(Debug, Clone, Copy)]
pub struct Ecosystem {
    /// The manifests and lock files that an install reads, the most telling first.
    pub manifests: &'static [&'static str],
    /// Settings in the same folder that an install reads where they are there.
    pub settings: &'static [&'static str],
    /// Folders and files that an install may read too, and that cannot be copied along with the manifests.
    pub others: &'static [&'static str],
    /// The manifest that each member of a workspace has; empty where there are no workspaces.
    pub member: &'static str,
    /// How the dependencies are installed without the sources.
    pub how: &'static str,
    /// The verbs of installs that do so already.
    pub only_dependencies: &'static [&'static str],
    /// Whether the first manifest is a `package.json`, which may name scripts and members.
    pub is_node: bool,
    /// Whether settings in the folders above count too.
    pub settings_above: bool,
    /// Whether a project of the build context has nothing to download.
    pub needs_nothing: fn(&Model<'_>, &str) -> bool,
}

impl Ecosystem {
    /// A project without manifests.
    pub const NONE: Self = Self {
        manifests: &[],
        settings: &[],
        others: &[],
        member: "",
        how: "install",
        only_dependencies: &[],
        is_node: false,
        settings_above: false,
        needs_nothing: |_, _| false,
    };
}

/// The folder of a project that an install fills.
#[derive(Debug, Clone, Copy)]
pub struct Fills {
    /// Its name.
    pub folder: &'static str,
    /// The verbs that fill it; the empty one is a command without a verb.
    pub verbs: &'static [&'static str],
    /// The programs that run what is in it.
    pub programs: &'static [&'static str],
}

/// How dependencies for development are recognized and left out.
#[derive(Debug)]
pub struct Development {
    /// The manifest that names them; empty where none does.
    pub manifest: &'static str,
    /// The folders into which they go.
    pub folders: &'static [&'static str],
    /// Whether these folders are next to the manifest, wherever the install runs.
    pub is_beside_manifest: bool,
    /// Options of an install that leave them out, without dashes.
    pub flags: &'static [&'static str],
    /// Variables that do.
    pub variables: &'static [&'static str],
    /// The programs that run an image in production.
    pub programs: &'static [&'static str],
    /// The variables that say so with the value `production`.
    pub production: &'static [&'static str],
    /// The verbs of the installs that bring them; all where there is none.
    pub verbs: &'static [&'static str],
    /// Whether only a file that is named for development brings them.
    pub by_file: bool,
    /// What builds with them in the image itself.
    pub builder: Option<Toolchain>,
    /// The option that leaves them out.
    pub option: Option<&'static str>,
    /// What to do where an install of the image brings them.
    pub advice: &'static str,
    /// What to do where a folder with them is copied.
    pub copied: &'static str,
}

impl Development {
    /// No manifest names any.
    pub const NONE: Self = Self {
        manifest: "",
        folders: &[],
        is_beside_manifest: false,
        flags: &[],
        variables: &[],
        programs: &[],
        production: &[],
        verbs: &[],
        by_file: false,
        builder: None,
        option: None,
        advice: "install only the program's own requirements",
        copied: "install with `--no-dev`",
    };
}
