//! The program from outside: what goes in, what comes out, and the exit code.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command as Process, Stdio};

use serde_json::Value;

use common::{continued, folder, layerwise, run};

const CLEAN: &str = "FROM scratch\nCOPY a /b\n";
const WARNING: &str = "FROM debian:latest\nUSER nobody\n";
const ERROR: &str = "FROM scratch\nCOPYY a /b\n";

/// Checks one file and gives the exit code and its entry in the JSON report.
fn check(content: &[u8]) -> (i32, Value) {
    let folder = folder(&[("Dockerfile", content)]);
    let (code, out, err) = run(layerwise(&folder).args(["check", "--format", "json"]));
    // What is beyond a bound is reported, and is not an error.
    assert!(err.lines().all(|it| it.starts_with("note: ")), "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    (code, report["files"][0].clone())
}

fn codes(file: &Value) -> Vec<&str> {
    let findings = file["findings"].as_array().unwrap();
    findings.iter().map(|it| it["code"].as_str().unwrap()).collect()
}

#[test]
fn exit_codes() {
    let folder = folder(&[
        ("clean", CLEAN.as_bytes()),
        ("warning", WARNING.as_bytes()),
        ("error", ERROR.as_bytes()),
    ]);
    for (arguments, expected) in [
        (&["check", "clean"][..], 0),
        (&["check", "warning"], 1),
        (&["check", "error"], 1),
        (&["check", "warning", "--fail-on", "error"], 0),
        (&["check", "error", "--fail-on", "error"], 1),
        (&["check", "error", "--fail-on", "never"], 0),
        (&["check", "error", "--exit-zero"], 0),
        (&["check", "warning", "--ignore", "ALL"], 0),
        (&["check", "nosuch"], 2),
        (&["check", "nosuch", "--exit-zero"], 2),
        (&["check", "--no-such-flag"], 2),
        (&["check", "--jobs", "0"], 2),
        (&["check", "--build-arg", "x"], 2),
        (&["explain", "nosuch"], 2),
        (&["explain", "LW000"], 0),
        (&["nosuch"], 2),
        (&[], 2),
        (&["--version"], 0),
        (&["--help"], 0),
    ] {
        let (code, _, err) = run(layerwise(&folder).args(arguments));
        assert_eq!(code, expected, "{arguments:?}: {err}");
    }
}

#[test]
fn a_missing_file_does_not_hide_the_others() {
    let folder = folder(&[("a", WARNING.as_bytes()), ("b", WARNING.as_bytes())]);
    let (code, out, err) =
        run(layerwise(&folder).args(["check", "a", "nosuch", "b", "--format=json"]));
    let report: Value = serde_json::from_str(&out).unwrap();
    let paths: Vec<_> = report["files"].as_array().unwrap().iter().map(|it| &it["path"]).collect();
    assert_eq!(paths, ["a", "nosuch", "b"]);
    assert_eq!(report["files"][1]["error"], "no such file or folder");
    assert!(!codes(&report["files"][2]).is_empty());
    assert_eq!((code, err.as_str()), (2, ""));

    let (code, out, err) =
        run(layerwise(&folder).args(["check", "a", "nosuch", "b", "--format=concise"]));
    assert!(out.contains("a:1:") && out.contains("b:1:"), "{out}");
    assert_eq!((code, err.as_str()), (2, "error: nosuch: no such file or folder\n"));
}

#[test]
fn what_is_no_file_is_an_error_of_that_path() {
    let folder = folder(&[("Dockerfile", CLEAN.as_bytes())]);
    let (code, _, err) = run(layerwise(&folder).args(["check", "Dockerfile/x"]));
    assert_eq!(code, 2);
    assert!(err.starts_with("error: Dockerfile/x: "), "{err}");
}

#[test]
fn folders_are_searched() {
    let folder = folder(&[
        ("Dockerfile", CLEAN.as_bytes()),
        ("app/api.Dockerfile", CLEAN.as_bytes()),
        ("app/Dockerfile.dev", CLEAN.as_bytes()),
        ("app/Dockerfile.dev.dockerignore", b"x\n"),
        ("app/README.md", b"x\n"),
        (".devcontainer/Containerfile", CLEAN.as_bytes()),
        (".git/Dockerfile", CLEAN.as_bytes()),
        (".gitignore", b"build/\n"),
        ("build/Dockerfile", CLEAN.as_bytes()),
    ]);
    let paths = |arguments: &[&str]| -> Vec<String> {
        let (_, out, _) = run(layerwise(&folder).args(["check", "--format=json"]).args(arguments));
        let report: Value = serde_json::from_str(&out).unwrap();
        let files = report["files"].as_array().unwrap();
        files.iter().map(|it| it["path"].as_str().unwrap().to_owned()).collect()
    };
    let all =
        [".devcontainer/Containerfile", "Dockerfile", "app/Dockerfile.dev", "app/api.Dockerfile"];
    assert_eq!(paths(&[]), all);
    assert_eq!(paths(&["app/README.md", "build"]), ["app/README.md", "build/Dockerfile"]);
    assert_eq!(
        paths(&["app", "./app/Dockerfile.dev", "Dockerfile", "./Dockerfile"]),
        ["app/Dockerfile.dev", "app/api.Dockerfile", "Dockerfile"]
    );
}

#[test]
fn a_folder_without_dockerfiles_is_said_and_is_no_error() {
    let folder = folder(&[("x", b"")]);
    assert_eq!(
        run(layerwise(&folder).args(["check", "--format=concise"])),
        (0, "No findings in 0 files.\n".to_owned(), ".: no Dockerfiles found\n".to_owned())
    );
    assert_eq!(run(layerwise(&folder).args(["check", "-q"])), (0, String::new(), String::new()));
}

#[test]
fn standard_input_has_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, _) = run(layerwise(&folder)
        .args(["check", "-", "--format=concise", "--stdin-filename", "x/Dockerfile"])
        .write_stdin(WARNING));
    assert_eq!(code, 1);
    assert!(out.starts_with("x/Dockerfile:1:6: warning DL3007"), "{out}");
    let (_, out, _) =
        run(layerwise(&folder).args(["check", "-", "--format=concise"]).write_stdin(WARNING));
    assert!(out.starts_with("-:1:6: "), "{out}");
}

