//! Poetry (<https://python-poetry.org/docs/cli>).

use super::description::{
    Advice, Cache, CachePath, Commands, Description, Development, Ecosystem, Known, Mounts, Scripts,
};
use super::{Grammar, Says, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "poetry",
    programs: &["poetry"],
    installs: &[Grammar {
        verbs: &["install", "add", "sync"],
        value_flags: &["-E", "--extras", "--with", "--without", "--only", "-G", "--group"],
        version: VersionStyle::Pep440,
        ..Grammar::NONE
    }],
    compiles_extensions: true,
    makes_environment: true,
    commands: Commands {
        removes: &["remove"],
        cleans: &[Says::Words(&[&["cache"], &["clear"]])],
        scripts: Scripts::With(&["run"]),
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[CachePath { path: "/root/.cache/pypoetry", what: "wheels and downloads" }],
        counts: true,
        variables: &["POETRY_NO_CACHE", "POETRY_CACHE_DIR", "XDG_CACHE_HOME"],
        switch: Some("POETRY_NO_CACHE"),
        // With `--only-root` the project itself is built, and nothing fetched.
        avoided_by: &["no-cache", "only-root", "dry-run"],
        advice: Advice {
            option: Some("--no-cache"),
            left: "add `--no-cache`, or mount a cache on its cache folder",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::Everywhere, ..Mounts::NONE },
    project: Some(Ecosystem {
        manifests: &["pyproject.toml", "poetry.lock"],
        how: "run `poetry install --no-root`",
        ..Ecosystem::NONE
    }),
    development: Some(Development {
        manifest: "pyproject.toml",
        folders: &[".venv", "venv"],
        flags: &["only", "only-main", "no-dev", "without"],
        variables: &["POETRY_WITHOUT"],
        copied: "install with `--only main`",
        ..Development::NONE
    }),
    seconds: &[("poetry", 30.0)],
    ..Description::NONE
};
