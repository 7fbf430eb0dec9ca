//! Which files are checked: what a folder is searched for, what is left out, and what is remarked about it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use serde_json::Value;

use common::{folder, layerwise, run};

/// Gives DL3007.
const IMAGE: &str = "FROM debian:latest\nUSER a\n";

/// The paths that a run reports on, and what it says next to the report.
fn checked(folder: &Path, arguments: &[&str]) -> (Vec<String>, String) {
    let mut command = layerwise(folder);
    let (_, out, err) = run(command.args(["check", "--format=json"]).args(arguments));
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let files = report["files"].as_array().unwrap().iter();
    (files.map(|it| it["path"].as_str().unwrap().to_owned()).collect(), err)
}

fn paths(folder: &Path, arguments: &[&str]) -> Vec<String> {
    checked(folder, arguments).0
}

#[test]
fn names_tell_dockerfiles_from_other_files() {
    let found = [
        "Containerfile.dev",
        "Dockerfile",
        "Dockerfile-prod",
        "Dockerfile.alpine",
        "Dockerfile2",
        "DockerfileProd",
        "Dockerfile_dev",
        "dev.dockerfile",
    ];
    let other = [
        "Dockerfile.bak",
        "Dockerfile.erb",
        "Dockerfile.html",
        "Dockerfile.in",
        "Dockerfile.j2",
        "Dockerfile.jinja",
        "Dockerfile.m4",
        "Dockerfile.md",
        "Dockerfile.orig",
        "Dockerfile.rej",
        "Dockerfile.swp",
        "Dockerfile.template",
        "Dockerfile.tmpl",
        "Dockerfile.tpl",
        "dockerfile.json.golden",
        "dockerfile-lint.yml",
        "dockerfile_test.go",
        "DockerfileParser.java",
    ];
    let files: Vec<(&str, &str)> = found.iter().chain(&other).map(|name| (*name, IMAGE)).collect();
    let folder = folder(&files);
    assert_eq!(checked(folder.path(), &[]), (found.map(str::to_owned).to_vec(), String::new()));
    // Who names a file means it.
    assert_eq!(paths(folder.path(), &["Dockerfile.in"]), ["Dockerfile.in"]);
}

#[test]
fn vendored_folders_are_checked_only_where_they_are_named() {
    let folder = folder(&[
        ("Dockerfile", IMAGE.as_bytes()),
        ("vendor/github.com/a/Dockerfile", IMAGE.as_bytes()),
        ("web/node_modules/b/Dockerfile", IMAGE.as_bytes()),
        ("third_party/Dockerfile", IMAGE.as_bytes()),
        ("vendors/Dockerfile", IMAGE.as_bytes()),
        ("lib/luajit-2.1.0/Dockerfile", IMAGE.as_bytes()),
        ("web/deps/c-ares-1.34.5/test/Dockerfile", IMAGE.as_bytes()),
        ("images/ruby-3.2.1/Dockerfile", IMAGE.as_bytes()),
        ("lib/app-1/Dockerfile", IMAGE.as_bytes()),
        ("parser/testdata/a/Dockerfile", IMAGE.as_bytes()),
        ("web/__fixtures__/Dockerfile", IMAGE.as_bytes()),
        ("pkg/fixtures/invalid.Dockerfile", IMAGE.as_bytes()),
    ]);
    assert_eq!(
        paths(folder.path(), &[]),
        [
            "Dockerfile",
            "images/ruby-3.2.1/Dockerfile",
            "lib/app-1/Dockerfile",
            "vendors/Dockerfile"
        ]
    );
    assert_eq!(paths(folder.path(), &["parser/testdata"]), ["parser/testdata/a/Dockerfile"]);
    assert_eq!(paths(folder.path(), &["lib/luajit-2.1.0"]), ["lib/luajit-2.1.0/Dockerfile"]);
    assert_eq!(paths(folder.path(), &["vendor"]), ["vendor/github.com/a/Dockerfile"]);
    assert_eq!(paths(folder.path(), &["third_party/Dockerfile"]), ["third_party/Dockerfile"]);
}

