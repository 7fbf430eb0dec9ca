//! Images of every format, and what is wasted in them, end to end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod compared;
mod library;
mod read;
mod waste;

use std::path::Path;

use common::archives::{Entry, Picture, Tar, archive, digest, gzip, noise, unpack, zstd};
use common::{layerwise, run};
use serde_json::Value;

/// What `image --format json` says.
fn measure(folder: &Path, arguments: &[&str]) -> Value {
    let mut command = layerwise(folder);
    command.args(["image", "--format", "json", "--no-config"]).args(arguments);
    let (code, out, err) = run(&mut command);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// What it says of an archive with these layers.
fn layers(layers: Vec<Vec<u8>>) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.tar"), Picture::new(layers).docker_archive()).unwrap();
    measure(folder.path(), &["x.tar"])["images"][0].take()
}

/// Class and bytes of each item.
fn items(image: &Value) -> Vec<(String, u64)> {
    let items = image["waste"]["items"].as_array().unwrap().iter();
    items
        .map(|it| (it["class"].as_str().unwrap().to_owned(), it["bytes"].as_u64().unwrap()))
        .collect()
}

fn base() -> Vec<u8> {
    Tar::new().directory("bin/").file("bin/busybox", &noise(7, 100_000)).end()
}
