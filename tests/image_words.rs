//! What `image` says of each name that measuring knows: each word in the sources of `src/measure/` and of the package managers is a
//! file, a folder, an ending and a package of one image, and each that is wasted is in `fixtures/images/words.txt`.
//! `UPDATE=1 cargo test --test image_words` writes it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use common::archives::{Picture, Tar, noise};
use common::update;
use layerwise::build::Patience;
use layerwise::measure::session::{Session, Silent};

/// Where names are written down.
const FOLDERS: [&str; 2] = ["src/measure", "src/model/packages"];

/// The files of the image, with `{}` for each word.
const PLACES: [&str; 5] = ["{}", "{}/x", "srv/{}", "srv/{}/x", "home/me/{}/x"];

/// The words in quotes of all files in a folder that can be in a path, without those of tests.
fn collect(folder: &Path, words: &mut BTreeSet<String>) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, words);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            let quoted = text.split('"').skip(1).step_by(2);
            let plain = quoted.map(|it| it.trim_start_matches("~/").trim_matches('/'));
            let is_path = |it: &&str| {
                let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+/".contains(&byte);
                !it.is_empty() && it.len() <= 60 && it.bytes().all(known) && !it.contains("..")
            };
            words.extend(plain.filter(is_path).filter(|it| *it != ".").map(str::to_owned));
        }
    }
}

/// The wasted paths and packages of an image with one layer, by the reason.
fn wasted(layer: Vec<u8>) -> BTreeMap<usize, Vec<String>> {
    let patience = Patience { timeout: None, cancel: std::sync::Arc::default() };
    let session = Session::new(patience, 1 << 30, &Silent);
    let archive = tempfile::tempdir().unwrap();
    let path = archive.path().join("x.tar");
    std::fs::write(&path, Picture::new(vec![layer]).docker_archive()).unwrap();
    let name = path.display().to_string();
    let image = session.single(&name).unwrap();
    let measured = session.image(name, image, None, &|_| false).unwrap();
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for item in &measured.waste.items {
        let paths = item.paths.iter().map(|it| it.0.clone());
        found.entry(item.class.number()).or_default().extend(paths);
    }
    found
}

fn shown(title: &str, found: BTreeMap<usize, Vec<String>>) -> String {
    let mut text = String::new();
    for (class, mut paths) in found {
        paths.sort();
        write!(text, "# {title}: W{class}\n{}\n\n", paths.join("\n")).unwrap();
    }
    text
}

#[test]
fn every_name_is_wasted_where_it_was() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut words = BTreeSet::new();
    FOLDERS.iter().for_each(|it| collect(&root.join(it), &mut words));
    let is_folder = |it: &str| words.iter().any(|other| other.starts_with(&format!("{it}/")));
    let mut new = String::new();
    for place in PLACES {
        let mut tar = Tar::new();
        // Equal contents would be twins.
        // A folder is no file, in the same place.
        let is_free = |it: &&String| place.ends_with('x') || !is_folder(it);
        for (word, number) in words.iter().filter(is_free).zip(0..) {
            tar = tar.file(&place.replace("{}", word), &noise(number, 40));
        }
        new += &shown(place, wasted(tar.end()));
    }
    let mut tar = Tar::new();
    for (word, number) in words.iter().filter(|it| it.starts_with('.')).zip(0..) {
        tar = tar.file(&format!("srv/x{word}"), &noise(number, 66_000));
    }
    new += &shown("srv/x{} of 66 kB", wasted(tar.end()));
    let mut tar = Tar::new();
    for (word, number) in words.iter().filter(|it| it.contains("log")).zip(0..) {
        tar = tar.file(word, &vec![0; 300_000 + number]);
    }
    new += &shown("{} of zeros", wasted(tar.end()));
    let packages = words.iter().map(|it| {
        format!("Package: {it}\nStatus: install ok installed\nInstalled-Size: 1\nVersion: 1\n\n")
    });
    let status = packages.collect::<String>();
    let tar = Tar::new().file("var/lib/dpkg/status", status.as_bytes());
    new += &shown("package {}", wasted(tar.end()));
    let path = root.join("fixtures/images/words.txt");
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    if old != new && update() {
        std::fs::write(&path, new).unwrap();
        return;
    }
    let diff = similar::TextDiff::from_lines(&old, &new).unified_diff().to_string();
    assert!(
        diff.is_empty(),
        "{diff}\n`UPDATE=1 cargo test --test image_words` writes what is said"
    );
}
