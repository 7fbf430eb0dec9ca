//! Files next to a Dockerfile that are not files, lead out of the project, or were made to do harm.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use common::{folder, layerwise};

/// Gives DL3007.
const FILE: &str = "FROM debian:latest\nCOPY --from=busybox:1 /bin/sh /b\nUSER a\n";

/// A folder with a Dockerfile in its own repository.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let project = folder(files);
    std::fs::create_dir_all(project.path().join(".git")).unwrap();
    std::fs::write(project.path().join("Dockerfile"), FILE).unwrap();
    project
}

/// The exit code, the places of the findings, and standard error.
fn check(folder: &Path, arguments: &[&str]) -> (Option<i32>, Vec<String>, String) {
    let mut command = layerwise(folder);
    command.args(["check", "--format", "concise"]).args(arguments);
    let output = command.timeout(Duration::from_secs(60)).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let places = out.lines().filter_map(|it| it.split_once(": ").map(|it| it.0.to_owned()));
    (output.status.code(), places.collect(), String::from_utf8(output.stderr).unwrap())
}

fn found(remark: &str) -> (Option<i32>, Vec<String>, String) {
    (Some(1), vec!["Dockerfile:1:6".to_owned()], remark.to_owned())
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

const OUTSIDE: &str = "a link out of the project, not read";

#[test]
fn ignore_files_are_read_only_if_they_are_files_of_the_project() {
    let outside = folder(&[("list", "Dockerfile\n")]);
    for name in [".ignore", ".gitignore"] {
        for target in ["/dev/zero", "/dev/stdin", outside.path().join("list").to_str().unwrap()] {
            let it = project(&[]);
            symlink(target, it.path().join(name)).unwrap();
            assert_eq!(check(it.path(), &[]), found(&format!("{name}: {OUTSIDE}\n")), "{target}");
        }
        let it = project(&[]);
        pipe(&it.path().join(name));
        assert_eq!(check(it.path(), &[]), found(&format!("{name}: not a regular file\n")));
        let it = project(&[(name, &"a\n".repeat(600_000))]);
        let large = format!("{name}: larger than the limit of 1 MB\n");
        assert_eq!(check(it.path(), &[]), found(&large));
        let it = project(&[(name, &"*a*a*a*a*a\n".repeat(20_000))]);
        assert_eq!(
            check(it.path(), &[]),
            found(&format!("{name}: too many patterns; ignoring all of them\n"))
        );
        // A file of the project, by a link in it.
        let it = project(&[("list", "Dockerfile\n")]);
        symlink("list", it.path().join(name)).unwrap();
        let (code, places, err) = check(it.path(), &[]);
        assert_eq!((code, places, &*err), (Some(0), vec![], ".: no Dockerfiles found\n"));
    }
}

#[test]
fn patterns_hold_as_git_has_them() {
    let it = project(&[
        (".gitignore", "\u{feff}b/\n/c/Dockerfile\n*.dockerfile\n!keep.dockerfile\n"),
        ("b/Dockerfile", FILE),
        ("c/Dockerfile", FILE),
        ("c/d/Dockerfile", FILE),
        ("c/d/c/Dockerfile", FILE),
        ("e/x.dockerfile", FILE),
        ("e/keep.dockerfile", FILE),
        ("e/f/.gitignore", "!x.dockerfile\nDockerfile\n"),
        ("e/f/.ignore", "y.dockerfile\n!Dockerfile\n"),
        ("e/f/x.dockerfile", FILE),
        ("e/f/y.dockerfile", FILE),
        ("e/f/Dockerfile", FILE),
    ]);
    let expected = [
        "Dockerfile",
        "c/d/Dockerfile",
        "c/d/c/Dockerfile",
        "e/f/Dockerfile",
        "e/f/x.dockerfile",
        "e/keep.dockerfile",
    ];
    let names = |folder: &Path, arguments: &[&str]| {
        let (_, places, err) = check(folder, arguments);
        assert_eq!(err, "");
        places.iter().map(|it| it.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(it.path(), &[]), expected);
    // Lines above the folder that is searched hold too, up to the root of the repository.
    let below = ["f/Dockerfile", "f/x.dockerfile", "keep.dockerfile"];
    assert_eq!(names(&it.path().join("e"), &[]), below);
    assert_eq!(names(&it.path().join("e"), &["../e"]), below.map(|it| format!("../e/{it}")));
}

#[test]
fn a_list_above_the_repository_says_nothing() {
    let it = folder(&[(".gitignore", "*\n"), ("a/Dockerfile", FILE)]);
    std::fs::create_dir_all(it.path().join("a/.git")).unwrap();
    assert_eq!(check(&it.path().join("a"), &[]), found(""));
}

#[test]
fn no_configuration_quotes_a_file_from_elsewhere() {
    let secret = "machine example.org password hunter2\n";
    let outside = folder(&[("netrc", secret), ("x.yaml", secret)]);
    let netrc = outside.path().join("netrc");
    for name in ["layerwise.yaml", ".layerwise.yml", ".hadolint.yaml", ".hadolint.yml"] {
        for target in [netrc.to_str().unwrap(), "/proc/self/environ", "/dev/zero"] {
            let it = project(&[]);
            symlink(target, it.path().join(name)).unwrap();
            let (code, places, err) = check(it.path(), &[]);
            let expected = format!("error: {name}: {OUTSIDE}\n");
            assert_eq!((code, places, err), (Some(2), vec![], expected), "{target}");
        }
        let it = project(&[]);
        pipe(&it.path().join(name));
        let (code, _, _) = check(it.path(), &[]);
        assert_eq!(code, Some(if name.contains("hadolint") { 1 } else { 2 }), "{name}");
    }
    let base = outside.path().join("x.yaml");
    let it = project(&[("layerwise.yaml", &format!("extends: {}\n", base.display()))]);
    let (code, _, err) = check(it.path(), &[]);
    let expected = format!(
        "error: layerwise.yaml: `extends: {}` is outside the project; `--allow-outside` allows it\n",
        base.display()
    );
    assert_eq!((code, err), (Some(2), expected));
    let (code, _, err) = check(it.path(), &["--allow-outside"]);
    let expected = format!(
        "error: {}: not a valid configuration file; details are hidden because it is outside the project\n",
        base.canonicalize().unwrap().display()
    );
    assert_eq!((code, err), (Some(2), expected));
    // What a person names may be a link.
    let it = project(&[]);
    std::fs::write(outside.path().join("mine.yaml"), "ignore: [DL3007]\n").unwrap();
    symlink(outside.path().join("mine.yaml"), it.path().join("mine.yaml")).unwrap();
    assert_eq!(check(it.path(), &["--config", "mine.yaml"]).0, Some(0));
}

#[test]
fn configuration_that_was_made_to_do_harm_is_refused() {
    let deep = "nested more than 100 levels deep";
    let wide = format!("[{}]", vec![format!("\"{}\"", "*a".repeat(2000)); 200].join(", "));
    let cases = [
        ("{a: ".repeat(200_000), format!("1:1: {deep}")),
        ("[".repeat(800_000), format!("1:1: {deep}")),
        ("a: 1\n[\n".to_owned() + &"[\n".repeat(300_000), format!("102:1: {deep}")),
        ("- ".repeat(400_000), format!("1:1: {deep}")),
        ("? ".repeat(400_000), format!("1:1: {deep}")),
        ("#\n".repeat(600_000), " larger than the limit of 1 MB".to_owned()),
        (format!("exclude: {wide}"), " too many path patterns".to_owned()),
        (format!("include: {wide}"), " too many path patterns".to_owned()),
        (format!("per-path: [{{path: {wide}}}]"), " too many path patterns".to_owned()),
    ];
    for (text, message) in cases {
        let it = project(&[("layerwise.yaml", &text)]);
        let (code, places, err) = check(it.path(), &[]);
        let expected = format!("error: layerwise.yaml:{message}\n");
        assert_eq!((code, places, err), (Some(2), vec![], expected), "{}", &text[..20]);
    }
    for (before, after) in [
        ("exclude: [\"", "\"]"),
        ("include: [\"", "\"]"),
        ("per-path: [{path: \"", "\", ignore: [DL3008]}]"),
        ("per-path: [{path: [x, \"", "\"], ignore: [DL3008]}]"),
    ] {
        for part in ["a", "*", "{a,b}", "[a-z]", "**/"] {
            let text = format!("{before}{}{after}", part.repeat(131_070 / part.len()));
            let it = project(&[("layerwise.yaml", &text)]);
            let (code, places, err) = check(it.path(), &[]);
            let says = err.starts_with("error: layerwise.yaml:1:")
                && err.ends_with("is not a pattern: longer than 4096 bytes\n");
            assert_eq!((code, places, says), (Some(2), vec![], true), "{before}{part} {err}");
        }
    }
}

#[test]
fn build_files_and_manifests_are_not_followed_out_of_the_project() {
    let file = "FROM debian:12 AS a\nUSER a\nFROM debian:12\nCOPY . .\nUSER a\n";
    let it = folder(&[("Dockerfile", file)]);
    for name in ["Makefile", "package.json", "docker-bake.hcl", "compose.yaml", "a.sh"] {
        symlink("/dev/zero", it.path().join(name)).unwrap();
    }
    symlink("/proc", it.path().join("scripts")).unwrap();
    pipe(&it.path().join("b.sh"));
    pipe(&it.path().join("requirements.txt"));
    symlink("/dev/zero", it.path().join(".dockerignore")).unwrap();
    let (code, _, err) = check(it.path(), &["--profile", "audit"]);
    let note = "note: .dockerignore is a link out of the project, not read: the build context was not checked\n";
    assert_eq!((code, &*err), (Some(1), note));
}

#[test]
fn an_ignore_file_that_cannot_be_read_is_named() {
    let check = |it: &tempfile::TempDir| {
        std::fs::write(it.path().join("Dockerfile"), "FROM debian:latest\nCOPY . /a\nUSER a\n")
            .unwrap();
        let (code, places, err) = check(it.path(), &["--select", "DL3007,LW402"]);
        assert_eq!((code, places), (Some(1), vec!["Dockerfile:1:6".to_owned()]));
        err
    };
    let not_checked = |problem: &str| {
        format!("note: .dockerignore {problem}: the build context was not checked\n")
    };
    let it = project(&[]);
    symlink("nosuch", it.path().join(".dockerignore")).unwrap();
    assert_eq!(check(&it), not_checked("is a broken link"));
    let it = project(&[(".dockerignore", &"a\n".repeat(600_000))]);
    assert_eq!(check(&it), not_checked("is larger than 1 MB"));
    let it = project(&[("list", "nothing\n")]);
    symlink("list", it.path().join(".dockerignore")).unwrap();
    assert_eq!(check(&it), "");
}

#[test]
fn a_baseline_is_read_as_other_files_are() {
    let outside = folder(&[("x", "{\"version\": 2, \"findings\": \"hunter2\"}")]);
    let x = outside.path().join("x");
    let large = "larger than the limit of 64 MB";
    let wrong =
        "not a baseline: unexpected text in line 1, column 36; `--write-baseline` writes a new one";
    for (target, link, reason) in [
        ("/dev/zero", true, OUTSIDE),
        (x.to_str().unwrap(), true, OUTSIDE),
        ("/dev/zero", false, "not a regular file"),
        ("large", false, large),
        ("nosuch", false, "no such file or folder"),
        (x.to_str().unwrap(), false, wrong),
    ] {
        let name = if link { "known.json" } else { target };
        let it = project(&[("layerwise.yaml", &format!("baseline: {name}\n"))]);
        if link {
            symlink(target, it.path().join(name)).unwrap();
        }
        if target == "large" {
            std::fs::File::create(it.path().join(name)).unwrap().set_len(65 << 20).unwrap();
        }
        let is_outside = link || target.starts_with('/');
        let leads_out = "is outside the project; `--allow-outside` allows it";
        let expected = match is_outside {
            true => format!("error: layerwise.yaml: `baseline: {name}` {leads_out}\n"),
            false => format!("error: {name}: {reason}\n"),
        };
        assert_eq!(check(it.path(), &[]), (Some(2), vec![], expected));
        // Nothing of it is quoted either where it is allowed.
        if is_outside {
            let reason = if target == "/dev/zero" { "not a regular file" } else { wrong };
            let expected = format!("error: {name}: {reason}\n");
            assert_eq!(check(it.path(), &["--allow-outside"]), (Some(2), vec![], expected));
        }
    }
    // Counts that would wrap around.
    let entry = format!(
        "{{\"path\":\"Dockerfile\",\"code\":\"X\",\"fingerprint\":\"y\",\"count\":{}}}",
        usize::MAX
    );
    let text = format!("{{\"version\":2,\"findings\":[{entry},{entry}]}}");
    let it = project(&[("layerwise.yaml", "baseline: b.json\n"), ("b.json", &text)]);
    assert_eq!(check(it.path(), &[]).1, ["Dockerfile:1:6"]);
}
