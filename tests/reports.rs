//! What reports look like. `INSTA_UPDATE=always cargo test --test reports` writes the snapshots.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::ops::ControlFlow;

use layerwise::error::Error;
use layerwise::lint::{
    Applicability, Category, Edit, Finding, Fix, Impact, Label, Meta, Profile, Reruns, Severity,
};
use layerwise::report::{self, Format, Outcome, Style, Summary, page};
use layerwise::rules;
use layerwise::session::Checked;
use layerwise::source::{Source, Span};

static CLEANUP: Meta = Meta {
    code: "LW102",
    name: "cleanup-in-later-layer",
    category: Category::Layers,
    absorbs: &["DL3059"],
    summary: "files are deleted in a later layer than the one that created them",
    why: "A layer keeps what was written in it. Deleting the files in a later layer hides them, but they are \
          pulled and stored all the same.",
    bad: &["FROM debian:12\nRUN make big-file\nRUN rm big-file\n"],
    good: &["FROM debian:12\nRUN make big-file && rm big-file\n"],
    references: &["https://docs.docker.com/build/building/best-practices/"],
    ..Meta::LAYERWISE
};

static TAG: Meta = Meta {
    code: "DL3007",
    name: "latest-tag",
    category: Category::BaseImage,
    summary: "an image whose tag is `latest`",
    default_severity: Some(Severity::Info),
    ..Meta::HADOLINT
};

static BROKEN: Meta = Meta {
    code: "LW000",
    name: "syntax-error",
    severity: Severity::Error,
    summary: "a line that the builder rejects",
    ..Meta::LAYERWISE
};

static CASING: Meta = Meta {
    code: "StageNameCasing",
    name: "stage-name-casing",
    category: Category::Stages,
    severity: Severity::Style,
    profile: Profile::Strict,
    summary: "a stage name that is not in lower case",
    ..Meta::BUILDKIT
};

const TEXT: &str = "\
FROM debian:latest AS Señor
RUN apt-get update \\
 && apt-get install -y curl
