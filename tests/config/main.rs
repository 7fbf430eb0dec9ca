//! Configuration from outside: which file counts, what it changes, and what is said about a wrong one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod extended;
mod faults;
mod hadolint;
mod nearest;
mod printed;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use common::{folder, layerwise, run};

/// Gives DL3007 (warning), DL3015 (info) and DL3009.
const IMAGE: &str = "FROM debian:latest\nRUN apt-get update && apt-get install -y ffmpeg\nCOPY --from=a:1 /a /b\nUSER a\nEXPOSE 80\nCMD [\"b\"]\n";

/// The codes of each file as `code/severity`, in order, without doubles.
fn findings(folder: &Path, arguments: &[&str]) -> BTreeMap<String, String> {
    let mut command = layerwise(folder);
    let (_, out, err) = run(command.args(["check", "--format=json"]).args(arguments));
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let files = report["files"].as_array().unwrap().iter().map(|file| {
        let findings = file["findings"].as_array().unwrap().iter();
        let mut codes: Vec<String> = findings
            .map(|it| {
                format!(
                    "{}/{}",
                    it["code"].as_str().unwrap(),
                    &it["severity"].as_str().unwrap()[..1]
                )
            })
            .collect();
        codes.sort();
        codes.dedup();
        (file["path"].as_str().unwrap().to_owned(), codes.join(" "))
    });
    files.collect()
}

fn one(folder: &Path, arguments: &[&str]) -> String {
    findings(folder, arguments).into_values().next().unwrap()
}

/// Runs `check` with a configuration file and gives the exit code and what is said about it.
fn fault(name: &str, content: &[u8]) -> (i32, String) {
    let folder = folder(&[("Dockerfile", IMAGE)]);
    std::fs::write(folder.path().join(name), content).unwrap();
    let (code, out, err) = run(layerwise(folder.path()).args(["check"]));
    assert_eq!(out, "", "{name}");
    (code, err)
}

/// A file of the fixtures.
fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/config").join(name);
    std::fs::read_to_string(path).unwrap()
}
