//! Mix, of Elixir (<https://hexdocs.pm/mix>).

use super::description::{Alone, Cache, CachePath, Description, Ecosystem};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "mix",
    programs: &["mix"],
    installs: &[
        Grammar {
            verbs: &["deps.get", "deps.compile", "compile", "release"],
            value_flags: &["--only"],
            version: VersionStyle::Colon,
            ..Grammar::NONE
        },
        Grammar {
            prefix: &["do"],
            names_prefix: false,
            verbs: &["deps.get", "deps.get,"],
            value_flags: &["--only"],
            version: VersionStyle::Colon,
            ..Grammar::NONE
        },
    ],
    cache: Cache { folders: &[CachePath { path: "/root/.hex", what: "packages" }], ..Cache::NONE },
    alone: Alone::Download("mix deps.get"),
    project: Some(Ecosystem {
        manifests: &["mix.exs", "mix.lock"],
        member: "mix.exs",
        how: "run `mix deps.get`",
        ..Ecosystem::NONE
    }),
    seconds: &[("mix", 40.0)],
    ..Description::NONE
};
