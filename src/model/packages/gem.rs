//! RubyGems (<https://guides.rubygems.org/command-reference/>).

use super::description::{Cache, CachePath, Commands, Description};
use super::{Grammar, VersionStyle};

/// The folder of its cache, which Bundler uses too.
pub(super) const FOLDERS: &[CachePath] =
    &[CachePath { path: "/usr/local/bundle/cache", what: "gem files" }];

/// The same, as images show it.
pub(super) const MEASURED: &[&str] = &["usr/local/bundle/cache/", "~/.bundle/cache/"];

pub(super) static DESCRIPTION: Description = Description {
    name: "gem",
    programs: &["gem"],
    installs: &[Grammar {
        verbs: &["install", "i"],
        value_flags: &[
            "-v",
            "--version",
            "-i",
            "--install-dir",
            "-n",
            "--bindir",
            "-P",
            "--trust-policy",
            "--source",
            "-s",
            "--platform",
            "--build-root",
            "-g",
            "--file",
            "-p",
            "--http-proxy",
        ],
        version: VersionStyle::Colon,
        ..Grammar::NONE
    }],
    pins: |word, _| word.contains(':') || word.ends_with(".gem"),
    // What follows `--` is for the build of a gem's extensions.
    ends_packages: true,
    compiles_extensions: true,
    commands: Commands { removes: &["uninstall"], ..Commands::NONE },
    cache: Cache { folders: FOLDERS, measured: MEASURED, ..Cache::NONE },
    inputs: |it| it.named(),
    seconds: &[("gem", 20.0)],
    ..Description::NONE
};
