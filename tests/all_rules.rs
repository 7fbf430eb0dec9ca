//! What all rules together find in every small Dockerfile of the fixtures and examples, and what fixes make of it: rules and the
//! model behind them change nothing where nobody looks. `UPDATE=1 cargo test --test all_rules` writes what is found; each
//! message that is among it is once in `messages.txt`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/cases.rs"]
#[allow(dead_code, reason = "texts are not shown below their titles here")]
mod cases;
#[path = "common/update.rs"]
mod update;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use layerwise::config::Settings;
use layerwise::context::Contexts;
use layerwise::lint::{Family, Finding, Options, Profile, Selection, Selector};
use layerwise::rules;
use layerwise::session::{self, Place};
use layerwise::source::Source;
use rayon::prelude::*;
use tempfile::TempDir;

/// A Dockerfile, and what it is called in the files of findings.
struct Text {
    name: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The files of a folder and those below it, by name.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
}

/// The path of a file from the folder of fixtures.
fn name(path: &Path) -> String {
    let parts = path.strip_prefix(root()).unwrap().iter();
    parts.map(|it| it.to_str().unwrap()).collect::<Vec<_>>().join("/")
}

fn fixtures() -> Vec<Text> {
    let mut paths = Vec::new();
    files(&root(), "Dockerfile", &mut paths);
    let texts = paths.iter().map(|it| (name(it), std::fs::read(it).unwrap()));
    let texts = texts.filter_map(|(name, text)| Some((name, String::from_utf8(text).ok()?)));
    texts.map(|(name, text)| Text { name, text }).collect()
}

fn small_cases(folder: &str) -> Vec<Text> {
    let mut paths = Vec::new();
    files(&root().join(folder), "cases", &mut paths);
    let texts = paths.iter().flat_map(|path| {
        let list = cases::read_cases(path).into_iter();
        list.map(|(title, text)| Text { name: format!("{}: {title}", name(path)), text })
    });
    texts.collect()
}

fn examples() -> Vec<Text> {
    let texts = rules::all().flat_map(|rule| {
        let sides = [("bad", rule.meta.bad), ("good", rule.meta.good)];
        sides.into_iter().flat_map(move |(side, list)| {
            list.iter().zip(1..).map(move |(text, number)| Text {
                name: format!("{} {side} {number}", rule.meta.code),
                text: (*text).to_owned(),
            })
        })
    });
    texts.collect()
}

/// A build context with something of everything that rules look for.
fn context() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
    let large = "line\n".repeat(20_000);
    for (path, text) in [
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/objects/pack/a.pack", &large),
        (".dockerignore", "*.log\n!keep.log\nsecrets/\n/web/node_modules\n**/*.tmp\n"),
        (".env", "DB_PASSWORD=correct-horse\n"),
        ("Cargo.lock", "version = 4\n"),
        ("Cargo.toml", "[package]\nname = \"a\"\n[dev-dependencies]\nb = \"1\"\n"),
        ("Gemfile", "source \"https://rubygems.org\"\n"),
        ("Makefile", "all:\n"),
        ("README.md", "text\n"),
        ("app.log", "line\n"),
        ("app/main.py", "1\n"),
        ("deploy/id_rsa", key),
        ("go.mod", "module a\n"),
        ("go.sum", ""),
        ("index.js", "1\n"),
        ("keep.log", "line\n"),
        ("main.c", "1\n"),
        ("node_modules/a/index.js", &large),
        ("package-lock.json", "{}\n"),
        ("package.json", "{\"devDependencies\": {\"a\": \"1\"}}\n"),
        ("pom.xml", "<project/>\n"),
        ("requirements.txt", "flask\n"),
        ("secrets/key.txt", "1\n"),
        ("src/main.c", "1\n"),
        ("src/x.tmp", "1\n"),
        ("web/node_modules/x.js", "1\n"),
        ("web/package.json", "{\"dependencies\": {}}\n"),
        ("web/src/index.js", "1\n"),
    ] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Every rule but ShellCheck's, whose checks take longer than all others.
