//! Shell texts that repeat one construct up to 100,000 times: the program comes to an end, and other files are checked.

mod common;

use std::time::Duration;

use common::{folder, layerwise};

/// A construct: its name, what stands before, what is repeated, what is in the middle, what is repeated behind it, and what
/// stands behind.
type Construct =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const CONSTRUCTS: &[Construct] = &[
    ("time", "", "time ", "a", "", ""),
    ("time -p", "", "time -p ", "a", "", ""),
    ("time in parts", "", "ti\\\nme ", "a", "", ""),
    ("time in groups", "", "time { ", "a", "; }", ""),
    ("coproc", "", "coproc ", "a", "", ""),
    ("coproc with a name", "", "coproc A { ", "a", "; }", ""),
    ("negations", "", "! ", "a", "", ""),
    ("substitutions", "echo ", "$(", "a", ")", ""),
    ("open substitutions", "echo ", "$(", "a", "", ""),
    ("quoted substitutions", "echo ", "\"$(", "a", ")\"", ""),
    ("processes", "a ", "<(", "a", ")", ""),
    ("backticks", "echo ", "`", "a", "", ""),
    ("groups", "", "{ ", "a", "; }", ""),
    ("subshells", "", "( ", "a", " )", ""),
    ("if", "", "if a; then ", "b", "; fi", ""),
    ("if in conditions", "", "if ", "a", "; then b; fi", ""),
    ("open if", "", "if ", "a", "", ""),
    ("elif", "if a; then b; ", "elif a; then b; ", "", "", "fi"),
    ("else", "", "if a; then b; else ", "b", "; fi", ""),
    ("while", "", "while a; do ", "b", "; done", ""),
    ("until", "", "until ", "a", "; do b; done", ""),
    ("for", "", "for i in a; do ", "b", "; done", ""),
    ("select", "", "select i in a; do ", "b", "; done", ""),
    ("case", "", "case a in b) ", "c", " ;; esac", ""),
    ("patterns of a case", "case a in ", "a|", "a", "", ") b;; esac"),
    ("items of a case", "case a in ", "a) b ;; ", "", "", "esac"),
    ("negated tests", "[[ ", "! ", "a", "", " ]]"),
    ("tests in brackets", "[[ ", "( ", "a", " )", " ]]"),
    ("tests in a row", "[[ ", "a && ", "a", "", " ]]"),
    ("arithmetic in brackets", "echo $((", "(", "1", ")", "))"),
    ("arithmetic signs", "echo $((", "- ", "1", "", "))"),
    ("arithmetic choices", "echo $((", "1?1:", "1", "", "))"),
    ("arithmetic powers", "echo $((", "1**", "1", "", "))"),
    ("arithmetic indices", "echo $((", "a[", "1", "]", "))"),
    ("defaults", "echo ", "${a:-", "b", "}", ""),
    ("quoted defaults", "echo ", "\"${a:-", "b", "}\"", ""),
    ("replacements", "echo ", "${a//b/", "c", "}", ""),
    ("functions", "", "f() { ", "a", "; }", ""),
    ("function names", "", "f() ", "{ a; }", "", ""),
    ("and", "", "a && ", "a", "", ""),
    ("pipes", "", "a | ", "a", "", ""),
    ("lists", "", "a ; ", "a", "", ""),
    ("redirections", "a ", "> b ", "", "", ""),
    ("heredocs", "a ", "<<E ", "", "\nE", "\n"),
    ("braces in a row", "rm -rf /", "{a,b}", "", "", ""),
    ("braces with blanks", "rm -rf /", "{a,' '}", "", "", ""),
    ("braces", "echo ", "{a,", "b", "}", ""),
    ("alternatives", "echo ", "@(a|", "b", ")", ""),
    ("wildcards", "echo ", "?", "", "", ""),
    ("words with wildcards", "echo ", "???? ", "", "", ""),
    ("assignments", "", "a=b ", "c", "", ""),
    ("arrays", "", "a=(", "", ")", ""),
    ("find in find", "", "find -exec ", "a", "", ""),
    ("actions of find", "find . ", "-exec a \\; ", "", "", ""),
    ("env", "", "env A=b ", "a", "", ""),
    ("eval", "", "eval ", "a", "", ""),
    ("sh -c", "", "sh -c ", "a", "", ""),
    ("quoted time", "sh -c '", "time ", "a", "", "'"),
];

#[test]
fn no_construct_ends_the_run() {
    let mut faults = Vec::new();
    for (name, start, open, middle, close, end) in CONSTRUCTS {
        let text = |n: usize| {
            let (open, close) = (open.repeat(n), close.repeat(n));
            // A heredoc keeps its lines.
            format!("FROM debian:12\nRUN <<EOF\n{start}{open}{middle}{close}{end}\nEOF\n")
        };
        let mut files: Vec<(String, String)> =
            [24, 1000, 10_000, 100_000].map(|n| (format!("{n}.Dockerfile"), text(n))).into();
        // More than two files are checked in other threads than few.
        files.push(("z.Dockerfile".to_owned(), "FROM debian:12\nMAINTAINER me\n".to_owned()));
        let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
        let folder = folder(&files);
        let mut run = |paths: &[&str]| {
            let mut command = layerwise(&folder);
            command.args(["check", "--profile", "audit", "--format", "concise"]);
            let output = command.args(paths).timeout(Duration::from_secs(100)).output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let is_right = output.status.code() == Some(1)
                && text.lines().any(|it| it.starts_with("z.Dockerfile:2:1: "));
            if !is_right {
                faults.push(format!("{name} {paths:?}: {:?}", output.status));
            }
        };
        run(&["."]);
        run(&["100000.Dockerfile", "z.Dockerfile"]);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_was_not_read_is_said() {
    let text = format!("FROM debian:12\nRUN a\n\nRUN {}a\n", "time ".repeat(21));
    let folder = folder(&[("Dockerfile", text)]);
    let (code, out, err) = common::run(layerwise(&folder).args(["check"]));
    let note = "note: Dockerfile has shell text in line 4 that has more than 20 `time` or `coproc` keywords: \
                its commands were not read\n";
    assert_eq!((code, &*out, &*err), (0, "No findings in 1 file.\n", note));
}
