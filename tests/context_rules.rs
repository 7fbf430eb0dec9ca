//! What the rules about the build context find, on folders as they are on disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::{folder, layerwise, run};

/// `line:code` of all that LW4 rules find, and the whole report.
fn found(folder: &Path, arguments: &[&str]) -> (String, String) {
    let base = ["check", "--no-config", "--select", "LW4,CopyIgnoredFile", "--format", "concise"];
    let (_, out, err) = run(layerwise(folder).args(base).args(arguments));
    assert_eq!(err.lines().filter(|it| it.starts_with("error")).count(), 0, "{err}");
    let codes = out.lines().filter_map(|line| {
        let mut parts = line.splitn(4, ':');
        let (_, at, _, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(format!("{at}:{}", rest.split_whitespace().nth(1)?))
    });
    (codes.collect::<Vec<_>>().join(" "), out.clone())
}

#[test]
fn the_whole_context_is_weighed() {
    let head = "x".repeat(2_000_000);
    let it = folder(&[
        ("Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"),
        (".git/HEAD", head.as_str()),
        ("node_modules/a/b.js", &head[..200_000]),
        ("index.js", "1"),
    ]);
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "3:LW401", "{out}");
    assert!(out.contains("2.2 MB in 2 files"), "{out}");
    // With a .dockerignore that leaves out a part, the rest is reported.
    std::fs::write(it.path().join(".dockerignore"), ".git\n").unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "3:LW402");
    std::fs::write(it.path().join(".dockerignore"), ".git\nnode_modules\n").unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    // Of a part of it, only what it brings is reported.
    let part = folder(&[
        ("Dockerfile", "FROM node:22\nCOPY web/ /x/\nRUN npm ci\n"),
        ("web/node_modules/a.js", &head[..200_000]),
    ]);
    assert_eq!(found(part.path(), &["Dockerfile"]).0, "2:LW402");
    // Standard input has no context, unless one is named.
    let text = "FROM node:22\nCOPY . .\n";
    let base = ["check", "--no-config", "--select", "LW4", "--format", "concise", "-"];
    let (code, _, _) = run(layerwise(it.path()).args(base).write_stdin(text));
    assert_eq!(code, 0);
}

#[test]
fn a_source_that_is_missing_is_no_folder_that_was_left_out() {
    let it = folder(&[("Dockerfile", "FROM a:1\nCOPY ./web/src /x/src\nCOPY ./web/js /x/js\n")]);
    let (_, _, err) = run(layerwise(it.path()).args(["check", "--no-config", "Dockerfile"]));
    assert_eq!(err, "");
}

#[test]
fn what_a_build_uses_is_no_baggage() {
    let it = folder(&[
        ("Dockerfile", "FROM golang:1.23\nCOPY . .\nRUN git describe > v && go build -o /app .\n"),
        (".git/HEAD", "x"),
        ("node_modules/a.js", "x"),
    ]);
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
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
}

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
}

