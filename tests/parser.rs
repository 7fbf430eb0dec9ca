//! What holds for the syntax tree of any file at all.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::duplicate_mod, reason = "the oracles have archives of their own")]

mod common;
mod oracles;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use common::cases::{quoted, read_cases};
use common::findings::compare;
use layerwise::config::Settings;
use layerwise::session;
use layerwise::source::Source;
use layerwise::syntax::{Form, Kind, ast_json, parse};
use oracles::parser as check;
use proptest::prelude::*;

/// Pieces of which Dockerfiles, and what looks like them, are made.
const PIECES: &[&str] = &[
    "FROM ",
    "RUN ",
    "COPY ",
    "ADD ",
    "ENV ",
    "LABEL ",
    "ARG ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "EXPOSE ",
    "VOLUME ",
    "SHELL ",
    "CMD ",
    "USER ",
    "STOPSIGNAL ",
    "WORKDIR ",
    "MAINTAINER ",
    "ENTRYPOINT ",
    "a",
    "b c",
    "é",
    "“",
    "\u{a0}",
    " ",
    "  ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\ \r\n",
    "`\n",
    "\\",
    "`",
    "#",
    "# x\n",
    "\\\n# c\n",
    "\\\n\n",
    "# escape=`\n",
    "# syntax=x\n",
    "<<E ",
    "<<-'E' ",
    "E\n",
    "\tE\n",
    "[\"a\", \"b\\u00e9\"]",
    "[",
    "]",
    "\"",
    "'",
    "=",
    "$a",
    "${b:-",
    "${c/",
    "/",
    "}",
    "${",
    "--mount=type=cache,target=",
    "--from=",
    "--chown=\"",
    "-- ",
    ",",
    "id=x",
    "80",
    "/tcp",
    "AS ",
    "NONE",
    "\u{feff}",
    "1s",
    "--interval=",
    "a=b ",
    "\\u00e9",
    "\u{b}",
    "\u{85}",
];

fn dockerfile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_print_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&bytes);
    }

    #[test]
    fn anything_like_a_dockerfile_prints_back(text in dockerfile()) {
        check(text.as_bytes());
    }

    #[test]
    fn line_ends_do_not_change_the_words(text in dockerfile()) {
        let plain = text.replace('\r', "");
        let windows = Source::new("", plain.replace('\n', "\r\n"));
        let unix = Source::new("", plain);
        check(windows.text.as_bytes());
        let (unix, windows) = (ast_json(&parse(&unix)), ast_json(&parse(&windows)));
        prop_assert_eq!(unix.instructions.len(), windows.instructions.len());
        for (one, other) in unix.instructions.iter().zip(&windows.instructions) {
            prop_assert_eq!(&one.value, &other.value);
            prop_assert_eq!((one.start_line, one.end_line), (other.start_line, other.end_line));
        }
    }
}

#[test]
fn a_missing_name_stands_at_its_equals_sign() {
    check(b"ENV \\\n=");
    check(b"ENV \\\r\n# c\r\n=b");
}

fn messages(text: &str) -> Vec<String> {
    parse(&Source::new("", text)).errors.into_iter().map(|error| error.message).collect()
}

#[test]
fn a_hundred_thousand_nested_variables_are_one_error() {
    let text = format!("FROM x\nENV a={}\n", "${a:-\\\n".repeat(100_000));
    assert_eq!(messages(&text), ["variables are nested too deeply"]);
}

#[test]
fn a_million_words_are_read() {
    let ports = "1 \\\n".repeat(500);
    let text = format!("FROM x\nRUN {}a\nEXPOSE {ports}", "a \\\n".repeat(999_999));
    let source = Source::new("", text);
    let doc = parse(&source);
    assert_eq!(doc.errors, []);
    let Kind::Run(run) = &doc.instructions[1].kind else { panic!("no RUN") };
    let Form::Shell(text) = &run.form else { panic!("no shell form") };
    assert_eq!(text.value.split_whitespace().count(), 1_000_000);
    assert_eq!(source.slice(text.span_of(text.value.len() - 1..text.value.len())), "a");
    assert!(matches!(&doc.instructions[2].kind, Kind::Expose(ports) if ports.len() == 500));
}

#[test]
fn what_is_never_closed_is_one_error_each() {
    assert_eq!(messages("FROM x\nENV a=\"b\n"), ["quote `\"` is never closed"]);
    assert_eq!(
        messages("FROM x\nRUN cat <<A <<B\nFROM y\n"),
        ["the heredoc is not closed by its delimiter `A`"]
    );
    assert_eq!(messages("FROM x\nCMD [\"a\", \"b\n"), [""; 0]);
    assert_eq!(
        messages("FROM x\nCMD [\"a\", 1]\n"),
        ["a JSON array of arguments may hold only strings"]
    );
    assert_eq!(messages("FROM x\nRUN [[[\n"), [""; 0]);
}

#[test]
fn a_line_may_have_65535_bytes() {
    let line = |length: usize| format!("FROM x\nRUN {}\n", "a".repeat(length - 4));
    assert_eq!(messages(&line(65_535)), [""; 0]);
    assert_eq!(messages(&line(65_536)), ["the line is longer than 65535 bytes"]);
}

