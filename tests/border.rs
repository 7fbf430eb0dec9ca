//! The border of a project: nothing behind it is read, unless a person allows it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use common::{folder, layerwise, run};
use serde_json::Value;

/// Gives DL3007 and has a fix.
const FILE: &str = "FROM debian:latest\nRUN apt-get update && apt-get install curl\nCOPY --from=busybox:1 /bin/sh /b\nCMD [\"b\"]\n";
const SECRET: &str = "machine example.org login me password hunter2\n";
const REFUSED: &str = "a link out of the project, not read; `--allow-outside` allows it";

/// The codes that are found, and standard error.
fn check(folder: &Path, arguments: &[&str]) -> (i32, Vec<String>, String) {
    let mut command = layerwise(folder);
    let (code, out, err) = run(command.args(["check", "--format=concise"]).args(arguments));
    let codes = out.lines().filter_map(|it| it.split(' ').nth(2).map(str::to_owned));
    (code, codes.collect(), err)
}

/// A folder with a repository `p` and things next to it.
fn beside(files: &[(&str, &str)]) -> tempfile::TempDir {
    let it = folder(files);
    fs::create_dir_all(it.path().join("p/.git")).unwrap();
    it
}

#[test]
fn a_named_link_out_of_the_project_is_refused() {
    let it = beside(&[("netrc", SECRET), ("q/Dockerfile", FILE), ("p/Dockerfile", FILE)]);
    let p = it.path().join("p");
    symlink("../netrc", p.join("x.dockerfile")).unwrap();
    symlink("/proc/self/environ", p.join("env.dockerfile")).unwrap();
    symlink("x.dockerfile", p.join("chain.dockerfile")).unwrap();
    symlink("../q", p.join("folder")).unwrap();
    fs::create_dir(it.path().join("q/.git")).unwrap();
    for name in ["x.dockerfile", "env.dockerfile", "chain.dockerfile", "folder/Dockerfile"] {
        for command in [&["check"][..], &["check", "--fix"], &["check", "--diff"], &["ast"]] {
            let (code, out, err) = run(layerwise(&p).args(command).arg(name));
            assert!(err.contains(&format!("error: {name}: {REFUSED}\n")) || out.contains(REFUSED));
            let all = out + &err;
            assert_eq!(code, 2, "{name} {command:?}: {all}");
            assert!(!all.contains("hunter2") && !all.contains("PATH="), "{name}: {all}");
        }
    }
    assert_eq!(fs::read_to_string(it.path().join("netrc")).unwrap(), SECRET);
    // The others are checked, whatever the format.
    for format in ["full", "json", "sarif", "junit", "github", "gitlab", "checkstyle", "rdjson"] {
        let mut command = layerwise(&p);
        command.args(["check", "x.dockerfile", "Dockerfile", "--format", format]);
        let (code, out, err) = run(&mut command);
        assert_eq!(code, 2, "{format}");
        assert!(out.contains("DL3007"), "{format}: {out}");
        assert!((out.clone() + &err).contains("a link out of the project"), "{format}: {out}{err}");
        assert!(!out.contains("hunter2"));
    }
}

#[test]
fn a_person_may_allow_it() {
    let it = beside(&[("q/real.txt", FILE), ("p/x", "")]);
    let p = it.path().join("p");
    symlink("../q/real.txt", p.join("Dockerfile")).unwrap();
    for name in [".", "Dockerfile"] {
        let (code, codes, _) = check(&p, &["--allow-outside", name]);
        assert!(code == 1 && codes.contains(&"DL3007".to_owned()), "{name}");
    }
    let (_, out, _) = run(layerwise(&p).args(["ast", "--allow-outside", "Dockerfile"]));
    assert!(out.contains("debian:latest"));
    // Only then what it leads to is written.
    for (arguments, changes) in [(&["--fix"][..], false), (&["--fix", "--allow-outside"], true)] {
        for name in [".", "Dockerfile"] {
            fs::write(it.path().join("q/real.txt"), FILE).unwrap();
            check(&p, &[arguments, &[name]].concat());
            let now = fs::read_to_string(it.path().join("q/real.txt")).unwrap();
            assert_eq!(now != FILE, changes, "{arguments:?} {name}");
            assert!(p.join("Dockerfile").is_symlink());
        }
    }
}

