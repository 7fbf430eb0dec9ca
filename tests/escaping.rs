//! Hostile text in every field of every output: nothing of it is obeyed by a terminal, a CI service or a renderer.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::ffi::OsStr;

use common::{archives, folder, layerwise, run};
use layerwise::escape::is_live;
use layerwise::report::Format;
use tempfile::TempDir;

/// What is tried; no blanks, so that each is one word of a Dockerfile.
const TEXTS: [&str; 10] = [
    "a\x1b[31m\x07\x08\x7fb",
    "a\u{9b}31m\u{85}\u{90}b",
    "a\u{202e}\u{2066}\u{200f}\u{61c}b\u{2069}",
    "a\u{200b}\u{200d}\u{feff}\u{2060}\u{e0041}b",
    "::error::b",
    "a-::stop-commands::b",
    "##vso[task.complete]b##[error]c",
    "a`[x](//e.io)```<b>|c",
    "``a`<script>|</script>![i](x)",
    "@team,https://e.io,www.e.io,&lt;&#x202e;,#12,]]>",
];

/// Dockerfiles with a place for a text.
const FIELDS: [&str; 28] = [
    "FROM TEXT\n",
    "FROM debian:TEXT\n",
    "FROM debian@TEXT\n",
    "FROM debian:latest AS TEXT\nFROM debian AS TEXT\nCOPY --from=TEXT a /b\n",
    "FROM --platform=TEXT debian:12\n",
    "FROM debian:12\nLABEL TEXT=a\nLABEL a=TEXT a=TEXT\n",
    "FROM debian:12\nENV TEXT a\nENV A=TEXT\nFROM debian:$A\nRUN echo $TEXT\n",
    "ARG A=TEXT\nFROM $A\nFROM debian:$A\nEXPOSE $A\nARG TEXT\n",
    "FROM debian:12\nEXPOSE TEXT\n",
    "FROM debian:12\nUSER TEXT\nWORKDIR TEXT\nVOLUME TEXT TEXT\n",
    "FROM debian:12\nCOPY TEXT b\nADD TEXT /b\nADD http://TEXT /c\n",
    "FROM debian:12\nCOPY --TEXT=a a /b\nCOPY --chmod=TEXT --chown=TEXT a /b\n",
    "FROM debian:12\nRUN --mount=type=TEXT,TEXT=b a\nRUN --mount=type=cache,target=/a,sharing=TEXT a\n",
    "FROM debian:12\nRUN --network=TEXT --security=TEXT a\n",
    "FROM debian:12\nRUN apt-get install TEXT && pip install TEXT && npm install -g TEXT && cd TEXT\n",
    "FROM debian:12\nRUN curl TEXT | sh && wget TEXT && sudo TEXT && echo $TEXT '${TEXT}' \"TEXT\n",
    "FROM debian:12\nRUN <<TEXT\na\nTEXT\nRUN <<EOF\nTEXT\nEOF\n",
    "FROM debian:12\nCMD [\"TEXT\", TEXT]\nENTRYPOINT TEXT\n",
    "FROM debian:12\nSHELL TEXT\nSTOPSIGNAL TEXT\nHEALTHCHECK --TEXT=a TEXT\n",
    "FROM debian:12\nTEXT a b\nONBUILD TEXT a\n",
    "# syntax=TEXT\n# escape=TEXT\n# check=skip=TEXT\n# TEXT=a\nFROM debian:12\n",
    "# layerwise file-ignore=TEXT TEXT\n# hadolint ignore=TEXT\n# layerwise TEXT\nFROM debian\n# layerwise ignore=DL3006 TEXT\nFROM debian\n",
    "FROM debian:12\nMAINTAINER TEXT\nmaintainer TEXT\n",
    "FROM debian:12\nENV PASSWORD=TEXT\nARG TOKEN=TEXT\nRUN echo TEXT > /etc/passwd\n",
    "FROM debian:12\nLABEL org.opencontainers.image.created=TEXT org.opencontainers.image.licenses=TEXT\n",
    "FROM debian:12\nRUN a \\\n\n  TEXT \\\n# TEXT\n  ::TEXT\nTEXT\n",
    "FROM debian:12\nWORKDIR /a\nRUN chmod TEXT TEXT && useradd TEXT && ln -s TEXT TEXT && rm TEXT\n",
    "TEXT",
];