#[test]
fn a_dockerfile_that_is_named_after_a_language_is_remarked() {
    let folder = folder(&[
        ("Dockerfile.go", "# build\nFROM golang:1\n"),
        ("Dockerfile.py", "import os\nFROM = 1\n"),
        ("x/Dockerfile.rs", "ARG A\nFROM rust:1\n"),
        ("Dockerfile", IMAGE),
    ]);
    let remark = "Dockerfile.go and 1 more: skipped because of their names, but they look like Dockerfiles; `include` adds them\n";
    assert_eq!(checked(folder.path(), &[]), (vec!["Dockerfile".to_owned()], remark.to_owned()));
    assert_eq!(checked(folder.path(), &["--quiet"]).1, "");
    std::fs::write(folder.path().join("layerwise.yaml"), "include: '*.go'\nexclude: x/\n").unwrap();
    let both = vec!["Dockerfile".to_owned(), "Dockerfile.go".to_owned()];
    assert_eq!(checked(folder.path(), &[]), (both, String::new()));
}

#[test]
fn include_adds_files_and_exclude_wins() {
    let folder = folder(&[
        ("layerwise.yaml", "include: ['/images/*.txt', Dockerfile.in]\nexclude: images/old*\n"),
        ("Dockerfile.in", IMAGE),
        ("images/a.txt", IMAGE),
        ("images/old.txt", IMAGE),
        ("x/images/b.txt", IMAGE),
        // The nearest file is the whole configuration.
        ("y/layerwise.yaml", "include: build\n"),
        ("y/Dockerfile.in", IMAGE),
        ("y/z/build", IMAGE),
        ("build", IMAGE),
    ]);
    assert_eq!(paths(folder.path(), &[]), ["Dockerfile.in", "images/a.txt", "y/z/build"]);
    assert_eq!(paths(folder.path(), &["images"]), ["images/a.txt"]);
    assert_eq!(paths(&folder.path().join("y"), &[]), ["z/build"]);
    // Where only a folder below has patterns, they hold there.
    std::fs::write(folder.path().join("layerwise.yaml"), "").unwrap();
    assert_eq!(paths(folder.path(), &[]), ["y/z/build"]);
    assert_eq!(paths(folder.path(), &["--no-config"]), Vec::<String>::new());
}

#[test]
fn exclude_can_hold_for_named_files() {
    let folder = folder(&[
        ("layerwise.yaml", "exclude: vendor/\n"),
        ("Dockerfile", IMAGE),
        ("a/Dockerfile", IMAGE),
        ("a/b.Dockerfile", IMAGE),
        ("vendor/Dockerfile", IMAGE),
    ]);
    let root = folder.path();
    assert_eq!(paths(root, &["--exclude", "a/"]), ["Dockerfile"]);
    assert_eq!(paths(root, &["--exclude=/Dockerfile", "--exclude=b.*"]), ["a/Dockerfile"]);
    assert_eq!(
        paths(&root.join("a"), &["--exclude=/Dockerfile", ".."]),
        ["../Dockerfile", "../a/b.Dockerfile"]
    );
    let named = ["vendor/Dockerfile", "a/Dockerfile", "--exclude=a/*"];
    assert_eq!(paths(root, &named), ["vendor/Dockerfile", "a/Dockerfile"]);
    let forced = [&named[..], &["--force-exclude"]].concat();
    let (code, out, err) = run(layerwise(root).args(["check", "--format=concise"]).args(&forced));
    assert_eq!((code, out.as_str(), err.as_str()), (0, "No findings in 0 files.\n", ""));
    let (code, _, err) = run(layerwise(root).args(["check", "--exclude", "a[", "Dockerfile"]));
    assert_eq!(code, 2);
    assert!(err.starts_with("error: `--exclude a[`: not a pattern: "), "{err}");
}

