//! Shell texts that repeat one construct up to 100,000 times: the program comes to an end, other files are checked, and what
//! was not read is said.

mod common;

use common::hostile::{BESIDE, CONSTRUCTS, fault, script};
use common::{continued, folder, layerwise, run};

#[test]
fn no_construct_ends_the_run() {
    let mut faults = Vec::new();
    for construct in CONSTRUCTS {
        let sizes = [24, 1000, 10_000, 100_000];
        let mut files: Vec<(String, String)> =
            sizes.map(|n| (format!("{n}.Dockerfile"), script(construct, n))).into();
        // More than two files are checked in other threads than few.
        files.push((BESIDE.0.to_owned(), BESIDE.1.to_owned()));
        let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
        let folder = folder(&files);
        for paths in [&["."][..], &["100000.Dockerfile", BESIDE.0]] {
            faults
                .extend(fault(&folder, "concise", paths).map(|it| format!("{} {it}", construct.0)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_was_not_read_is_said_and_the_rest_is_checked() {
    let prefixes = "has more than 20 `time` or `coproc` keywords: its commands were not read";
    let brackets = "nests more than 60 brackets: its commands were not read";
    let expansions = "nests more than 10 `${`: its commands were not read";
    let backticks = "has more than 1,000 backticks: its commands were not read";
    let length = "is longer than 256 kB: its commands were not read";
    let checks = "is too large for ShellCheck's rules, which were left out for it";
    let cases = [
        ("time ", 730, "a", prefixes),
        ("coproc ", 726, "a", prefixes),
        ("time -p ", 21, "a", prefixes),
        ("coproc A { a; }; ", 21, "a", prefixes),
        ("(", 61, "a", brackets),
        ("echo $(", 61, "a", brackets),
        ("{ ", 400, "a", brackets),
        ("echo @(", 61, "a", brackets),
        ("${a:-", 11, "b", expansions),
        ("\"${a//b/", 11, "c", expansions),
        ("${a[${b}", 50, "c", expansions),
        ("echo `a`; ", 501, "b", backticks),
        ("`", 1002, "b", backticks),
        ("echo a; ", 40_000, "b", length),
        ("a", 1 << 19, " b", length),
        ("A=$A$A; ", 60, "rm $A", checks),
        ("A[0]=$A$A; ", 60, "rm $A", checks),
        ("echo a; ", 4000, "b", checks),
        ("a=b ", 4000, "c", checks),
    ];
    let around = |text: &str| format!("FROM debian:12\nRUN sudo a\nMAINTAINER me\nRUN {text}\n");
    let checked = |text: &str| {
        let folder = folder(&[("Dockerfile", around(text))]);
        run(layerwise(&folder).args(["check", "--select=DL3004,DL4000", "--format=concise"]))
    };
    let (code, found, _) = checked("a");
    assert_eq!((code, found.lines().filter(|it| it.starts_with("Dockerfile:")).count()), (1, 2));
    for (part, count, end, message) in cases {
        let note = format!("note: Dockerfile has shell text in line 4 that {message}\n");
        let text = continued(&(part.repeat(count) + end));
        assert_eq!(checked(&text), (1, found.clone(), note), "{part}");
    }
}

#[test]
fn texts_behind_a_thousand_others_are_not_read() {
    let lines: String = (0..1200).map(|number| format!("RUN sudo make a{number}\n")).collect();
    let folder = folder(&[("Dockerfile", format!("FROM debian:12\n{lines}CMD b\n"))]);
    let words = ["check", "--select", "DL3004,DL3059", "--format", "concise"];
    let (code, out, err) = common::run(layerwise(&folder).args(words));
    let note = "note: Dockerfile has shell text in line 1002 that comes after 1,000 others: \
                from there on, commands were not read, and nothing can be fixed\n";
    assert!(err.starts_with(note), "{err}");
    assert!(!out.contains("[*]"), "{out}");
    let found: Vec<&str> = out.lines().filter(|it| it.contains("DL3004")).collect();
    assert_eq!((code, found.len()), (1, 1000));
    assert!(found[999].starts_with("Dockerfile:1001:"), "{}", found[999]);
}

#[test]
fn a_text_on_which_the_shell_parser_fails_is_a_remark_and_the_rest_is_checked() {
    let text = "FROM debian:12\nRUN <<EOF\n\"\\\n`és`\",\nEOF\nMAINTAINER a\n";
    let project = folder(&[("Dockerfile", text)]);
    let mut command = layerwise(project.path());
    command.args(["check", "--format", "concise", "--select", "DL4000", "Dockerfile"]);
    let (code, out, error) = run(&mut command);
    assert_eq!(code, 1);
    let finding = "Dockerfile:6:1: warning DL4000 [*] `MAINTAINER` is deprecated\n";
    assert!(out.starts_with(finding), "{out}");
    let remark = "note: Dockerfile has shell text in line 2 that makes the shell parser fail: its commands were not read\n";
    assert_eq!(error, remark);
}

#[test]
fn a_text_on_which_the_shell_linter_fails_loses_only_its_own_findings() {
    for script in ["{\\${\\\u{FFFD}", "a; {\\${\\é", "echo $1\n{\\${\\日"] {
        let text = format!("FROM debian:12\nRUN <<'EOF'\n{script}\nEOF\nMAINTAINER a\n");
        let project = folder(&[("Dockerfile", text)]);
        let mut command = layerwise(project.path());
        command.args(["check", "--format", "concise", "--select", "DL4000,SC", "Dockerfile"]);
        let (code, out, error) = run(&mut command);
        let line = script.lines().count() + 4;
        let finding =
            format!("Dockerfile:{line}:1: warning DL4000 [*] `MAINTAINER` is deprecated\n");
        assert!(out.starts_with(&finding), "{script}: {out}");
        let remark = "note: Dockerfile has shell text in line 2 that makes the shell linter fail: ShellCheck's rules were left out for it\n";
        assert_eq!((code, error.as_str()), (1, remark), "{script}");
    }
}