#[test]
fn unknown_selectors_are_refused_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let error = |flag: &str, word: &str| run(layerwise(&folder).args(["check", flag, word])).2;
    assert_eq!(
        error("--select", "hadlint"),
        "error: unknown rule, family or category `hadlint` (did you mean `hadolint`?)\n"
    );
    assert!(error("--ignore", "DL3007,LW00O").contains("`LW00O` (did you mean `LW000`?)"));
    assert!(error("--extend-select", "zzzzzzzz").ends_with("`zzzzzzzz`\n"));
}

#[test]
fn selection_and_profile_choose_rules() {
    let folder = folder(&[("Dockerfile", b"FROM debian:latest\nMAINTAINER me\n")]);
    let found = |arguments: &[&str]| {
        let (_, out, _) = run(layerwise(&folder).args(["check", "--format=json"]).args(arguments));
        let report: Value = serde_json::from_str(&out).unwrap();
        codes(&report["files"][0]).join(" ")
    };
    assert_eq!(found(&["--select", "DL3007"]), "DL3007");
    assert_eq!(found(&["--select", "latest-tag"]), "DL3007");
    assert_eq!(found(&["--select", "buildkit"]), "MaintainerDeprecated");
    assert_eq!(found(&["--select", "DL3,DL4000", "--ignore", "DL3007"]), "DL4000");
    assert_eq!(found(&["--select", "DL4000,buildkit", "--no-config"]), "DL4000");
}

#[test]
fn the_report_goes_to_a_file() {
    let folder = folder(&[("Dockerfile", WARNING.as_bytes())]);
    let (code, out, _) =
        run(layerwise(&folder).args(["check", "--format=concise", "--output", "report.txt"]));
    assert_eq!((code, out.as_str()), (1, ""));
    let report = std::fs::read_to_string(folder.path().join("report.txt")).unwrap();
    assert!(report.contains("DL3007"), "{report}");
    let (code, _, err) = run(layerwise(&folder).args(["check", "--output", "no/such/folder"]));
    assert_eq!(code, 2);
    assert_eq!(err, "error: no/such/folder: no such file or folder\n");
}

