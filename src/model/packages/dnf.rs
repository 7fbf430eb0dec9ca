//! dnf, yum, microdnf and tdnf (dnf(8), yum(8)).

use super::description::{Advice, Cache, CachePath, Commands, Description, System};
use super::{Grammar, Says, VersionStyle};

const FLAGS: &[&str] = &[
    "-c",
    "--config",
    "--enablerepo",
    "--disablerepo",
    "--repo",
    "--installroot",
    "--releasever",
    "--setopt",
    "-x",
    "--exclude",
];

/// `dnf group install` and `dnf module install`.
const fn with_prefix(prefix: &'static [&'static str], version: VersionStyle) -> Grammar {
    Grammar {
        names: &["yum", "dnf", "dnf5"],
        prefix,
        names_prefix: false,
        verbs: &["install"],
        value_flags: FLAGS,
        version,
        ..Grammar::NONE
    }
}

pub(super) static DESCRIPTION: Description = Description {
    name: "dnf",
    programs: &["dnf", "dnf5", "microdnf", "tdnf", "yum"],
    installs: &[
        Grammar {
            verbs: &["install", "groupinstall", "localinstall", "reinstall", "builddep"],
            value_flags: FLAGS,
            version: VersionStyle::Dash,
            ..Grammar::NONE
        },
        with_prefix(&["group"], VersionStyle::Dash),
        with_prefix(&["module"], VersionStyle::Colon),
    ],
    pins: is_pinned,
    commands: Commands {
        upgrades: &["update", "upgrade", "distro-sync"],
        changes: &["upgrade-minimal"],
        removes: &["remove", "erase"],
        removes_unneeded: &["autoremove"],
        cleans: &[Says::Words(&[&["clean"]])],
        ..Commands::NONE
    },
    system: Some(System {
        shell: Some("/bin/bash"),
        is_known_by_program: true,
        is_gnu: true,
        ..System::NONE
    }),
    cache: Cache {
        folders: &[
            CachePath { path: "/var/cache/dnf", what: "packages and metadata" },
            CachePath { path: "/var/cache/yum", what: "packages and metadata" },
        ],
        others: &["/var/cache/libdnf5", "/root/.cache/libdnf5", "/var/cache/tdnf"],
        measured: &["var/cache/dnf/", "var/cache/libdnf5/", "var/cache/yum/"],
        // Red Hat's settings do not keep packages.
        left: Some("repository metadata"),
        counts: true,
        avoided_by: &["installroot", "downloadonly"],
        offline: &[Says::Flag(&["C", "cacheonly"])],
        advice: Advice {
            clean_up: Some("{tool} clean all"),
            left: "end the `RUN` with the manager's `clean all`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    seconds: &[("dnf", 25.0), ("microdnf", 15.0), ("yum", 25.0)],
    ..Description::NONE
};

/// Package files, addresses, groups, and `name-version` (dnf(8), "Specifying Packages"): a part after a dash begins with a
/// digit, and all parts after the first are made of what versions and releases are made of.
fn is_pinned(word: &str, _: Option<&str>) -> bool {
    if word.ends_with(".rpm") || word.contains("://") || word.starts_with('@') {
        return true;
    }
    // A stream of a module: `nodejs:20`.
    if word.split_once(':').is_some_and(|(name, _)| !name.contains('-')) {
        return true;
    }
    let later = || word.split('-').skip(1);
    let version = |it: char| it.is_ascii_alphanumeric() || ".~^_:+*?".contains(it);
    later().all(|part| part.chars().all(version))
        && later().any(|part| part.starts_with(|it: char| it.is_ascii_digit()))
}
