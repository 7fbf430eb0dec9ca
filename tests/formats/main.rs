//! Every report format, read back by something that knows it: the same findings are in all of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod reports;
mod usage;

use serde_json::Value;
use tempfile::TempDir;

use common::{folder, layerwise, run};

/// Findings of several severities on one line and on many, alike ones, with a fix, with characters that formats treat
/// in their own ways.
const FILE: &str = "\
FROM debian:latest AS Señor
RUN echo \"\u{1f433} <a> & | 'b' %0A,:\" $1 \\
 && apt-get install curl | sort
RUN cd /tmp
RUN cd /tmp
COPYY 😀| <a> & \"b\"
maintainer me
";

fn project() -> TempDir {
    folder(&[("a b/Dockerfile", FILE), ("clean", "FROM scratch\nCOPY a /b\n")])
}

fn report(folder: &TempDir, format: &str) -> String {
    let arguments = ["check", "--profile=strict", "a b/Dockerfile", "clean", "gone", "--format"];
    let (code, out, _) = run(layerwise(folder).args(arguments).arg(format));
    assert_eq!(code, 2);
    out
}

/// Path, line and code.
type Place = (String, u64, String);

fn place(path: &Value, line: &Value, code: &Value) -> Place {
    (path.as_str().unwrap().to_owned(), line.as_u64().unwrap(), code.as_str().unwrap().to_owned())
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn list<'a>(value: &'a Value, path: &str) -> &'a Vec<Value> {
    value.pointer(path).unwrap().as_array().unwrap()
}

/// The findings, from the format that the others are held against.
fn expected(folder: &TempDir) -> Vec<Place> {
    let value = parsed(&report(folder, "json"));
    let files = list(&value, "/files").iter();
    let places = files.flat_map(|file| {
        let findings = list(file, "/findings").iter();
        findings.map(|it| place(&file["path"], &it["range"]["start"]["line"], &it["code"]))
    });
    let places: Vec<Place> = places.collect();
    assert!(places.len() > 8, "{places:?}");
    places
}

/// All that can be read from one object per finding, but for the file that is gone.
fn places(issues: &[Value], path: &str, line: &str, code: &str) -> Vec<Place> {
    let issues = issues.iter().filter(|it| it.pointer(code).unwrap() != "unreadable-file");
    let at = |it: &Value, pointer: &str| it.pointer(pointer).unwrap().clone();
    issues.map(|it| place(&at(it, path), &at(it, line), &at(it, code))).collect()
}

fn is_gone(issues: &[Value]) -> bool {
    issues.iter().filter(|it| it.to_string().contains("no such file or folder")).count() == 1
}

/// No two are the same.
fn all_differ(fingerprints: impl Iterator<Item = Value>) {
    let mut seen = std::collections::HashSet::new();
    assert!(fingerprints.map(|it| it.as_str().unwrap().to_owned()).all(|it| seen.insert(it)));
}
