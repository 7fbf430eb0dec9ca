//! Pipes and devices in the place of an image: they are read like standard input, or refused at once.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::archives::{Picture, Tar};
use common::{folder, layerwise, run};

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.current_dir(folder).env_clear().args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for the end; fails if that takes long.
fn end(mut child: Child) -> Output {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it goes on");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

/// Waits until a program handles SIGTERM: what comes before that ends it.
fn wait_for_handlers(id: u32) {
    const SIGTERM: u32 = 15;
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        let Ok(status) = std::fs::read_to_string(format!("/proc/{id}/status")) else {
            // No such list here: long enough for any machine that is not busy.
            return std::thread::sleep(Duration::from_secs(1));
        };
        let caught = status.lines().find_map(|it| it.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|it| u64::from_str_radix(it.trim(), 16).ok()).unwrap_or(0);
        if caught & (1 << (SIGTERM - 1)) != 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_pipe_is_read_like_standard_input() {
    let archive = Picture::new(vec![Tar::new().file("a", b"text").end()]).docker_archive();
    let it = folder(&[("image.tar", &archive)]);
    pipe(&it.path().join("pipe"));
    for format in ["text", "json"] {
        let (_, plain, _) =
            run(layerwise(it.path()).args(["image", "image.tar", "--format", format]));
        let child = start(it.path(), &["image", "pipe", "--format", format]);
        std::fs::write(it.path().join("pipe"), &archive).unwrap();
        let output = end(child);
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{out}");
        assert_eq!(out.replace("pipe", "image.tar"), plain);
    }
    // The same by what a shell makes of `<(…)`, and twice in one call.
    let script =
        "\"$0\" image <(cat image.tar) --format json && \"$0\" image pipe image.tar --quiet";
    let mut child = Command::new("bash");
    child.args(["-c", script, env!("CARGO_BIN_EXE_layerwise")]).current_dir(it.path());
    let child = child.stdout(Stdio::piped()).spawn().unwrap();
    std::fs::write(it.path().join("pipe"), &archive).unwrap();
    assert_eq!(end(child).status.code(), Some(0));
}

#[test]
fn a_signal_ends_the_wait_for_a_writer() {
    let it = folder(&[("x", "")]);
    pipe(&it.path().join("pipe"));
    for signal in ["TERM", "INT", "HUP"] {
        let child = start(it.path(), &["image", "pipe"]);
        wait_for_handlers(child.id());
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        let output = end(child);
        assert_eq!(output.status.code(), Some(2), "{signal}");
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.contains("error: pipe: ") && err.contains("interrupted"), "{err}");
    }
}

#[test]
fn what_holds_no_image_is_an_error_at_once() {
    let it = folder(&[("x", "")]);
    let socket = UnixListener::bind(it.path().join("socket")).unwrap();
    for (path, reason) in [
        ("socket", "neither a file, a folder nor a pipe"),
        ("/dev/null", ""),
        ("/dev/zero", ""),
        ("/dev/urandom", ""),
    ] {
        let output = end(start(it.path(), &["image", path, "--max-unpacked", "50MB"]));
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{path}: {err}");
        assert!(err.starts_with(&format!("error: {path}: ")) && err.contains(reason), "{err}");
    }
    drop(socket);
}

/// Who reads only the beginning, as `check | head -1`, still gets the exit code and what is said besides the report.
#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let layer = Tar::new().file("a", b"123").end();
    let it = folder(&[
        ("bad.Dockerfile", &b"FROM debian:latest\nMAINTAINER me\n"[..]),
        ("good.Dockerfile", b"FROM debian:12\nCMD [\"a\"]\n"),
        ("odd.Dockerfile", b"FROM debian:12\nRUN {{ a }}\n"),
        ("image.tar", &Picture::new(vec![layer]).docker_archive()),
    ]);
    let mut cases: Vec<(Vec<&str>, i32)> = vec![
        (vec!["check", "."], 1),
        (vec!["check", "good.Dockerfile"], 0),
        (vec!["check", "bad.Dockerfile", "none"], 2),
        (vec!["check", "--exit-zero", "."], 0),
        (vec!["check", "--diff", "bad.Dockerfile"], 1),
        (vec!["check", "--statistics", "."], 1),
        (vec!["image", "image.tar"], 0),
        (vec!["image", "image.tar", "--max-size", "1B"], 1),
        (vec!["image", "image.tar", "none.tar"], 2),
        (vec!["rules"], 0),
        (vec!["explain", "DL3006"], 0),
        (vec!["ast", "bad.Dockerfile"], 0),
        (vec!["config"], 0),
    ];
    let formats = ["concise", "json", "jsonl", "sarif", "github", "junit", "markdown", "gitlab"];
    cases.extend(formats.map(|it| (vec!["check", "--format", it, "."], 1)));
    for (arguments, expected) in cases {
        let whole = start(it.path(), &arguments).wait_with_output().unwrap();
        let mut child = start(it.path(), &arguments);
        drop(child.stdout.take());
        let cut = end(child);
        let codes = (whole.status.code(), cut.status.code());
        assert_eq!(codes, (Some(expected), Some(expected)), "{arguments:?}");
        let said = |it: Output| String::from_utf8(it.stderr).unwrap();
        assert_eq!(said(cut), said(whole), "{arguments:?}");
    }
}
