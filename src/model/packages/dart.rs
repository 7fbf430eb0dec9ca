//! Dart's and Flutter's packages (<https://dart.dev/tools/pub/cmd/pub-get>).

use super::description::{Alone, Description, Ecosystem};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "dart",
    programs: &["dart", "flutter"],
    installs: &[Grammar {
        prefix: &["pub"],
        verbs: &["get"],
        version: VersionStyle::At,
        ..Grammar::NONE
    }],
    alone: Alone::Always,
    project: Some(Ecosystem {
        manifests: &["pubspec.yaml", "pubspec.lock"],
        member: "pubspec.yaml",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};
