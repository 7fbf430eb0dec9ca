//! cabal, of Haskell (<https://cabal.readthedocs.io>).

use super::description::{Description, Ecosystem};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "cabal",
    programs: &["cabal"],
    installs: &[Grammar {
        verbs: &["build", "install", "new-build", "v2-build", "v2-install"],
        value_flags: &["-j", "--installdir", "--install-method", "-w", "--with-compiler"],
        version: VersionStyle::Dash,
        ..Grammar::NONE
    }],
    inputs: |it| it.without_packages(),
    project: Some(Ecosystem {
        manifests: &["*.cabal", "cabal.project*"],
        how: "run `cabal build --only-dependencies`",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};
