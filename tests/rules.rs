//! Every rule fires on its bad examples, is silent on its good ones, and finds what the fixtures mark.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use layerwise::config::Settings;
use layerwise::context::{BuildContext, Contexts, IgnoreFile};
use layerwise::lint::{
    Finding, LabelType, Meta, Options, Profile, RuleOptions, Selection, Selector,
};
use layerwise::model::{BuildOptions, MeasuredWaste, Model};
use layerwise::rules;
use layerwise::session;
use layerwise::source::Source;
use layerwise::syntax;

use common::folder;
use tempfile::TempDir;

/// What is said of suppressions depends on what the other rules say.
fn is_about_comments(code: &str) -> bool {
    matches!(code, "LW001" | "LW004")
}

/// Everything that one rule has to say.
fn options(code: &str) -> Options {
    let select = match code {
        code if is_about_comments(code) => Vec::new(),
        code => vec![Selector::Code(code.to_owned())],
    };
    let needs_options = metas().any(|it| it.code == code && !it.options.is_empty());
    Options {
        profile: Profile::Strict,
        selection: Selection { select, ..Selection::default() },
        rules: if needs_options { example_options() } else { RuleOptions::default() },
        require_reason: true,
        ..Options::default()
    }
}

/// The build context of examples and fixtures of rules that need one; the examples say what is in it.
fn context(code: &str) -> Option<BuildContext> {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let meta = metas().find(|it| it.code == code);
    if code != "CopyIgnoredFile" && !meta.is_some_and(|it| it.reads_context) {
        return None;
    }
    let folder = FOLDER.get_or_init(|| {
        let key = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
        folder(&[
            (".env", "DB_PASSWORD=correct-horse\n"),
            (".git/HEAD", "ref: refs/heads/main\n"),
            ("README.md", "text\n"),
            ("app.log", "line\n"),
            ("deploy/id_rsa", key),
            ("node_modules/a/index.js", "1\n"),
            ("secrets/key.txt", "1\n"),
            ("src/main.c", "1\n"),
            ("web/cache/y", "1\n"),
            ("web/node_modules/x.js", "1\n"),
            ("web/src/index.js", "1\n"),
        ])
    });
    let context = BuildContext::open(folder.path().to_owned(), None)?;
    let patterns = match code {
        "LW401" => return Some(context),
        "LW406" => "*.log\nnode_modules\n",
        "CopyIgnoredFile" => "*.log\nsecrets/\n**/node_modules\n",
        _ => "*.log\nsecrets/\n/node_modules\n",
    };
    Some(context.with(".dockerignore".into(), IgnoreFile::parse(patterns).unwrap()))
}

/// What was measured of a bad example of a rule that tells of it: its first layer holds what its last one takes away.
fn measured(model: &Model<'_>, code: &str, text: &str) -> Vec<MeasuredWaste> {
    let Some(class) = code.strip_prefix("LM").and_then(|it| it.parse().ok()) else {
        return Vec::new();
    };
    let is_bad = metas().any(|it| it.code == code && it.bad.contains(&text));
    let layers: Vec<usize> = (0..model.layers.len())
        .filter(|it| is_bad && model.layers[*it] == layerwise::model::Layer::Files)
        .collect();
    let ends = layers.first().zip(layers.last());
    let waste = ends.map(|(made, fix)| MeasuredWaste {
        item: 0,
        class,
        bytes: 38_200_000,
        made: *made,
        fix: *fix,
        paths: vec![("srv/data".to_owned(), 38_200_000)],
        change: None,
    });
    waste.into_iter().collect()
}

/// Lints a text with every rule of one code, suppressions included.
fn lint_with(text: &str, code: &str) -> Vec<(Finding, u32)> {
    let source = Source::new("Dockerfile", text);
    let doc = syntax::parse(&source);
    let mut model = Model::build(&doc, &BuildOptions::default());
    model.context = context(code);
    model.measured = measured(&model, code, text);
    let findings = layerwise::lint::lint(&model, rules::all(), &options(code));
    findings
        .into_iter()
        .filter(|it| !is_about_comments(code) || it.meta.code == code)
        .map(|it| (source.line(it.span.start), it))
        .map(|(line, it)| (it, line))
        .collect()
}

/// What examples and fixtures of rules with options are checked with.
fn example_options() -> RuleOptions {
    let label = |(name, kind): (&str, LabelType)| (name.to_owned(), kind);
    let labels = [
        ("team", LabelType::Text),
        ("docs", LabelType::Url),
        ("built", LabelType::Rfc3339),
        ("license", LabelType::Spdx),
        ("commit", LabelType::Hash),
        ("version", LabelType::Semver),
        ("contact", LabelType::Email),
    ];
    RuleOptions {
        trusted_registries: vec!["registry.example.com".to_owned(), "*.example.org".to_owned()],
        label_schema: labels.map(label).into_iter().collect(),
        strict_labels: true,
        max_layers: None,
    }
}