#[test]
fn a_template_is_one_remark_and_no_finding() {
    let text = "FROM debian:latest\n{% for it in all %}\nRUN {{ it }}\n{% endfor %}\n";
    let folder = folder(&[("Dockerfile", IMAGE), ("Dockerfile.x", text), ("y.j2", text)]);
    let note = "a template, not checked: `{%` in line 2";
    let check = |arguments: &[&str]| run(layerwise(folder.path()).arg("check").args(arguments));
    for name in ["Dockerfile.x", "y.j2"] {
        let expected =
            (0, "No findings in 0 files.\n".to_owned(), format!("note: {name}: {note}\n"));
        assert_eq!(check(&["--format=concise", name]), expected);
        assert_eq!(check(&["--fix", name]).0, 0);
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), text);
    }
    let (code, out, err) = check(&["--format=json", "--profile=strict"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, err.as_str()), (1, ""));
    let file =
        serde_json::json!({"path": "Dockerfile.x", "error": null, "note": note, "findings": []});
    assert_eq!((&report["files"][0]["note"], &report["files"][1]), (&Value::Null, &file));
    for (format, part) in [
        ("sarif", format!("\"level\":\"note\",\"message\":{{\"text\":\"{note}\"}}")),
        (
            "github",
            format!(
                "::notice file=Dockerfile.x,line=2,title=layerwise::{}",
                note.replace('%', "%25")
            ),
        ),
        (
            "junit",
            format!(
                "skipped=\"1\" time=\"0\">\n    <testcase classname=\"Dockerfile.x\" name=\"layerwise\" time=\"0\">\n      <skipped message=\"{note}\"/>"
            ),
        ),
        ("markdown", "### `Dockerfile.x`\n\na template, not checked: `{%` in line 2\n".to_owned()),
    ] {
        let (code, out, err) = check(&["--format", format, "Dockerfile.x"]);
        assert_eq!((code, err.as_str()), (0, ""), "{format}");
        assert!(out.contains(&part), "{format}: {out}");
    }
    for format in
        ["full", "jsonl", "gnu", "gitlab", "codeclimate", "checkstyle", "sonarqube", "rdjson"]
    {
        let (code, _, err) = check(&["--format", format, "Dockerfile.x"]);
        assert_eq!((code, err), (0, format!("note: Dockerfile.x: {note}\n")), "{format}");
        assert_eq!(check(&["--format", format, "Dockerfile.x", "-q"]).2, "", "{format}");
    }
}

#[test]
fn an_empty_file_is_a_fault_only_where_it_is_named() {
    let folder =
        folder(&[("a/Dockerfile", ""), ("b/Dockerfile", " \n\n"), ("c/Dockerfile", "# x\n")]);
    let check = |arguments: &[&str]| {
        let base = ["check", "--no-config", "--format=concise"];
        run(layerwise(folder.path()).args(base).args(arguments))
    };
    for name in ["a", "b"] {
        let note = format!("note: {name}/Dockerfile: an empty file, not checked\n");
        assert_eq!(check(&[name]), (0, "No findings in 0 files.\n".to_owned(), note));
        let (code, out, err) = check(&[&format!("{name}/Dockerfile")]);
        assert_eq!((code, err.as_str()), (1, ""));
        assert!(out.contains("LW000 the file has no instructions"), "{out}");
    }
    assert!(check(&["c"]).1.contains("LW000 the file has no instructions"));
}

#[test]
fn a_part_of_another_file_is_a_remark_where_it_was_only_found() {
    let part = "RUN make\nCOPY a /a\n";
    let folder = folder(&[
        ("Dockerfile", IMAGE.as_bytes()),
        ("docker/base-before.dockerfile", part.as_bytes()),
        ("preview/Dockerfile.append", part.as_bytes()),
        ("whole/Dockerfile", part.as_bytes()),
    ]);
    let check = |arguments: &[&str]| {
        let base = ["check", "--no-config", "--format=concise"];
        run(layerwise(folder.path()).args(base).args(arguments))
    };
    let note =
        |name: &str| format!("note: {name}: part of another file, not checked: it has no `FROM`\n");
    let parts = ["docker/base-before.dockerfile", "preview/Dockerfile.append"];
    let (_, out, err) = check(&[]);
    assert_eq!(err, parts.map(note).concat());
    // By its name it is whole, and so is one that is named.
    assert!(out.contains("whole/Dockerfile:1:1: error"), "{out}");
    for name in parts {
        let (code, out, err) = check(&[name]);
        assert_eq!((code, err.as_str()), (1, ""), "{name}");
        assert!(out.contains(&format!("{name}:1:1: error")), "{out}");
    }
}

