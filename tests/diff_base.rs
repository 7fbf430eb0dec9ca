//! `check --diff-base`: repositories that git made, and which findings are left of a change.

#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::git::{commit, git, repository};
use common::{layerwise, run};
use tempfile::TempDir;

/// Two faults that were there before: lines 2 and 3.
const OLD: &str = "FROM debian:12\nMAINTAINER a\nRUN cd /tmp && ls\nCMD [\"a\"]\n";

fn project(text: &str) -> Option<TempDir> {
    let it = repository()?;
    commit(&it, 1, &[("Dockerfile", text), (".gitattributes", "* -text\n")]);
    Some(it)
}

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Exit code, findings as `file:line code`, and standard error.
fn check(folder: &TempDir, arguments: &[&str]) -> (i32, Vec<String>, String) {
    let mut command = layerwise(folder.path());
    command.args(["check", "--format", "concise", "--select", "DL4000,DL3003,DL3020"]);
    let (code, out, error) = run(command.args(["--profile", "strict"]).args(arguments));
    let short = |line: &str| {
        let mut parts = line.split(':');
        let (file, at) = (parts.next()?, parts.next()?);
        let code = line.split_whitespace().find(|it| it.starts_with("DL"))?;
        Some(format!("{file}:{at} {}", code.trim_end_matches(':')))
    };
    (code, out.lines().filter_map(short).collect(), error)
}

#[test]
fn a_file_that_did_not_change_reports_nothing() {
    let Some(it) = project(OLD) else { return };
    let error = "note: 2 findings that the change does not touch are not reported\n";
    assert_eq!(check(&it, &["--diff-base", "HEAD"]), (0, vec![], error.to_owned()));
    assert_eq!(check(&it, &["--diff-base", "HEAD", "-q"]), (0, vec![], String::new()));
    let all = vec!["Dockerfile:2 DL4000".to_owned(), "Dockerfile:3 DL3003".to_owned()];
    assert_eq!(check(&it, &[]), (1, all, String::new()));
}

#[test]
fn only_lines_that_a_change_touches_are_reported() {
    let Some(it) = project(OLD) else { return };
    for (new, expected) in [
        // Lines move.
        (format!("# a\n\n{OLD}"), vec![]),
        // A line is added, with a fault of a kind that is there already.
        (OLD.replace("CMD", "RUN cd /tmp && ls\nCMD"), vec!["Dockerfile:4 DL3003"]),
        // The line of a finding changes.
        (OLD.replace("&& ls", "&& ls -l"), vec!["Dockerfile:3 DL3003"]),
        (OLD.replace("MAINTAINER a", "MAINTAINER b"), vec!["Dockerfile:2 DL4000"]),
        // Another line of the same instruction changes.
        (OLD.replace("&& ls", "&& ls && \\\n  pwd"), vec!["Dockerfile:3 DL3003"]),
        // How lines end is not part of them.
        (OLD.replace('\n', "\r\n"), vec![]),
    ] {
        write(&it, "Dockerfile", &new);
        let (_, found, _) = check(&it, &["--diff-base", "HEAD"]);
        assert_eq!(found, expected, "{new}");
    }
}

#[test]
fn a_line_that_is_removed_may_cause_a_finding_elsewhere() {
    let cleans = " \\\n && rm -rf /var/lib/apt/lists/*";
    let new = "FROM debian:12\nRUN apt-get update \\\n && apt-get install -y curl\nCMD [\"a\"]\n";
    let old = &new.replace("curl", &format!("curl{cleans}"));
    let Some(it) = project(old) else { return };
    write(&it, "Dockerfile", new);
    let mut command = layerwise(it.path());
    command.args([
        "check",
        "--diff-base",
        "HEAD",
        "--format",
        "concise",
        "--select",
        "LW104",
        "--profile",
        "audit",
    ]);
    let (code, out, _) = run(&mut command);
    assert_eq!(code, 1);
    assert!(out.starts_with("Dockerfile:3:5: warning LW104 "), "{out}");
}

#[test]
fn a_new_file_is_reported_whole() {
    let Some(it) = project(OLD) else { return };
    write(&it, "other/Dockerfile", OLD);
    let (code, found, _) = check(&it, &["--diff-base", "HEAD"]);
    assert_eq!(
        (code, found),
        (1, vec!["other/Dockerfile:2 DL4000".to_owned(), "other/Dockerfile:3 DL3003".to_owned()])
    );
}

