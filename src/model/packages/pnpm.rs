//! pnpm (<https://pnpm.io/cli/install>).

use super::description::{
    Alone, Cache, CachePath, Commands, Description, Development, Ecosystem, Mounts, Moved,
};
use super::{Grammar, VersionStyle, node};

pub(super) static DESCRIPTION: Description = Description {
    name: "pnpm",
    family: node::FAMILY,
    programs: &["pnpm"],
    installs: &[Grammar {
        verbs: &["install", "i", "add", "fetch"],
        value_flags: &["--filter", "-F", "--dir", "-C", "--registry", "--store-dir"],
        version: VersionStyle::At,
        ..Grammar::NONE
    }],
    names_have_slashes: true,
    itself: &["pnpm"],
    compiles_extensions: true,
    commands: Commands {
        removes: &["remove", "rm", "uninstall", "un"],
        scripts: node::SCRIPTS,
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[CachePath { path: "/root/.local/share/pnpm/store", what: "the package store" }],
        measured: &["~/.local/share/pnpm/store/"],
        is_fetched_apart: true,
        is_used_later: true,
        moved: &[Moved { variable: Some("PNPM_HOME"), below: "/store", option: Some("store-dir") }],
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, ..Mounts::NONE },
    inputs: node::inputs,
    read_here: &["package.json", ".npmrc"],
    alone: Alone::Always,
    project: Some(Ecosystem {
        manifests: &["package.json", "pnpm-lock.yaml"],
        settings: &[".npmrc", ".pnpmfile.cjs", "pnpm-workspace.yaml"],
        ..node::PROJECT
    }),
    fills: Some(node::FILLS),
    development: Some(Development {
        option: Some("--prod"),
        advice: "give `--prod`",
        copied: "run `pnpm prune --prod` first, or install with `--prod` in a separate stage",
        ..node::DEVELOPMENT
    }),
    seconds: &[("pnpm", 20.0)],
    ..Description::NONE
};
