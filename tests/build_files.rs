//! What the files next to a Dockerfile say of its stages and dependencies, on folders as they are on disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::{folder, layerwise, run};

/// `line:code` of all that some rules find.
fn found(folder: &Path, codes: &str, arguments: &[&str]) -> String {
    let base = ["check", "--no-config", "--select", codes, "--format", "concise"];
    let (_, out, err) = run(layerwise(folder).args(base).args(arguments));
    assert_eq!(err.lines().filter(|it| it.starts_with("error")).count(), 0, "{err}");
    let codes = out.lines().filter_map(|line| {
        let mut parts = line.splitn(4, ':');
        let (_, at, _, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(format!("{at}:{}", rest.split_whitespace().nth(1)?))
    });
    codes.collect::<Vec<_>>().join(" ")
}

const STAGES: &str =
    "FROM golang:1.23 AS tool\nRUN go build -o /tool .\nFROM alpine:3.20\nCMD [\"sh\"]\n";

#[test]
fn a_stage_that_a_build_file_names_is_used() {
    let alone =
        folder(&[("Dockerfile", STAGES), (".git/HEAD", "x"), ("README.md", "--target tool\n")]);
    assert_eq!(found(alone.path(), "LW303", &["Dockerfile"]), "1:LW303");
    for (name, text) in [
        ("Makefile", "image:\n\tdocker build --target tool -t x .\n"),
        ("scripts/build.sh", "docker build --target=tool .\n"),
        ("docker-compose.prod.yml", "services:\n  a:\n    build:\n      target: tool\n"),
        ("docker-bake.hcl", "target \"x\" {\n  target = \"tool\"\n}\n"),
        ("rpi.hcl", "target \"tool\" {\n  dockerfile = \"Dockerfile\"\n}\n"),
        ("docker-bake.json", "{\"target\": {\"x\": {\"target\": \"tool\"}}}\n"),
        ("package.json", "{\"scripts\": {\"image\": \"docker build --target tool .\"}}\n"),
        (".github/workflows/ci.yml", "        matrix:\n          target: [tool]\n"),
        (".gitlab-ci.yml", "build:\n  script:\n    - docker build --target tool .\n"),
    ] {
        let named = folder(&[("Dockerfile", STAGES), (".git/HEAD", "x"), (name, text)]);
        assert_eq!(found(named.path(), "LW303", &["Dockerfile"]), "", "{name}");
        // From a folder below, those above count up to the repository's root.
        let below = folder(&[("docker/a/Dockerfile", STAGES), (".git/HEAD", "x"), (name, text)]);
        assert_eq!(found(below.path(), "LW303", &["docker/a/Dockerfile"]), "", "{name}");
    }
    // Outside a repository only the own folder is read.
    let above =
        folder(&[("a/Dockerfile", STAGES), ("Makefile", "x:\n\tdocker build --target tool .\n")]);
    assert_eq!(found(above.path(), "LW303", &["a/Dockerfile"]), "1:LW303");
}

#[test]
fn a_context_that_a_build_file_names_is_no_slip() {
    let text = "FROM alpine:3.20 AS docsites\nFROM alpine:3.20\nCOPY --from=docsite /a /a\nCOPY --from=docsites /b /b\n";
    let alone = folder(&[("Dockerfile", text), (".git/HEAD", "x")]);
    assert_eq!(found(alone.path(), "DL3022", &["Dockerfile"]), "3:DL3022");
    for (name, line) in [
        ("build.sh", "docker build --build-context docsite=../docs .\n"),
        ("docker-bake.hcl", "target \"x\" {\n  contexts = { docsite = \"../docs\" }\n}\n"),
        (
            "compose.yaml",
            "services:\n  a:\n    build:\n      additional_contexts:\n        - docsite=../docs\n",
        ),
    ] {
        let named = folder(&[("Dockerfile", text), (".git/HEAD", "x"), (name, line)]);
        assert_eq!(found(named.path(), "DL3022", &["Dockerfile"]), "", "{name}");
    }
}

#[test]
fn a_stage_that_is_named_otherwise_is_used() {
    let tag = "FROM a:1 AS base2-slim\nRUN x\nFROM reg.io/x:base2-slim AS base2\nCMD [\"y\"]\n";
    let it = folder(&[("Dockerfile", tag)]);
    assert_eq!(found(it.path(), "LW303", &["Dockerfile"]), "");
    // Of another target, the last stage is not a left-over.
    let target = "FROM a:1 AS api\nCMD [\"x\"]\nFROM b:1\nCMD [\"y\"]\n";
    let it = folder(&[("Dockerfile", target)]);
    assert_eq!(found(it.path(), "LW303", &["--target", "api", "Dockerfile"]), "");
}

#[test]
fn rules_about_what_ships_see_the_stages_that_are_built() {
    let text = "FROM debian:12 AS api\nRUN apt-get update && apt-get install -y curl\nFROM scratch\nCOPY x /x\n";
    let alone = folder(&[("Dockerfile", text), (".git/HEAD", "x"), ("x", "1")]);
    assert_eq!(found(alone.path(), "LW104", &["Dockerfile"]), "");
    let named = folder(&[
        ("Dockerfile", text),
        (".git/HEAD", "x"),
        ("x", "1"),
        ("Makefile", "x:\n\tdocker build --target api .\n"),
    ]);
    assert_eq!(found(named.path(), "LW104", &["Dockerfile"]), "2:LW104");
    let runs = text.replace("FROM scratch", "CMD [\"curl\"]\nFROM scratch");
    let runs = folder(&[("Dockerfile", runs.as_str()), (".git/HEAD", "x"), ("x", "1")]);
    assert_eq!(found(runs.path(), "LW104", &["Dockerfile"]), "2:LW104");
}

#[test]
fn dependencies_for_development_are_those_of_the_manifest() {
    let text = "FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD [\"node\", \"server.js\"]\n";
    let with = |manifest: &str| {
        let it = folder(&[("Dockerfile", text), ("package.json", manifest)]);
        found(it.path(), "LW306", &["Dockerfile"])
    };
    assert_eq!(with("{\"devDependencies\": {\"vite\": \"5\"}}"), "4:LW306");
    assert_eq!(with("{\"dependencies\": {\"express\": \"4\"}}"), "");
    let unknown = folder(&[("Dockerfile", text)]);
    assert_eq!(found(unknown.path(), "LW306", &["Dockerfile"]), "");
    let copied = "FROM node:22 AS deps\nWORKDIR /app\nCOPY web/package*.json ./\nRUN npm ci\nFROM node:22\n\
                  COPY --from=deps /app/node_modules ./node_modules\nCMD [\"node\", \"server.js\"]\n";
    let with = |manifest: &str| {
        let it = folder(&[("Dockerfile", copied), ("web/package.json", manifest)]);
        found(it.path(), "LW315", &["Dockerfile"])
    };
    assert_eq!(with("{\"devDependencies\": {\"vite\": \"5\"}}"), "6:LW315");
    assert_eq!(with("{\"dependencies\": {\"express\": \"4\"}}"), "");
}
