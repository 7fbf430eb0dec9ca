//! Which folder is the build context, and which .dockerignore counts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{folder, layerwise, run};
use layerwise::context::{Contexts, Found};

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
    assert_eq!(ignored(&folder, &["."]), ["docker/app/Dockerfile:2:6:"]);
    // What is above the folder that is searched, or next to a file that is named, may be anything of this machine.
    assert_eq!(ignored(&folder, &["docker"]), Vec::<String>::new());
    assert_eq!(ignored(&folder, &["docker/app/Dockerfile"]), Vec::<String>::new());
    // But what is in the same repository is meant.
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for path in ["docker", "docker/app/Dockerfile"] {
        assert_eq!(ignored(&folder, &[path]), ["docker/app/Dockerfile:2:6:"], "{path}");
    }
    let inside = folder.path().join("docker");
    let (_, out, _) = run(layerwise(&inside).args(["check", "--select=LW404", "--no-config"]));
    assert!(out.contains(".dockerignore excludes `a.txt`, so the build does not get it"), "{out}");
    // A path of this machine would say nothing to others.
    assert!(
        out.contains("help: the build fails; change .dockerignore, or copy something else"),
        "{out}"
    );
    assert!(!out.contains(&*folder.path().to_string_lossy()), "{out}");
    // The folder of a submodule or a worktree has a file in place of the folder.
    std::fs::write(folder.path().join("docker/.git"), "gitdir: ../.git/x\n").unwrap();
    assert_eq!(ignored(&folder, &["docker/app/Dockerfile"]), Vec::<String>::new());
}

#[test]
fn fixes_and_silencing_see_the_same_context() {
    let folder = folder(&[
        ("docker/Dockerfile", "FROM scratch\nADD a.txt /\n"),
        ("a.txt", ""),
        (".dockerignore", "a.txt\n"),
    ]);
    let (code, _, err) = run(layerwise(&folder).args(["check", "--no-config", "--add-ignores"]));
    assert_eq!(code, 0, "{err}");
    let text = std::fs::read_to_string(folder.path().join("docker/Dockerfile")).unwrap();
    assert!(text.contains("CopyIgnoredFile") || text.contains("LW404"), "{text}");
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

#[cfg(unix)]
#[test]
fn loops_pipes_and_foreign_files_are_left_alone() {
    let outside = folder(&[("ignore", "*.txt\n")]);
    let it = folder(&[("a/b/x.txt", "1"), ("d/Dockerfile", "")]);
    std::os::unix::fs::symlink("..", it.path().join("a/up")).unwrap();
    let contexts = Contexts::default();
    let context = contexts.open(it.path().to_owned(), None).unwrap();
    assert_eq!(context.tree.sum("").unwrap().files, 3);
    assert_eq!(context.tree.find("a/up/d"), Found::Unknown);
    assert!(contexts.remarks().is_empty());
    // A link to a file of the project is read, one to another file is not, and neither is a pipe.
    let place = it.path().join(".dockerignore");
    std::fs::write(it.path().join("patterns"), "a\n").unwrap();
    std::os::unix::fs::symlink("patterns", &place).unwrap();
    let open = || {
        let contexts = Contexts::default();
        let context = contexts.open(it.path().to_owned(), None);
        (context.map(|it| it.ignore.is_some()), contexts.remarks().len())
    };
    assert_eq!(open(), (Some(true), 0));
    std::fs::remove_file(&place).unwrap();
    std::os::unix::fs::symlink(outside.path().join("ignore"), &place).unwrap();
    assert_eq!(open(), (None, 1));
    std::fs::remove_file(&place).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&place).status();
    assert!(made.unwrap().success());
    assert_eq!(open(), (None, 1));
    std::fs::remove_file(&place).unwrap();
    std::fs::write(&place, "#".repeat((1 << 20) + 1)).unwrap();
    assert_eq!(open(), (None, 1));
    std::fs::write(&place, "[\n").unwrap();
    assert_eq!(open(), (Some(false), 0));
}