fn settings(context: &Path) -> Settings {
    let selection = Selection {
        select: vec![Selector::All],
        ignore: vec![Selector::Family(Family::Shellcheck)],
        ..Selection::default()
    };
    let lint = Options { profile: Profile::Audit, selection, ..Options::default() };
    let mut settings = Settings { lint, ..Settings::default() };
    settings.build.context = Some(context.to_owned());
    settings
}

/// All that a finding says, in a line.
fn said(finding: &Finding) -> String {
    let mut text = format!("{}: {}", finding.meta.code, finding.message);
    let labels = finding.labels.iter().map(|it| format!(" | label: {}", it.message));
    let help = finding.help.iter().map(|it| format!(" | help: {it}"));
    let fix = finding.fix.iter().map(|it| format!(" | fix: {}", it.title));
    text.extend(labels.chain(help).chain(fix));
    text.replace('\n', "\\n") + "\n"
}

/// A line for each finding, then what fixes make of the text; and what the findings say.
fn shown(it: &Text, settings: &Settings, contexts: &Contexts) -> (String, BTreeSet<String>) {
    let mut shown = format!("# {}\n", it.name);
    let source = || Source::new("Dockerfile", it.text.as_str());
    let checked = session::check_at(source(), settings, Place::default(), contexts);
    let mut fixable = 0;
    for finding in &checked.findings {
        let at = |offset| {
            let position = checked.source.position(offset);
            format!("{}:{}", position.line, position.column)
        };
        let (from, to) = (at(finding.span.start), at(finding.span.end));
        let fix = finding.fix.as_ref().map_or("", |it| it.applicability.name());
        fixable += usize::from(!fix.is_empty());
        let line = format!("{from}-{to} {} {} {fix}", finding.meta.code, finding.profile.name());
        writeln!(shown, "{}", line.trim_end()).unwrap();
    }
    if fixable > 0 {
        let fixed = session::fix(source(), settings, Place::default(), contexts, true);
        let applied = fixed.applied.iter().map(|(code, count)| format!("{count} {code}"));
        let rejected = fixed.rejected.iter().map(|it| format!("{}: {}", it.code, it.reason));
        let all: Vec<String> = applied.chain(rejected).collect();
        let (text, left) = (&fixed.source.text, fixed.findings.len());
        writeln!(shown, "fixed: {}; {} bytes, {left} left", all.join(", "), text.len()).unwrap();
    }
    (shown, checked.findings.iter().map(said).collect())
}

/// Compares a file with what is found, or writes it; what differs.
fn compared(name: &str, new: &str) -> Option<String> {
    let path = root().join("all-rules").join(name).with_extension("txt");
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    if old == new {
        return None;
    }
    if update::update() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, new).unwrap();
        return None;
    }
    let diff = similar::TextDiff::from_lines(old.as_str(), new);
    Some(diff.unified_diff().context_radius(2).header(name, "found").to_string())
}

#[test]
fn all_rules_find_what_they_found() {
    let context = context();
    let settings = settings(context.path());
    let (mut stale, mut messages) = (Vec::new(), BTreeSet::new());
    for (name, texts) in [
        ("examples", examples()),
        ("fixtures", fixtures()),
        ("cases-of-rules", small_cases("rules")),
        ("cases-of-the-parser", small_cases("parser")),
        ("installs", small_cases("all-rules")),
    ] {
        let contexts = Arc::new(Contexts::default());
        let found: Vec<(String, BTreeSet<String>)> =
            texts.par_iter().map(|it| shown(it, &settings, &contexts)).collect();
        let shown: Vec<&str> = found.iter().map(|it| it.0.as_str()).collect();
        stale.extend(compared(name, &shown.join("\n")));
        messages.extend(found.into_iter().flat_map(|it| it.1));
    }
    let folder = context.path().file_name().unwrap().to_str().unwrap();
    let messages: String = messages.iter().map(|it| it.replace(folder, "project")).collect();
    stale.extend(compared("messages", &messages));
    let how = "`UPDATE=1 cargo test --test all_rules` writes what is found";
    assert!(stale.is_empty(), "{}\n{how}", stale.join("\n"));
}
