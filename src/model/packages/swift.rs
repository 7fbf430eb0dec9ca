//! Swift's package manager (<https://docs.swift.org/package-manager/>).

use super::description::{Description, Ecosystem};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "swift",
    programs: &["swift"],
    installs: &[
        Grammar {
            verbs: &["build"],
            value_flags: &["-c", "--configuration", "--product"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
        Grammar {
            prefix: &["package"],
            verbs: &["resolve"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
    ],
    project: Some(Ecosystem {
        manifests: &["Package.swift", "Package.resolved"],
        how: "run `swift package resolve`",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};
