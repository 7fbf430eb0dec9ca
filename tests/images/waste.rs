//! What is wasted, to the byte.

use super::*;

/// The size of the file in the tables below.
pub(super) const BIG: usize = 5_000_000;

pub(super) fn first(big: &[u8]) -> Vec<u8> {
    Tar::new().directory("data/").file("data/big", big).end()
}

#[test]
fn the_nine_ways_to_waste_are_seen_to_the_byte() {
    let big = noise(1, BIG);
    let entry = |path, mode| Entry { path, mode, content: &big, ..Entry::default() };
    let cases: &[(&str, Vec<u8>, &[&str])] = &[
        ("rm FILE", Tar::new().directory("data/").file("data/.wh.big", b"").end(), &["W1"]),
        ("rm -r DIR", Tar::new().file(".wh.data", b"").end(), &["W1"]),
        ("chmod FILE", Tar::new().directory("data/").add(&entry("data/big", 0o700)).end(), &["W3"]),
        (
            "mv FILE",
            Tar::new().directory("data/").file("data/.wh.big", b"").file("data/new", &big).end(),
            &["W4"],
        ),
        (
            "mv DIR",
            Tar::new().file(".wh.data", b"").directory("new/").file("new/big", &big).end(),
            &["W4"],
        ),
        (
            "rm -r DIR && mkdir DIR",
            Tar::new().directory("data/").file("data/.wh..wh..opq", b"").end(),
            &["W1"],
        ),
        ("DIR replaced by a file", Tar::new().file("data", b"text").end(), &["W1"]),
        (
            "the same bytes at two paths",
            Tar::new().directory("copy/").file("copy/big", &big).end(),
            &["W8"],
        ),
    ];
    for (name, second, classes) in cases {
        let image = layers(vec![base(), first(&big), second.clone()]);
        let found = items(&image);
        let expected: Vec<_> = classes.iter().map(|it| ((*it).to_owned(), BIG as u64)).collect();
        assert_eq!(found, expected, "{name}");
        assert_eq!(image["waste"]["bytes"], BIG, "{name}");
    }
    let image = layers(vec![base(), first(&big)]);
    assert_eq!((items(&image), &image["efficiency"]), (Vec::new(), &Value::from(1.0)));
}

#[test]
fn no_more_than_a_thousand_paths_are_named() {
    for (count, more) in [(1000, 0), (1002, 2)] {
        let files = (0..count).fold(Tar::new().directory("data/"), |tar, at| {
            tar.file(&format!("data/{at:04}"), &noise(at, 2000 - at as usize))
        });
        let image = layers(vec![base(), files.end(), Tar::new().file(".wh.data", b"").end()]);
        let item = &image["waste"]["items"][0];
        let paths: Vec<_> = item["paths"].as_array().unwrap().iter().collect();
        assert_eq!((paths.len(), &item["more_paths"]), (1000, &Value::from(more)));
        assert_eq!(paths[0], &serde_json::json!({"path": "data/0000", "bytes": 2000}));
    }
}

#[test]
fn of_copies_that_say_the_same_one_is_of_use() {
    let big = noise(1, 50_000);
    let copy = |mode| {
        Tar::new().add(&Entry { path: "big", mode, content: &big, ..Entry::default() }).end()
    };
    let image = layers(vec![copy(0o644), copy(0o600), copy(0o700)]);
    assert_eq!(items(&image), [("W3".to_owned(), 50_000), ("W3".to_owned(), 50_000)]);
    // And none if it is deleted in the end.
    let gone = Tar::new().file(".wh.big", b"").end();
    let image = layers(vec![copy(0o644), copy(0o600), gone]);
    assert_eq!(image["waste"]["bytes"], 100_000);
    assert_eq!(image["efficiency"], 0.0);
    // What is overwritten twice is wasted twice.
    let image = layers(vec![
        Tar::new().file("log", &noise(1, 10_000)).end(),
        Tar::new().file("log", &noise(2, 20_000)).end(),
        Tar::new().file("log", &noise(3, 30_000)).end(),
    ]);
    assert_eq!(items(&image), [("W2".to_owned(), 20_000), ("W2".to_owned(), 10_000)]);
}

#[test]
fn small_files_that_are_equal_are_not_reported() {
    for (size, wasted) in [(4095, 0), (4096, 4096)] {
        let copy = |path: &str| Tar::new().file(path, &noise(1, size)).end();
        let image = layers(vec![copy("a"), copy("b")]);
        assert_eq!(image["waste"]["bytes"], wasted, "{size}");
    }
}

#[test]
fn hard_links_keep_bytes_as_long_as_one_name_is_left() {
    let big = noise(1, 50_000);
    let pair = || Tar::new().file("a", &big).link("b", "a").end();
    assert_eq!(items(&layers(vec![pair()])), []);
    let gone = |name: &str| Tar::new().file(&format!(".wh.{name}"), b"").end();
    assert_eq!(items(&layers(vec![pair(), gone("a")])), []);
    assert_eq!(items(&layers(vec![pair(), gone("a"), gone("b")])), [("W1".to_owned(), 50_000)]);
    // `touch` of one name breaks the link: the copy is wasted.
    let touched = Tar::new().file("a", &big).end();
    assert_eq!(items(&layers(vec![pair(), touched])), [("W3".to_owned(), 50_000)]);
}

