//! pipenv (<https://pipenv.pypa.io>).

use super::description::{Advice, Alone, Cache, Commands, Description, Ecosystem, Scripts};
use super::{Grammar, VersionStyle, pip};

pub(super) static DESCRIPTION: Description = Description {
    name: "pipenv",
    programs: &["pipenv"],
    installs: &[Grammar {
        verbs: &["install", "sync"],
        value_flags: &["-r", "--python", "-i", "--index"],
        version: VersionStyle::Pep440,
        ..Grammar::NONE
    }],
    pins: pip::is_pinned,
    compiles_extensions: true,
    makes_environment: true,
    commands: Commands {
        removes: &["uninstall"],
        scripts: Scripts::With(&["run"]),
        ..Commands::NONE
    },
    cache: Cache {
        folders: pip::FOLDERS,
        others: &["/root/.cache/pipenv"],

        counts: true,
        variables: &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIPENV_CACHE_DIR", "XDG_CACHE_HOME"],
        avoided_by: pip::AVOIDED_BY,
        is_avoided: pip::has_no_cache,
        advice: Advice {
            left: "set `PIP_NO_CACHE_DIR=1`, and delete `~/.cache/pipenv` in the same `RUN`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    alone: Alone::Always,
    project: Some(Ecosystem { manifests: &["Pipfile", "Pipfile.lock"], ..Ecosystem::NONE }),
    seconds: &[("pipenv", 30.0)],
    ..Description::NONE
};
