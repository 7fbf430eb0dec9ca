//! What `measure` says of small images whose steps and files are in `fixtures/images/*.cases`: which lines made their layers,
//! what is wasted, and what they would be without it. `UPDATE=1 cargo test --test image_cases` writes what is said.
//!
//! Above `---` is the Dockerfile; without one, `image` is asked. Below are the steps of the image's history: `-` is in front of
//! those without a layer, `@TIME` in front of what was done then, and `##` in front of a comment; `+` is a layer without a
//! step. Each is followed by its indented entries as `Tar::line` reads them.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fmt::Write;
use std::path::Path;

use common::archives::{Picture, Tar};
use common::golden::assert_cases;
use common::{layerwise, run};
use serde_json::Value;

/// The image of a history.
fn picture(history: &str) -> Picture {
    let mut picture = Picture::new(Vec::new());
    picture.steps = Vec::new();
    let mut layers: Vec<Tar> = Vec::new();
    for line in history.lines() {
        if let Some(entry) = line.strip_prefix("  ") {
            let layer = layers.pop().unwrap();
            layers.push(layer.line(entry));
        } else if let Some(comment) = line.strip_prefix("comment: ") {
            picture.comment = comment.to_owned();
        } else if let Some(settings) = line.strip_prefix("settings: ") {
            picture.settings = serde_json::from_str(settings).unwrap();
        } else if line == "+" {
            layers.push(Tar::new());
        } else {
            picture.steps.push(line.to_owned());
            if !line.starts_with('-') {
                layers.push(Tar::new());
            }
        }
    }
    picture.layers = layers.into_iter().map(Tar::end).collect();
    picture
}

/// Where the base ends, which lines made each layer, and how sure that is.
fn origins(report: &Value) -> String {
    let mut text = String::new();
    let base = &report["images"][0]["base"];
    if let Some(evidence) = base["evidence"].as_str() {
        writeln!(text, "base of {} layers: {evidence}", base["layers"]).unwrap();
    }
    for layer in report["images"][0]["layers"].as_array().into_iter().flatten() {
        let made = &layer["instruction"];
        let by = match made.is_null() {
            true if layer["base"] == true => "the base".to_owned(),
            true => "nothing that is known".to_owned(),
            false => format!(
                "lines {}-{} {} {}",
                made["line"],
                made["end_line"],
                made["keyword"].as_str().unwrap(),
                made["confidence"].as_str().unwrap()
            ),
        };
        writeln!(text, "layer {} from {by}", layer["index"]).unwrap();
    }
    text
}

fn shown(text: &str) -> String {
    let (dockerfile, history) = text.split_once("---\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("app.tar", &picture(history).docker_archive());
    write("Dockerfile", dockerfile.as_bytes());
    let print = |format: &str| {
        let mut command = layerwise(folder.path());
        match dockerfile.is_empty() {
            true => command.args(["image", "app.tar"]),
            false => command.args(["measure", "--image", "app.tar"]),
        };
        run(command.args(["--no-config", "--what-if", "--format", format]))
    };
    let (code, out, err) = print("text");
    let report = serde_json::from_str(&print("json").1).unwrap_or_default();
    let code = if code == 0 { String::new() } else { format!("exit code {code}\n") };
    format!("{}{out}{err}{code}", origins(&report))
}

#[test]
fn images_of_all_kinds_are_measured() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/images");
    assert_cases(&folder, "image_cases", shown);
}
