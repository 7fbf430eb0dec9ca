//! Paths with links, dots, odd bytes, and repositories in each other.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::*;
use crate::context::tests::folder;

#[test]
fn links_are_followed_only_where_dots_depend_on_them() {
    let it = folder(&[("real/in/x", "1")]);
    let root = it.path().canonicalize().unwrap();
    std::os::unix::fs::symlink("real/in", root.join("link")).unwrap();
    let here = std::env::current_dir().unwrap();
    assert_eq!(full(&root.join("link")), root.join("link"));
    assert_eq!(full(&root.join("link/..")), root.join("real"));
    assert_eq!(full(&root.join("none/..")), root.join("none/.."));
    assert_eq!(full(Path::new("a/./b")), here.join("a/b"));
    assert_eq!(absolute(&root.join("link/.././x/y/..")), root.join("x"));
    assert_eq!(absolute(Path::new("a/../b")), here.join("b"));
    assert_eq!(absolute(Path::new("/../a")), Path::new("/a"));
}

#[test]
fn the_nearest_repository_counts() {
    let it =
        folder(&[("a/.git/HEAD", "1"), ("a/b/c/x", "1"), ("a/sub/.git", "1"), ("a/sub/d/x", "1")]);
    let root = |path: &str| repository(&it.path().join(path)).map(Path::to_owned);
    assert_eq!(root("a"), Some(it.path().join("a")));
    assert_eq!(root("a/b/c"), Some(it.path().join("a")));
    assert_eq!(root("a/sub/d"), Some(it.path().join("a/sub")));
}

#[test]
fn bytes_that_are_no_text_are_shown_by_their_numbers() {
    for (bytes, expected) in [
        (&b"a/b"[..], "a/b"),
        (b"a\xffb/\xc3\xa9", "a\\xffb/\u{e9}"),
        (b"\xc3", "\\xc3"),
        (b"a\\b", "a\\b"),
    ] {
        let path = Path::new(OsStr::from_bytes(bytes));
        assert_eq!(
            (shown_path(path), with_slashes(path)),
            (expected.to_owned(), expected.to_owned())
        );
    }
}
