//! Indexes as git writes them, made by hand: each version and size of digest, what they may leave out, and damage.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use super::*;
use crate::context::tests::folder as folder_of;

/// An entry of an index.
#[derive(Clone, Copy)]
struct Entry {
    path: &'static str,
    mode: u32,
    /// Its flags besides the length of its name.
    flags: u16,
    /// Bytes that its flags say more than its name has.
    more: u16,
}

const FILE: u32 = 0o100_644;

/// A second pair of flags follows.
const EXTENDED: u16 = 0x4000;

fn file(path: &'static str) -> Entry {
    Entry { path, mode: FILE, flags: 0, more: 0 }
}

/// An index without its digest at the end.
fn index(version: u32, digest: usize, list: &[Entry]) -> Vec<u8> {
    let mut bytes = [&b"DIRC"[..], &version.to_be_bytes()].concat();
    bytes.extend(u32::try_from(list.len()).unwrap().to_be_bytes());
    let mut before: &[u8] = b"";
    for entry in list {
        let start = bytes.len();
        bytes.resize(start + 24, 1);
        bytes.extend(entry.mode.to_be_bytes());
        bytes.resize(start + 40 + digest, 2);
        let path = entry.path.as_bytes();
        let length = u16::try_from(path.len()).unwrap().min(0xFFF) + entry.more;
        bytes.extend((entry.flags | length).to_be_bytes());
        if version >= 3 && entry.flags & EXTENDED != 0 {
            bytes.extend([0x20, 0]);
        }
        if version == 4 {
            let same = before.iter().zip(path).take_while(|it| it.0 == it.1).count();
            let strip = before.len() - same;
            if strip >= 128 {
                bytes.push(u8::try_from(((strip - 128) >> 7) | 128).unwrap());
            }
            bytes.push(u8::try_from(strip & 127).unwrap());
            bytes.extend(&path[same..]);
            bytes.push(0);
        } else {
            bytes.extend(path);
            let length = bytes.len() - start;
            bytes.resize(start + (length + 8) / 8 * 8, 0);
        }
        before = path;
    }
    bytes
}

/// What is tracked: files, then the folders above them and submodules.
fn shown(tracked: &Tracked) -> String {
    let list = |set: &HashSet<Vec<u8>>| {
        let mut names: Vec<_> =
            set.iter().map(|it| String::from_utf8_lossy(it).into_owned()).collect();
        names.sort();
        let names = names
            .into_iter()
            .map(|it| if it.len() > 40 { format!("{} bytes", it.len()) } else { it });
        names.collect::<Vec<_>>().join(" ")
    };
    format!("{} | {}", list(&tracked.files), list(&tracked.folders))
}

/// What an index says, with each file whose name does not end in `.no`.
fn read(bytes: &[u8]) -> String {
    let mut tracked = Tracked::default();
    match tracked.add(bytes, &|name: &[u8]| !name.ends_with(b".no")) {
        Ok(None) => shown(&tracked),
        Ok(Some(link)) => format!("{} | link of {}", shown(&tracked), link.len()),
        Err(Unreadable) => "unreadable".to_owned(),
    }
}

/// A name longer than the length in the flags can be.
const LONG: &str = {
    const BYTES: [u8; 0x1002] = [b'n'; 0x1002];
    match std::str::from_utf8(&BYTES) {
        Ok(it) => it,
        Err(_) => "",
    }
};

#[test]
fn every_version_is_read_with_each_size_of_digest() {
    let list = [
        file("Cargo.toml"),
        Entry { mode: 0o100_755, ..file("a") },
        Entry { flags: EXTENDED, ..file("b/c/later") },
        file("b/c/skipped.no"),
        file("b/cd"),
        Entry { mode: 0o120_000, ..file("b/link") },
        file("eight888"),
        file(LONG),
        Entry { mode: 0o160_000, ..file("sub/module") },
        Entry { mode: 0o040_000, ..file("thin/") },
    ];
    let expected =
        "Cargo.toml a b/c/later b/cd b/link eight888 4098 bytes | b b/c sub sub/module thin";
    for version in [3, 4] {
        for digest in [20, 32] {
            let mut bytes = index(version, digest, &list);
            bytes.extend(vec![9; digest]);
            assert_eq!(read(&bytes), expected, "{version} {digest}");
            for cut in 0..bytes.len() {
                assert_eq!(read(&bytes[..cut]), "unreadable", "{version} {digest}, {cut} bytes");
            }
            bytes.push(0);
            assert_eq!(read(&bytes), "unreadable", "{version} {digest}, one byte too much");
        }
    }
    // Version 2 has no second pair of flags.
    let flat = list.map(|it| Entry { flags: it.flags & !EXTENDED, ..it });
    for digest in [20, 32] {
        let bytes = [index(2, digest, &flat), vec![9; digest]].concat();
        assert_eq!(read(&bytes), expected, "{digest}");
    }
    assert_eq!(read(&[index(2, 20, &list), vec![9; 20]].concat()), expected);
}