fn metas() -> impl Iterator<Item = &'static Meta> {
    rules::all().map(|rule| &rule.meta)
}

#[test]
fn bad_examples_fire_and_good_ones_do_not() {
    let mut wrong = Vec::new();
    for meta in metas() {
        let code = meta.code;
        assert!(!meta.bad.is_empty() && !meta.good.is_empty(), "{code} needs examples");
        for (index, example) in meta.bad.iter().enumerate() {
            if lint_with(example, code).is_empty() {
                wrong.push(format!("{code}: bad example {index} gives nothing:\n{example}"));
            }
        }
        for (index, example) in meta.good.iter().enumerate() {
            for (finding, line) in lint_with(example, code) {
                wrong.push(format!(
                    "{code}: good example {index}, line {line}: {}\n{example}",
                    finding.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The marks of a fixture: each `#~ CODE…` comment expects findings on the next line that is no mark.
/// Returns the text without marks, and the expected (line, code) pairs.
fn read_marks(text: &str) -> (String, Vec<(u32, String)>) {
    let (mut kept, mut expected, mut pending) = (String::new(), Vec::new(), Vec::new());
    let mut line = 0;
    for raw in text.split_inclusive('\n') {
        if let Some(codes) = raw.trim_start().strip_prefix("#~") {
            pending.extend(codes.split_whitespace().map(str::to_owned));
            continue;
        }
        line += 1;
        kept.push_str(raw);
        expected.extend(pending.drain(..).map(|code| (line, code)));
    }
    (kept, expected)
}

fn fixtures(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|it| it == "Dockerfile"));
    found.sort();
    found
}

#[test]
fn fixtures_give_what_their_marks_expect() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut wrong = Vec::new();
    let folders = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path());
    for folder in folders.filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let Some(meta) = metas().find(|meta| meta.name == name) else {
            wrong.push(format!("fixtures/rules/{name}: no rule has that name"));
            continue;
        };
        for path in fixtures(&folder) {
            let (text, mut expected) = read_marks(&std::fs::read_to_string(&path).unwrap());
            expected.retain(|(_, code)| code == meta.code);
            let mut got: Vec<(u32, String)> = lint_with(&text, meta.code)
                .into_iter()
                .map(|(it, line)| (line, it.meta.code.to_owned()))
                .collect();
            expected.sort();
            got.sort();
            if got != expected {
                wrong.push(format!("{}: expected {expected:?}, got {got:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the fixes of one rule make of a text, unsafe ones too.
fn fixed(text: &str, code: &str) -> String {
    let settings = Settings { lint: options(code), ..Settings::default() };
    let fixed = session::fix(
        Source::new("Dockerfile", text),
        &settings,
        session::Place::default(),
        &Contexts::default(),
        true,
    );
    assert!(fixed.rejected.is_empty(), "{code}: {:?}", fixed.rejected);
    fixed.source.text
}

/// A fixture whose rule changes something has a twin with the result beside it; `UPDATE=1` writes it.
#[test]
fn fixes_give_what_the_twins_show() {
    let update = std::env::var_os("UPDATE").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut wrong = Vec::new();
    // The rules about comments would have the fixes of all others applied.
    for meta in metas().filter(|it| !is_about_comments(it.code)) {
        for path in fixtures(&root.join(meta.name)) {
            let (text, _) = read_marks(&std::fs::read_to_string(&path).unwrap());
            let result = fixed(&text, meta.code);
            let twin = path.with_extension("Dockerfile.fixed");
            let expected = std::fs::read_to_string(&twin).unwrap_or_else(|_| text.clone());
            if update && result != text {
                std::fs::write(&twin, &result).unwrap();
            } else if result != expected {
                wrong.push(format!("{}:\n{result}", twin.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts_are_complete_and_in_style() {
    let mut wrong = Vec::new();
    for meta in metas() {
        let code = meta.code;
        let mut check = |good: bool, what: &str| {
            if !good {
                wrong.push(format!("{code}: {what}"));
            }
        };
        check(
            !meta.name.is_empty()
                && meta
                    .name
                    .chars()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'),
            "name is not in kebab case",
        );
        check(
            !meta.summary.is_empty() && !meta.summary.ends_with('.'),
            "summary is empty or ends with a period",
        );
        check(
            meta.why.ends_with('.') && meta.why.len() > 40,
            "why is too short or does not end with a period",
        );
        for example in meta.bad {
            for (finding, _) in lint_with(example, code) {
                let message = &finding.message;
                check(
                    message.chars().count() <= 80,
                    &format!("message is longer than 80 characters: {message}"),
                );
                check(!message.ends_with('.'), &format!("message ends with a period: {message}"));
                check(
                    !message.starts_with(|it: char| it.is_uppercase()),
                    &format!("message starts upper case: {message}"),
                );
                check(finding.help.as_ref().is_none_or(|help| !help.is_empty()), "help is empty");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
