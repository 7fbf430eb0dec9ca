//! A manager that nobody has. Tests look whether it is known everywhere by what this file says.

use super::description::{
    Advice, Alone, Cache, CachePath, Commands, Description, Ecosystem, Known, Mounts,
};
use super::{Grammar, Reads, Says, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "made-up",
    programs: &["mup"],
    installs: &[Grammar {
        verbs: &["get"],
        value_flags: &["--from"],
        version: VersionStyle::At,
        ..Grammar::NONE
    }],
    commands: Commands {
        refresh: "sync",
        refreshes: &[Says::Verb(&["sync"])],
        cleans: &[Says::Words(&[&["wipe"]])],
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[CachePath { path: "/root/.made-up", what: "parcels" }],
        measured: &["var/cache/made-up/", "~/.made-up/"],
        counts: true,
        index_bytes: Some(5_000_000),
        switch: Some("MUP_NO_CACHE"),
        variables: &["MUP_NO_CACHE"],
        avoided_by: &["no-cache"],
        advice: Advice {
            clean_up: Some("{tool} wipe"),
            left: "end the `RUN` with `&& mup wipe`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::Everywhere, is_locked: true, ..Mounts::NONE },
    alone: Alone::Always,
    project: Some(Ecosystem { manifests: &["parcels.toml"], ..Ecosystem::NONE }),
    inputs: |it| if it.install.packages.is_empty() { Reads::Manifests } else { it.named() },
    seconds: &[("mup", 7.0)],
    ..Description::NONE
};
