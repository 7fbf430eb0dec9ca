//! `.gitignore` as git has it: in the work tree, and not for what is tracked.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod common;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use common::{folder, layerwise, run};

const FILE: &str = "FROM debian:latest\nCOPY --from=busybox:1 /bin/sh /b\nCMD [\"b\"]\n";

/// The files that are checked, and standard error.
fn checked(folder: &Path, arguments: &[&str]) -> (Vec<String>, String) {
    let mut command = layerwise(folder);
    command.args(["check", "--format=json", "--select=DL3007"]).args(arguments);
    let (_, out, err) = run(&mut command);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let files = report["files"].as_array().unwrap().iter();
    (files.map(|it| it["path"].as_str().unwrap().to_owned()).collect(), err)
}

fn names(folder: &Path, arguments: &[&str]) -> Vec<String> {
    checked(folder, arguments).0
}

/// Runs git without the settings of anybody; false if there is no git.
fn git(folder: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=a", "-c", "user.email=a@b.c"]);
    command.args(["-c", "protocol.file.allow=always"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    command.output().is_ok_and(|it| it.status.success())
}

/// A repository in which some files are tracked although they are ignored.
fn repository(arguments: &[&str]) -> Option<tempfile::TempDir> {
    let it = folder(&[
        (".gitignore", "*.dockerfile\nout/\n/made/*\n"),
        ("Dockerfile", FILE),
        ("kept.dockerfile", FILE),
        ("new.dockerfile", FILE),
        ("out/deep/er/Dockerfile", FILE),
        ("out/deep/er/Dockerfile.new", FILE),
        ("out/new/Dockerfile", FILE),
        ("made/Dockerfile", FILE),
        ("made/x/Dockerfile", FILE),
    ]);
    let init = [&["init", "-q"][..], arguments].concat();
    let kept = ["kept.dockerfile", "out/deep/er/Dockerfile", "made/x/Dockerfile"];
    let all = git(it.path(), &init)
        && git(it.path(), &["add", "Dockerfile", ".gitignore"])
        && git(it.path(), &[&["add", "-f"], &kept[..]].concat());
    if !all {
        eprintln!("no git that can do that: not tested");
    }
    all.then_some(it)
}

const TRACKED: [&str; 4] =
    ["Dockerfile", "kept.dockerfile", "made/x/Dockerfile", "out/deep/er/Dockerfile"];

#[test]
fn tracked_files_are_checked() {
    let Some(it) = repository(&[]) else { return };
    assert_eq!(checked(it.path(), &[]), (TRACKED.map(str::to_owned).to_vec(), String::new()));
    assert_eq!(names(&it.path().join("made"), &[]), ["x/Dockerfile"]);
    // A folder that is named is wanted.
    assert_eq!(names(&it.path().join("out"), &[]).len(), 3);
    assert_eq!(names(it.path(), &["--no-ignore"]).len(), 8);
    // `.ignore` is not about git.
    fs::write(it.path().join(".ignore"), "kept.dockerfile\n!new.dockerfile\n").unwrap();
    let expected = ["Dockerfile", "made/x/Dockerfile", "new.dockerfile", "out/deep/er/Dockerfile"];
    assert_eq!(names(it.path(), &[]), expected);
}

#[test]
fn every_version_of_the_index_is_read() {
    for version in ["2", "3", "4"] {
        let Some(it) = repository(&[]) else { return };
        // An entry that is only announced needs version 3.
        assert!(git(it.path(), &["add", "-N", "-f", "new.dockerfile"]));
        // The next name has nothing of this one but its first byte: version 4 says in two bytes how much goes.
        let long = format!("made/{}", "a".repeat(200));
        fs::write(it.path().join(&long), "").unwrap();
        assert!(git(it.path(), &["add", "-f", &long]));
        assert!(git(it.path(), &["update-index", "--index-version", version]));
        let mut expected: Vec<&str> = TRACKED.to_vec();
        expected.insert(3, "new.dockerfile");
        assert_eq!(names(it.path(), &[]), expected, "{version}");
        let header = fs::read(it.path().join(".git/index")).unwrap();
        assert_eq!(header[7], version.parse::<u8>().unwrap().max(3));
    }
    let Some(it) = repository(&["--object-format=sha256"]) else { return };
    assert_eq!(names(it.path(), &[]), TRACKED);
    let Some(it) = repository(&[]) else { return };
    assert!(git(it.path(), &["update-index", "--split-index"]));
    assert!(git(it.path(), &["add", "-f", "made/Dockerfile"]));
    assert_eq!(names(it.path(), &[]).len(), 5);
}

#[test]
fn worktrees_and_submodules_have_an_index_of_their_own() {
    let Some(it) = repository(&[]) else { return };
    assert!(git(it.path(), &["commit", "-qm", "a"]));
    let other = folder(&[("x", "")]);
    let tree = other.path().join("tree");
    assert!(git(it.path(), &["worktree", "add", "-q", tree.to_str().unwrap()]));
    fs::write(tree.join("other.dockerfile"), FILE).unwrap();
    assert_eq!(names(&tree, &[]), TRACKED);
    // `info/exclude` is shared.
    fs::write(it.path().join(".git/info/exclude"), "Containerfile\n").unwrap();
    fs::write(tree.join("Containerfile"), FILE).unwrap();
    assert_eq!(names(&tree, &[]), TRACKED);
    assert_eq!(names(&tree, &["--no-ignore"]).len(), 6);
    let top = folder(&[("Dockerfile", FILE), (".gitignore", "sub/\n*.dockerfile\n")]);
    assert!(git(top.path(), &["init", "-q"]));
    let path = it.path().to_str().unwrap();
    assert!(git(top.path(), &["submodule", "--quiet", "add", "-f", path, "sub"]));
    fs::write(top.path().join("sub/more.dockerfile"), FILE).unwrap();
    let mut expected = vec!["Dockerfile".to_owned()];
    expected.extend(TRACKED.map(|it| format!("sub/{it}")));
    assert_eq!(names(top.path(), &[]), expected);
}

#[test]
fn a_list_holds_in_its_own_repository_only() {
    let it = folder(&[
        (".gitignore", "*.dockerfile\n"),
        ("top.dockerfile", FILE),
        ("inner/in.dockerfile", FILE),
        ("inner/a/b.dockerfile", FILE),
        ("plain/out.dockerfile", FILE),
    ]);
    for root in [".git", "inner/.git"] {
        fs::create_dir(it.path().join(root)).unwrap();
    }
    let expected = ["a/b.dockerfile", "in.dockerfile"];
    assert_eq!(names(it.path(), &[]), expected.map(|it| format!("inner/{it}")));
    assert_eq!(names(&it.path().join("inner"), &[]), expected);
    // Above the repository it counts for nothing.
    fs::remove_dir(it.path().join(".git")).unwrap();
    assert_eq!(names(&it.path().join("inner"), &[]), expected);
}

#[test]
fn without_a_repository_it_is_said_what_is_left_out() {
    let it =
        folder(&[(".gitignore", "*.dockerfile\n"), ("a.dockerfile", FILE), ("Dockerfile", FILE)]);
    let expected = "a.dockerfile: excluded by .gitignore; `--no-ignore` checks it\n";
    assert_eq!(checked(it.path(), &[]), (vec!["Dockerfile".to_owned()], expected.to_owned()));
    assert_eq!(checked(it.path(), &["--no-ignore"]).1, "");
}

#[test]
fn an_index_that_cannot_be_read_is_said() {
    let whole = {
        let Some(it) = repository(&[]) else { return };
        fs::read(it.path().join(".git/index")).unwrap()
    };
    let said = "cannot read git's index: all files that .gitignore lists are excluded, even tracked ones\n";
    let mut broken: Vec<Vec<u8>> = vec![b"".to_vec(), b"DIRC".to_vec(), vec![0; 100]];
    for cut in [11, 12, 40, 71, whole.len() / 2, whole.len() - 21, whole.len() - 1] {
        broken.push(whole[..cut].to_vec());
    }
    for (at, value) in [(7, 5), (7, 4), (8, 255), (11, 200), (73, 255), (74, 0)] {
        let mut bytes = whole.clone();
        bytes[at] = value;
        broken.push(bytes);
    }
    for bytes in broken {
        let it = folder(&[(".gitignore", "*.dockerfile\n"), ("a.dockerfile", FILE)]);
        fs::create_dir(it.path().join(".git")).unwrap();
        fs::write(it.path().join(".git/index"), &bytes).unwrap();
        let (paths, err) = checked(it.path(), &[]);
        assert_eq!(paths, [""; 0]);
        assert!(
            err.starts_with(said) || err == format!(".: no Dockerfiles found\n{said}"),
            "{err}"
        );
    }
}

#[test]
fn names_of_any_bytes_are_told_apart() {
    let it = folder(&[("x", "")]);
    for name in [&b"\xe9.dockerfile"[..], b"\xea.dockerfile", b"\\xe9.Dockerfile"] {
        fs::write(it.path().join(OsStr::from_bytes(name)), FILE).unwrap();
    }
    assert_eq!(names(it.path(), &[]), ["\\xe9.Dockerfile", "\\xe9.dockerfile", "\\xea.dockerfile"]);
    for format in ["full", "concise", "github", "gnu", "checkstyle", "markdown", "junit", "sarif"] {
        let mut command = layerwise(it.path());
        let output = command.args(["check", "--format", format]).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(!out.contains('\u{fffd}'), "{format}: {out}");
        assert!(out.contains("xea"), "{format}: {out}");
    }
}

#[test]
fn secrets_that_are_in_the_repository_are_left_to_strict() {
    let it = folder(&[
        ("Dockerfile", "FROM debian:12\nCOPY conf/ /conf/\nCMD [\"b\"]\n"),
        ("conf/ci.key", "-----BEGIN PRIVATE KEY-----\n"),
    ]);
    let found = |profile: &str| {
        let base = ["check", "--no-config", "--format=concise", "--select=LW405", "--quiet"];
        run(layerwise(it.path()).args(base).args(["--profile", profile, "Dockerfile"])).1
    };
    if !git(it.path(), &["init", "-q"]) {
        return;
    }
    let told = |name: &str| {
        format!(
            "Dockerfile:2:6: error LW405 this adds `conf/{name}`, which contains a private key\n"
        )
    };
    // Nobody has it yet.
    assert_eq!(found("default"), told("ci.key"));
    assert!(git(it.path(), &["add", "conf/ci.key"]));
    assert_eq!((found("default"), found("strict")), (String::new(), told("ci.key")));
    fs::write(it.path().join("conf/own.key"), "-----BEGIN PRIVATE KEY-----\n").unwrap();
    let both = "this adds `conf/ci.key` and another file with secrets";
    assert!(found("default").contains(both), "{}", found("default"));
}
