//! Deno (<https://docs.deno.com/runtime/reference/cli/install/>).

use super::description::{Description, Ecosystem};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "deno",
    programs: &["deno"],
    installs: &[Grammar { verbs: &["install"], version: VersionStyle::At, ..Grammar::NONE }],
    inputs: |it| it.without_packages(),
    project: Some(Ecosystem {
        manifests: &["deno.json*", "deno.lock"],
        member: "deno.json",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};
