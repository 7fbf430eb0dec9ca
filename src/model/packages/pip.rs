//! pip (pip's documentation, "pip install" and "Caching").

use super::description::{
    Advice, Alone, Cache, CachePath, Commands, Description, Development, Known, Mounts,
};
use super::inputs::{Reading, Reads};
use super::{Grammar, Install, Says, VersionStyle};
use crate::model::{ImageRef, Model, covers};
use crate::shell::{Command, ShellWord};

/// The folder of its cache, which pipx and pipenv use too.
pub(super) const FOLDERS: &[CachePath] =
    &[CachePath { path: "/root/.cache/pip", what: "wheels and downloads" }];

/// Options whose value is the next word.
pub(super) const FLAGS: &[&str] = &[
    "--abi",
    "--build",
    "--cache-dir",
    "--cert",
    "--client-cert",
    "--config-setting",
    "--config-settings",
    "--constraint",
    "--default-timeout",
    "--editable",
    "--exists-action",
    "--extra-index-url",
    "--find-links",
    "--global-option",
    "--group",
    "--implementation",
    "--index-url",
    "--install-option",
    "--keyring-provider",
    "--log",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--prefix",
    "--progress-bar",
    "--proxy",
    "--python",
    "--python-version",
    "--report",
    "--requirement",
    "--retries",
    "--root",
    "--root-user-action",
    "--src",
    "--target",
    "--timeout",
    "--trusted-host",
    "--upgrade-strategy",
    "--use-deprecated",
    "--use-feature",
    "-C",
    "-b",
    "-c",
    "-e",
    "-f",
    "-i",
    "-r",
    "-t",
];

