//! Lines of .dockerignore.

use super::*;

#[test]
fn lines_that_do_nothing_are_told() {
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY . /x/\nRUN npm ci\n"),
        (".dockerignore", "!keep.txt\n*.txt\nnode_modules\n"),
        ("keep.txt", "1"),
        ("web/node_modules/a", &"x".repeat(200_000)),
    ]);
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW406 2:LW406", "{out}");
    std::fs::write(it.path().join(".dockerignore"), "[\n").unwrap();
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW406", "{out}");
    assert!(out.contains("malformed"), "{out}");
    compare("lines_that_do_nothing_are_told");
}

#[test]
fn a_dockerignore_is_written_of_what_is_there() {
    let it = folder(&[
        ("Dockerfile", "FROM node:22\nCOPY . .\nRUN npm ci\nCOPY coverage/report.html /x/\n"),
        (".git/HEAD", "x"),
        ("web/node_modules/a.js", "x"),
        ("coverage/report.html", "x"),
        (".env", "TOKEN=abcdef123456\n"),
    ]);
    let init = ["init", "dockerignore"];
    let (code, out, _) = run(layerwise(it.path()).args(init).arg("--stdout"));
    assert_eq!(code, 0);
    let lines: Vec<&str> =
        out.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).collect();
    let expected =
        [".git", "**/node_modules", ".env", ".dockerignore", "**/Dockerfile*", "**/*.Dockerfile"];
    assert_eq!(lines, expected);
    let (code, _, err) = run(layerwise(it.path()).args(init));
    assert_eq!(code, 0, "{err}");
    assert_eq!(std::fs::read_to_string(it.path().join(".dockerignore")).unwrap(), out);
    // What the build does not make again, it may copy from here.
    let plain = folder(&[
        ("Dockerfile", "FROM node:22\nCOPY . .\nCMD [\"node\", \"index.js\"]\n"),
        ("node_modules/a.js", "x"),
        (".git/HEAD", "x"),
    ]);
    let (_, out, _) = run(layerwise(plain.path()).args(init).arg("--stdout"));
    assert!(out.contains(".git\n") && !out.contains("node_modules"), "{out}");
    // With it nothing is left to say, and it is never written over.
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    let (code, _, err) = run(layerwise(it.path()).args(init));
    assert_eq!(code, 2);
    assert!(err.contains("already exists"), "{err}");
    let (code, _, err) = run(layerwise(it.path()).args(init).arg("nowhere"));
    assert_eq!(code, 2);
    assert!(err.contains("no such folder"), "{err}");
    compare("a_dockerignore_is_written_of_what_is_there");
}

#[test]
fn what_is_wrong_with_a_shared_ignore_file_is_reported_once_a_run() {
    let head = "x".repeat(200_000);
    let names = ["a/Dockerfile", "b/Dockerfile", "c/Dockerfile", "d/Dockerfile"];
    let text = "FROM node:22\nCOPY . .\nCOPY lib /lib\n";
    let mut files =
        vec![(".git/HEAD", head.as_str()), ("lib/x", "1"), (".dockerignore", "lib/*.md\n")];
    files.extend(names.map(|name| (name, text)));
    let it = folder(&files);
    for jobs in ["1", "4"] {
        let (_, out) = found(it.path(), &["--jobs", jobs]);
        let paths: Vec<_> = out.lines().filter(|it| it.contains("LW402")).collect();
        assert_eq!(paths.len(), 1, "{out}");
        assert!(paths[0].starts_with("a/Dockerfile:2:"), "{out}");
        // The first in the order of the report is reported.
        let (_, out) = found(it.path(), &["--jobs", jobs, "d/Dockerfile", "b/Dockerfile", "a"]);
        let paths: Vec<_> = out.lines().filter(|it| it.contains("LW402")).collect();
        assert_eq!(paths.len(), 1, "{out}");
        assert!(paths[0].starts_with("d/Dockerfile:2:"), "{out}");
    }
    // Where the first is silenced, the next one reports.
    let silent = "FROM node:22\n# layerwise ignore=LW402 known\nCOPY . .\n";
    std::fs::write(it.path().join("a/Dockerfile"), silent).unwrap();
    let (_, out) = found(it.path(), &["--jobs=4"]);
    assert!(out.starts_with("b/Dockerfile:2:") && out.matches("LW402").count() == 1, "{out}");
    // Without the file, that is the fault; it is one too.
    std::fs::remove_file(it.path().join(".dockerignore")).unwrap();
    let (_, out) = found(it.path(), &["--jobs=4"]);
    assert!(out.starts_with("b/Dockerfile:2:") && out.matches("LW401").count() == 1, "{out}");
    // A baseline knows the fault of each file, so that one file alone is clean too.
    let write = ["--write-baseline", "known.json", "--jobs=4"];
    let base = ["check", "--no-config", "--select", "LW4,CopyIgnoredFile"];
    run(layerwise(it.path()).args(base).args(write));
    let known = std::fs::read_to_string(it.path().join("known.json")).unwrap();
    assert_eq!(known.matches("LW401").count(), 3, "{known}");
    for paths in [&[][..], &["c"], &["d/Dockerfile", "b"]] {
        let (codes, out) = found(it.path(), &[&["--baseline", "known.json"], paths].concat());
        assert_eq!(codes, "", "{out}");
    }
    // What the context holds by then is not a part of it.
    std::fs::write(it.path().join(".git/more"), "more").unwrap();
    std::fs::write(it.path().join(".git/HEAD"), &head[1..]).unwrap();
    assert_eq!(found(it.path(), &["--baseline", "known.json"]).0, "");
    compare("what_is_wrong_with_a_shared_ignore_file_is_reported_once_a_run");
}

#[test]
fn a_line_is_odd_only_where_no_person_can_have_meant_it() {
    let junk = "x".repeat(200_000);
    let it = folder(&[
        ("Dockerfile", "FROM node:22\nCOPY . /x/\nRUN npm ci\n"),
        ("src/config/a.js", "1"),
        ("web/node_modules/a.js", junk.as_str()),
        ("lib/.venv/b", junk.as_str()),
    ]);
    let report = |patterns: &str| {
        std::fs::write(it.path().join(".dockerignore"), patterns).unwrap();
        found(it.path(), &["Dockerfile"]).0
    };
    for patterns in ["config/\n", "/config\n", "config\n", "src\n"] {
        assert_eq!(report(patterns), "2:LW402", "{patterns}");
    }
    // What it explains is not counted again.
    assert_eq!(report("node_modules\n.venv\n"), "2:LW406 2:LW406");
    assert_eq!(report("node_modules\n"), "2:LW402 2:LW406");
    // Both forms are known to who wrote these.
    assert_eq!(report("node_modules\n**/.venv\n"), "2:LW402");
    assert_eq!(report("/node_modules\n**/.venv\n"), "2:LW402");
    // A folder of that name in the root changes nothing.
    std::fs::create_dir(it.path().join("node_modules")).unwrap();
    assert_eq!(report("node_modules\n.venv\n"), "2:LW406 2:LW406");
    let base = ["check", "--no-config", "--select", "LW406", "Dockerfile"];
    let (_, out, _) = run(layerwise(it.path()).args(base));
    assert!(out.contains("write `**/node_modules` in .dockerignore:1"), "{out}");
    compare("a_line_is_odd_only_where_no_person_can_have_meant_it");
}
