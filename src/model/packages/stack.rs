//! Stack, of Haskell (<https://docs.haskellstack.org>).

use super::description::{Description, Ecosystem};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "stack",
    programs: &["stack"],
    installs: &[Grammar {
        verbs: &["build", "install"],
        value_flags: &["--resolver", "-j"],
        version: VersionStyle::Dash,
        ..Grammar::NONE
    }],
    inputs: |it| it.without_packages(),
    project: Some(Ecosystem {
        manifests: &["stack.yaml", "stack.yaml.lock", "package.yaml"],
        how: "run `stack build --only-dependencies`",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};