#[test]
fn a_branch_is_compared_with_where_it_began() {
    let Some(it) = project(OLD) else { return };
    git(it.path(), &["checkout", "-q", "-b", "work"]);
    commit(&it, 2, &[("Dockerfile", &OLD.replace("CMD", "ADD a /a\nCMD"))]);
    git(it.path(), &["checkout", "-q", "main"]);
    // The other branch fixes a fault meanwhile: that is no fault of this change.
    commit(&it, 3, &[("Dockerfile", &OLD.replace("MAINTAINER a\n", ""))]);
    git(it.path(), &["checkout", "-q", "work"]);
    let (_, found, _) = check(&it, &["--diff-base", "main"]);
    assert_eq!(found, ["Dockerfile:4 DL3020"]);
    // From a folder inside, by another name of the commit, and for standard input.
    std::fs::create_dir(it.path().join("sub")).unwrap();
    let (_, found, _) = check(&it, &["--diff-base", "HEAD~1", "sub/.."]);
    assert_eq!(found, ["sub/../Dockerfile:4 DL3020"]);
    let mut command = layerwise(it.path());
    command.args([
        "check",
        "--diff-base",
        "main",
        "-",
        "--stdin-filename",
        "Dockerfile",
        "--select",
        "DL3003",
        "-q",
    ]);
    let text = OLD.replace("MAINTAINER a\n", "MAINTAINER a\nRUN cd /x && ls\n");
    let (code, out, _) =
        run(command.args(["--format", "concise", "--profile", "strict"]).write_stdin(text));
    assert_eq!(code, 1);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.starts_with("Dockerfile:3:5: "), "{out}");
}

#[test]
fn a_changed_ignore_file_reports_what_it_causes() {
    let text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n";
    let Some(it) = repository() else { return };
    let ignore = ".git\nDockerfile\n.dockerignore\nnode_modules\n";
    commit(&it, 1, &[("Dockerfile", text), (".dockerignore", ignore), ("package.json", "{}")]);
    for name in 0..60 {
        write(&it, &format!("node_modules/a/{name}.js"), &"x".repeat(20_000));
    }
    let check = |it: &TempDir| {
        let mut command = layerwise(it.path());
        command.args([
            "check",
            "--diff-base",
            "HEAD",
            "--select",
            "context",
            "--profile",
            "audit",
            "--format",
            "concise",
            "-q",
        ]);
        run(&mut command)
    };
    assert_eq!(check(&it), (0, String::new(), String::new()));
    write(&it, ".dockerignore", ".git\n");
    let (code, out, _) = check(&it);
    assert_eq!(code, 1, "{out}");
    assert!(out.starts_with("Dockerfile:3:6: warning LW402 copies 1.2 MB in 60 files"), "{out}");
    std::fs::remove_file(it.path().join(".dockerignore")).unwrap();
    assert_eq!(check(&it).0, 1);
}

#[test]
fn files_of_other_repositories_are_left_out() {
    let Some(it) = project(OLD) else { return };
    std::fs::create_dir(it.path().join("inner")).unwrap();
    git(&it.path().join("inner"), &["init", "-q"]);
    write(&it, "inner/Dockerfile", OLD);
    let (code, found, error) = check(&it, &["--diff-base", "HEAD"]);
    assert_eq!((code, found), (0, vec![]));
    let note =
        "note: 1 file is not in the repository of `--diff-base`: its findings are not reported\n";
    assert!(error.contains(note), "{error}");
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let Some(it) = project(OLD) else { return };
    let (code, found, error) = check(&it, &["--diff-base", "nowhere"]);
    let expected = "error: `--diff-base nowhere`: there is no commit, branch or tag `nowhere`\n";
    assert_eq!((code, found, error.as_str()), (2, vec![], expected));
    let plain = common::folder(&[("Dockerfile", OLD)]);
    let (code, _, error) = check(&plain, &["--diff-base", "HEAD"]);
    assert_eq!((code, error.as_str()), (2, "error: `--diff-base HEAD`: not in a git repository\n"));
    let (code, _, error) = check(&it, &["--diff-base", "HEAD", "--fix"]);
    assert_eq!(code, 2);
    assert!(error.contains("cannot be used with"), "{error}");
}

#[test]
fn a_clone_without_history_is_compared_with_the_commit_itself() {
    let Some(it) = project(OLD) else { return };
    commit(&it, 2, &[("Dockerfile", &OLD.replace("CMD", "ADD a /a\nCMD"))]);
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", it.path().display());
    git(clone.path(), &["clone", "-q", "--depth=1", &from, "c"]);
    let folder = clone.path().join("c");
    let check = |revision: &str| {
        let mut command = layerwise(&folder);
        command.args(["check", "--diff-base", revision, "--select", "DL4000,DL3003,DL3020", "-q"]);
        run(command.args(["--profile", "strict", "--format", "concise"]))
    };
    let (code, _, error) = check("HEAD~1");
    assert_eq!(code, 2);
    assert!(error.contains("in a shallow clone, fetch it first"), "{error}");
    git(it.path(), &["branch", "base", "HEAD~1"]);
    git(&folder, &["fetch", "-q", "--depth=1", "origin", "base"]);
    let (code, out, error) = check("FETCH_HEAD");
    assert_eq!((code, out.lines().count()), (1, 1), "{out}{error}");
    assert!(out.contains("DL3020"), "{out}");
}