#[test]
fn secrets_are_told_by_what_is_in_them() {
    let it = folder(&[
        ("Dockerfile", "FROM a AS b\nCOPY . /x/\nFROM a\nCOPY conf/ /y/\n"),
        (".env", "TOKEN=abcdef123456\n"),
        (".env.example", "TOKEN=abcdef123456\n"),
        ("conf/server.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("conf/server.key", "-----BEGIN PRIVATE KEY-----\n"),
    ]);
    // What is not shipped is only in the cache of the builder; a file that two sources copy is reported for the first.
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    let (codes, out) = found(it.path(), &["--profile", "strict", "Dockerfile"]);
    assert_eq!(codes, "2:LW405", "{out}");
    let message = "this adds `.env` and another file with secrets";
    assert!(out.contains(message) && !out.contains("server.pem"), "{out}");
    std::fs::write(it.path().join("Dockerfile"), "FROM a\nCOPY conf/ /y/\nCOPY .env* /z/\n")
        .unwrap();
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW405 3:LW405", "{out}");
    assert!(out.contains("this adds `conf/server.key`, which contains a private key"), "{out}");
    assert!(out.contains("this adds `.env`, which contains passwords or tokens"), "{out}");
}

#[cfg(unix)]
#[test]
fn pipes_are_not_opened() {
    let it = folder(&[("Dockerfile", "FROM a\nCOPY . /x/\n")]);
    let made = std::process::Command::new("mkfifo").arg(it.path().join(".env")).status();
    assert!(made.unwrap().success());
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
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
}

#[test]
fn what_costs_most_comes_first() {
    let it = folder(&[
        (
            "a/Dockerfile",
            "FROM debian:12\nRUN cd /x\nRUN apt-get update && apt-get install -y curl\n",
        ),
        ("b/Dockerfile", "FROM debian:12\nCOPY . .\nRUN npm ci\n"),
        ("b/node_modules/a.js", &"x".repeat(30_000_000)),
        ("b/package.json", "{}"),
    ]);
    let base = ["check", "--no-config", "--select", "LW", "--format", "concise", "--quiet"];
    let order = |more: &[&str]| {
        let (_, out, _) = run(layerwise(it.path()).args(base).args(more));
        let codes = out.lines().filter_map(|it| it.split_whitespace().nth(2).map(str::to_owned));
        codes.collect::<Vec<_>>()
    };
    assert_eq!(order(&[]), ["LW108", "LW104", "LW401", "LW104", "LW201"]);
    assert_eq!(order(&["--sort", "impact"]), ["LW401", "LW201", "LW104", "LW104", "LW108"]);
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
    found(it.path(), &write);
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
}

#[test]
fn a_decision_is_no_oversight_and_nothing_costs_nothing() {
    let it = folder(&[
        ("Dockerfile", "FROM golang:1\nCOPY . /x/\n"),
        (".git/HEAD", "x"),
        (".dockerignore", "*\n!src\n!.git\n"),
        ("src/a.go", "1"),
    ]);
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    std::fs::write(it.path().join(".dockerignore"), "*.md\n").unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "2:LW402");
    // No bytes, no finding.
    std::fs::write(it.path().join(".git/HEAD"), "").unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    std::fs::remove_file(it.path().join(".dockerignore")).unwrap();
    assert_eq!(found(it.path(), &["--profile", "strict", "Dockerfile"]).0, "");
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
}

