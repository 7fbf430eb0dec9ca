//! What the rules about the build context find, on folders as they are on disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::{folder, layerwise, run};

/// `line:code` of all that LW4 rules find, and the whole report.
fn found(folder: &Path, arguments: &[&str]) -> (String, String) {
    let base = ["check", "--no-config", "--select", "LW4,CopyIgnoredFile", "--format", "concise"];
    let (_, out, err) = run(layerwise(folder).args(base).args(arguments));
    assert_eq!(err.lines().filter(|it| it.starts_with("error")).count(), 0, "{err}");
    let codes = out.lines().filter_map(|line| {
        let mut parts = line.splitn(4, ':');
        let (_, at, _, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(format!("{at}:{}", rest.split_whitespace().nth(1)?))
    });
    (codes.collect::<Vec<_>>().join(" "), out.clone())
}

#[test]
fn the_whole_context_is_weighed() {
    let head = "x".repeat(2_000_000);
    let it = folder(&[
        ("Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"),
        (".git/HEAD", head.as_str()),
        ("node_modules/a/b.js", &head[..200_000]),
        ("index.js", "1"),
    ]);
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "3:LW401", "{out}");
    assert!(out.contains("2.2 MB in 2 files"), "{out}");
    // With a .dockerignore that leaves out a part, the rest is told.
    std::fs::write(it.path().join(".dockerignore"), ".git\n").unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "3:LW402");
    std::fs::write(it.path().join(".dockerignore"), ".git\nnode_modules\n").unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    // Of a part of it, only what it brings is told.
    let part = folder(&[
        ("Dockerfile", "FROM node:22\nCOPY web/ /x/\nRUN npm ci\n"),
        ("web/node_modules/a.js", &head[..200_000]),
    ]);
    assert_eq!(found(part.path(), &["Dockerfile"]).0, "2:LW402");
    // Standard input has no context, unless one is named.
    let text = "FROM node:22\nCOPY . .\n";
    let base = ["check", "--no-config", "--select", "LW4", "--format", "concise", "-"];
    let (code, _, _) = run(layerwise(it.path()).args(base).write_stdin(text));
    assert_eq!(code, 0);
}

#[test]
fn what_a_build_uses_is_no_baggage() {
    let it = folder(&[
        ("Dockerfile", "FROM golang:1.23\nCOPY . .\nRUN git describe > v && go build -o /app .\n"),
        (".git/HEAD", "x"),
        ("node_modules/a.js", "x"),
    ]);
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
}

