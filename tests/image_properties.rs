//! What holds of all images: whatever bytes come, reading ends in a result; whatever layers are on each other, each byte is
//! of use once or for nothing once. `FUZZ_SECONDS=600 cargo test --release --test image_properties` looks longer.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use common::archives::{Entry, Picture, Tar, archive, gzip, zstd};
use layerwise::image::{Choice, Image, Kind, Limits, from_stream};
use layerwise::measure::{Measured, Tree};

/// Numbers that come again with the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }

    fn pick<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        let at = self.below(list.len());
        &list[at]
    }
}

/// Runs for as long as is asked for, and at least so often.
fn often(least: u64, mut each: impl FnMut(&mut Random)) {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|it| it.parse().ok()).unwrap_or(0);
    let end = Instant::now() + Duration::from_secs(seconds);
    // Another start each time it is asked to look long.
    let start = if seconds > 0 { u64::from(std::process::id()) << 32 } else { 0 };
    let mut round = 0;
    while round < least || Instant::now() < end {
        round += 1;
        let mut random = Random((start + round).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        random.next();
        each(&mut random);
    }
}

/// A layer with entries that get into each other's way.
fn layer(random: &mut Random) -> Vec<u8> {
    const NAMES: &[&str] =
        &["a", "b", "a/x", "a/y", "b/x", "a/x/1", "a/x/2", "a-b", "c", ".env", "var/log/lastlog"];
    let mut tar = Tar::new();
    let mut seen = HashSet::new();
    for _ in 0..random.below(8) {
        let path = *random.pick(NAMES);
        if !seen.insert(path) {
            continue;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let join = |name: &str| {
            if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
        };
        tar = match random.below(7) {
            0 => tar.directory(&format!("{path}/")),
            1 => tar.symlink(path, "a"),
            2 => tar.link(path, random.pick::<&str>(NAMES)),
            3 => tar.file(&join(&format!(".wh.{name}")), b""),
            4 => tar.file(&join(".wh..wh..opq"), b""),
            _ => {
                let content = vec![
                    u8::try_from(random.below(3)).unwrap();
                    [0, 5, 5000, 9000][random.below(4)]
                ];
                let mode = *random.pick(&[0o644, 0o600]);
                tar.add(&Entry { path, mode, content: &content, ..Entry::default() })
            }
        };
    }
    tar.end()
}

fn read(bytes: &[u8]) -> Result<Vec<Image>, String> {
    from_stream(bytes, &Choice::default(), &Limits::new(32 << 20)).map_err(|it| it.to_string())
}

/// The paths of stacked layers, by the rules of the specification and no shortcut.
fn naive(image: &Image) -> BTreeMap<Vec<u8>, (usize, Kind)> {
    let mut paths: BTreeMap<Vec<u8>, (usize, Kind)> = BTreeMap::new();
    let below = |path: &[u8], of: &[u8]| of.is_empty() || path.starts_with(&[of, b"/"].concat());
    for (index, layer) in image.layers.iter().enumerate() {
        for entry in &layer.content.entries {
            match entry.kind {
                Kind::Whiteout => {
                    paths.retain(|path, _| *path != *entry.path && !below(path, &entry.path));
                }
                Kind::Opaque => paths.retain(|path, _| !below(path, &entry.path)),
                _ => {}
            }
        }
        for entry in layer.content.entries.iter().filter(|it| !it.kind.is_removal()) {
            // What is on the way and no folder goes.
            let ends = entry.path.iter().enumerate().filter(|it| *it.1 == b'/').map(|it| it.0);
            for end in ends {
                let on_way = &entry.path[..end];
                if paths
                    .get(on_way)
                    .is_some_and(|it| !matches!(it.1, Kind::Directory | Kind::Symlink))
                {
                    paths.remove(on_way);
                }
            }
            if entry.kind != Kind::Directory {
                paths.retain(|path, _| !below(path, &entry.path));
            }
            paths.insert(entry.path.to_vec(), (index, entry.kind));
        }
    }
    paths
}

#[test]
fn stacked_layers_are_what_the_rules_say() {
    often(400, |random| {
        let layers: Vec<Vec<u8>> = (0..=random.below(5)).map(|_| layer(random)).collect();
        let image = read(&Picture::new(layers).docker_archive()).unwrap().remove(0);
        let tree = Tree::new(image.layers.iter().map(|it| &*it.content.entries));
        let found: BTreeMap<Vec<u8>, (usize, Kind)> = tree
            .paths()
            .map(|(path, place)| (path.to_vec(), (place.layer, tree.entry(place).kind)))
            .collect();
        assert_eq!(found, naive(&image));
    });
}

#[test]
fn each_byte_is_of_use_once_or_in_vain_once() {
    often(400, |random| {
        let layers: Vec<Vec<u8>> = (0..=random.below(5)).map(|_| layer(random)).collect();
        let image = read(&Picture::new(layers).docker_archive()).unwrap().remove(0);
        let all: u64 =
            image.layers.iter().flat_map(|it| &it.content.entries).map(|it| it.size).sum();
        let tree = Tree::new(image.layers.iter().map(|it| &*it.content.entries));
        let places: HashSet<_> = tree.losses.iter().map(|it| it.place).collect();
        assert_eq!(places.len(), tree.losses.len(), "a byte is lost twice");
        let lost: u64 = tree.losses.iter().map(|it| tree.entry(it.place).size).sum();
        let of_use: HashSet<_> = tree.contents().into_iter().map(|it| it.1).collect();
        let of_use: u64 = of_use.difference(&places).map(|it| tree.entry(*it).size).sum();
        assert_eq!(lost + of_use, all);
        let measured = Measured::new("x".to_owned(), image, None, None, &|_| false);
        assert!(measured.waste.own + measured.waste.inherited <= all);
        assert!((0.0..=1.0).contains(&measured.efficiency()));
    });
}

/// Bytes of an archive with a few things wrong.
fn broken(random: &mut Random) -> Vec<u8> {
    let picture = Picture::new((0..=random.below(3)).map(|_| layer(random)).collect());
    let pack: fn(&[u8]) -> Vec<u8> =
        *random.pick(&[gzip as fn(&[u8]) -> Vec<u8>, zstd, <[u8]>::to_vec]);
    let mut bytes = match random.below(3) {
        0 => picture.docker_archive(),
        1 => {
            picture.docker_archive_of(&picture.layers.iter().map(|it| pack(it)).collect::<Vec<_>>())
        }
        _ => archive(&picture.oci(pack)),
    };
    for _ in 0..=random.below(4) {
        let (at, other) = (random.below(bytes.len()), random.below(bytes.len()));
        let length = random.below(600).min(bytes.len() - at);
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at..at + length].fill(*random.pick(&[0, 0xff, b'0', b'7', b'/'])),
            2 => bytes.truncate(at.max(1)),
            3 => {
                let piece = bytes[at..at + length].to_vec();
                bytes.splice(other..other, piece);
            }
            4 => drop(bytes.drain(at..at + length)),
            // A field of some header, with its checksum put right.
            _ => {
                let block = at / 512 * 512;
                if block + 512 <= bytes.len() {
                    let field =
                        block + random.pick(&[0, 100, 108, 124, 136, 156, 157, 257, 345, 482]);
                    bytes[field] = u8::try_from(random.below(256)).unwrap();
                    bytes[block + 148..block + 156].fill(b' ');
                    let sum: u32 = bytes[block..block + 512].iter().map(|it| u32::from(*it)).sum();
                    bytes[block + 148..block + 156]
                        .copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
                }
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    match random.below(5) {
        0 => gzip(&bytes),
        1 => zstd(&bytes),
        _ => bytes,
    }
}

#[test]
fn whatever_bytes_come_reading_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    often(600, |random| {
        let bytes = broken(random);
        let start = Instant::now();
        let streamed = read(&bytes);
        std::fs::write(&path, &bytes).unwrap();
        let opened = layerwise::image::open(&path, &Choice::default(), &Limits::new(32 << 20));
        // A stream and a file are read in their own ways, and say the same where both are content.
        if let (Ok(a), Ok(b)) = (&streamed, &opened) {
            let ids = |images: &[Image]| images.iter().map(|it| it.id).collect::<Vec<_>>();
            assert_eq!(ids(a), ids(b));
        }
        for image in streamed.into_iter().flatten() {
            let measured = Measured::new("x".to_owned(), image, None, None, &|_| false);
            assert!((0.0..=1.0).contains(&measured.efficiency()));
        }
        assert!(start.elapsed() < Duration::from_secs(20), "it takes too long");
    });
}
