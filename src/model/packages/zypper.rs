//! zypper, of openSUSE and SUSE Linux Enterprise (zypper(8)).

use super::description::{Advice, Cache, CachePath, Commands, Description, System};
use super::{Grammar, Says, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "zypper",
    programs: &["zypper"],
    installs: &[Grammar {
        verbs: &["install", "in", "source-install", "si"],
        value_flags: &["-r", "--repo", "-t", "--type", "-R", "--root", "--from"],
        version: VersionStyle::Equals,
        ..Grammar::NONE
    }],
    // `curl=8.5.0`, `curl>=8` (zypper(8), "Package Types").
    pins: |word, _| word.contains(['=', '<', '>']) || word.ends_with(".rpm"),
    commands: Commands {
        upgrades: &["update", "up", "dist-upgrade", "dup"],
        changes: &["patch"],
        removes: &["remove", "rm"],
        cleans: &[Says::Words(&[&["clean", "cc"]])],
        ..Commands::NONE
    },
    system: Some(System { is_gnu: true, ..System::NONE }),
    cache: Cache {
        folders: &[CachePath { path: "/var/cache/zypp", what: "packages and metadata" }],
        measured: &["var/cache/zypp/"],
        // SUSE's settings do not keep packages.
        left: Some("repository metadata"),
        counts: true,
        advice: Advice {
            clean_up: Some("zypper clean --all"),
            left: "end the `RUN` with `&& zypper clean --all`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    ..Description::NONE
};