/// Each of the texts in each of the fields, in files with the texts in their names.
fn project() -> TempDir {
    let mut files = Vec::new();
    for (at, text) in TEXTS.iter().enumerate() {
        for (number, field) in FIELDS.iter().enumerate() {
            // The others have names that end in the line of a report.
            let name = if number == 0 { text.replace('/', "\n\t") } else { at.to_string() };
            files.push((format!("{name}/{number}.Dockerfile"), field.replace("TEXT", text)));
        }
    }
    folder(&files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect::<Vec<_>>())
}

/// Characters that a terminal obeys, and lines that a CI service obeys.
fn assert_harmless(what: &str, output: &str) {
    for line in output.split('\n') {
        assert!(!line.contains(is_live), "{what}: {line:?}");
        assert!(!line.trim_start().starts_with("::"), "{what}: {line:?}");
        for (at, _) in line.match_indices("##") {
            let rest = line[at + 2..].trim_start_matches(|it: char| it.is_ascii_alphabetic());
            assert!(!rest.starts_with('['), "{what}: {line:?}");
        }
    }
}

/// The text of a line of Markdown outside of code spans and without what is escaped.
fn live_markdown(line: &str) -> String {
    let characters: Vec<char> = line.chars().collect();
    let run = |at: usize| characters[at..].iter().take_while(|it| **it == '`').count();
    let (mut live, mut at) = (String::new(), 0);
    while at < characters.len() {
        match characters[at] {
            '\\' => at += 2,
            '`' => {
                let length = run(at);
                let mut end = at + length;
                while end < characters.len() && run(end) != length {
                    end += run(end).max(1);
                }
                // A cell ends where a bar is not escaped, whether in code or not.
                let code = &characters[at..end.min(characters.len())];
                let bars = code.windows(2).filter(|it| it[1] == '|' && it[0] != '\\').count();
                assert!(bars == 0 || !line.starts_with('|'), "{line}");
                at = if end < characters.len() { end + length } else { at + length };
            }
            it => {
                live.push(it);
                at += 1;
            }
        }
    }
    live
}

#[test]
fn every_format_of_check() {
    let project = project();
    let formats: Vec<String> = Format::all().iter().map(|it| it.name()).collect();
    let out = tempfile::tempdir().unwrap();
    let mut command = layerwise(&project);
    command.args(["check", "--profile=audit", ".", "gone\n::error::\x1b[31m"]);
    for format in &formats {
        command.args(["--format", format, "--output"]).arg(out.path().join(format));
    }
    let (code, stdout, stderr) = run(&mut command);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert_harmless("standard error", &stderr);
    let read = |format: &str| std::fs::read_to_string(out.path().join(format)).unwrap();
    // The other two are read below.
    for format in formats.iter().filter(|it| !["github", "markdown"].contains(&it.as_str())) {
        let text = read(format);
        assert!(text.len() > 10_000, "{format}: {text}");
        // Code Climate's issues are ended by a NUL byte.
        assert_harmless(format, &text.replace('\0', ""));
    }
    for format in ["json", "sarif", "gitlab", "sonarqube", "rdjson"] {
        serde_json::from_str::<serde_json::Value>(&read(format)).unwrap();
    }
    for line in read("jsonl").lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    for format in ["junit", "checkstyle"] {
        let text = read(format);
        roxmltree::Document::parse(&text).unwrap();
    }
    for line in read("github").lines() {
        let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        assert!(["error ", "warning ", "notice "].iter().any(|it| head.starts_with(it)), "{line}");
        assert_harmless("github", message);
        assert_harmless("github", head);
    }
    let markdown = read("markdown");
    assert_harmless("markdown", &markdown);
    for line in markdown.lines() {
        let live = live_markdown(line);
        let found = live.contains(['<', '[', ']', '@', '&', '*'])
            || live.contains("://")
            || live.contains("www.");
        assert!(!found, "{line}");
        if line.starts_with("| ") {
            assert_eq!(live.matches('|').count(), 5, "{line}");
        }
    }
    // Readers of data get what is written in the file.
    let json: serde_json::Value = serde_json::from_str(&read("json")).unwrap();
    let paths = json["files"].as_array().unwrap().iter();
    let paths: Vec<&str> = paths.map(|it| it["path"].as_str().unwrap()).collect();
    assert!(paths.iter().any(|it| it.starts_with("a\x1b[31m\x07\x08\x7fb/")), "{paths:?}");
    assert!(read("concise").contains("a\\u{1b}[31m\\u{7}\\u{8}\\u{7f}b/0.Dockerfile:1:"));
}

