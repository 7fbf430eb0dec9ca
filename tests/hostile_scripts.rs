//! Shell texts that repeat one construct up to 100,000 times: the program comes to an end, and other files are checked.

mod common;

use std::time::Duration;

use common::hostile::{CONSTRUCTS, script};
use common::{folder, layerwise};

#[test]
fn no_construct_ends_the_run() {
    let mut faults = Vec::new();
    for construct in CONSTRUCTS {
        let name = construct.0;
        let sizes = [24, 1000, 10_000, 100_000];
        let mut files: Vec<(String, String)> =
            sizes.map(|n| (format!("{n}.Dockerfile"), script(construct, n))).into();
        // More than two files are checked in other threads than few.
        files.push(("z.Dockerfile".to_owned(), "FROM debian:12\nMAINTAINER me\n".to_owned()));
        let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
        let folder = folder(&files);
        let mut run = |paths: &[&str]| {
            let mut command = layerwise(&folder);
            command.args(["check", "--profile", "audit", "--format", "concise"]);
            let output = command.args(paths).timeout(Duration::from_secs(100)).output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let is_right = output.status.code() == Some(1)
                && text.lines().any(|it| it.starts_with("z.Dockerfile:2:1: "));
            if !is_right {
                faults.push(format!("{name} {paths:?}: {:?}", output.status));
            }
        };
        run(&["."]);
        run(&["100000.Dockerfile", "z.Dockerfile"]);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_was_not_read_is_said() {
    let text = format!("FROM debian:12\nRUN a\n\nRUN {}a\n", "time ".repeat(21));
    let folder = folder(&[("Dockerfile", text)]);
    let (code, out, err) = common::run(layerwise(&folder).args(["check"]));
    let note = "note: Dockerfile has shell text in line 4 that has more than 20 `time` or `coproc` keywords: \
                its commands were not read\n";
    assert_eq!((code, &*out, &*err), (0, "No findings in 1 file.\n", note));
}
