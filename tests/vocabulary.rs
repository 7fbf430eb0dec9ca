//! What each known word changes. The rules and the model know hundreds of names: programs, subcommands, packages, images,
//! variables, files, flags. Each is put into the short Dockerfiles of `tests/vocabulary/templates.cases`, whose titles say for
//! what kind of word the `{}` is, and what is found is compared with the files beside it, so that no name is lost or moved to
//! another list unseen. `UPDATE=1 cargo test --test vocabulary` writes what is found.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/cases.rs"]
#[allow(dead_code, reason = "texts are not shown below their titles here")]
mod cases;
#[path = "common/update.rs"]
mod update;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use layerwise::config::Settings;
use layerwise::lint::{Family, Options, Profile, Selection, Selector};
use layerwise::session;
use layerwise::source::Source;
use rayon::prelude::*;

/// A Dockerfile with `{}` where words go.
struct Template {
    /// The name of the file with its effects.
    name: String,
    kind: Kind,
    text: String,
}

/// What can stand in a place.
#[derive(Clone, Copy)]
enum Kind {
    /// A name in lower case: a program, a package, an image.
    Name,
    /// An option.
    Flag,
    /// A file or folder.
    Path,
    /// A name of any case.
    Any,
    /// The name of a variable.
    Variable,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "name" => Self::Name,
            "flag" => Self::Flag,
            "path" => Self::Path,
            "any" => Self::Any,
            "variable" => Self::Variable,
            _ => return None,
        })
    }

    /// Whether a word can.
    fn takes(self, word: &str) -> bool {
        let of = |more: &str| {
            !word.is_empty()
                && word.len() <= 60
                && word
                    .bytes()
                    .all(|it| it.is_ascii_alphanumeric() || more.as_bytes().contains(&it))
        };
        match self {
            Self::Name => {
                of("-_.+/")
                    && word.starts_with(|it: char| it.is_ascii_lowercase() || it.is_ascii_digit())
                    && !word.bytes().any(|it| it.is_ascii_uppercase())
                    && !word.ends_with(['.', '/', '-'])
            }
            Self::Flag => of("-_=./,") && word.starts_with('-') && word.len() > 1,
            Self::Path => {
                let is_path = of("-_./*~") && word.contains(['.', '/', '_']);
                !word.starts_with('-') && (is_path || of("-") && word.len() > 2)
            }
            Self::Variable => {
                of("_") && word.len() > 2 && !word.starts_with(|it: char| it.is_ascii_digit())
            }
            Self::Any => of("-_.") && word.len() <= 20 && !word.starts_with(['-', '.']),
        }
    }
}

/// A word that nothing knows: what is found with it is what is found with any word.
const UNKNOWN: &str = "zyqax";

/// Where names are written down.
const FOLDERS: [&str; 6] =
    ["rules", "src/context", "src/lint", "src/model", "src/shell", "src/syntax"];

#[test]
fn every_name_has_its_effect() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut words = BTreeSet::new();
    FOLDERS.iter().for_each(|it| collect(&root.join(it), &mut words));
    let mut stale = Vec::new();
    for template in templates(&root.join("tests/vocabulary/templates.cases")) {
        let path = root.join("tests/vocabulary").join(&template.name).with_extension("txt");
        let old = fs::read_to_string(&path).unwrap_or_default();
        let known = words.iter().map(String::as_str).chain(words_of(&old));
        let known: BTreeSet<&str> = known.filter(|it| template.kind.takes(it)).collect();
        let new = effects(&template, &known);
        if new == old {
            continue;
        }
        if update::update() {
            fs::write(&path, new).unwrap();
        } else {
            stale.push(difference(&path, &old, &new));
        }
    }
    let how = "`UPDATE=1 cargo test --test vocabulary` writes what is found";
    assert!(stale.is_empty(), "{}\n{how}", stale.join("\n"));
}