#[test]
fn what_is_not_an_index_is_unreadable() {
    let whole = |version, list: &[Entry]| [index(version, 20, list), vec![9; 20]].concat();
    assert_eq!(read(&whole(2, &[])), " | ");
    for version in [0, 1, 5, 6] {
        assert_eq!(read(&whole(version, &[])), "unreadable", "{version}");
    }
    let mut other = whole(2, &[]);
    other[0] = b'd';
    assert_eq!(read(&other), "unreadable");
    // The length in the flags is that of the name.
    assert_eq!(read(&whole(2, &[Entry { more: 1, ..file("a") }])), "unreadable");
    assert_eq!(read(&whole(2, &[Entry { more: 0xFFE, ..file("a") }])), "a | ");
    // Names that take more from the one before than it has.
    let mut bytes = whole(4, &[file("a")]);
    let at = 12 + 40 + 20 + 2;
    bytes[at] = 1;
    assert_eq!(read(&bytes), "unreadable");
}

/// An extension of an index.
fn extension(name: &[u8], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes();
    [name, &size, content].concat()
}

#[test]
fn a_link_names_another_index() {
    let (named, none) = ([7; 20], [0; 20]);
    let checksum = vec![9; 20];
    let of = |extensions: &[Vec<u8>]| [extensions.concat(), checksum.clone()].concat();
    for (bytes, expected) in [
        (of(&[]), Some(None)),
        (of(&[extension(b"TREE", b"abc")]), Some(None)),
        (of(&[extension(b"link", &named)]), Some(Some(&named[..]))),
        (of(&[extension(b"TREE", b""), extension(b"link", &named)]), Some(Some(&named[..]))),
        // The index itself has all entries then.
        (of(&[extension(b"link", &none)]), Some(None)),
        (of(&[extension(b"link", &named[1..])]), Some(None)),
        // Cut off, and longer than it says.
        (of(&[extension(b"TREE", b"abc")[..9].to_vec()]), None),
        (of(&[b"x".to_vec()]), None),
        (checksum[1..].to_vec(), None),
    ] {
        assert_eq!(link(&bytes, 20, 0), expected, "{bytes:?}");
    }
}

/// Files of a folder: their paths and contents.
type Files<'f> = &'f [(&'f str, &'f [u8])];

/// What is tracked in a folder with an index and other files.
fn tracked(files: Files<'_>) -> String {
    let it = folder_of(&[]);
    for (path, content) in files {
        let path = it.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    Tracked::read(it.path(), |_| true).map_or_else(|_| "unreadable".to_owned(), |it| shown(&it))
}

#[test]
fn an_index_is_found_where_git_keeps_it() {
    let whole = |list: &[Entry]| [index(2, 20, list), vec![9; 20]].concat();
    let own = whole(&[file("own")]);
    let split =
        [index(2, 20, &[file("own")]), extension(b"link", &[0xAB; 20]), vec![9; 20]].concat();
    let shared = format!(".git/sharedindex.{}", "ab".repeat(20));
    let base = whole(&[file("x/base")]);
    let cases: [(Files<'_>, &str); 11] = [
        (&[], " | "),
        (&[(".git/HEAD", b"x")], " | "),
        (&[(".git/index", &own)], "own | "),
        (&[(".git/index", &own[1..])], "unreadable"),
        (&[(".git/index", &split), (&shared, &base)], "own x/base | x"),
        (&[(".git/index", &split)], "unreadable"),
        (&[(".git/index", &split), (&shared, b"DIRC")], "unreadable"),
        (&[(".git", b"gitdir: elsewhere/it\nmore\n"), ("elsewhere/it/index", &own)], "own | "),
        (&[(".git", b"gitdir:elsewhere"), ("elsewhere/index", &own)], "own | "),
        (&[(".git", b"gitdir: \n"), ("index", &own)], " | "),
        (&[(".git", b"elsewhere"), ("elsewhere/index", &own)], " | "),
    ];
    for (files, expected) in cases {
        let names: Vec<_> = files.iter().map(|it| it.0).collect();
        assert_eq!(tracked(files), expected, "{names:?}");
    }
}

#[test]
fn what_worktrees_share() {
    let it =
        folder_of(&[("own/commondir", "../..\n"), ("empty/commondir", " \n"), ("none/HEAD", "x")]);
    for (name, expected) in [("own", "own/../.."), ("empty", "empty"), ("none", "none")] {
        assert_eq!(common_folder(&it.path().join(name)), it.path().join(expected));
    }
}

#[test]
fn has_tells_files_from_folders() {
    let mut tracked = Tracked::default();
    let bytes = [index(2, 20, &[file("a/b/c")]), vec![9; 20]].concat();
    tracked.add(&bytes, &|_: &[u8]| true).unwrap();
    for (path, has, below) in [
        ("a/b/c", true, false),
        ("a/b", false, true),
        ("a", false, true),
        ("b", false, false),
        ("", false, false),
    ] {
        let path = Path::new(path);
        assert_eq!((tracked.has(path), tracked.has_below(path)), (has, below), "{path:?}");
    }
}