#[test]
fn every_other_command() {
    let project = project();
    for arguments in [
        &["check", "--diff", "--unsafe-fixes", "--profile=audit", "."][..],
        &["check", "--statistics", "."],
        &["ast", "."],
        &["ast", "--format=json", "."],
        &["check", "--fix", "--unsafe-fixes", "--profile=audit", "."],
    ] {
        let (_, stdout, stderr) = run(layerwise(&project).args(arguments));
        assert_harmless(&format!("{arguments:?}"), &stdout);
        assert_harmless(&format!("{arguments:?}, standard error"), &stderr);
    }
}

#[test]
fn every_error() {
    let empty = tempfile::tempdir().unwrap();
    for text in TEXTS.map(|it| format!("{it}\n::error::c\r")) {
        let option = format!("--{text}");
        for arguments in [
            &["check", &text][..],
            &["check", &option],
            &["check", "--format", &text],
            &["check", "--select", &text, "."],
            &["check", "--ignore", &text, "."],
            &["check", "--config", &text, "."],
            &["check", "--context", &text, "."],
            &["check", "--baseline", &text, "."],
            &["check", "--exclude", &text, "."],
            &["check", "--stdin-filename", &text, "-"],
            &["check", "--output", &format!("gone/{text}"), "."],
            &["explain", &text],
            &["rules", "--select", &text],
            &["ast", &text],
            &["config", &text],
            &["config", "--from-hadolint", &text],
            &["image", &text],
            &["store", "--root", &text],
            &["measure", &text],
            &["init", "dockerignore", &text],
            &["init", "config", &text],
        ] {
            let arguments = arguments.iter().map(|it| OsStr::new(*it));
            let what = format!("{:?}", arguments.clone().collect::<Vec<_>>());
            let (_, stdout, stderr) = run(layerwise(&empty).args(arguments).env("PATH", ""));
            assert_harmless(&what, &stdout);
            assert_harmless(&what, &stderr);
        }
    }
}

#[test]
fn every_key_of_the_configuration() {
    for text in TEXTS {
        let quoted = serde_json::Value::from(text).to_string();
        for line in [
            format!("{quoted}: a"),
            format!("profile: {quoted}"),
            format!("ignore: [{quoted}]"),
            format!("severity: {{{quoted}: error}}"),
            format!("severity: {{DL3006: {quoted}}}"),
            format!("extends: {quoted}"),
            format!("exclude: [{quoted}]"),
            format!("trusted-registries: [{quoted}]"),
            format!("label-schema: {{{quoted}: text}}"),
            format!("label-schema: {{a: {quoted}}}"),
            format!("per-path: [{{path: {quoted}, {quoted}: a}}]"),
            text.to_owned(),
        ] {
            let name = text.replace('/', "\n");
            let files = [
                (format!("{name}/layerwise.yaml"), line.as_str()),
                (format!("{name}/Dockerfile"), "FROM a/debian:latest\nLABEL a=b\n"),
            ];
            let project = folder(&files.each_ref().map(|it| (it.0.as_str(), it.1)));
            for arguments in [&["check", "--profile=strict", "."][..], &["config", &files[1].0]] {
                let (_, stdout, stderr) = run(layerwise(&project).args(arguments));
                assert_harmless(&line, &stdout);
                assert_harmless(&line, &stderr);
            }
        }
    }
}

#[test]
fn values_of_the_caller_are_not_repeated() {
    let file = "ARG IMAGE\nARG PORT=80\nARG LABEL=b\nFROM $IMAGE AS a\nARG IMAGE PORT LABEL\nEXPOSE $PORT $IMAGE\n\
                LABEL a=$LABEL b=\"$LABEL\"\nCOPY $IMAGE $IMAGE b\nADD $IMAGE c\nWORKDIR $IMAGE\nUSER $IMAGE\n\
                ENV C=x-$IMAGE\nEXPOSE $C $C:80\nFROM --platform=$IMAGE debian:$LABEL\nCOPY --from=$IMAGE a /b\n\
                FROM registry.example/$IMAGE\nONBUILD FROM $IMAGE\n\
                ENV TOKEN=s3cretvalue\nEXPOSE $TOKEN:80 \"$TOKEN\"\n";
    let project = folder(&[
        ("Dockerfile", file),
        ("layerwise.yaml", "trusted-registries: [quay.io]\nlabel-schema: {a: url, b: hash}\n"),
    ]);
    for image in ["hunter22.example/hunter33/hunter44:hunter55", "hunter22", "127.0.0.9:hunter22"] {
        for format in ["full", "json", "sarif", "github", "markdown", "junit"] {
            let (code, stdout, stderr) = run(layerwise(&project)
                .args(["check", "--profile=audit", "--format", format, "--build-arg"])
                .arg(format!("IMAGE={image}"))
                .args(["--build-arg=PORT=hunter66:8080", "--build-arg=LABEL=hunter77"]));
            assert_eq!((code, stderr.as_str()), (1, ""));
            assert!(!stdout.contains("hunter"), "{format}: {stdout}");
            if format != "full" {
                // `full` shows the line of the file itself.
                assert!(!stdout.contains("`s3cret"), "{format}: {stdout}");
            }
            // Markup may be between the words.
            let names = stdout.contains("`$IMAGE` is not trusted");
            assert_eq!(names, image.contains('/'), "{format}: {stdout}");
            assert!(stdout.contains("`$PORT:` has no effect"), "{format}: {stdout}");
        }
    }
}

