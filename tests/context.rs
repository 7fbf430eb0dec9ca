//! Which folder is the build context, and which .dockerignore counts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{folder, layerwise, run};

const FILE: &str = "FROM scratch\nCOPY a.txt /\n";

/// The places of CopyIgnoredFile.
fn ignored(folder: &tempfile::TempDir, arguments: &[&str]) -> Vec<String> {
    let arguments = ["check", "--select=CopyIgnoredFile", "--format=concise", "-q"]
        .iter()
        .chain(arguments)
        .copied()
        .collect::<Vec<_>>();
    let (_, out, err) = run(layerwise(folder).args(arguments).write_stdin(FILE));
    assert_eq!(err, "");
    out.lines().map(|it| it.split(" warning").next().unwrap().to_owned()).collect()
}

#[test]
fn the_dockerfiles_folder_is_the_context() {
    let folder = folder(&[
        ("app/Dockerfile", FILE),
        ("app/a.txt", ""),
        ("app/.dockerignore", "*.txt\n"),
        ("other/Dockerfile", FILE),
        ("other/a.txt", ""),
        (".dockerignore", "*.txt\n"),
    ]);
    assert_eq!(ignored(&folder, &[]), ["app/Dockerfile:2:6:"]);
}

#[test]
fn a_folder_above_is_the_context_if_it_has_the_sources() {
    let folder = folder(&[
        ("docker/app/Dockerfile", FILE),
        ("docker/.dockerignore", "x\n"),
        ("a.txt", ""),
        (".dockerignore", "a.txt\n"),
    ]);
    assert_eq!(ignored(&folder, &[]), ["docker/app/Dockerfile:2:6:"]);
    assert_eq!(ignored(&folder, &["docker/app/Dockerfile"]), ["docker/app/Dockerfile:2:6:"]);
}

#[test]
fn patterns_beside_the_dockerfile_come_first() {
    let folder = folder(&[
        ("Dockerfile", FILE),
        ("Dockerfile.dockerignore", "b.txt\n"),
        ("web.Dockerfile", FILE),
        ("web.Dockerfile.dockerignore", "a.txt\n"),
        ("plain.Dockerfile", FILE),
        (".dockerignore", "*.txt\n"),
        ("a.txt", ""),
    ]);
    assert_eq!(ignored(&folder, &[]), ["plain.Dockerfile:2:6:", "web.Dockerfile:2:6:"]);
}

#[test]
fn the_context_can_be_named() {
    let folder =
        folder(&[("Dockerfile", FILE), ("a.txt", ""), ("context/.dockerignore", "*.txt\n")]);
    assert_eq!(ignored(&folder, &[]), Vec::<String>::new());
    assert_eq!(ignored(&folder, &["--context", "context"]), ["Dockerfile:2:6:"]);
    assert_eq!(ignored(&folder, &["-"]), Vec::<String>::new());
    assert_eq!(ignored(&folder, &["-", "--context", "context"]), ["-:2:6:"]);
    let (code, out, err) = run(layerwise(&folder).args(["check", "--context", "nosuch"]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err, "error: `--context nosuch`: no such folder\n");
}

#[test]
fn what_is_no_file_has_no_patterns() {
    let folder = folder(&[("Dockerfile", FILE), ("a.txt", ""), (".dockerignore/x", "a.txt\n")]);
    assert_eq!(ignored(&folder, &[]), Vec::<String>::new());
}

#[test]
fn exceptions_and_broken_patterns_make_it_silent() {
    for (ignore, expected) in [("*.txt\n", 1), ("*.txt\n!b.txt\n", 0), ("[\n*.txt\n", 0), ("", 0)] {
        let folder = folder(&[("Dockerfile", FILE), ("a.txt", ""), (".dockerignore", ignore)]);
        assert_eq!(ignored(&folder, &[]).len(), expected, "{ignore}");
    }
}
