//! bun (<https://bun.sh/docs/cli/install>).

use super::description::{Alone, Cache, CachePath, Commands, Description, Development, Ecosystem};
use super::{Grammar, VersionStyle, node};

pub(super) static DESCRIPTION: Description = Description {
    name: "bun",
    family: node::FAMILY,
    programs: &["bun"],
    installs: &[Grammar {
        verbs: &["install", "i", "add"],
        value_flags: &["--cwd", "--registry"],
        version: VersionStyle::At,
        ..Grammar::NONE
    }],
    names_have_slashes: true,
    commands: Commands { removes: &["remove", "rm"], scripts: node::SCRIPTS, ..Commands::NONE },
    cache: Cache {
        folders: &[CachePath { path: "/root/.bun/install/cache", what: "packages" }],
        ..Cache::NONE
    },
    inputs: node::inputs,
    read_here: &["bunfig.toml", ".npmrc"],
    alone: Alone::Always,
    project: Some(Ecosystem {
        manifests: &["package.json", "bun.lock*"],
        settings: &[".npmrc", "bunfig.toml"],
        ..node::PROJECT
    }),
    fills: Some(node::FILLS),
    development: Some(Development {
        programs: &[],
        copied: "install with `--production` in a separate stage, and copy from it",
        ..node::DEVELOPMENT
    }),
    seconds: &[("bun", 10.0)],
    ..Description::NONE
};
