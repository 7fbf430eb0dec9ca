//! cargo (<https://doc.rust-lang.org/cargo/commands/>).

use super::description::{
    Cache, CachePath, Commands, Description, Ecosystem, Known, Mounts, Moved,
};
use super::inputs::{Reading, Reads};
use super::{Grammar, Says, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "cargo",
    programs: &["cargo"],
    installs: &[Grammar {
        verbs: &["install", "build", "fetch", "chef", "b"],
        value_flags: &[
            "--target",
            "--features",
            "-F",
            "--bin",
            "--profile",
            "--manifest-path",
            "--package",
            "-p",
            "--version",
            "--git",
            "--path",
            "--root",
            "--target-dir",
            "-j",
            "--jobs",
            "--recipe-path",
        ],
        version: VersionStyle::At,
        ..Grammar::NONE
    }],
    commands: Commands { removes: &["uninstall"], ..Commands::NONE },
    cache: Cache {
        folders: &[CachePath { path: "/usr/local/cargo/registry", what: "crates" }],
        others: &["/root/.cargo/registry", "/usr/local/cargo"],
        measured: &["~/.cargo/registry/", "~/.cargo/git/", "usr/local/cargo/registry/"],
        counts: true,
        variables: &["CARGO_HOME"],
        // Building is another matter than fetching a tool.
        is_spared: |model, install| {
            !model.command_of(install).operands().any(|word| word.text == "install")
        },
        offline: &[Says::Flag(&["offline", "frozen"])],
        is_fetched_apart: true,
        is_used_later: true,
        filled_by: &["cargo"],
        moved: &[Moved { variable: Some("CARGO_HOME"), below: "/registry", option: None }],
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::In("rust"), ..Mounts::NONE },
    inputs,
    read_here: &["rust-toolchain", "rust-toolchain.toml"],
    project: Some(Ecosystem {
        manifests: &["Cargo.toml", "Cargo.lock"],
        member: "Cargo.toml",
        how: "build the dependencies with `cargo chef`",
        ..Ecosystem::NONE
    }),
    seconds: &[("cargo", 90.0)],
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    const ELSEWHERE: &[&str] = &["manifest-path", "p", "package", "workspace", "offline"];
    if !it.has(&["path"]) && it.installs_a_tool(|package| !package.text.contains('/')) {
        Reads::Named
    } else if it.operand("install") || it.operand("chef") || it.has(ELSEWHERE) {
        Reads::Unknown
    } else {
        Reads::Manifests
    }
}
