//! Sources that are missing or excluded.

use super::*;

#[test]
fn a_source_that_is_missing_is_no_folder_that_was_left_out() {
    let it = folder(&[("Dockerfile", "FROM a:1\nCOPY ./web/src /x/src\nCOPY ./web/js /x/js\n")]);
    let (_, _, err) = run(layerwise(it.path()).args(["check", "--no-config", "Dockerfile"]));
    assert_eq!(err, "");
}

#[test]
fn missing_sources_are_told_where_the_context_is_named() {
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY src/mian.c app.jar /x/\nCOPY target/*.jar /y/\n"),
        ("src/main.c", "1"),
    ]);
    // What is not there may be built before; a slip is reported.
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW403", "{out}");
    assert_eq!(found(it.path(), &["--context", ".", "Dockerfile"]).0, "2:LW403 2:LW403 3:LW403");
    compare("missing_sources_are_told_where_the_context_is_named");
}

#[test]
fn exceptions_are_heeded() {
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY a.txt b.txt /x/\nCOPY *.log /y/\n"),
        (".dockerignore", "*\n!a.txt\n"),
        ("a.txt", "1"),
        ("b.txt", "1"),
        ("c.log", "1"),
    ]);
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "2:LW404 3:LW404");
    std::fs::write(it.path().join(".dockerignore"), "*.txt\n").unwrap();
    let (codes, out) = found(it.path(), &["--profile", "strict", "Dockerfile"]);
    assert_eq!(codes, "2:LW404 2:LW404", "{out}");
    compare("exceptions_are_heeded");
}

#[cfg(unix)]
#[test]
fn pipes_are_not_opened() {
    let it = folder(&[("Dockerfile", "FROM a\nCOPY . /x/\n")]);
    let made = std::process::Command::new("mkfifo").arg(it.path().join(".env")).status();
    assert!(made.unwrap().success());
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    compare("pipes_are_not_opened");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let outside = folder(&[("id_rsa", "-----BEGIN RSA PRIVATE KEY-----\n")]);
    let it = folder(&[("Dockerfile", "FROM a\nCOPY . /x/\nCOPY l/id_rsa /y/\n")]);
    std::os::unix::fs::symlink(outside.path(), it.path().join("l")).unwrap();
    std::os::unix::fs::symlink(".", it.path().join("loop")).unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    // What is behind a link is not known, so that nothing of it is missing.
    std::fs::write(it.path().join("Dockerfile"), "FROM a\nCOPY l/x n/x /y/\n").unwrap();
    assert_eq!(found(it.path(), &["--context", ".", "Dockerfile"]).0, "2:LW403");
    compare("links_are_not_followed");
}

#[test]
fn wildcards_are_those_of_the_builder() {
    let it =
        folder(&[("Dockerfile", ""), ("src/a/b/c.txt", "1"), ("src/x.log", "1"), ("one.md", "1")]);
    let check = |copy: &str, patterns: &str| {
        std::fs::write(it.path().join("Dockerfile"), format!("FROM a\n{copy}\n")).unwrap();
        std::fs::write(it.path().join(".dockerignore"), patterns).unwrap();
        found(it.path(), &["--context", ".", "Dockerfile"]).0
    };
    // The answers of BuildKit: it fails, or it does not.
    for (copy, patterns, fails) in [
        ("COPY *.nope /p/", "", false),
        ("COPY nope/*.x /p/", "", true),
        ("COPY src/*.nope /p/", "", false),
        ("COPY src/nope/*.x /p/", "", true),
        ("COPY src/*/nope/*.x /p/", "", false),
        ("COPY *.nope src /p/", "", false),
        ("COPY nope /p/", "", true),
        ("COPY src/**/c.txt /p/", "", false),
        ("COPY --parents ./src/**/c.txt /p/", "", false),
        ("COPY --parents nope/**/c.txt /p/", "", false),
        ("COPY --parents src/nope.txt /p/", "", true),
        ("COPY src/x.log /p/", "**/*.log", true),
        ("COPY src /p/", "src", true),
        ("COPY src/* /p/", "src", true),
        ("COPY src /p/", "*\n!src/x.log", false),
        ("COPY src/x.log /p/", "*\n!src", false),
        ("COPY src/a/b/c.txt /p/", "src\n!src/a/b", false),
        ("COPY src/a /p/", "src\n!src/a/b", false),
        ("COPY src/a /p/", "src/a/*", false),
    ] {
        let codes = check(copy, patterns);
        assert_eq!(!codes.is_empty(), fails, "{copy} {patterns}: {codes}");
    }
    // It does not fail, but nobody wants to copy nothing.
    for copy in ["COPY src/*.log /p/", "COPY --parents src/**/*.log /p/"] {
        assert_eq!(check(copy, "**/*.log"), "2:LW404", "{copy}");
    }
    compare("wildcards_are_those_of_the_builder");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_checked() {
    let it = folder(&[
        ("Dockerfile", "FROM a:latest\nCOPY . /x/\n"),
        (".git/HEAD", "x"),
        ("other/Dockerfile", "FROM a\nCOPY . /x/\n"),
        ("other/.git/HEAD", "x"),
    ]);
    let made = std::process::Command::new("mkfifo").arg(it.path().join(".dockerignore")).status();
    assert!(made.unwrap().success());
    let base = ["check", "--no-config", "--select", "LW4,DL3007", "--format", "concise"];
    let (_, out, err) = run(layerwise(it.path()).args(base));
    let lines: Vec<&str> = out.lines().filter(|it| it.contains("Dockerfile:")).collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert!(lines[0].contains("DL3007") && lines[1].contains("LW401"), "{out}");
    let note = "note: .dockerignore is not a regular file: the build context was not checked";
    assert!(err.lines().any(|it| it == note), "{err}");
}