#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let name = "Dockerfile";
    let folder = folder(&[(name, "FROM debian:latest\n".repeat(5000).as_bytes())]);
    let mut child = Process::new(assert_cmd::cargo::cargo_bin("layerwise"))
        .args(["check", "--profile=strict", "--format=concise"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(&first, b"Dockerfile");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn colours_only_when_asked_or_on_a_terminal() {
    let folder = folder(&[("Dockerfile", WARNING.as_bytes())]);
    let has_colour = |arguments: &[&str]| {
        run(layerwise(&folder).args(["check"]).args(arguments)).1.contains('\x1b')
    };
    assert!(!has_colour(&[]));
    assert!(!has_colour(&["--color=never"]));
    assert!(has_colour(&["--color=always"]));
    assert!(!has_colour(&["--color=always", "--format=json"]));
}

#[test]
fn text_of_a_file_cannot_command_the_terminal() {
    let content = "FROM debian:latest \x1b[2J\u{9b}31m\nRUN\u{7} x\x1b]0;title\x07\n";
    let folder = folder(&[("Dockerfile", content.as_bytes())]);
    for format in ["full", "concise", "json", "jsonl"] {
        let (_, out, _) = run(layerwise(&folder).args(["check", "--format", format]));
        let bad = out.chars().find(|it| it.is_control() && *it != '\n' && *it != '\u{9b}');
        assert_eq!(bad, None, "{format}: {out:?}");
    }
}

#[test]
fn statistics_replace_the_findings() {
    let folder =
        folder(&[("Dockerfile", b"FROM debian:latest AS a\nCMD [\"x\"]\nFROM debian:latest\n")]);
    let (code, out, _) = run(layerwise(&folder).args(["check", "--statistics", "--select=DL3007"]));
    assert_eq!(code, 1);
    assert!(out.starts_with("     2  DL3007  warning  latest-tag\nFound 2 findings"), "{out}");
}

#[test]
fn many_files_come_in_order_whatever_the_number_of_jobs() {
    let files: Vec<(String, String)> = (0..600)
        .map(|n| (format!("{n:03}.Dockerfile"), format!("FROM debian:latest\nUSER u{n}\n")))
        .collect();
    let list: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let folder = folder(&list);
    let report =
        |jobs: &str| run(layerwise(&folder).args(["check", "--format=jsonl", "--jobs", jobs])).1;
    let one = report("1");
    assert!(one.lines().count() >= 600);
    assert_eq!(one, report("4"));
}

#[test]
fn files_that_are_not_utf8_are_findings() {
    let (code, file) = check(b"FROM debian:12\nLABEL city=\"Z\xFCrich\"\n");
    assert_eq!((code, codes(&file)), (1, vec!["LW002"]));
    assert_eq!(file["findings"][0]["range"]["start"]["column"], 14);
    let (code, file) = check(b"\xFF\xFEF\0R\0O\0M\0 \0a\0");
    assert_eq!((code, codes(&file)), (1, vec!["LW002"]));
    let (code, file) = check(b"\x7FELF\x02\x01\0\0\0");
    assert_eq!((code, codes(&file)), (1, vec!["LW002"]));
    assert_eq!(check(b"\xEF\xBB\xBFFROM scratch\nCOPY a /b\n").0, 0);
}

#[test]
fn broken_files_are_findings() {
    for (content, expected) in [
        ("FROM scratch\nRUN \"unclosed\n", None),
        ("FROM scratch\nRUN <<EOF\necho\n", Some("LW000")),
        ("FROM scratch\nCMD [\"a\", \"b\n", None),
        ("FROM scratch\nSHELL [\"a\"\n", Some("LW000")),
        ("FROM scratch\nRUNN x\n", Some("LW000")),
        ("# escape=`\n# escape=\\\nFROM scratch\n", Some("LW000")),
        ("# escape=x\nFROM scratch\n", Some("LW000")),
        ("FROM scratch\nRUN \\", None),
        ("RUN x\n", Some("LW000")),
        ("FROM\n", Some("LW000")),
        ("FROM scratch\r\nCOPY a /b\r\n", None),
    ] {
        let (code, file) = check(content.as_bytes());
        assert!((0..=1).contains(&code), "{content:?} gives {code}");
        if let Some(expected) = expected {
            assert!(codes(&file).contains(&expected), "{content:?}: {file}");
        }
    }
}

#[test]
fn misspelt_instructions_have_a_hint() {
    let (_, file) = check(b"FROM scratch\nCOPPY a /b\n");
    let finding = &file["findings"][0];
    assert_eq!(finding["code"], "LW000");
    let text = format!("{}{}", finding["message"], finding["help"]);
    assert!(text.contains("COPY"), "{text}");
}

#[test]
fn files_that_say_nothing() {
    for content in ["", "\n\n", "# only a comment\n", "# syntax=docker/dockerfile:1\n"] {
        let (code, file) = check(content.as_bytes());
        assert!((0..=1).contains(&code), "{content:?}");
        assert_eq!(file["error"], Value::Null);
    }
}

#[test]
fn huge_files_are_read() {
    let line = "RUN echo one two three four five six seven eight nine ten eleven twelve\n";
    let mut content = String::from("FROM debian:12\n# ");
    content.push_str(&"x".repeat(40_000_000));
    content.push('\n');
    content.push_str(&line.repeat(200));
    let (code, file) = check(content.as_bytes());
    assert!((0..=1).contains(&code));
    assert_eq!(file["error"], Value::Null);
}

#[test]
fn a_million_words_are_read() {
    let content = format!("FROM debian:12\nRUN echo{}\n", " word".repeat(1_000_000));
    assert!((0..=1).contains(&check(content.as_bytes()).0));
}

#[test]
fn deep_nesting_is_no_crash() {
    for (open, close) in
        [("$(", ")"), ("`", "`"), ("(", ")"), ("{ ", "; }"), ("if a; then ", "; fi")]
    {
        for close in [close, ""] {
            let nested = format!("{}x{}", open.repeat(100_000), close.repeat(100_000));
            let content = format!("FROM debian:12\nRUN {}\n", continued(&nested));
            assert!((0..=1).contains(&check(content.as_bytes()).0), "{open}");
        }
    }
    let nested = format!("{}x{}", "${A:-".repeat(100_000), "}".repeat(100_000));
    let content = format!("FROM debian:12\nENV A={}\n", continued(&nested));
    assert!((0..=1).contains(&check(content.as_bytes()).0));
    let content =
        format!("FROM debian:12\n{}\n", continued(&("ONBUILD ".repeat(100_000) + "RUN x")));
    assert!((0..=1).contains(&check(content.as_bytes()).0));
}

#[test]
fn the_tree_can_be_printed() {
    let folder = folder(&[("Dockerfile", b"FROM scratch\nRUN [\"a\", \"b\"]\n")]);
    let (code, out, _) = run(layerwise(&folder).args(["ast", "--format", "json", "Dockerfile"]));
    let tree: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, out.lines().count()), (0, 1));
    assert_eq!(tree["path"], "Dockerfile");
    assert_eq!(tree["instructions"][1]["value"], serde_json::json!(["a", "b"]));
    let (code, out, err) = run(layerwise(&folder).args(["ast", "nosuch", "Dockerfile"]));
    assert_eq!((code, err.as_str()), (2, "error: nosuch: no such file or folder\n"));
    assert!(out.contains("2-2 RUN (JSON)"), "{out}");
}

