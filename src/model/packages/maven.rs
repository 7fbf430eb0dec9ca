//! Maven (<https://maven.apache.org/ref/current/maven-embedder/cli.html>).

use super::description::{
    Cache, CachePath, Commands, Description, Ecosystem, Known, Mounts, Moved, Scripts,
};
use super::inputs::{Reading, Reads};
use super::{Grammar, Says, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "maven",
    programs: &["mvn", "mvnw"],
    installs: &[Grammar {
        verbs: &[
            "package",
            "install",
            "verify",
            "compile",
            "deploy",
            "dependency:go-offline",
            "dependency:resolve",
            "clean",
        ],
        value_flags: &["-f", "--file", "-s", "--settings", "-pl", "--projects", "-P", "-T"],
        version: VersionStyle::Colon,
        ..Grammar::NONE
    }],
    commands: Commands { scripts: Scripts::Always, ..Commands::NONE },
    cache: Cache {
        folders: &[CachePath { path: "/root/.m2", what: "artifacts" }],
        measured: &["~/.m2/repository/"],
        offline: &[Says::Words(&[&["-o", "--offline"]])],
        is_fetched_apart: true,
        is_used_later: true,
        filled_by: &["mvn", "mvnw"],
        moved: &[Moved { variable: None, below: "", option: Some("Dmaven.repo.local") }],
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::Everywhere, ..Mounts::NONE },
    inputs,
    downloads: &[("mvn", "mvn -B dependency:go-offline")],
    project: Some(Ecosystem {
        manifests: &["pom.xml"],
        member: "pom.xml",
        how: "run `mvn dependency:go-offline`",
        ..Ecosystem::NONE
    }),
    seconds: &[("mvn", 60.0), ("mvnw", 60.0)],
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    // Its options are long after one dash too.
    const ELSEWHERE: &[&str] = &[
        "-f",
        "--f",
        "-file",
        "--file",
        "-pl",
        "--pl",
        "-projects",
        "--projects",
        "-am",
        "--am",
        "-o",
        "--o",
        "-offline",
        "--offline",
    ];
    let goals = &it.install.packages;
    let only_cleans = goals.len() == 1 && goals[0].text.contains("clean");
    if only_cleans || it.word(ELSEWHERE) { Reads::Unknown } else { Reads::Manifests }
}