#[test]
fn very_many_templates_are_counted() {
    let files: Vec<(String, &str)> =
        (10..22).map(|n| (format!("{n}.Dockerfile"), "{{ x }}\n")).collect();
    let list: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let folder = folder(&list);
    let (_, _, err) = run(layerwise(folder.path()).arg("check"));
    assert_eq!(err.lines().count(), 11);
    assert!(err.ends_with("note: 2 more files were not checked\n"), "{err}");
}

#[test]
fn a_name_for_standard_input_reads_it() {
    let folder = folder(&[
        ("Dockerfile", "FROM scratch\n"),
        ("a/layerwise.yaml", "select: [DL3007, LW405]\nexclude: old*\n"),
        ("a/x", ""),
    ]);
    let check = |arguments: &[&str], text: &'static str| {
        let mut command = layerwise(folder.path());
        command.args(["check", "--format=concise", "--quiet"]).args(arguments);
        run(command.write_stdin(text))
    };
    let found = "a/Dockerfile:1:6: warning DL3007 the tag `latest` moves\n";
    let (code, out, _) = check(&["--stdin-filename", "a/Dockerfile"], IMAGE);
    assert_eq!((code, out.lines().count()), (1, 1));
    assert!(out.starts_with(&found[..31]), "{out}");
    // Its excludes hold where they hold for named files.
    let old = ["--stdin-filename", "a/old.Dockerfile"];
    assert_eq!(check(&old, IMAGE).0, 1);
    let forced = [&old[..], &["--force-exclude"]].concat();
    assert_eq!(check(&forced, IMAGE), (0, String::new(), String::new()));
    let fixed = [&forced[..], &["--fix"]].concat();
    assert_eq!(check(&fixed, IMAGE).1, IMAGE);
    // Paths next to it are not read, and that is said.
    let mut command = layerwise(folder.path());
    command.args(["check", "--format=concise", "--stdin-filename=x", "Dockerfile"]);
    let (_, out, err) = run(command.write_stdin(IMAGE));
    assert!(out.starts_with("x:1:6: "), "{out}");
    assert!(err.starts_with("note: with `--stdin-filename`, only standard input is read"), "{err}");
    let (_, out, _) = check(&["--stdin-filename=x", "-", "a"], IMAGE);
    assert!(out.starts_with("x:1:6: "), "{out}");
}

#[test]
fn a_name_for_standard_input_has_a_build_context() {
    let folder = folder(&[("a/x", ""), ("a/.dockerignore", "x\n")]);
    let mut command = layerwise(folder.path());
    command.args(["check", "--format=concise", "--select=CopyIgnoredFile"]);
    command.args(["--stdin-filename", "a/Dockerfile"]);
    let (_, out, _) = run(command.write_stdin("FROM scratch\nCOPY x /x\n"));
    assert!(out.starts_with("a/Dockerfile:2:6: warning CopyIgnoredFile"), "{out}");
}

