//! Archives that are odd, and read all the same.

use super::*;

#[test]
fn odd_archives_are_read_all_the_same() {
    let one = |layer: Vec<u8>| {
        let work = tempfile::tempdir().unwrap();
        std::fs::write(work.path().join("x.tar"), Picture::new(vec![layer]).docker_archive())
            .unwrap();
        let (code, out, err) =
            run(layerwise(work.path()).args(["image", "x.tar", "--format", "json"]));
        assert_eq!(code, 0, "{err}");
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        report["images"][0]["size"]["files"].as_u64().unwrap()
    };
    // Absolute paths are those of the image.
    assert_eq!(one(Tar::new().file("/etc/passwd", b"123").end()), 3);
    // Of names that come twice the last counts; both ship.
    assert_eq!(one(Tar::new().file("a", b"123").file("a", b"12").end()), 5);
    // Some writers leave out the blocks at the end, others add many.
    assert_eq!(one(Tar::new().file("a", b"123").0), 3);
    assert_eq!(one(Tar::new().file("a", b"123").raw(&[0; 10_240]).end()), 3);
    // A link of a link, and one to a file that is not there.
    assert_eq!(
        one(Tar::new().file("a", b"123").link("b", "a").link("c", "b").link("d", "none").end()),
        3
    );
}

#[test]
fn an_image_that_is_named_again_and_again_is_one_of_many_names() {
    let read = |count, is_one, words: &[&str]| {
        let work = tempfile::tempdir().unwrap();
        std::fs::write(work.path().join("x.tar"), many_images(count, is_one)).unwrap();
        let mut command = layerwise(work.path());
        let (code, out, err) = run(command.args(["image", "--format", "json"]).args(words));
        assert_eq!(code, 0, "{err}");
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        report["images"].as_array().unwrap().len()
    };
    assert_eq!(read(2000, true, &["x.tar"]), 1);
    assert_eq!(read(100, false, &["x.tar"]), 100);
    assert_eq!(read(200, false, &["x.tar:a:7"]), 1);
}

#[test]
fn what_an_archive_says_cannot_move_the_cursor() {
    let layer = Tar::new().file("a\u{1b}[31m\nb", &vec![1; 9000]).end();
    let mut picture = Picture::new(vec![layer.clone(), layer, Tar::new().file(".wh.x", b"").end()]);
    picture.steps = vec!["RUN \u{1b}[2J".to_owned(), "RUN\nfalse".to_owned(), "RUN c".to_owned()];
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("x.tar"), picture.docker_archive()).unwrap();
    let (code, out, err) = run(layerwise(work.path()).args(["image", "x.tar"]));
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains('\u{1b}') && out.contains("\\u{1b}[31m\\nb"), "{out}");
}

#[test]
fn no_gate_passes_for_a_size_that_wraps_around() {
    let work = tempfile::tempdir().unwrap();
    let huge = "9223372036854775807";
    let image = Picture::new(vec![layer(), sparse(&[huge, huge, "2"])]).docker_archive();
    std::fs::write(work.path().join("a.tar"), image).unwrap();
    let (code, out, err) =
        run(layerwise(work.path()).args(["image", "--max-size", "1MB", "a.tar"]));
    assert_eq!((code, &*out), (2, ""), "{err}");
    // What a disk may hold is measured: `/var/log/lastlog` says so on systems with large user numbers.
    let image = Picture::new(vec![layer(), sparse(&["300000000000"])]).docker_archive();
    std::fs::write(work.path().join("b.tar"), image).unwrap();
    let (code, out, _) = run(layerwise(work.path()).args(["image", "--max-size", "1MB", "b.tar"]));
    assert_eq!((code, out.contains("300.0 GB in files")), (1, true), "{out}");
}

#[test]
fn an_archive_with_more_members_than_an_image_has_is_none() {
    let work = tempfile::tempdir().unwrap();
    let block = common::archives::header(&Entry::default());
    std::fs::write(work.path().join("a.tar"), block.repeat(100_001)).unwrap();
    let (code, out, err) = run(layerwise(work.path()).args(["image", "a.tar"]));
    let expected = "error: a.tar: has more than 100000 members: this is not an image\n";
    assert_eq!((code, &*out, &*err), (2, "", expected));
}

#[test]
fn attributes_and_names_may_hold_line_breaks() {
    let capability = "\u{1}\0\0\u{2}\n\0\0\n\0\0\0\0";
    let layer = Tar::new()
        .pax(&[("SCHILY.xattr.security.capability", capability), ("mtime", "1.5")])
        .file("ping", &[7; 2000])
        .pax(&[("path", "line\nbreak"), ("comment", "\n\n")])
        .file("x", &[8; 4000])
        .pax(&[("linkpath", "to\n=\n")])
        .symlink("link", "x")
        .end();
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("a.tar"), Picture::new(vec![layer]).docker_archive()).unwrap();
    let (code, out, err) = run(layerwise(work.path()).args(["image", "--format", "json", "a.tar"]));
    assert_eq!((code, &*err), (0, ""), "{out}");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["images"][0]["size"]["files"], 2000 + 4000 + 5, "{report:#}");
}

#[cfg(unix)]
#[test]
fn the_first_signal_ends_the_wait_for_standard_input() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    for flags in [&[][..], &["--what-if"]] {
        let work = tempfile::tempdir().unwrap();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("layerwise"))
            .args(["image", "-"])
            .args(flags)
            .env("TMPDIR", work.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Until it waits, the system would end it.
        std::thread::sleep(Duration::from_millis(1000));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > Duration::from_secs(10) {
                child.kill().unwrap();
                panic!("it goes on");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains("interrupted"), "{err}");
        assert_eq!(std::fs::read_dir(work.path()).unwrap().count(), 0);
    }
}