#[test]
fn configuration_above_the_project_says_nothing() {
    let files = &[
        ("layerwise.yaml", "ignore: DL3007\n"),
        ("p/Dockerfile", FILE),
        ("p/a/Dockerfile", FILE),
        ("q/Dockerfile", FILE),
    ];
    let it = beside(files);
    let has = |at: &str, arguments: &[&str]| {
        check(&it.path().join(at), arguments).1.contains(&"DL3007".to_owned())
    };
    for (at, arguments) in [
        ("p", &[][..]),
        ("p", &["Dockerfile"]),
        ("p/a", &[]),
        ("p/a", &["../Dockerfile"]),
        ("q", &["../p/a"]),
        // Without a repository the folder that is given is the project.
        ("q", &[]),
        ("q", &["Dockerfile"]),
        ("p", &["../q"]),
        // But all below the working directory is.
        ("", &["p"]),
    ] {
        assert!(has(at, arguments), "{at} {arguments:?}");
        let allowed = [arguments, &["--allow-outside"]].concat();
        assert!(!has(at, &allowed), "{at} {arguments:?}");
    }
    for arguments in [&["q"][..], &["q/Dockerfile"]] {
        assert!(!has("", arguments), "{arguments:?}");
    }
    let (_, out, _) = run(layerwise(it.path().join("p")).args(["config", "Dockerfile"]));
    assert!(!out.contains("DL3007"), "{out}");
}

#[test]
fn what_configuration_names_lies_in_the_project() {
    let outside = "is outside the project; `--allow-outside` allows it";
    for (text, what) in [
        ("extends: ../base.yaml\n", "`extends: ../base.yaml`"),
        ("extends: link.yaml\n", "`extends: link.yaml`"),
        ("extends: /nosuch/base.yml\n", "`extends: /nosuch/base.yml`"),
        ("baseline: ../known.json\n", "`baseline: ../known.json`"),
        ("baseline: link.json\n", "`baseline: link.json`"),
    ] {
        let known = "{\"version\": 2, \"findings\": []}";
        let it = beside(&[
            ("base.yaml", "ignore: DL3007\n"),
            ("known.json", known),
            ("p/Dockerfile", FILE),
            ("p/layerwise.yaml", text),
        ]);
        let p = it.path().join("p");
        symlink("../base.yaml", p.join("link.yaml")).unwrap();
        symlink("../known.json", p.join("link.json")).unwrap();
        let (code, codes, err) = check(&p, &[]);
        let expected = format!("error: layerwise.yaml: {what} {outside}\n");
        assert_eq!((code, codes, err), (2, vec![], expected));
        let (code, _, err) = check(&p, &["--allow-outside"]);
        assert_eq!(code, if text.contains("nosuch") { 2 } else { 1 }, "{err}");
    }
}

#[test]
fn no_context_lies_behind_the_border() {
    // The context would be the folder above; and a folder of it that is a link.
    let file = "FROM debian:12\nCOPY app.conf secret/key.txt /etc/\nCOPY . /all/\nCMD [\"b\"]\n";
    let key = "-----BEGIN RSA PRIVATE KEY-----\n";
    let it = beside(&[
        ("app.conf", ""),
        ("secret/key.txt", key),
        ("secret/id_rsa", key),
        ("p/Dockerfile", file),
        ("p/x", ""),
    ]);
    let p = it.path().join("p");
    symlink("../secret", p.join("sub")).unwrap();
    symlink("../secret/id_rsa", p.join("id_rsa")).unwrap();
    let mut command = layerwise(&p);
    let (_, out, err) = run(command.args(["check", "--profile=audit", "--format=json"]));
    let report: Value = serde_json::from_str(&out).unwrap();
    let found: Vec<&str> = report["files"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["code"].as_str())
        .collect();
    // No secret of the other folder is seen, and a source that only is there is missing.
    assert!(!found.contains(&"LW404"), "{found:?} {err}");
    assert!(!out.contains("id_rsa"), "{out}");
}

