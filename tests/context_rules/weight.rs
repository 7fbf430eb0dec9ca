//! What a context weighs, and what is baggage in it.

use super::*;

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
    compare("the_whole_context_is_weighed");
}

#[test]
fn what_a_build_uses_is_no_baggage() {
    let it = folder(&[
        ("Dockerfile", "FROM golang:1.23\nCOPY . .\nRUN git describe > v && go build -o /app .\n"),
        (".git/HEAD", "x"),
        ("node_modules/a.js", "x"),
    ]);
    assert_eq!(found(it.path(), &["Dockerfile"]).0, "");
    compare("what_a_build_uses_is_no_baggage");
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
    compare("a_decision_is_no_oversight_and_nothing_costs_nothing");
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
    compare("a_history_that_is_read_is_no_baggage");
}
