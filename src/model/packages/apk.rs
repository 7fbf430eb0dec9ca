//! apk, of Alpine Linux and Wolfi (apk(8), <https://wiki.alpinelinux.org/wiki/Apk_spec>).

use super::description::{
    Advice, Cache, CachePath, Commands, Database, DatabaseFormat, Description, Fetches, System,
};
use super::{Grammar, Says, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "apk",
    programs: &["apk"],
    installs: &[Grammar {
        verbs: &["add"],
        value_flags: &[
            "-t",
            "--virtual",
            "-X",
            "--repository",
            "-p",
            "--root",
            "--arch",
            "--cache-dir",
            "--keys-dir",
            "--wait",
        ],
        version: VersionStyle::Equals,
        ..Grammar::NONE
    }],
    pins: |word, version| version.is_some() || word.ends_with(".apk"),
    commands: Commands {
        refreshes: &[Says::Verb(&["update"]), Says::Flag(&["U", "update", "update-cache"])],
        upgrades: &["upgrade"],
        removes: &["del"],
        groups: &["-t", "--virtual"],
        cleans: &[Says::Words(&[&["cache"], &["clean", "purge"]])],
        fills: &["add", "update", "upgrade", "fix"],
        ..Commands::NONE
    },
    system: Some(System {
        shell: Some("/bin/ash"),
        removes_all: true,
        database: Some(Database {
            paths: &["lib/apk/db/installed", "usr/lib/apk/db/installed"],
            format: DatabaseFormat::Apk,
            automatic: None,
        }),
        ..System::NONE
    }),
    cache: Cache {
        folders: &[CachePath { path: "/var/cache/apk", what: "package index" }],
        others: &["/etc/apk/cache"],
        measured: &["var/cache/apk/"],
        counts: true,
        // main and community.
        index_bytes: Some(2_000_000),
        fetches: Fetches::WhenMissing,
        avoided_by: &["no-cache", "no-network", "root", "p", "cache-dir", "simulate", "s"],
        advice: Advice {
            option: Some("--no-cache"),
            option_after: &["add", "upgrade"],
            clean_up: Some("rm -rf /var/cache/apk/*"),
            left: "use `apk add --no-cache`, which also makes `apk update` unnecessary",
            needed_again: "use `apk add --no-cache` in both places",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    seconds: &[("apk", 5.0)],
    ..Description::NONE
};
