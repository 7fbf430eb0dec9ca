//! sbt, of Scala (<https://www.scala-sbt.org>).

use super::description::{Cache, CachePath, Commands, Description, Ecosystem, Scripts};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "sbt",
    programs: &["sbt"],
    installs: &[Grammar {
        verbs: &["update", "compile", "package", "assembly", "stage"],
        version: VersionStyle::Colon,
        ..Grammar::NONE
    }],
    commands: Commands { scripts: Scripts::Always, ..Commands::NONE },
    cache: Cache {
        folders: &[
            CachePath { path: "/root/.ivy2", what: "artifacts" },
            CachePath { path: "/root/.cache/coursier", what: "artifacts" },
        ],

        ..Cache::NONE
    },
    project: Some(Ecosystem {
        manifests: &["build.sbt", "project/"],
        how: "run `sbt update`",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};
