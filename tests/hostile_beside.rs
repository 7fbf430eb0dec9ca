//! A Dockerfile that was made to do harm changes nothing of what is reported about the files next to it, in any format.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../benches/shapes/mod.rs"]
mod shapes;

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use common::{folder, hostile, layerwise};
use serde_json::Value;

/// A file with findings of many rules, with its own build context and shell text, with fixes and a secret.
const NORMAL: &str = "\
FROM node:latest AS build
ENV PASSWORD=hunter2222
COPY . /app
RUN cd /app && npm install; echo $1 | sort
RUN apt-get update && apt-get install curl
ADD b c
maintainer me
";

/// Formats of one line or block a finding, in the order of the files.
const TEXTS: [&str; 6] = ["full", "concise", "gnu", "github", "jsonl", "markdown"];

/// Formats that hold all files in one document.
const DOCUMENTS: [&str; 8] =
    ["json", "sarif", "gitlab", "codeclimate", "junit", "checkstyle", "sonarqube", "rdjson"];

/// The report of each format about these files.
fn reports(folder: &Path, files: &[&str]) -> BTreeMap<&'static str, String> {
    let mut command = layerwise(folder);
    command.args(["check", "--profile=audit", "--exit-zero", "--quiet", "--no-config"]);
    let formats = || TEXTS.into_iter().chain(DOCUMENTS);
    for format in formats() {
        command.args(["--format", format, "--output", &format!("out.{format}")]);
    }
    let output = command.args(files).timeout(Duration::from_secs(60)).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let read = |format| {
        let path = folder.join(format!("out.{format}"));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        // It ends in the sum of all files.
        let sum = text.find("\nFound ").filter(|_| format == "markdown");
        let text = text[..sum.unwrap_or(text.len())].to_owned();
        (format, text)
    };
    formats().map(read).collect()
}

/// What a document says of one file, read by a parser of its language.
fn about(format: &str, report: &str, file: &str) -> Vec<String> {
    let json = || serde_json::from_str::<Value>(report).unwrap();
    let of_json = |list: &Value, path: &str| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.filter(|it| it.pointer(path).unwrap() == file).map(Value::to_string).collect()
    };
    let of_xml = |element: &str| -> Vec<String> {
        let tree = roxmltree::Document::parse(report).unwrap();
        let nodes = tree.descendants().filter(|it| it.has_tag_name(element));
        let nodes = nodes.filter(|it| it.attribute("name") == Some(file));
        nodes.map(|it| report[it.range()].to_owned()).collect()
    };
    match format {
        "json" => of_json(&json()["files"], "/path"),
        "gitlab" => of_json(&json(), "/location/path"),
        "codeclimate" => {
            let parts = report.split_terminator('\0').map(|it| serde_json::from_str(it).unwrap());
            of_json(&Value::Array(parts.collect()), "/location/path")
        }
        "sonarqube" => of_json(&json()["issues"], "/primaryLocation/filePath"),
        "rdjson" => of_json(&json()["diagnostics"], "/location/path"),
        "sarif" => {
            let mut results = json()["runs"][0]["results"].clone();
            // It counts the rules of all files.
            for it in results.as_array_mut().unwrap() {
                it.as_object_mut().unwrap().remove("ruleIndex");
            }
            of_json(&results, "/locations/0/physicalLocation/artifactLocation/uri")
        }
        "junit" => of_xml("testsuite"),
        "checkstyle" => of_xml("file"),
        _ => panic!("{format}"),
    }
}

#[test]
fn nothing_changes_for_the_files_beside_it() {
    let shapes = shapes::SHAPES.iter().map(|(name, text)| ((*name).to_owned(), text(40).into()));
    let texts: Vec<(String, Vec<u8>)> = shapes.chain(hostile::dockerfiles()).collect();
    assert!(texts.len() >= 150, "{}", texts.len());
    let it = folder(&[
        ("a.Dockerfile", NORMAL),
        ("z.Dockerfile", NORMAL),
        ("b", "x"),
        (".git/HEAD", "ref: refs/heads/main\n"),
    ]);
    let first = reports(it.path(), &["a.Dockerfile"]);
    let both = reports(it.path(), &["a.Dockerfile", "z.Dockerfile"]);
    let mut faults = Vec::new();
    for batch in texts.chunks(10) {
        let mut files = vec!["a.Dockerfile".to_owned()];
        for (number, (_, text)) in batch.iter().enumerate() {
            let file = format!("h{number}.Dockerfile");
            std::fs::write(it.path().join(&file), text).unwrap();
            files.push(file);
        }
        files.push("z.Dockerfile".to_owned());
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let name = batch.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(", ");
        let all = reports(it.path(), &files);
        for format in TEXTS {
            let above = &first[format];
            let below = both[format].strip_prefix(above.as_str()).unwrap();
            assert!(above.lines().count() >= 8 && below.lines().count() >= 8, "{format}: {below}");
            if !(all[format].starts_with(above) && all[format].ends_with(below)) {
                faults.push(format!("{name}, {format}"));
            }
        }
        for format in DOCUMENTS {
            for file in ["a.Dockerfile", "z.Dockerfile"] {
                let expected = about(format, &both[format], file);
                assert!(expected.iter().map(String::len).sum::<usize>() > 1000, "{format}");
                if about(format, &all[format], file) != expected {
                    faults.push(format!("{name}, {format}, {file}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_bound_of_repeated_findings_is_one_of_each_file() {
    let line = "FROM debian:12\n".to_owned() + &"foo bar\n".repeat(1200);
    let it = folder(&[("a.Dockerfile", &line), ("b.Dockerfile", &line)]);
    let all = reports(it.path(), &["a.Dockerfile", "b.Dockerfile"]);
    let json: Value = serde_json::from_str(&all["json"]).unwrap();
    for at in 0..2 {
        let findings = json["files"][at]["findings"].as_array().unwrap();
        let unknown: Vec<&str> = findings
            .iter()
            .filter_map(|it| it["message"].as_str().filter(|it| it.contains("`foo`")))
            .collect();
        assert_eq!(unknown.len(), 1000);
        assert!(unknown[999].ends_with(" (and 200 more)"), "{}", unknown[999]);
        assert!(!unknown[998].contains("more"), "{}", unknown[998]);
    }
}