#[test]
fn rules_are_listed_by_family_and_code() {
    let folder = tempfile::tempdir().unwrap();
    let list = |arguments: &[&str]| run(layerwise(&folder).arg("rules").args(arguments)).1;
    let all = list(&[]);
    let codes: Vec<&str> = all.lines().map(|it| it.split(' ').next().unwrap()).collect();
    let rank = |code: &str| match &code[..2] {
        "LW" | "LM" => 0,
        "DL" => 1,
        "SC" => 3,
        _ => 2,
    };
    assert!(codes.is_sorted_by_key(|it| (rank(it), *it)), "{codes:?}");
    let some = list(&["--select", "DL3006,LW104,LW201,DL3026"]);
    let rows: Vec<Vec<&str>> =
        some.lines().map(|it| it.split_whitespace().take(4).collect()).collect();
    assert_eq!(rows.len(), 4, "{some}");
    assert_eq!(rows[0], ["LW104", "warning", "default", "safe"]);
    assert_eq!(rows[1], ["LW201", "warning", "default", "unsafe"]);
    assert_eq!(rows[2][..2], ["DL3006", "warning"]);
    let json: Value = serde_json::from_str(&list(&["--format=json", "--select=LW104"])).unwrap();
    assert_eq!((&json[0]["code"], &json[0]["fix"]), (&"LW104".into(), &"safe".into()));
    assert!(list(&["--select=hadolint"]).lines().all(|it| it.starts_with("DL")));
    let (code, _, err) = run(layerwise(&folder).args(["rules", "--select", "LWX"]));
    assert!(code == 2 && err.contains("`LWX`"), "{err}");
}