pub(super) static DESCRIPTION: Description = Description {
    name: "pip",
    programs: &["pip", "pip3", "python", "python3"],
    installs: &[
        Grammar {
            names: &["pip"],
            verbs: &["install"],
            value_flags: FLAGS,
            version: VersionStyle::Pep440,
            ..Grammar::NONE
        },
        // `python -m pip install`
        Grammar {
            names: &["python"],
            prefix: &["pip"],
            verbs: &["install"],
            value_flags: FLAGS,
            version: VersionStyle::Pep440,
            ..Grammar::NONE
        },
    ],
    pins: is_pinned,
    itself: &["pip", "setuptools", "wheel"],
    replaced: &["pip", "setuptools"],
    user_option: Some("user"),
    compiles_extensions: true,
    commands: Commands {
        removes: &["uninstall"],
        cleans: &[Says::Words(&[&["cache"], &["purge", "remove"]])],
        ..Commands::NONE
    },
    cache: Cache {
        folders: FOLDERS,

        counts: true,
        variables: &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"],
        switch: Some("PIP_NO_CACHE_DIR"),
        avoided_by: AVOIDED_BY,
        is_avoided: has_no_cache,
        is_spared: |model, install| model.installs_wheels(install),
        is_off_in: is_cache_off_in,
        // Without an index it looks into the folders that it is given, and never into its cache.
        offline: &[],
        advice: Advice {
            option: Some("--no-cache-dir"),
            option_after: &["install"],
            left: "add `--no-cache-dir`, or set `PIP_NO_CACHE_DIR=1`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::Everywhere, ..Mounts::NONE },
    inputs: |it| if has_requirements(it) { Reads::Requirements } else { named(it) },
    manifest_flags: &["r"],
    alone: Alone::Always,
    development: Some(Development {
        programs: &["gunicorn", "uwsgi", "uvicorn", "hypercorn", "daphne", "waitress-serve"],
        by_file: true,
        ..Development::NONE
    }),
    seconds: &[("pip", 25.0), ("pip3", 25.0)],
    ..Description::NONE
};

/// Whether a list of requirements is named.
pub(super) fn has_requirements(it: &Reading<'_, '_>) -> bool {
    let is_one = |text: &str| text.starts_with("-r") || text.starts_with("--requirement");
    it.command.args.iter().any(|word| is_one(&word.text))
}

/// What an install without a list of requirements reads.
pub(super) fn named(it: &Reading<'_, '_>) -> Reads {
    if it.has(&["c", "constraint", "e", "editable", "group"]) { Reads::Unknown } else { it.named() }
}

/// Version specifiers of PEP 440, checked-out revisions, archives and paths.
pub(super) fn is_pinned(word: &str, _: Option<&str>) -> bool {
    if word.contains(['=', '<', '>', '~', '!']) && has_specifier(word) {
        return true;
    }
    if ["git+", "svn+", "hg+", "bzr+"].iter().any(|scheme| word.starts_with(scheme)) {
        return word.contains('@');
    }
    word.contains('/') || word.ends_with(".whl") || word.ends_with(".tar.gz")
}

fn has_specifier(word: &str) -> bool {
    ["==", ">=", "<=", "!=", "~=", ">", "<"].iter().any(|operator| word.contains(operator))
}

/// Options that move the cache or leave nothing to fetch.
pub(super) const AVOIDED_BY: &[&str] = &["cache-dir", "no-index", "dry-run"];

/// Whether the option or the variable that switches the cache off is given to the command itself. pip takes the beginning
/// of an option where no other one begins so.
pub(super) fn has_no_cache(command: &Command) -> bool {
    let is_it = |word: &ShellWord| {
        word.text.len() >= "--no-ca".len() && "--no-cache-dir".starts_with(word.text.as_str())
    };
    command.args.iter().any(is_it)
        || command.assignments.iter().any(|it| it.name == "PIP_NO_CACHE_DIR")
}

/// Whether an image sets `PIP_NO_CACHE_DIR`, as those of Red Hat's and of the Software Collections for Python do: any value
/// switches the cache off.
fn is_cache_off_in(image: &ImageRef) -> bool {
    let name = image.repository.rsplit('/').next().unwrap_or("");
    let is_theirs = image.registry.as_deref().is_some_and(|it| it.ends_with("redhat.com"))
        || ["sclorg/", "centos/", "ubi"].iter().any(|it| image.repository.starts_with(it));
    is_theirs && name.starts_with("python-3")
}

impl Model<'_> {
    /// Whether pip only unpacks wheels that are there: without their dependencies, or from a mount, to which a stage that
    /// builds wheels brings those too.
    fn installs_wheels(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let command = &run.script.commands[install.command];
        let is_mounted = |path: &str| {
            run.mounts.iter().filter_map(|it| it.option("target")).any(|it| covers(&it.text, path))
        };
        !install.packages.is_empty()
            && install.packages.iter().all(|it| {
                it.text.ends_with(".whl") && (command.has_flag("no-deps") || is_mounted(&it.text))
            })
    }
}

impl Model<'_> {
    /// Whether files on the command line of a pip install decide versions (`-r`, `-c`), or the project in the
    /// working directory is installed (`.`).
    pub fn is_bound_by_files(&self, install: &Install) -> bool {
        let command = self.command_of(install);
        let is_file = |text: &str| {
            text == "."
                || text == "--requirement"
                || text.starts_with("-r")
                || text.starts_with("--requirement=")
        };
        command.has_flag("c")
            || command.has_flag("constraint")
            || command.args.iter().any(|word| is_file(&word.text))
    }

    /// Whether a pip install leaves its cache of downloads and wheels in the layer.
    pub fn leaves_pip_cache(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        !self.command_of(install).has_flag("no-cache-dir")
            && !run.has_scratch_mount(|target| target.contains(".cache/pip"))
            && !run.is_scratch("/root/.cache/pip")
            && !self.is_pip_cache_off(install)
    }

    /// Whether `PIP_NO_CACHE_DIR` is set, in the RUN or before it. pip turns its cache off for every value that
    /// it can read as yes or as no (its own comment: for compatibility with older versions).
    fn is_pip_cache_off(&self, install: &Install) -> bool {
        const NAME: &str = "PIP_NO_CACHE_DIR";
        let run = &self.runs[install.run];
        if let Some(value) = run.shell_value(install.command, NAME) {
            return is_boolean(value);
        }
        let definition = self.scopes.look_up(run.id(), NAME);
        definition.is_some_and(|it| it.value.as_deref().map_or(it.has_value, is_boolean))
    }
}

/// What pip reads as yes or as no.
fn is_boolean(value: &str) -> bool {
    ["1", "0", "true", "false", "yes", "no", "on", "off", "y", "n", "t", "f"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}
