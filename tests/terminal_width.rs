//! Tables of `image` fit a terminal of eighty columns, and their numbers are below each other, whatever names look like.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::archives::{Picture, Tar, noise};
use common::{layerwise, run};

/// Parts of names: long ones, wide ones, and marks that take no room.
const PARTS: [&str; 8] = [
    "long-name",
    "日本語の名前",
    "ＦＵＬＬ",
    "한국어",
    "🚀🎉",
    "❤\u{fe0f}",
    "e\u{301}a\u{308}",
    "a日b🚀",
];

/// How many columns a terminal gives to a text of [`PARTS`] and of ours: recognized by the ranges of characters alone.
fn columns(text: &str) -> usize {
    let of = |it: char| match u32::from(it) {
        0x300..=0x36f => 0,
        // The one that makes the heart a picture counts for the column that it adds.
        0x1100..=0x11ff | 0x2e80..=0xd7a3 | 0xff01..=0xff60 | 0x1f300.. => 2,
        _ => 1,
    };
    text.chars().map(of).sum()
}

#[test]
fn tables_fit_whatever_names_look_like() {
    for part in PARTS {
        let work = tempfile::tempdir().unwrap();
        let path = |number: u32| format!("var/cache/apt/{}-{number}", part.repeat(9));
        let base = Tar::new().file("old", &noise(9, 5_000_000)).end();
        let first = Tar::new()
            .file(".wh.old", b"")
            .file(&path(1), &noise(1, 90_000))
            .file("b", &noise(2, 80_000))
            .end();
        let second = Tar::new().file(".wh.b", b"").file("c", &noise(3, 7_000)).end();
        let mut picture = Picture::new(vec![base.clone(), first, second]);
        picture.steps[1] = format!("RUN {}", format!("make {part} && ").repeat(20));
        picture.steps[2] = format!("RUN {part}");
        std::fs::write(work.path().join("x.tar"), picture.docker_archive()).unwrap();
        std::fs::write(work.path().join("base.tar"), Picture::new(vec![base]).docker_archive())
            .unwrap();
        for arguments in [
            &["x.tar"][..],
            &["x.tar", "--base", "base.tar", "--what-if", "--max-waste", "1%"],
            &["x.tar", "base.tar"],
            &["base.tar", "x.tar", "--diff"],
        ] {
            let (_, out, err) = run(layerwise(work.path()).arg("image").args(arguments));
            assert!(out.lines().count() > 4, "{err}");
            for line in out.lines() {
                assert!(columns(line) <= 80, "{part} {arguments:?} {}: {line}", columns(line));
            }
            // Where the numbers of the table of layers end.
            let rows = out.lines().skip_while(|it| !it.contains("  in files"));
            let rows = rows.take_while(|it| !it.is_empty());
            let end = |line: &str| {
                let line = line.trim_end_matches(['█', '▏', '▎', '▍', '▌', '▋', '▊', '▉', ' ']);
                columns(line)
            };
            let ends: Vec<usize> = rows.map(end).collect();
            if arguments[0] == "x.tar" && !arguments.contains(&"base.tar") {
                assert_eq!(ends.len(), 4, "{out}");
                assert!(ends.iter().all(|it| *it == ends[0]), "{ends:?} {out}");
            }
        }
    }
}
