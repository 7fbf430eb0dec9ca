//! What `measure --engine none` makes of the Dockerfiles in `fixtures/measured/*.cases`: the layers with their digests, and what
//! needs an engine. `UPDATE=1 cargo test --test measure_alone` writes what is said. `tests/builders` compares such layers with
//! those of engines.
//!
//! Above `---` is the Dockerfile, perhaps below a line `options: …`. Below is the build context, an entry on each line:
//! `path size`, `path/`, `path -> symlink`, `path = text` or `path : bytes in hexadecimal`; a path with `mode=` is followed by
//! its mode. Behind `tar PATH`, `gzip PATH` or `image PATH`, the indented lines are the entries of that archive, as
//! `Tar::line` reads them, or of the one layer of that image.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use common::archives::{Picture, Tar, gzip, noise};
use common::golden::assert_cases;
use common::{layerwise, run};
use serde_json::Value;

/// Writes a file with the mode that most have, whatever the mask of this process is.
fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
}

fn write_entry(folder: &Path, line: &str) {
    if let Some((path, text)) = line.split_once(" = ") {
        return put(&folder.join(path), format!("{}\n", text.replace("\\n", "\n")).as_bytes());
    }
    if let Some((path, link)) = line.split_once(" -> ") {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        return symlink(link, path).unwrap();
    }
    if let Some((path, bytes)) = line.split_once(" : ") {
        let bytes = bytes.split(' ').map(|it| u8::from_str_radix(it, 16).unwrap());
        return put(&folder.join(path), &bytes.collect::<Vec<_>>());
    }
    let (path, rest) = line.split_once(' ').unwrap_or((line, ""));
    if let Some(mode) = rest.strip_prefix("mode=") {
        let mode = fs::Permissions::from_mode(u32::from_str_radix(mode, 8).unwrap());
        fs::set_permissions(folder.join(path), mode).unwrap();
    } else if path.ends_with('/') {
        fs::create_dir_all(folder.join(path)).unwrap();
        fs::set_permissions(folder.join(path), fs::Permissions::from_mode(0o755)).unwrap();
    } else {
        let size: usize = rest.parse().unwrap();
        put(&folder.join(path), &noise(size as u64, size));
    }
}

fn write_context(folder: &Path, context: &str) {
    let mut lines = context.lines().peekable();
    while let Some(line) = lines.next() {
        let mut archive = || {
            let mut tar = Tar::new();
            while let Some(entry) = lines.next_if(|it| it.starts_with("  ")) {
                tar = tar.line(&entry[2..]);
            }
            tar.end()
        };
        match line.split_once(' ') {
            Some(("tar", path)) => put(&folder.join(path), &archive()),
            Some(("gzip", path)) => put(&folder.join(path), &gzip(&archive())),
            Some(("image", path)) => {
                put(&folder.join(path), &Picture::new(vec![archive()]).docker_archive());
            }
            _ => write_entry(folder, line),
        }
    }
}

/// The place of an instruction and its keyword.
fn place(instruction: &Value) -> String {
    let [first, last] = ["line", "end_line"].map(|it| instruction[it].as_u64().unwrap());
    let lines = if first == last { first.to_string() } else { format!("{first}-{last}") };
    format!("{lines} {}", instruction["keyword"].as_str().unwrap())
}

fn shown(text: &str) -> String {
    let (dockerfile, context) = text.split_once("---\n").unwrap();
    let (options, dockerfile) = match dockerfile.strip_prefix("options: ") {
        Some(rest) => rest.split_once('\n').unwrap(),
        None => ("", dockerfile),
    };
    let folder = tempfile::tempdir().unwrap();
    write_context(folder.path(), context);
    put(&folder.path().join("Dockerfile"), dockerfile.as_bytes());
    let mut command = layerwise(folder.path());
    command.args(["measure", "--engine", "none", "--timestamp", "1700000000", "--no-config"]);
    let (code, out, err) = run(command.args(["--format", "json"]).args(options.split_whitespace()));
    let report: Value = serde_json::from_str(&out).unwrap_or_default();
    let image = &report["images"][0];
    let mut text = String::new();
    for layer in image["layers"].as_array().into_iter().flatten() {
        let by = match &layer["instruction"] {
            Value::Null => "base".to_owned(),
            it => format!("{} {}", place(it), it["confidence"].as_str().unwrap()),
        };
        let digest = &layer["diff_id"].as_str().map_or("", |it| &it[7..19]);
        let [files, tar] = ["files", "tar"].map(|it| layer["size"][it].as_u64().unwrap());
        let entries = &layer["entries"];
        writeln!(text, "{by}: {files} of {tar} bytes, {entries} entries, {digest}").unwrap();
    }
    for it in image["unmeasured"].as_array().into_iter().flatten() {
        let (place, reason) = (place(&it["instruction"]), it["reason"].as_str().unwrap());
        writeln!(text, "{place}: not measured: {reason}").unwrap();
    }
    let code = if code == 0 { String::new() } else { format!("exit code {code}\n") };
    format!("{text}{err}{code}")
}

#[test]
fn layers_that_need_no_engine_are_made_without_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/measured");
    assert_cases(&folder, "measure_alone", shown);
}