#[test]
fn removals_are_of_the_layers_below_alone() {
    let big = noise(1, 50_000);
    // The mark is after what it must not hide, and has a link name, as Docker writes it.
    let mark = Entry { path: "d/.wh..wh..opq", link: "d/.wh.x", ..Entry::default() };
    let second = Tar::new().directory("d/").file("d/new", &noise(2, 70_000)).add(&mark).end();
    let image = layers(vec![Tar::new().directory("d/").file("d/old", &big).end(), second]);
    assert_eq!(items(&image), [("W1".to_owned(), 50_000)]);
    // A whiteout next to a file of the same layer that comes back.
    let second = Tar::new().file("x", &noise(2, 70_000)).file(".wh.x", b"").end();
    let image = layers(vec![Tar::new().file("x", &big).end(), second]);
    assert_eq!(items(&image), [("W1".to_owned(), 50_000)]);
    // What is not there cannot be removed.
    assert_eq!(items(&layers(vec![Tar::new().file(".wh.nothing", b"").end()])), []);
    // On disk, overlayfs has devices for whiteouts.
    let device = Tar::new().add(&Entry { path: "x", kind: b'3', ..Entry::default() }).end();
    let image = layers(vec![Tar::new().file("x", &big).end(), device]);
    assert_eq!(items(&image), [("W1".to_owned(), 50_000)]);
    // So does a link, a folder or a name of another file in its place.
    let there = || Tar::new().file("other", b"1").file("x", &big).end();
    for (second, class) in [
        (Tar::new().symlink("x", "other").end(), "W1"),
        (Tar::new().directory("x/").end(), "W1"),
        (Tar::new().link("x", "nothing").end(), "W1"),
        (Tar::new().link("x", "other").end(), "W2"),
        (Tar::new().symlink("x", "other").file("moved", &big).end(), "W4"),
    ] {
        assert_eq!(items(&layers(vec![there(), second])), [(class.to_owned(), 50_000)]);
    }
    // A file on the way removes what was there.
    let second = Tar::new().file("x/y", b"1").end();
    let image = layers(vec![Tar::new().file("x", &big).end(), second]);
    assert_eq!(items(&image), [("W1".to_owned(), 50_000)]);
}

#[test]
fn left_overs_are_told_by_their_place() {
    let key = b"-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n";
    let image = layers(vec![
        Tar::new()
            .file("var/lib/apt/lists/index", &noise(1, 40_000))
            .file("app/.git/objects/pack", &noise(2, 30_000))
            .file("usr/share/doc/x/manual", &noise(3, 20_000))
            .file("root/.ssh/id_rsa", key)
            .file("var/log/lastlog", &vec![0; 400_000 / 4096 * 4096])
            .end(),
        Tar::new().file("root/.ssh/.wh.id_rsa", b"").end(),
    ]);
    let zeros = 400_000 / 4096 * 4096;
    let expected =
        [("W14", zeros), ("W5", 40_000), ("W9", 30_000), ("W10", 20_000), ("W15", key.len())];
    let expected: Vec<_> =
        expected.iter().map(|(class, bytes)| ((*class).to_owned(), *bytes as u64)).collect();
    assert_eq!(items(&image), expected);
    // Documentation may be wanted.
    assert_eq!(image["waste"]["bytes"], zeros + 40_000 + 30_000 + key.len());
}

#[test]
fn packages_are_told_by_their_database() {
    let package = |name: &str, depends: &str| {
        format!(
            "Package: {name}\nStatus: install ok installed\nInstalled-Size: 100\nVersion: 1\nDepends: {depends}\n\n"
        )
    };
    let auto = "Package: less\nArchitecture: amd64\nAuto-Installed: 1\n\nPackage: libc\nArchitecture: amd64\nAuto-Installed: 1\n\n";
    let before = package("base", "");
    let after = before.clone()
        + &package("curl", "libc")
        + &package("libc", "")
        + &package("less", "")
        + &package("gcc", "");
    let image = layers(vec![
        Tar::new().file("var/lib/dpkg/status", before.as_bytes()).end(),
        Tar::new()
            .file("var/lib/dpkg/status", after.as_bytes())
            .file("var/lib/apt/extended_states", auto.as_bytes())
            .end(),
    ]);
    let found = items(&image);
    assert!(found.contains(&("W6".to_owned(), 102_400)), "{found:?}");
    assert!(found.contains(&("W7".to_owned(), 102_400)), "{found:?}");
    let item =
        image["waste"]["items"].as_array().unwrap().iter().find(|it| it["class"] == "W7").unwrap();
    assert_eq!(
        (&item["made_in"], &item["paths"][0]["path"]),
        (&Value::from(1), &Value::from("less"))
    );
}