/// The Dockerfiles of a file of cases, whose titles are names and kinds.
fn templates(path: &Path) -> Vec<Template> {
    let cases = cases::read_cases(path).into_iter().map(|(title, text)| {
        let (name, kind) = title.split_once(": ").unwrap();
        let kind = Kind::of(kind).unwrap_or_else(|| panic!("{title}: no such kind"));
        Template { name: name.to_owned(), kind, text }
    });
    cases.collect()
}

/// The words in quotes of all files in a folder, without those of their tests.
fn collect(folder: &Path, words: &mut BTreeSet<String>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, words);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            words.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
}

/// The words in a file of effects: its indented lines.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|it| it.starts_with("    ")).flat_map(str::split_whitespace)
}

/// What each word changes in a Dockerfile.
fn effects(template: &Template, words: &BTreeSet<&str>) -> String {
    let base = found(template, UNKNOWN);
    let words: Vec<&str> = words.iter().copied().collect();
    let found: Vec<BTreeSet<String>> = words.par_iter().map(|it| found(template, it)).collect();
    let mut by_effect: BTreeMap<(String, char), Vec<&str>> = BTreeMap::new();
    for (word, found) in words.iter().zip(&found) {
        let more = found.difference(&base).map(|it| (it.clone(), '+'));
        let less = base.difference(found).map(|it| (it.clone(), '-'));
        more.chain(less).for_each(|it| by_effect.entry(it).or_default().push(word));
    }
    let mut text = String::new();
    for line in template.text.lines() {
        writeln!(text, "# {line}").unwrap();
    }
    for ((finding, sign), words) in by_effect {
        writeln!(text, "\n{sign} {finding}").unwrap();
        let mut line = String::new();
        for word in words {
            if line.len() + word.len() > 110 {
                writeln!(text, "   {line}").unwrap();
                line.clear();
            }
            line.push(' ');
            line.push_str(word);
        }
        writeln!(text, "   {line}").unwrap();
    }
    text
}

/// The findings in a template with a word, with `{}` for the word.
fn found(template: &Template, word: &str) -> BTreeSet<String> {
    let selection = Selection {
        select: vec![Selector::All],
        ignore: vec![Selector::Family(Family::Shellcheck)],
        ..Selection::default()
    };
    let lint = Options { profile: Profile::Audit, selection, ..Options::default() };
    let settings = Settings { lint, ..Settings::default() };
    let source = Source::new("Dockerfile", template.text.replace("{}", word));
    let lines = source.text.lines().count();
    let checked = session::check(source, &settings);
    let shown = checked.findings.iter().map(|it| {
        let line = checked.source.line(it.span.start);
        assert!(line as usize <= lines);
        let hidden = |text: &str| without(text, word);
        let fix = it.fix.as_ref().map_or("", |_| ", fixable");
        let help = it.help.as_deref().map_or(String::new(), |it| format!(" ({})", hidden(it)));
        let profile = it.profile.name();
        format!("{line} {} {profile}{fix}: {}{help}", it.meta.code, hidden(&it.message))
    });
    shown.collect()
}

/// A text with `{}` for a word in what it quotes, and without guesses at what was meant.
fn without(text: &str, word: &str) -> String {
    if text.starts_with("did you mean") {
        return "a guess".to_owned();
    }
    let (small, mut hidden) = (word.to_ascii_lowercase(), String::new());
    for (number, part) in text.split('`').enumerate() {
        let start = part.strip_suffix(word).or_else(|| part.strip_suffix(&small));
        match start.filter(|it| !it.ends_with(|it: char| it.is_ascii_alphanumeric())) {
            _ if number % 2 == 0 => hidden.push_str(part),
            Some(start) => write!(hidden, "`{start}{{}}`").unwrap(),
            None => write!(hidden, "`{part}`").unwrap(),
        }
    }
    hidden.replace('\n', "\\n")
}

/// The lines that only one of two texts has.
fn difference(path: &Path, old: &str, new: &str) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut text = format!("{name} differs from what is found:");
    let diff = similar::TextDiff::from_lines(old, new);
    for change in diff.unified_diff().context_radius(1).iter_hunks() {
        write!(text, "\n{change}").unwrap();
    }
    text
}
