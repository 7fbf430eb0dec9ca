//! What `measure` says of small images whose steps and files are in `fixtures/images/*.cases`: which lines made their layers,
//! what is wasted, and what they would be without it. `UPDATE=1 cargo test --test image_cases` writes what is said.
//!
//! Above `---` is the Dockerfile; without one, `image` is asked. Below are the steps of the image's history, where `-` is in front of
//! those without a layer, each followed by its indented entries: `path size`, `path/`, `path -> symlink`, `path => hard link` or
//! `path = text`; a size may be followed by `#number` for other content, `zeros`, `mode=600` or `owner=7`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use common::archives::{Entry, Picture, Tar, noise};
use common::cases::{quoted, read_cases};
use common::{layerwise, run, update};
use rayon::prelude::*;
use serde_json::Value;

/// A tar with one more entry.
fn with_entry(tar: Tar, line: &str) -> Tar {
    if let Some((path, text)) = line.split_once(" = ") {
        return tar.file(path, format!("{}\n", text.replace("\\n", "\n")).as_bytes());
    }
    if let Some((path, link)) = line.split_once(" -> ") {
        return tar.symlink(path, link);
    }
    if let Some((path, link)) = line.split_once(" => ") {
        return tar.link(path, link);
    }
    let mut words = line.split(' ');
    let path = words.next().unwrap();
    if path.ends_with('/') {
        return tar.directory(path);
    }
    let size: usize = words.next().map_or(0, |it| it.parse().unwrap());
    let mut content = noise(size as u64, size);
    let mut entry = Entry { path, ..Entry::default() };
    for word in words {
        match word.split_once('=') {
            Some(("mode", mode)) => entry.mode = u32::from_str_radix(mode, 8).unwrap(),
            Some(("owner", owner)) => entry.owner = owner.parse().unwrap(),
            None if word == "zeros" => content = vec![0; size],
            _ => content = noise(word.strip_prefix('#').unwrap().parse().unwrap(), size),
        }
    }
    tar.add(&Entry { content: &content, ..entry })
}

/// The image of a history.
fn picture(history: &str) -> Picture {
    let mut picture = Picture::new(Vec::new());
    picture.steps = Vec::new();
    let mut layers: Vec<Tar> = Vec::new();
    for line in history.lines() {
        if let Some(entry) = line.strip_prefix("  ") {
            let layer = layers.pop().unwrap();
            layers.push(with_entry(layer, entry));
        } else if let Some(comment) = line.strip_prefix("comment: ") {
            picture.comment = comment.to_owned();
        } else if let Some(settings) = line.strip_prefix("settings: ") {
            picture.settings = serde_json::from_str(settings).unwrap();
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

/// Which lines made each layer, and how sure that is.
fn origins(report: &Value) -> String {
    let mut text = String::new();
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
    let paths = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|it| it.extension().is_some_and(|it| it == "cases")).collect();
    paths.sort();
    let mut stale = Vec::new();
    for path in paths {
        let found: Vec<String> = read_cases(&path)
            .par_iter()
            .map(|(title, text)| format!("# {title}\n{}\n{}", quoted(text), shown(text)))
            .collect();
        let (expected, new) = (path.with_extension("cases.expected"), found.join("\n"));
        let old = std::fs::read_to_string(&expected).unwrap_or_default();
        if old == new {
            continue;
        }
        if update() {
            std::fs::write(&expected, new).unwrap();
        } else {
            let diff = similar::TextDiff::from_lines(&old, &new);
            stale.push(diff.unified_diff().context_radius(3).to_string());
        }
    }
    let how = "`UPDATE=1 cargo test --test image_cases` writes what is said";
    assert!(stale.is_empty(), "{}\n{how}", stale.join("\n"));
}
