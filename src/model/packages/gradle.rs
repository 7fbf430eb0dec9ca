//! Gradle (<https://docs.gradle.org/current/userguide/command_line_interface.html>).

use super::description::{
    Cache, CachePath, Commands, Description, Ecosystem, Mounts, Moved, Scripts,
};
use super::inputs::{Reading, Reads};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "gradle",
    programs: &["gradle", "gradlew"],
    installs: &[Grammar {
        verbs: &[
            "build",
            "assemble",
            "bootJar",
            "shadowJar",
            "jar",
            "dependencies",
            "installDist",
            "clean",
        ],
        value_flags: &[
            "-p",
            "--project-dir",
            "-b",
            "--build-file",
            "-c",
            "-x",
            "--exclude-task",
            "-g",
        ],
        version: VersionStyle::Colon,
        ..Grammar::NONE
    }],
    commands: Commands { scripts: Scripts::Always, ..Commands::NONE },
    cache: Cache {
        folders: &[CachePath { path: "/root/.gradle", what: "artifacts" }],
        measured: &["~/.gradle/caches/"],
        is_fetched_apart: true,
        is_used_later: true,
        filled_by: &["gradle", "gradlew"],
        moved: &[Moved {
            variable: Some("GRADLE_USER_HOME"),
            below: "",
            option: Some("gradle-user-home"),
        }],
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, ..Mounts::NONE },
    inputs,
    project: Some(Ecosystem {
        manifests: &["build.gradle*", "settings.gradle*"],
        how: "run `gradle dependencies`",
        only_dependencies: &["dependencies"],
        ..Ecosystem::NONE
    }),
    seconds: &[("gradle", 60.0), ("gradlew", 60.0)],
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    let names_project = it.command.args.iter().any(|word| word.text.contains(':'));
    if names_project || it.has(&["p", "project-dir", "b", "offline"]) {
        Reads::Unknown
    } else {
        Reads::Manifests
    }
}