#[test]
fn sizes_are_measured_before_anything_is_said_of_them() {
    let big = "x".repeat(2_000_000);
    let it = folder(&[
        ("Dockerfile", ""),
        ("server", big.as_str()),
        ("tool", "small"),
        ("app/a.py", "1"),
        ("data/b.bin", big.as_str()),
        ("conf/c.jar", "1"),
    ]);
    let check = |text: &str| {
        std::fs::write(it.path().join("Dockerfile"), format!("FROM debian:12\n{text}\n")).unwrap();
        let base = ["check", "--no-config", "--select", "LW102,LW103,LW110", "--format", "json"];
        let (_, out, _) = run(layerwise(it.path()).args(base).arg("Dockerfile"));
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        let findings = json["files"][0]["findings"].as_array().unwrap();
        let short = |it: &serde_json::Value| {
            format!("{} {}", it["code"].as_str().unwrap(), it["impact"]["bytes"])
        };
        findings.iter().map(short).collect::<Vec<_>>().join(", ")
    };
    let bytes = "LW103 2000000";
    for (text, expected) in [
        ("COPY server /srv/server\nRUN chmod 755 /srv/server", bytes),
        ("COPY server /srv/\nRUN chmod 755 /srv/server", bytes),
        ("COPY server tool /srv/\nRUN chmod +x /srv/server /srv/tool", bytes),
        ("COPY data /srv/data\nRUN chown -R app /srv/data", bytes),
        ("COPY . /srv\nRUN chown -R app /srv", "LW103 4000056"),
        // Small as measured, whatever the names say.
        ("COPY tool /srv/tool\nRUN chmod 755 /srv/tool", ""),
        ("COPY app /srv/app\nRUN chown -R app /srv/app", ""),
        ("COPY conf/c.jar /srv/c.jar\nRUN chown app /srv/c.jar", ""),
        ("COPY conf/c.jar /srv/c.jar\nRUN mv /srv/c.jar /opt/", ""),
        ("COPY app /srv/app\nRUN rm -rf /srv/app", ""),
        ("COPY server /srv/server\nRUN mv /srv/server /opt/", "LW110 null"),
        (
            "COPY server /srv/server\nRUN chmod 755 /srv/server && /srv/server && rm /srv/server",
            "LW102 null",
        ),
        // What belongs to root already.
        ("COPY server /srv/server\nRUN chown root:root /srv/server", bytes),
        ("RUN git clone https://example.com/a.git /srv/a\nRUN chown -R root:root /srv/a", ""),
        ("ADD https://example.com/tool /usr/bin/tool\nRUN chmod +x /usr/bin/tool", "LW103 null"),
        (
            "ADD https://example.com/v1/tool?x=y/z /usr/bin/\nRUN chmod 755 /usr/bin/tool",
            "LW103 null",
        ),
        ("ADD --chmod=755 https://example.com/tool /usr/bin/tool\nRUN chmod +x /usr/bin/tool", ""),
        (
            "ADD https://example.com/i /tmp/i\nRUN chmod +x /tmp/i && /tmp/i && rm -f /tmp/i",
            "LW102 null",
        ),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn secrets_of_tests_and_public_stores_are_none() {
    let key = "-----BEGIN PRIVATE KEY-----\n";
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY . /x/\n"),
        ("pkg/testdata/ca.key", key),
        ("tests/tls/server.pem", key),
        ("conf/truststore.jks", "x"),
        ("node_modules/x/test.key", key),
        ("examples/.env", "TOKEN=abcdef123456\n"),
        ("certs/public.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("attestation/signing.key", key),
    ]);
    let (codes, out) = found(it.path(), &["Dockerfile"]);
    assert_eq!(codes, "2:LW405", "{out}");
    assert!(out.contains("attestation/signing.key"), "{out}");
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

#[test]
fn a_history_that_is_read_is_no_baggage() {
    let text = |run: &str| format!("FROM debian:12\nCOPY . /app\nRUN {run}\n");
    let it = folder(&[
        ("Dockerfile", text("true").as_str()),
        (".dockerignore", "x\n"),
        (".git/HEAD", "x"),
        ("version.py", "run(['git', 'describe'])\n"),
        ("plain.py", "print('git.example.com')\n"),
    ]);
    for (run, expected) in [
        ("true", "2:LW402"),
        ("python3 plain.py", "2:LW402"),
        ("python3 version.py", ""),
        ("make -C /app", ""),
        ("cd /app && go build", ""),
        ("apt-get install -y git", ""),
        ("rm -rf /app/.git", ""),
        ("find . -name .git | xargs rm -rf", ""),
    ] {
        std::fs::write(it.path().join("Dockerfile"), text(run)).unwrap();
        let (codes, out) = found(it.path(), &["Dockerfile"]);
        assert_eq!(codes, expected, "{run}: {out}");
        assert!(expected.is_empty() || out.contains("copies `.git` that no build needs"), "{out}");
    }
    // Build scripts of Cargo read it, or a crate does.
    std::fs::write(it.path().join("Dockerfile"), text("cargo build")).unwrap();
    std::fs::create_dir(it.path().join("app")).unwrap();
    for (name, content, expected) in [
        ("app/Cargo.toml", "[dependencies]\nserde = \"1\"\n", "2:LW402"),
        ("app/Cargo.toml", "[build-dependencies]\nvergen = \"9\"\n", ""),
        ("app/Cargo.toml", "[build-dependencies]\nvergen-gitcl = { version = \"1\" }\n", ""),
        ("app/build.rs", "Command::new(\"git\").args([\"describe\"])\n", ""),
        ("app/build.rs", "println!(\"cargo:rerun-if-changed=a\")\n", "2:LW402"),
    ] {
        std::fs::write(it.path().join(name), content).unwrap();
        let (codes, out) = found(it.path(), &["Dockerfile"]);
        assert_eq!(codes, expected, "{name} {content}: {out}");
        std::fs::remove_file(it.path().join(name)).unwrap();
    }
    // Another Dockerfile shares the file with the patterns.
    std::fs::write(it.path().join("Dockerfile"), text("true")).unwrap();
    std::fs::create_dir(it.path().join("cmd")).unwrap();
    let own = "cmd/Dockerfile.dockerignore";
    for (other, expected) in [
        ("FROM a\nCOPY . /x\nRUN git describe\n", ""),
        ("FROM a\nCOPY .git /x/.git\nRUN goreleaser build\n", ""),
        ("FROM a\nRUN --mount=target=. git describe\n", ""),
        // It does not get the history, or asks nothing of it.
        ("FROM a\nRUN git describe\n", "2:LW402"),
        ("FROM a\nCOPY --from=b . /x\nRUN git describe\n", "2:LW402"),
        ("FROM a\nCOPY . /x\nRUN git clone https://example.com/a\n", "2:LW402"),
        ("FROM a\nCOPY . /x\nRUN go build\n", "2:LW402"),
        ("FROM a\nCOPY . /x\n# RUN git describe\n", "2:LW402"),
        ("FROM a\nCOPY . /x\nRUN make\n", "2:LW402"),
    ] {
        std::fs::write(it.path().join("cmd/Dockerfile"), other).unwrap();
        assert_eq!(found(it.path(), &["Dockerfile"]).0, expected, "{other}");
    }
    // The makefile says what make does.
    std::fs::write(it.path().join("Makefile"), "V := $(shell git describe)\n").unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    // It has its own patterns.
    std::fs::write(it.path().join(own), "x\n").unwrap();
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "2:LW402");
}

#[test]
fn a_lock_file_counts_where_it_is_copied() {
    let it = folder(&[
        ("Dockerfile", ""),
        ("package.json", "{}"),
        ("package-lock.json", "{}"),
        ("web/package.json", r#"{"workspaces": ["a"]}"#),
        ("web/npm-shrinkwrap.json", "{}"),
        ("api/package.json", "{}"),
    ]);
    let check = |text: &str| {
        let text = format!("FROM node:22\nWORKDIR /app\n{text}\nCMD [\"node\", \"a.js\"]\n");
        std::fs::write(it.path().join("Dockerfile"), text).unwrap();
        let base = ["check", "--no-config", "--quiet", "--select", "LW721", "--format", "json"];
        let (_, out, _) = run(layerwise(it.path()).args(base).arg("Dockerfile"));
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        let findings = json["files"][0]["findings"].as_array().unwrap();
        let labels = findings.iter().map(|it| {
            let fix = if it["fix"].is_null() { "" } else { " fix" };
            format!("{}{fix}", it["labels"][0]["message"].as_str().unwrap())
        });
        labels.collect::<Vec<_>>().join(", ")
    };
    let (lock, wrap) = ("brings `package-lock.json`", "brings `npm-shrinkwrap.json`");
    let fixed = "brings `package-lock.json` fix";
    for (text, expected) in [
        ("COPY package*.json ./\nRUN npm install", fixed),
        ("COPY package.json package-lock.json* /app/\nRUN npm i --omit=dev", fixed),
        ("COPY . .\nRUN npm install --no-audit --no-fund", fixed),
        ("COPY . /srv\nRUN cd /srv && npm install", fixed),
        ("COPY . /srv\nWORKDIR /srv/web\nRUN npm install", wrap),
        ("COPY web /app\nRUN npm install", wrap),
        ("COPY . .\nRUN npm install -d", lock),
        ("COPY . .\nRUN npm install && npm install", fixed),
        ("COPY api ./\nRUN npm install", ""),
        ("COPY . /srv\nWORKDIR /srv/api\nRUN npm install", ""),
        ("COPY . /app2\nRUN npm install", ""),
        ("COPY package.json ./\nRUN npm install", ""),
        ("COPY --from=x package-lock.json ./\nRUN npm install", ""),
        ("RUN npm install\nCOPY . .", ""),
        ("COPY . .\nRUN npm install express", ""),
        ("COPY . .\nRUN npm install -g .", ""),
        ("COPY . .\nRUN npm install --no-package-lock", ""),
        ("COPY . .\nRUN npm install --prefix web", ""),
        ("COPY . .\nRUN rm package-lock.json && npm install", ""),
        ("COPY . .\nRUN npm ci || npm install", ""),
        ("COPY . .\nENV NPM_CONFIG_PACKAGE_LOCK=false\nRUN npm install", ""),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
    std::fs::write(it.path().join(".dockerignore"), "package-lock.json\n").unwrap();
    assert_eq!(check("COPY . .\nRUN npm install"), "");
}

#[test]
fn a_secret_that_is_copied_by_its_name_is_to_be_mounted() {
    let it = folder(&[
        ("Dockerfile", "FROM a\nCOPY conf/server.key /etc/\n"),
        ("conf/server.key", "-----BEGIN PRIVATE KEY-----\n"),
    ]);
    let help = |copy: &str| {
        std::fs::write(it.path().join("Dockerfile"), format!("FROM a\n{copy}\n")).unwrap();
        let base = ["check", "--no-config", "--select", "LW405", "--format", "json", "--exit-zero"];
        let (_, out, _) = run(layerwise(it.path()).args(base).arg("Dockerfile"));
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        report["files"][0]["findings"][0]["help"].as_str().unwrap().to_owned()
    };
    let by_name = "pass `conf/server.key` to a `RUN` with a secret mount; if the program reads it, mount it when the \
                   container starts";
    let by_pattern = "exclude `conf/server.key` with .dockerignore; pass secrets to a `RUN` with a secret mount, and to \
                      the program when its container starts";
    for copy in
        ["COPY conf/server.key /etc/", "ADD ./conf/server.key /x", "COPY a conf/server.key /y/"]
    {
        assert_eq!(help(copy), by_name, "{copy}");
    }
    for copy in ["COPY conf /etc/", "COPY conf/*.key /etc/", "COPY . /x", "COPY conf/server.ke? /y"]
    {
        assert_eq!(help(copy), by_pattern, "{copy}");
    }
}

#[test]
fn programs_that_build_projects_need_the_sdk() {
    let project = |packages: &str| {
        let it = folder(&[
            (
                "Dockerfile",
                "FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nCOPY . .\nRUN dotnet publish -o out\n\
                 FROM mcr.microsoft.com/dotnet/sdk:8.0\nCOPY --from=build out .\n\
                 ENTRYPOINT [\"dotnet\", \"/a.dll\"]\n",
            ),
            ("src/A/A.csproj", packages),
        ]);
        let base = ["check", "--no-config", "--select", "LW302", "--format", "concise"];
        run(layerwise(it.path()).args(base).arg("Dockerfile")).1.contains("LW302")
    };
    assert!(project("<PackageReference Include=\"Serilog\" />"));
    assert!(project("<Project Sdk=\"Microsoft.NET.Sdk\"><!-- Microsoft.Build --></Project>"));
    for name in ["Microsoft.Build.Locator", "Microsoft.Build", "Microsoft.Build.Framework"] {
        assert!(!project(&format!("<PackageReference Include=\"{name}\" />")), "{name}");
    }
}

#[test]
fn tools_of_a_repository_are_left_alone() {
    let install = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
    let codes = |name: &str, rest: &str| {
        let text = format!("{install}{rest}");
        let it =
            folder(&[(name, text.as_str()), (".git/HEAD", ""), ("src/main.c", "int main() {}\n")]);
        let (_, out, _) = run(layerwise(it.path()).args([
            "check",
            "--format",
            "concise",
            "--context",
            ".",
            name,
        ]));
        out.contains("LW104")
    };
    for rest in ["", "CMD [\"x\"]\n", "COPY src /src\n", "COPY src /src\nCMD [\"bash\"]\n"] {
        assert!(!codes("Dockerfile", rest), "{rest}");
        assert!(codes("Dockerfile.base", rest), "{rest}");
    }
    for rest in ["COPY src /src\nCMD [\"x\"]\n", "COPY --from=busybox /bin/sh /sh\n"] {
        assert!(codes("Dockerfile", rest), "{rest}");
    }
    // What somebody tries out is in no repository.
    let it = folder(&[("Dockerfile", install)]);
    let (_, out, _) =
        run(layerwise(it.path()).args(["check", "--format", "concise", "Dockerfile"]));
    assert!(out.contains("LW104"), "{out}");
}
