//! Archives that are broken, or made to harm: each is an error that says what and where, and leaves nothing behind.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod archives;
mod layouts;
mod odd;

use std::path::Path;

use common::archives::{Entry, Picture, Tar, archive, digest, gzip, unpack, zstd};
use common::{layerwise, run};

/// A tar of one small file.
fn layer() -> Vec<u8> {
    Tar::new().file("a", b"1").end()
}

fn picture() -> Picture {
    Picture::new(vec![layer()])
}

/// An archive whose second layer is this.
fn with(second: Vec<u8>) -> Vec<u8> {
    Picture::new(vec![layer(), second]).docker_archive()
}

/// An archive with a layer of one entry.
fn entry(it: &Entry<'_>) -> Vec<u8> {
    with(Tar::new().file("before", b"1").add(it).end())
}

/// An archive with these texts for manifest and configuration.
fn texts(manifest: &str, config: &str) -> Vec<u8> {
    Tar::new()
        .file("l.tar", &layer())
        .file("c.json", config.as_bytes())
        .file("manifest.json", manifest.as_bytes())
        .end()
}

const MANIFEST: &str = r#"[{"Config":"c.json","RepoTags":["a:1"],"Layers":["l.tar"]}]"#;

fn config() -> String {
    format!(r#"{{"rootfs":{{"diff_ids":["{}"]}}}}"#, digest(&layer()))
}

/// Zeros that unpack to a thousand times their size.
fn bomb() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let piece = vec![0; 1 << 20];
    for _ in 0..64 {
        std::io::Write::write_all(&mut encoder, &piece).unwrap();
    }
    encoder.finish().unwrap()
}

/// A layer with sparse files that say they have these sizes.
fn sparse(sizes: &[&str]) -> Vec<u8> {
    let add = |tar: Tar, (number, size): (usize, &&str)| {
        let records = [("GNU.sparse.major", "1"), ("GNU.sparse.realsize", *size)];
        tar.pax(&records).file(&format!("f{number}"), b"0\n")
    };
    sizes.iter().enumerate().fold(Tar::new(), add).end()
}

/// An archive that names one layer again and again.
fn many_layers() -> Vec<u8> {
    let names = vec!["\"l.tar\""; 1001].join(",");
    let ids = vec![format!("\"{}\"", digest(&layer())); 1001].join(",");
    let manifest = format!(r#"[{{"Config":"c.json","RepoTags":["a:1"],"Layers":[{names}]}}]"#);
    texts(&manifest, &format!(r#"{{"rootfs":{{"diff_ids":[{ids}]}}}}"#))
}

/// An archive that names so many images, each with its own configuration or all with one.
fn many_images(count: usize, is_one: bool) -> Vec<u8> {
    let name = |number: usize| format!("c{}.json", if is_one { 0 } else { number });
    let tar = (0..if is_one { 1 } else { count }).fold(Tar::new(), |tar, number| {
        let text = config().replacen('{', &format!(r#"{{"os":"os{number}","#), 1);
        tar.file(&name(number), text.as_bytes())
    });
    let item = |number| {
        let config = name(number);
        format!(r#"{{"Config":"{config}","RepoTags":["a:{number}"],"Layers":["l.tar"]}}"#)
    };
    let items: Vec<String> = (0..count).map(item).collect();
    let manifest = format!("[{}]", items.join(","));
    tar.file("l.tar", &layer()).file("manifest.json", manifest.as_bytes()).end()
}

fn checksum(mut block: [u8; 512]) -> [u8; 512] {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// A layer whose header has these bytes at a place.
fn field(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut block = common::archives::header(&Entry { path: "bad", ..Entry::default() });
    block[at..at + bytes.len()].copy_from_slice(bytes);
    with(Tar::new().raw(&checksum(block)).end())
}