#[test]
fn a_rule_is_explained_with_its_fix_and_how_to_switch_it_off() {
    let folder = tempfile::tempdir().unwrap();
    let explain = |word: &str| run(layerwise(&folder).args(["explain", word]));
    let (code, page, _) = explain("LW104");
    assert_eq!(code, 0);
    for part in [
        "Fix:\n    `--fix` fixes it",
        "# layerwise ignore=LW104",
        "# layerwise file-ignore=LW104",
        "# layerwise stage-ignore=LW104",
        "ignore: [LW104]",
        "layerwise check --ignore LW104",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(explain("DL3002").1.contains("Fix:\n    none: you need to decide\n"));
    // A prefix or a category lists its rules.
    let (code, list, _) = explain("LW2");
    assert!(code == 0 && list.lines().count() > 3, "{list}");
    assert!(list.lines().all(|it| it.starts_with("LW2")), "{list}");
    assert!(explain("packages").1.contains("DL3008"));
    let (code, _, err) = explain("LW9999");
    assert!(code == 2 && err.contains("unknown rule `LW9999`"), "{err}");
}

#[test]
fn completions_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, _) = run(layerwise(&folder).args(["completions", shell]));
        assert!(code == 0 && out.contains("layerwise"), "{shell}");
    }
}

#[test]
fn help_fits_eighty_columns() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["--help"][..], &["check", "--help"], &["ast", "--help"], &["explain", "-h"]]
    {
        let (_, out, _) = run(layerwise(&folder).args(arguments));
        let long = out.lines().find(|line| line.chars().count() > 80);
        assert_eq!(long, None, "{arguments:?}");
    }
}

#[test]
fn output_fits_eighty_columns() {
    let long = format!("FROM debian:latest\nRUN echo {} $x && cd /tmp\n", "word ".repeat(100));
    let folder = folder(&[("Dockerfile", long.as_bytes())]);
    let (_, out, _) = run(layerwise(&folder).args(["check", "--profile=audit"]));
    let long = out.lines().find(|line| line.chars().count() > 80);
    assert_eq!(long, None, "{out}");
}

#[test]
fn nothing_but_the_report_is_on_standard_output() {
    let folder = folder(&[("Dockerfile", ERROR.as_bytes())]);
    let mut child = Process::new(assert_cmd::cargo::cargo_bin("layerwise"))
        .args(["check", "-", "--format=json"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(ERROR.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["summary"]["files"], 1);
    assert!(Path::new(&folder.path().join("Dockerfile")).exists());
}

/// The README shows a Dockerfile and what is printed for it.
#[test]
fn the_readme_shows_what_is_printed() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let between = |start: &str| {
        let (_, rest) = readme.split_once(start).unwrap();
        rest.split_once("```").unwrap().0.to_owned()
    };
    let folder = folder(&[("Dockerfile", between("```dockerfile\n").as_bytes())]);
    let (code, out, err) = run(layerwise(&folder).env("COLUMNS", "80").arg("check"));
    let out: String = out.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (1, between("$ layerwise check\n").as_str(), "")
    );
}

#[test]
fn the_summary_counts_both_kinds_of_fixes_and_adds_up_what_is_saved() {
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCMD serve\n";
    let folder = folder(&[("Dockerfile", text)]);
    let select = "--select=LW104,DL3025";
    let (_, out, _) = run(layerwise(&folder).args(["check", "--format=concise", select]));
    let end: Vec<_> = out.lines().skip(2).collect();
    let fixes = "1 fixable with `--fix`, 1 more with `--unsafe-fixes`. Saves about 19.0 MB.";
    assert_eq!(end, ["Found 2 findings (2 warnings) in 1 of 1 file.", fixes]);
    // The severities of the findings, not of the rules.
    let text = "severity:\n  DL3025: style\n";
    std::fs::write(folder.path().join("layerwise.yaml"), text).unwrap();
    let (_, out, _) = run(layerwise(&folder).args(["check", "--statistics", "--select=DL3025"]));
    assert!(out.starts_with("     1  DL3025  style "), "{out}");
}

#[test]
fn the_colours_are_those_of_the_severity() {
    let text = "FROM debian:12\nWORKDIR /a\nCMD serve\n";
    let folder = folder(&[("Dockerfile", text)]);
    let always = ["check", "--select=DL3025", "--color=always"];
    let (_, out, _) = run(layerwise(&folder).args(always));
    let underline = out.lines().find(|it| it.contains("─────")).unwrap();
    assert!(underline.contains("\x1b[38;5;172m"), "{underline:?}");
    let (_, out, _) = run(layerwise(&folder).args(always).args(["--diff", "--unsafe-fixes"]));
    assert!(out.contains("\x1b[31m-CMD serve\x1b[0m\n\x1b[32m+CMD [\"serve\"]\x1b[0m"), "{out:?}");
    let (_, out, _) = run(layerwise(&folder).args(["check", "--select=DL3025", "--diff"]));
    assert!(!out.contains('\x1b'), "{out:?}");
}
