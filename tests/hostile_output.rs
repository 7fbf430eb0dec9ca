//! What is printed of the caller's values and of names that were made to do harm: values are hidden, and a name stays one word
//! of the language that it is written in.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::os::unix::fs::PermissionsExt;

use common::{folder, layerwise, run};

const SETTINGS: &str = "\
build-args:
  TOKEN: hunter2-hunter2
  VERSION: '3.14159'
per-path:
  - path: legacy/
    build-args: {OTHER: hunter3-hunter3}
";

#[test]
fn the_settings_in_force_name_build_arguments_and_not_their_values() {
    let it = folder(&[("layerwise.yaml", SETTINGS), ("legacy/Dockerfile", "FROM a\n")]);
    let print = |arguments: &[&str]| {
        let (code, out, err) = run(layerwise(it.path()).arg("config").args(arguments));
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(!out.contains("hunter") && !out.contains("3.14"), "{out}");
        out
    };
    let expected = "\
        # From layerwise.yaml.\n\
        profile: default\n\
        fail-on: info\n\
        build-args:\n  TOKEN: \"***\"\n  VERSION: \"***\"\n\
        per-path:\n  - path:\n      - legacy/\n    build-args:\n      OTHER: \"***\"\n";
    assert_eq!(print(&[]), expected);
    let of_file = print(&["legacy/Dockerfile"]);
    for line in ["  TOKEN: \"***\"", "  VERSION: \"***\"", "  OTHER: \"***\""] {
        assert!(of_file.lines().any(|it| it.starts_with(line)), "{of_file}");
    }
}

/// Runs `measure` with a docker whose build prints these lines and fails.
fn failed_build(dockerfile: &str, lines: &str, arguments: &[&str]) -> String {
    let script = format!(
        "#!/bin/sh\ncase \"$1\" in\nversion) echo 20.10.24 ;;\nimages) ;;\nbuild) cat <<'END'\n{lines}\nEND\nexit 1 ;;\nesac\n"
    );
    let it = folder(&[("Dockerfile", dockerfile), ("bin/docker", &script)]);
    let program = it.path().join("bin/docker");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", it.path().join("bin").display());
    let mut command = layerwise(it.path());
    command.env("PATH", path).args(["measure", "--engine", "docker", "--no-config"]);
    let (code, out, err) = run(command.args(arguments));
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    err
}

#[test]
fn what_an_engine_prints_repeats_no_value() {
    let dockerfile = "FROM debian:12\nARG TOKEN\nENV API_KEY=k3y-k3y-k3y\nRUN curl $TOKEN\n";
    let lines = "Step 4/4 : RUN curl $TOKEN\n+ curl -H hunter2-hunter2 https://e.io\n\
                 x-hunter2-hunter2-y\n\"hunter2-hunter2\"\nexport API_KEY=k3y-k3y-k3y-z\nplain line";
    let err = failed_build(dockerfile, lines, &["--build-arg", "TOKEN=hunter2-hunter2"]);
    assert!(!err.contains("hunter") && !err.contains("k3y-k3y-k3y-z"), "{err}");
    for line in [
        "  | + curl -H $TOKEN https://e.io",
        "  | x-$TOKEN-y",
        "  | \"$TOKEN\"",
        "  | export API_KEY=$API_KEY-z",
        "  | plain line",
    ] {
        assert!(err.lines().any(|it| it == line), "{line}: {err}");
    }
    assert!(err.contains("line 4: the build failed at RUN"), "{err}");
}

#[test]
fn a_written_dockerignore_has_one_line_for_each_name() {
    let names = [".env", "a\nb/.env", "#a/.env", "!a/.env", " a/.env", "a*/.env", "a\x1b[31m/.env"];
    let mut files: Vec<(String, &str)> =
        names.iter().map(|it| ((*it).to_owned(), "TOKEN=abcdef123456\n")).collect();
    files.push(("Dockerfile".to_owned(), "FROM a\nCOPY . .\n"));
    let it = folder(&files.iter().map(|it| (it.0.as_str(), it.1)).collect::<Vec<_>>());
    let (code, out, err) = run(layerwise(it.path()).args(["init", "dockerignore", "--stdout"]));
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().filter(|it| it.ends_with("/.env")).collect();
    let expected = ["?a/.env", "\\!a/.env", "\\#a/.env", "a?b/.env", "a?\\[31m/.env", "a\\*/.env"];
    assert_eq!(lines, expected, "{out}");
    // It leaves out what it names.
    let (code, _, err) = run(layerwise(it.path()).args(["init", "dockerignore"]));
    assert_eq!(code, 0, "{err}");
    let (_, out, _) = run(layerwise(it.path()).args(["check", "--select=LW402", "Dockerfile"]));
    assert_eq!(out, "No findings in 1 file.\n");
}