\tCOPYY a b
# far away
RUN echo one two three four five six seven eight nine ten eleven twelve thirteen fourteen $x fifteen
RUN rm -rf /var/lib/apt/lists/*
";

fn finding(meta: &'static Meta, words: &str, instruction: usize, message: &str) -> Finding {
    let start = TEXT.find(words).unwrap();
    Finding {
        meta,
        severity: meta.severity,
        profile: meta.profile,
        everywhere: false,
        span: Span::new(start, start + words.len()),
        message: message.to_owned(),
        labels: Vec::new(),
        help: None,
        fix: None,
        impact: None,
        also: Vec::new(),
        outweighed: Vec::new(),
        group: None,
        instruction: Some(instruction),
        subject: None,
        causes: Vec::new(),
        more: 0,
    }
}

/// A file without findings.
fn nothing(name: &str, text: &str) -> Checked {
    Checked {
        note: None,
        source: Source::new(name, text),
        findings: Vec::new(),
        repeated: Vec::new(),
        keywords: Vec::new(),
        instructions: Vec::new(),
        context: None,
    }
}

fn checked() -> Checked {
    let tag = finding(&TAG, "debian:latest", 0, "the tag of `debian:latest` changes over time");
    let casing = finding(&CASING, "Señor", 0, "the stage name `Señor` is not in lower case");
    let mut broken = finding(&BROKEN, "COPYY", 2, "there is no instruction `COPYY`");
    broken.help = Some("did you mean `COPY`?".to_owned());
    let keyword = TEXT.find("COPYY").unwrap();
    broken.fix = Some(Fix::safe(
        "write `COPY`",
        vec![Edit::replace(Span::new(keyword, keyword + 5), "COPY")],
    ));
    let long = finding(&TAG, "$x", 3, "a place far to the right in a long line");
    let made = TEXT.find("apt-get update").unwrap();
    let mut cleanup = finding(&CLEANUP, "rm -rf /var/lib/apt/lists/*", 4, "this frees nothing");
    cleanup.labels = vec![Label {
        span: Span::new(made, TEXT.find("\n\tCOPYY").unwrap()),
        message: "the files are made here".to_owned(),
    }];
    cleanup.help = Some("delete them in the RUN that makes them".to_owned());
    let reruns = Reruns {
        line: 4,
        commits: 200,
        times: 74,
        saved: Some(61),
        part: false,
        seconds: 1860,
        measured: false,
    };
    cleanup.impact = Some(Impact {
        bytes: Some(19_300_000),
        layers: Some(1),
        measured: false,
        reruns: Some(reruns),
    });
    cleanup.also = vec!["DL3059"];
    let keywords = ["FROM", "RUN apt", "COPYY", "RUN echo", "RUN rm"].map(|words| {
        let start = TEXT.find(words).unwrap();
        Span::new(start, start + words.split(' ').next().unwrap().len())
    });
    Checked {
        findings: vec![tag, casing, broken, long, cleanup],
        keywords: keywords.to_vec(),
        ..nothing("app/Dockerfile", TEXT)
    }
}

fn outcomes() -> (Checked, Checked, Error) {
    let clean = nothing("clean", "");
    let error = Error::Io { path: "gone".into(), reason: "no such file or folder".to_owned() };
    (checked(), clean, error)
}

/// The whole report over a file with findings, one without and one that cannot be read.
fn written(format: Format) -> String {
    let (found, clean, error) = outcomes();
    let report = format.report(Style::default());
    let (mut text, mut summary, mut separator) = (report.start(), Summary::default(), "");
    let all = [("app/Dockerfile", Ok(&found)), ("clean", Ok(&clean)), ("gone", Err(&error))];
    let _ = all.into_iter().try_for_each(|(name, result)| {
        let outcome = Outcome { name, path: name, result };
        let part = report.file(outcome);
        summary.add(Summary::of(outcome));
        if !part.is_empty() {
            text += separator;
            text += &part;
            separator = report.separator();
        }
        ControlFlow::<()>::Continue(())
    });
    text + &report.end(&summary)
}

fn summary() -> Summary {
    let (found, clean, error) = outcomes();
    let mut summary = Summary::default();
    for result in [Ok(&found), Ok(&clean), Err(&error)] {
        summary.add(Summary::of(Outcome { name: "", path: "", result }));
    }
    summary
}

#[test]
fn full() {
    insta::assert_snapshot!(written(Format::Full));
}

#[test]
fn concise() {
    insta::assert_snapshot!(written(Format::Concise));
}

#[test]
fn json() {
    let text = written(Format::Json);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    insta::assert_snapshot!(format!("{value:#}"));
}

#[test]
fn jsonl() {
    insta::assert_snapshot!(written(Format::Jsonl));
}

/// The other formats for programs; tests/formats/ reads them back.
#[test]
fn for_programs() {
    let has_test_of_its_own =
        |it: &Format| matches!(it, Format::Full | Format::Concise | Format::Json | Format::Jsonl);
    for &format in Format::all().iter().filter(|it| !has_test_of_its_own(it)) {
        let name = format!("{format:?}").to_lowercase();
        insta::assert_snapshot!(name, written(format));
    }
}

#[test]
fn statistics() {
    insta::assert_snapshot!(report::statistics(&summary(), Format::Full, Style::default()));
    insta::assert_snapshot!(report::statistics(&summary(), Format::Json, Style::default()));
}

#[test]
fn explain() {
    insta::assert_snapshot!(page::terminal(&CLEANUP, Some("`--fix` fixes it"), Style::default()));
    insta::assert_snapshot!(page::markdown(&CLEANUP, Some(&[Applicability::Safe])));
    let sc1001 = &rules::shellcheck_metas()[0];
    insta::assert_snapshot!(page::terminal(sc1001, None, Style::default()));
}

#[test]
fn list_of_rules() {
    let metas = [&CLEANUP, &TAG, &BROKEN, &CASING];
    insta::assert_snapshot!(report::text_list(
        metas.into_iter().map(|it| (it, "safe")),
        Style::default()
    ));
    insta::assert_snapshot!(report::json_list(metas.into_iter().map(|it| (it, "-"))));
}