#[test]
fn missing_sources_are_told_where_the_context_is_named() {
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY src/mian.c app.jar /x/\nCOPY target/*.jar /y/\n"),
        ("src/main.c", "1"),
    ]);
    // What is not there may be built before; a slip is told.
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW403", "{out}");
    assert_eq!(found(it.path(), &["--context", ".", "Dockerfile"]).0, "2:LW403 2:LW403 3:LW403");
}

#[test]
fn exceptions_are_heeded() {
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY a.txt b.txt /x/\nCOPY *.log /y/\n"),
        (".dockerignore", "*\n!a.txt\n"),
        ("a.txt", "1"),
        ("b.txt", "1"),
        ("c.log", "1"),
    ]);
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "2:LW404 3:LW404");
    std::fs::write(it.path().join(".dockerignore"), "*.txt\n").unwrap();
    let (codes, out) = found(it.path(), &["--profile", "strict", "Dockerfile"]);
    assert_eq!(codes, "2:LW404 2:LW404", "{out}");
}

#[test]
fn lines_that_do_nothing_are_told() {
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY . /x/\n"),
        (".dockerignore", "!keep.txt\n*.txt\ncache\n"),
        ("keep.txt", "1"),
        ("web/cache/a", "1"),
    ]);
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW406 2:LW406", "{out}");
    std::fs::write(it.path().join(".dockerignore"), "[\n").unwrap();
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW406", "{out}");
    assert!(out.contains("malformed"), "{out}");
}

#[test]
fn secrets_are_told_by_what_is_in_them() {
    let it = folder(&[
        ("Dockerfile", "FROM a AS b\nCOPY . /x/\nFROM a\nCOPY conf/ /y/\n"),
        (".env", "TOKEN=abcdef123456\n"),
        (".env.example", "TOKEN=abcdef123456\n"),
        ("conf/server.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("conf/server.key", "-----BEGIN PRIVATE KEY-----\n"),
    ]);
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW405 2:LW405", "{out}");
    assert!(out.contains("conf/server.key") && !out.contains("server.pem"), "{out}");
}

#[cfg(unix)]
#[test]
fn pipes_are_not_opened() {
    let it = folder(&[("Dockerfile", "FROM a\nCOPY . /x/\n")]);
    let made = std::process::Command::new("mkfifo").arg(it.path().join(".env")).status();
    assert!(made.unwrap().success());
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let outside = folder(&[("id_rsa", "-----BEGIN RSA PRIVATE KEY-----\n")]);
    let it = folder(&[("Dockerfile", "FROM a\nCOPY . /x/\nCOPY l/id_rsa /y/\n")]);
    std::os::unix::fs::symlink(outside.path(), it.path().join("l")).unwrap();
    std::os::unix::fs::symlink(".", it.path().join("loop")).unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    // What lies behind a link is not known, so that nothing of it is missing.
    std::fs::write(it.path().join("Dockerfile"), "FROM a\nCOPY l/x n/x /y/\n").unwrap();
    assert_eq!(found(it.path(), &["--context", ".", "Dockerfile"]).0, "2:LW403");
}

#[test]
fn a_dockerignore_is_written_of_what_is_there() {
    let it = folder(&[
        ("Dockerfile", "FROM node:22\nCOPY . .\nRUN npm ci\nCOPY coverage/report.html /x/\n"),
        (".git/HEAD", "x"),
        ("web/node_modules/a.js", "x"),
        ("coverage/report.html", "x"),
        (".env", "TOKEN=abcdef123456\n"),
    ]);
    let init = ["init", "dockerignore"];
    let (code, out, _) = run(layerwise(it.path()).args(init).arg("--stdout"));
    assert_eq!(code, 0);
    let lines: Vec<&str> =
        out.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).collect();
    let expected =
        [".git", "**/node_modules", ".env", ".dockerignore", "**/Dockerfile*", "**/*.Dockerfile"];
    assert_eq!(lines, expected);
    let (code, _, err) = run(layerwise(it.path()).args(init));
    assert_eq!(code, 0, "{err}");
    assert_eq!(std::fs::read_to_string(it.path().join(".dockerignore")).unwrap(), out);
    // What the build does not make anew, it may copy from here.
    let plain = folder(&[
        ("Dockerfile", "FROM node:22\nCOPY . .\nCMD [\"node\", \"index.js\"]\n"),
        ("node_modules/a.js", "x"),
        (".git/HEAD", "x"),
    ]);
    let (_, out, _) = run(layerwise(plain.path()).args(init).arg("--stdout"));
    assert!(out.contains(".git\n") && !out.contains("node_modules"), "{out}");
    // With it nothing is left to say, and it is never written over.
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    let (code, _, err) = run(layerwise(it.path()).args(init));
    assert_eq!(code, 2);
    assert!(err.contains("is there already"), "{err}");
    let (code, _, err) = run(layerwise(it.path()).args(init).arg("nowhere"));
    assert_eq!(code, 2);
    assert!(err.contains("no such folder"), "{err}");
}

#[test]
fn what_costs_most_comes_first() {
    let it = folder(&[
        (
            "a/Dockerfile",
            "FROM debian:12\nRUN cd /x\nRUN apt-get update && apt-get install -y curl\n",
        ),
        ("b/Dockerfile", "FROM debian:12\nCOPY . .\nRUN npm ci\n"),
        ("b/node_modules/a.js", &"x".repeat(30_000_000)),
    ]);
    let base = ["check", "--no-config", "--select", "LW", "--format", "concise", "--quiet"];
    let order = |more: &[&str]| {
        let (_, out, _) = run(layerwise(it.path()).args(base).args(more));
        let codes = out.lines().filter_map(|it| it.split_whitespace().nth(2).map(str::to_owned));
        codes.collect::<Vec<_>>()
    };
    assert_eq!(order(&[]), ["LW108", "LW104", "LW401", "LW104"]);
    assert_eq!(order(&["--sort", "impact"]), ["LW401", "LW104", "LW104", "LW108"]);
}

#[test]
fn what_is_wrong_with_a_shared_ignore_file_is_reported_once_a_run() {
    let head = "x".repeat(200_000);
    let names = ["a/Dockerfile", "b/Dockerfile", "c/Dockerfile", "d/Dockerfile"];
    let text = "FROM node:22\nCOPY . .\nCOPY lib /lib\n";
    let mut files =
        vec![(".git/HEAD", head.as_str()), ("lib/x", "1"), (".dockerignore", "lib/*.md\n")];
    files.extend(names.map(|name| (name, text)));
    let it = folder(&files);
    for jobs in ["1", "4"] {
        let (_, out) = found(it.path(), &["--jobs", jobs]);
        let paths: Vec<_> = out.lines().filter(|it| it.contains("LW402")).collect();
        assert_eq!(paths.len(), 1, "{out}");
        assert!(paths[0].starts_with("a/Dockerfile:2:"), "{out}");
        // The first in the order of the report speaks.
        let (_, out) = found(it.path(), &["--jobs", jobs, "d/Dockerfile", "b/Dockerfile", "a"]);
        let paths: Vec<_> = out.lines().filter(|it| it.contains("LW402")).collect();
        assert_eq!(paths.len(), 1, "{out}");
        assert!(paths[0].starts_with("d/Dockerfile:2:"), "{out}");
    }
    // Where the first is silenced, the next one speaks.
    let silent = "FROM node:22\n# layerwise ignore=LW402 known\nCOPY . .\n";
    std::fs::write(it.path().join("a/Dockerfile"), silent).unwrap();
    let (_, out) = found(it.path(), &["--jobs=4"]);
    assert!(out.starts_with("b/Dockerfile:2:") && out.matches("LW402").count() == 1, "{out}");
    // Without the file, that is the fault; it is one too.
    std::fs::remove_file(it.path().join(".dockerignore")).unwrap();
    let (_, out) = found(it.path(), &["--jobs=4"]);
    assert!(out.starts_with("b/Dockerfile:2:") && out.matches("LW401").count() == 1, "{out}");
    // A baseline knows the fault of each file, so that one file alone is clean too.
    let write = ["--write-baseline", "known.json", "--jobs=4"];
    found(it.path(), &write);
    let known = std::fs::read_to_string(it.path().join("known.json")).unwrap();
    assert_eq!(known.matches("LW401").count(), 3, "{known}");
    for paths in [&[][..], &["c"], &["d/Dockerfile", "b"]] {
        let (codes, out) = found(it.path(), &[&["--baseline", "known.json"], paths].concat());
        assert_eq!(codes, "", "{out}");
    }
    // What the context holds by then is no part of it.
    std::fs::write(it.path().join(".git/more"), "more").unwrap();
    std::fs::write(it.path().join(".git/HEAD"), &head[1..]).unwrap();
    assert_eq!(found(it.path(), &["--baseline", "known.json"]).0, "");
}