#[test]
fn a_gitignore_above_a_folder_that_is_no_repository_is_somebody_else_s() {
    let folder =
        folder(&[(".gitignore", "*\n"), ("a/Dockerfile", IMAGE), ("a/b/.gitignore", "c/\n")]);
    std::fs::create_dir(folder.path().join("a/b/c")).unwrap();
    std::fs::write(folder.path().join("a/b/c/Dockerfile"), IMAGE).unwrap();
    let inner = folder.path().join("a");
    assert_eq!(paths(&inner, &[]), ["Dockerfile"]);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(paths(&inner, &[]), Vec::<String>::new());
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_are_followed_to_what_is_not_met_by_itself() {
        let folder = folder(&[("a/Dockerfile", IMAGE), ("a/image.txt", IMAGE), ("out/x", IMAGE)]);
        let root = folder.path().join("a");
        for (target, name) in [
            ("Dockerfile", "same.Dockerfile"),
            ("image.txt", "other.Dockerfile"),
            ("nowhere", "broken.Dockerfile"),
            ("loop.Dockerfile", "loop.Dockerfile"),
            ("../out/x", "out.Dockerfile"),
            (".", "folder"),
            ("..", "Dockerfile.d"),
        ] {
            symlink(target, root.join(name)).unwrap();
        }
        let (paths, err) = checked(&root, &[]);
        assert_eq!(paths, ["Dockerfile", "other.Dockerfile"]);
        let mut lines: Vec<&str> = err.lines().collect();
        lines.sort_unstable();
        let outside = "a link out of the project, not followed; `--allow-outside` follows it";
        let expected = [
            // What is behind the border is not looked at, so it may be a file.
            &format!("Dockerfile.d: {outside}"),
            "broken.Dockerfile: a broken link",
            "loop.Dockerfile: a broken link",
            &format!("out.Dockerfile: {outside}"),
        ];
        assert_eq!(lines, expected);
        // Whoever wants it gets it.
        let (paths, err) = checked(&root, &["--allow-outside"]);
        assert_eq!(paths, ["Dockerfile", "other.Dockerfile", "out.Dockerfile"]);
        assert_eq!(err.lines().count(), 2, "{err}");
    }

    #[test]
    fn names_of_odd_bytes_are_checked() {
        let folder = folder(&[("x/y", "")]);
        for name in [&b"Dockerfile.\xff\xfe"[..], b"a\nb.Dockerfile", b"Dockerfile.\x1b[31m"] {
            std::fs::write(folder.path().join(OsStr::from_bytes(name)), IMAGE).unwrap();
        }
        let (paths, err) = checked(folder.path(), &[]);
        let names = ["Dockerfile.\u{1b}[31m", "Dockerfile.\\xff\\xfe", "a\nb.Dockerfile"];
        assert_eq!((paths, err.as_str()), (names.map(str::to_owned).to_vec(), ""));
        let (code, out, _) = run(layerwise(folder.path()).args(["check", "--format=concise"]));
        assert_eq!((code, out.matches("DL3007").count()), (1, 3), "{out}");
    }

    #[test]
    fn pipes_and_folders_with_the_name_of_a_dockerfile_are_no_files() {
        let folder = folder(&[("Dockerfile.d/Dockerfile", IMAGE)]);
        let pipe = folder.path().join("Dockerfile");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(
            checked(folder.path(), &[]),
            (vec!["Dockerfile.d/Dockerfile".to_owned()], String::new())
        );
        let pipe = folder.path().join("layerwise.yaml");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let (code, _, err) = run(layerwise(folder.path()).arg("check"));
        assert_eq!((code, err.as_str()), (2, "error: layerwise.yaml: not a regular file\n"));
    }

    #[test]
    fn what_cannot_be_read_is_said_and_the_rest_is_checked() {
        let folder =
            folder(&[("Dockerfile", IMAGE), ("shut/Dockerfile", IMAGE), ("z.Dockerfile", IMAGE)]);
        let set = |path: &str, mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path().join(path), permissions).unwrap();
        };
        set("shut", 0);
        set("z.Dockerfile", 0);
        // Who may read everything has nothing to be refused.
        if std::fs::read_dir(folder.path().join("shut")).is_err() {
            let (code, out, err) =
                run(layerwise(folder.path()).args(["check", "--format=concise"]));
            assert_eq!((code, out.matches("DL3007").count()), (2, 1), "{out}");
            let expected =
                "error: shut: permission denied\nerror: z.Dockerfile: permission denied\n";
            assert_eq!(err, expected);
            let left = ["check", "--format=concise", "--exclude=shut", "--exclude=z*"];
            assert_eq!(run(layerwise(folder.path()).args(left)).0, 1);
        }
        set("shut", 0o755);
    }
}