#[test]
fn every_field_of_images() {
    let out = tempfile::tempdir().unwrap();
    for (at, text) in TEXTS.iter().enumerate() {
        let layer = |size: usize| {
            let path = format!("etc/{text}");
            archives::Tar::new().file(&path, &archives::noise(at as u64, size)).end()
        };
        let mut picture = archives::Picture::new(vec![layer(4000), layer(5000)]);
        picture.name = format!("{text}:1");
        picture.architecture = (*text).to_owned();
        picture.comment = (*text).to_owned();
        picture.steps =
            vec![format!("RUN {text}\n::error::x"), format!("/bin/sh -c {text}\r{text}")];
        let name = format!("{}.tar", text.replace('/', "\n"));
        std::fs::write(out.path().join(&name), picture.docker_archive()).unwrap();
        std::fs::write(out.path().join("second.tar"), picture.docker_archive()).unwrap();
        for arguments in
            [&["image"][..], &["image", "--max-size=1B"], &["image", "--diff", "second.tar"]]
        {
            for format in ["text", "markdown", "json"] {
                let page = out.path().join("page.html");
                let (code, stdout, stderr) = run(layerwise(out.path())
                    .args(arguments)
                    .args(["--format", format, "--html"])
                    .args([page.as_os_str(), OsStr::new(&name)]));
                let what = format!("{arguments:?} {format} {text:?}");
                assert!(code < 2 && stdout.len() > 20, "{what}: {stderr}");
                assert_harmless(&what, &stdout);
                assert_harmless(&what, &stderr);
                if format == "json" {
                    serde_json::from_str::<serde_json::Value>(&stdout).unwrap();
                } else if format == "markdown" {
                    for line in stdout.lines() {
                        let live = live_markdown(line);
                        assert!(!live.contains(['<', '[', ']', '@']), "{what}: {line}");
                    }
                }
                let page = std::fs::read_to_string(&page).unwrap();
                assert!(!page.contains(is_live_but_breaks), "{what}");
                assert!(!page.contains("<b>|") && !page.contains("a`<script>"), "{what}");
            }
        }
    }
}

fn is_live_but_breaks(it: char) -> bool {
    it != '\n' && is_live(it)
}

#[test]
fn every_field_of_stores() {
    for text in TEXTS {
        let json = |value: serde_json::Value| value.to_string();
        let dangling = format!("-{text}$(x)");
        let store = folder(&[
            (
                "overlay-layers/layers.json",
                json(serde_json::json!([{"id": "base", "parent": "", "diff-size": 8}])),
            ),
            (
                "overlay-images/images.json",
                json(serde_json::json!([
                    {"id": text, "names": [text], "layer": "base"},
                    {"id": dangling, "layer": "base"},
                    {"id": "0a", "names": ["a"], "layer": text},
                ])),
            ),
            (
                "overlay-containers/containers.json",
                json(serde_json::json!([{"id": text, "image": text, "layer": text}])),
            ),
            ("overlay/base/diff/file", "x".to_owned()),
            (&format!("overlay/{}/diff/file", text.replace('/', "\n")), "x".to_owned()),
        ]);
        for format in ["text", "json"] {
            let arguments = ["store", "--root", ".", "--layers", "--format", format];
            let (code, stdout, stderr) = run(layerwise(&store).args(arguments));
            let what = format!("{format} {text:?}");
            assert_harmless(&what, &stdout);
            assert_harmless(&what, &stderr);
            assert_eq!(code, 0, "{what}: {stderr}");
            // What begins with a hyphen is not an option, whatever its quotes.
            let removals = stdout.matches("podman image rm ").count();
            assert_eq!(
                (removals, stdout.matches("podman image rm -- ").count()),
                (1, 1),
                "{what}: {stdout}"
            );
        }
    }
}