#[test]
fn nothing_is_read_of_an_instruction_with_a_line_that_is_too_long() {
    let long = "a ".repeat(40_000);
    for (text, is_read) in [
        (format!("COPY {long}/b/\n"), false),
        (format!("COPY b \\\n  {long} \\\n  /b/\n"), false),
        (format!("UNKNOWN {long}\n"), false),
        (format!("RUN <<EOF\n{long}\nEOF\n"), true),
        (format!("# {long}\nRUN a\n"), true),
        (format!("RUN a\nCOPY {long}/b/\n"), true),
    ] {
        let source = Source::new("", format!("FROM x\n{text}"));
        let doc = parse(&source);
        let found: Vec<&str> = doc.errors.iter().map(|it| &*it.message).collect();
        assert_eq!(found, ["the line is longer than 65535 bytes"]);
        assert_eq!(!matches!(doc.instructions[1].kind, Kind::Invalid), is_read, "{}", &text[..20]);
        assert_eq!(doc.print(), source.bytes());
    }
}

#[test]
fn a_file_with_too_many_errors_is_not_read_to_the_end() {
    let last = "the file has more than 10000 errors; the rest was not read";
    for (wrong, after) in [("ENV\n", "RUN a\n"), ("b\n", "c"), ("COPY a\n", "RUN <<E\nE\n")] {
        let text = |count: usize| format!("FROM x\n{}{after}", wrong.repeat(count));
        let read = messages(&text(9_999));
        assert_eq!(read.len(), 9_999 + usize::from(after == "c"));
        assert!(!read.iter().any(|it| it == last));
        let text = text(10_000);
        let source = Source::new("", text.clone());
        let doc = parse(&source);
        assert_eq!((doc.errors.len(), doc.instructions.len()), (10_001, 10_001));
        let place = doc.errors[10_000].span;
        assert_eq!(doc.errors[10_000].message, last);
        assert_eq!(doc.source.slice(place), after.lines().next().unwrap());
        assert_eq!(doc.print(), text.as_bytes());
        let findings = session::check(Source::new("Dockerfile", text), &Settings::default());
        assert!(findings.findings.iter().all(|it| it.fix.is_none()));
    }
    // What was not read may hold the first stage.
    let read = messages(&format!("{}FROM x\n", "b\n".repeat(10_000)));
    assert_eq!((read.len(), &*read[10_000]), (10_001, last));
}

#[test]
fn deep_json_and_onbuild_are_bounded() {
    let text = format!("FROM x\nRUN {}\n", "[".repeat(60_000));
    assert_eq!(messages(&text), [""; 0]);
    let text = format!("FROM x\n{}RUN a\n", "ONBUILD ".repeat(8_000));
    assert_eq!(messages(&text), ["`ONBUILD` cannot contain `ONBUILD`"]);
}

#[test]
fn a_file_that_is_no_dockerfile_is_one_item() {
    for bytes in [&b"\xFF\xFEF\0R\0O\0M\0"[..], b"\x7FELF\0\0\0", b"\0"] {
        let source = Source::from_bytes("", bytes.to_vec());
        let doc = parse(&source);
        assert_eq!((doc.items.len(), doc.errors.len(), doc.instructions.len()), (1, 1, 0));
        assert_eq!(doc.print(), bytes);
    }
}

#[test]
fn a_nul_byte_is_refused_only_in_instructions() {
    assert_eq!(messages("# a\0\nFROM x\n"), [""; 0]);
    assert_eq!(messages("FROM x\nRUN a\0b\0\n"), ["the instruction contains a NUL byte"]);
}

#[test]
fn fixtures_have_the_trees_that_buildkit_gives_them() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/parser");
    let entries = std::fs::read_dir(folder).expect("the fixtures are there");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let files: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "Dockerfile")).collect();
    assert!(files.len() >= 8);
    for path in files {
        let bytes = std::fs::read(&path).expect("the fixture can be read");
        check(&bytes);
        let source = Source::from_bytes("", bytes);
        let found = serde_json::to_value(ast_json(&parse(&source))).expect("it has no maps");
        let want = std::fs::read(path.with_extension("json")).expect("its tree is there");
        let want: serde_json::Value = serde_json::from_slice(&want).expect("its tree is JSON");
        for key in ["instructions", "errors"] {
            assert_eq!(found[key], want[key], "{key} of {}", path.display());
        }
    }
}

/// The tree of a text: a line for each instruction, and each error with its place and its help.
fn tree(text: &str) -> String {
    let source = Source::new("Dockerfile", text);
    let doc = parse(&source);
    let tree = serde_json::to_value(ast_json(&doc)).unwrap();
    let instructions = tree["instructions"].as_array().unwrap().iter().map(|it| format!("{it}\n"));
    let errors = doc.errors.iter().map(|it| {
        let (start, end) = (source.position(it.span.start), source.position(it.span.end));
        let place = format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column);
        let help = it.help.as_ref().map_or_else(String::new, |it| format!("  help: {it}\n"));
        format!("{place} {}\n{help}", it.message)
    });
    instructions.chain(errors).collect()
}

/// `UPDATE=1 cargo test --test parser` writes the trees.
#[test]
fn cases_have_the_trees_that_are_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parser");
    let paths = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let files: BTreeMap<PathBuf, String> = paths
        .filter(|path| path.extension().is_some_and(|it| it == "cases"))
        .map(|path| {
            let mut all = String::new();
            for (title, text) in read_cases(&path) {
                check(text.as_bytes());
                let gap = if all.is_empty() { "" } else { "\n" };
                writeln!(all, "{gap}# {title}\n{}", quoted(&text)).unwrap();
                all.push_str(&tree(&text));
            }
            (path.with_extension("cases.expected"), all)
        })
        .collect();
    assert!(!files.is_empty());
    compare(&folder, &files, "--test parser");
}