#[test]
fn a_named_folder_that_leads_out_of_a_repository_is_refused() {
    let it = beside(&[("q/Dockerfile", FILE), ("p/a/Dockerfile", FILE), ("r/Dockerfile", FILE)]);
    let p = it.path().join("p");
    for (target, name) in [("../q", "out"), ("a", "in"), ("out", "chain"), ("/", "root")] {
        symlink(target, p.join(name)).unwrap();
    }
    for name in ["out", "chain", "root", "./out/"] {
        let (code, codes, err) = check(&p, &[name, "--fix", "--quiet"]);
        let expected = format!("error: {name}: {REFUSED}\n");
        assert_eq!((code, codes, err), (2, vec![], expected));
    }
    assert_eq!(check(&p, &["in"]).0, 1);
    let (code, _, _) = check(&p, &["out", "--allow-outside"]);
    assert_eq!(code, 1);
    // Outside of a repository, whoever names a folder means it.
    symlink("q", it.path().join("alias")).unwrap();
    assert_eq!(check(it.path(), &["alias"]).0, 1);
    let (code, _, err) = check(&p, &["../alias"]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(fs::read_to_string(it.path().join("q/Dockerfile")).unwrap(), FILE);
}

#[test]
fn standard_input_has_nothing_of_a_place_behind_the_border() {
    let it =
        beside(&[("q/layerwise.yaml", "ignore: DL3007\n"), ("q/Dockerfile", FILE), ("p/x", "")]);
    let p = it.path().join("p");
    symlink("../q", p.join("sub")).unwrap();
    let mut command = layerwise(&p);
    command.args(["check", "-", "--stdin-filename", "sub/Dockerfile"]).write_stdin(FILE);
    let (code, _, err) = run(&mut command);
    assert_eq!(code, 2);
    assert!(err.contains("a link out of the project"), "{err}");
    let mut command = layerwise(&p);
    command.args(["check", "-", "--allow-outside", "--stdin-filename", "sub/Dockerfile"]);
    let (_, out, _) = run(command.write_stdin(FILE));
    assert!(!out.contains("DL3007"), "{out}");
}

/// `p/../q` is not a folder of `p`.
#[test]
fn the_way_to_a_folder_is_not_its_repository() {
    let it = beside(&[("p/.gitignore", "*\n"), ("q/Dockerfile", FILE), ("p/.ignore", "*\n")]);
    let p = it.path().join("p");
    for path in ["../q", "./../q", "../p/../q"] {
        let (code, codes, err) = check(&p, &[path]);
        assert!(code == 1 && codes.contains(&"DL3007".to_owned()), "{path}: {err}");
    }
}

/// pre-commit appends the names of files to the arguments.
#[test]
fn the_name_of_a_file_is_no_flag() {
    let hooks = include_str!("../.pre-commit-hooks.yaml");
    let count = |text: &str| hooks.lines().filter(|it| it.trim() == text).count();
    assert_eq!(count("args: [--]"), hooks.matches("- id: ").count());
    for name in [
        "--write-baseline=x.dockerfile",
        "--fix.dockerfile",
        "-.dockerfile",
        "--output=a.Dockerfile",
    ] {
        let it = folder(&[(name, FILE)]);
        let (code, codes, _) = check(it.path(), &["--force-exclude", "--", name]);
        assert!(code == 1 && codes.contains(&"DL3007".to_owned()), "{name}");
        assert_eq!(fs::read_dir(it.path()).unwrap().count(), 1, "{name}");
    }
}
