//! Changes of made projects, and builds of them with real builders.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;

use crate::common::engines::Engines;

/// A change of a commit.
pub(crate) enum Change {
    Write(&'static str, &'static str),
    Mode(&'static str, u32),
    Remove(&'static str),
    Rename(&'static str, &'static str),
    Link(&'static str, &'static str),
    /// Replaces a text in a file.
    Edit(&'static str, &'static str, &'static str),
}

/// Makes a change in a folder.
pub(crate) fn apply(folder: &Path, change: &Change) {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = |path: &str| {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        place
    };
    match change {
        Change::Write(path, text) => {
            std::fs::write(place(path), text).unwrap();
            std::fs::set_permissions(place(path), PermissionsExt::from_mode(0o644)).unwrap();
        }
        Change::Mode(path, mode) => {
            std::fs::set_permissions(place(path), PermissionsExt::from_mode(*mode)).unwrap();
        }
        Change::Remove(path) => {
            let path = place(path);
            if path.is_dir() {
                std::fs::remove_dir_all(&path).unwrap();
            } else {
                std::fs::remove_file(&path).unwrap();
            }
            forget_folders(&path);
        }
        Change::Rename(from, to) => {
            std::fs::rename(place(from), place(to)).unwrap();
            forget_folders(&place(from));
        }
        Change::Link(path, to) => {
            let _ = std::fs::remove_file(place(path));
            symlink(to, place(path)).unwrap();
        }
        Change::Edit(path, from, to) => {
            let text = std::fs::read_to_string(place(path)).unwrap();
            assert!(text.contains(from), "{path} has no {from}");
            std::fs::write(place(path), text.replacen(from, to, 1)).unwrap();
        }
    }
}

/// Removes the folders above a path that hold nothing any more, as git does. The root always holds a Dockerfile.
fn forget_folders(path: &Path) {
    let above = path.ancestors().skip(1);
    let _ = above.take_while(|it| std::fs::remove_dir(it).is_ok()).count();
}

/// Runs git with its own folder for objects, so that none is in the tree.
pub(crate) fn git(repository: &Path, folder: &Path, arguments: &[&str]) {
    let place = [
        format!("--git-dir={}", repository.display()),
        format!("--work-tree={}", folder.display()),
    ];
    let place = place.iter().map(String::as_str);
    crate::common::git::git(folder, &place.chain(arguments.iter().copied()).collect::<Vec<_>>());
}

/// Builds one commit with one builder. Gives its log.
pub(crate) fn build(
    engines: &Engines,
    builder: &str,
    folder: &Path,
    file: &str,
    more: &[&str],
) -> String {
    let mut command = command(engines, builder, folder, file, more);
    let mut run = || {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout) + &text(&output.stderr))
    };
    let (succeeded, log) = run();
    if succeeded {
        return log;
    }
    // Now and then the kernel refuses buildah a copy of itself.
    assert!(builder == "buildah" && log.contains("sealing memfd copy"), "{builder}: {log}");
    let (succeeded, again) = run();
    assert!(succeeded, "{builder}: {again}");
    resumed(&log, &again)
}

/// What builds one commit with one builder.
pub(crate) fn command(
    engines: &Engines,
    builder: &str,
    folder: &Path,
    file: &str,
    more: &[&str],
) -> Command {
    if let Some(buildkit) = engines.buildkit.as_ref().filter(|_| builder == "newer") {
        return buildkit.command(folder, file);
    }
    let file = folder.join(file).display().to_string();
    let mut command = match builder {
        "buildah" => {
            let mut command = engines.try_command("buildah");
            command.args(["bud", "--layers", "--pull=never", "-t", "localhost/made", "-f", &file]);
            command
        }
        _ => {
            let mut command = engines.try_command("docker");
            command.args(["build", "--network", "host", "-f", &file]);
            command.env("DOCKER_BUILDKIT", if builder == "buildkit" { "1" } else { "0" });
            if builder == "buildkit" {
                command.args(["--progress", "plain"]);
            }
            command
        }
    };
    command.args(more).arg(folder);
    command
}

/// The log of a build of buildah that went on where another one had stopped, as if one build had done both.
fn resumed(stopped: &str, log: &str) -> String {
    let is_step = |it: &&str| it.contains("STEP ");
    let mut ran = Vec::new();
    let mut lines = stopped.lines().peekable();
    while let Some(line) = lines.next() {
        if is_step(&line) && lines.peek().is_some_and(|it| !it.starts_with("--> Using cache")) {
            ran.push(line);
        }
    }
    let mut step = "";
    let mut whole = String::new();
    for line in log.lines() {
        if is_step(&line) {
            step = line;
        }
        if !(line.starts_with("--> Using cache") && ran.contains(&step)) {
            whole += &format!("{line}\n");
        }
    }
    whole
}

#[test]
fn a_resumed_build_has_the_steps_of_both() {
    let stopped =
        "STEP 1/3: FROM a\nSTEP 2/3: COPY b c\n--> 1f\nSTEP 3/3: RUN d\nsealing memfd copy\n";
    let again = "STEP 1/3: FROM a\nSTEP 2/3: COPY b c\n--> Using cache 1f\n--> 1f\nSTEP 3/3: RUN d\n--> 2e\n";
    let whole = "STEP 1/3: FROM a\nSTEP 2/3: COPY b c\n--> 1f\nSTEP 3/3: RUN d\n--> 2e\n";
    assert_eq!(resumed(stopped, again), whole);
}
