//! PDM (<https://pdm-project.org>).

use super::description::{Cache, CachePath, Commands, Description, Ecosystem, Scripts};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "pdm",
    programs: &["pdm"],
    installs: &[Grammar {
        verbs: &["install", "sync", "add"],
        value_flags: &["-G", "--group", "-p", "--project"],
        version: VersionStyle::Pep440,
        ..Grammar::NONE
    }],
    makes_environment: true,
    commands: Commands { removes: &["remove"], scripts: Scripts::With(&["run"]), ..Commands::NONE },
    cache: Cache {
        folders: &[CachePath { path: "/root/.cache/pdm", what: "wheels and downloads" }],
        ..Cache::NONE
    },
    project: Some(Ecosystem {
        manifests: &["pyproject.toml", "pdm.lock"],
        how: "run `pdm install --no-self`",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};
