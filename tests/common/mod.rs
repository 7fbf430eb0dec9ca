//! What the tests of the program from outside share.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "not every test needs all of it")]

pub(crate) mod archives;
#[cfg(target_os = "linux")]
pub(crate) mod buildkit;
pub(crate) mod cases;
#[cfg(target_os = "linux")]
pub(crate) mod engines;
pub(crate) mod findings;
pub(crate) mod git;
pub(crate) mod golden;
pub(crate) mod hostile;
pub(crate) mod lsp;
pub(crate) mod package_state;
mod programs;
mod update;

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

pub(crate) use programs::{may_start, repeated};
pub(crate) use update::update;

/// A new folder with these files.
pub(crate) fn folder<C: AsRef<[u8]>>(files: &[(&str, C)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

/// A long ASCII text with continuations: a builder reads no line above 64 kB.
pub(crate) fn continued(text: &str) -> String {
    let lines = text.as_bytes().chunks(60_000).map(|it| std::str::from_utf8(it).unwrap());
    lines.collect::<Vec<_>>().join("\\\n")
}

/// The program in an empty environment, in a folder.
pub(crate) fn layerwise(folder: impl AsRef<Path>) -> Command {
    let mut command = Command::cargo_bin("layerwise").unwrap();
    command.current_dir(folder).env_clear();
    command
}

/// Runs it; gives the exit code, standard output and standard error.
pub(crate) fn run(command: &mut Command) -> (i32, String, String) {
    text_of(command.output().unwrap())
}

/// The exit code, standard output and standard error.
pub(crate) fn text_of(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
