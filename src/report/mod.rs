//! Findings to bytes: one file per format, each with its own output structures that do not change with the code.

#[cfg(feature = "cache")]
mod cache;
mod catalogue;
mod checkstyle;
mod codeclimate;
#[cfg_attr(not(feature = "images"), allow(dead_code, reason = "only tables of images cut texts"))]
mod columns;
mod concise;
mod excerpt;
pub mod fixability;
mod github;
mod gnu;
#[cfg(feature = "images")]
mod images;
mod json;
mod junit;
mod markdown;
mod measurement;
pub mod page;
mod rdjson;
mod replayed;
mod sarif;
mod sonarqube;
mod statistics;
#[cfg(feature = "images")]
mod store;
mod style;
mod summary;
mod terminal;

#[cfg(feature = "cache")]
pub use cache::{CacheFormat, CacheReport, Explained};
pub use catalogue::{json_list, text_list};
#[cfg(feature = "images")]
pub use images::{ImageFormat, ImageReport, RowOrder, earlier};
pub use measurement::{MeasuredLine, Measurement};
pub use replayed::{Replayed, ReplayedLine};
pub use statistics::{has_statistics, statistics};
#[cfg(feature = "images")]
pub use store::{store_json, store_text};
pub use style::{Style, plural};
pub use summary::Summary;

use std::collections::HashMap;

use crate::error::Error;
use crate::lint::{Family, Finding, Meta, Reruns, size};
use crate::session::Checked;
use crate::source::hash;

/// The formats of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Each finding with its lines
    Full,
    /// One line per finding: `path:line:column: severity CODE message`
    Concise,
    /// One object with all files
    Json,
    /// One object per finding, one per line
    Jsonl,
    /// SARIF 2.1.0: GitHub code scanning, editors
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// Code Climate issues, each ended by a NUL byte
    Codeclimate,
    /// JUnit XML: one failed test per finding
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// SonarQube's external issues
    Sonarqube,
    /// One line per finding, in the format of compilers: Emacs, Vim, Make
    Gnu,
    /// Diagnostics for reviewdog, with fixes as suggestions
    Rdjson,
    /// One table per file: job summaries, comments
    Markdown,
}

/// What became of one file.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'a> {
    /// The name, as it was given: for people, and what they run next.
    pub name: &'a str,
    /// Its path from the root of the repository, with `/`: for programs, which look at the repository.
    pub path: &'a str,
    /// The findings, or why there are none.
    pub result: Result<&'a Checked, &'a Error>,
}

/// A format. A report is `start`, then what `file` gives of each file (with `separator` between those that
/// are not empty), then `end`. `file` runs in several threads, so it holds no state.
pub trait Report: Sync {
    /// What comes first.
    fn start(&self) -> String {
        String::new()
    }
    /// One file.
    fn file(&self, outcome: Outcome<'_>) -> String;
    /// What is between two files.
    fn separator(&self) -> &'static str {
        ""
    }
    /// What comes last.
    fn end(&self, summary: &Summary) -> String {
        let _ = summary;
        String::new()
    }
}

impl Format {
    /// All formats, in the order of `--help`.
    pub fn all() -> &'static [Self] {
        clap::ValueEnum::value_variants()
    }

    /// Its name on the command line.
    pub fn name(self) -> String {
        let value = clap::ValueEnum::to_possible_value(&self);
        value.map_or_else(String::new, |it| it.get_name().to_owned())
    }

    /// The report of this format.
    pub fn report(self, style: Style) -> Box<dyn Report> {
        match self {
            Self::Full => Box::new(terminal::Full(style)),
            Self::Concise => Box::new(concise::Concise(style)),
            Self::Json => Box::new(json::Json),
            Self::Jsonl => Box::new(json::JsonLines),
            Self::Sarif => Box::new(sarif::Sarif),
            Self::Github => Box::new(github::Github),
            Self::Gitlab => Box::new(codeclimate::Gitlab),
            Self::Codeclimate => Box::new(codeclimate::CodeClimate),
            Self::Junit => Box::new(junit::Junit),
            Self::Checkstyle => Box::new(checkstyle::Checkstyle),
            Self::Sonarqube => Box::new(sonarqube::Sonarqube),
            Self::Gnu => Box::new(gnu::Gnu),
            Self::Rdjson => Box::new(rdjson::Rdjson),
            Self::Markdown => Box::new(markdown::Markdown),
        }
    }

    /// Whether it is for people, who like to hear how it went.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// Whether the report itself says which files were not checked.
    pub fn tells_notes(self) -> bool {
        self.tells().0
    }

    /// Whether the report itself says which files could not be read.
    pub fn tells_errors(self) -> bool {
        self.tells().1
    }

    /// Whether the report itself says which files were not checked, and which could not be read.
    fn tells(self) -> (bool, bool) {
        match self {
            Self::Json | Self::Sarif | Self::Github | Self::Junit | Self::Markdown => (true, true),
            Self::Gitlab
            | Self::Codeclimate
            | Self::Checkstyle
            | Self::Sonarqube
            | Self::Rdjson => (false, true),
            Self::Full | Self::Concise | Self::Jsonl | Self::Gnu => (false, false),
        }
    }
}

/// A fingerprint per finding, in their order, each another than all others of the run: it knows the path, and findings
/// that are alike are counted.
fn fingerprints<'a>(path: &'a str, checked: &'a Checked) -> impl Iterator<Item = String> + 'a {
    let mut seen: HashMap<String, usize> = HashMap::new();
    checked.findings.iter().map(move |finding| {
        let own = checked.fingerprint(finding);
        let count = seen.entry(own.clone()).or_default();
        *count += 1;
        hash(&format!("{path}\0{own}\0{count}"))
    })
}

/// What acting on a finding saves, in words: `saves 19.3 MB and 1 layer (estimated)`, and what a replay says.
fn savings(finding: &Finding) -> Vec<String> {
    let impact = finding.impact.unwrap_or_default();
    let layers = impact.layers.filter(|it| *it > 0).map(|it| plural(it as usize, "layer"));
    let bytes = impact.bytes.filter(|it| *it > 0).map(size);
    let saved: Vec<String> = [bytes, layers].into_iter().flatten().collect();
    let how = if impact.measured { "measured" } else { "estimated" };
    let saved = (!saved.is_empty()).then(|| format!("saves {} ({how})", saved.join(" and ")));
    saved.into_iter().chain(impact.reruns.map(reruns)).collect()
}

/// What a replay of the history says: `saves 61 of 74 reruns of line 14 in 200 replayed commits, about 31 min (estimated)`.
pub fn reruns(reruns: Reruns) -> String {
    let Reruns { line, commits, times, saved, part, seconds, measured } = reruns;
    let how = if measured { "measured" } else { "estimated" };
    let commits = plural(commits as usize, "replayed commit");
    let time = match seconds {
        0 => String::new(),
        it => format!(", about {} ({how})", duration(f64::from(it))),
    };
    match saved {
        Some(saved) => {
            let of = plural(times as usize, "rerun");
            let part = if part { "the install in " } else { "" };
            format!("saves {saved} of {of} of {part}line {line} in {commits}{time}")
        }
        None => format!("line {line} ran again at {times} of {commits}{time}"),
    }
}

/// Seconds in the unit that a person would use.
fn duration(seconds: f64) -> String {
    match seconds {
        it if it < 9.95 => format!("{it:.1} s"),
        it if it < 90.0 => format!("{it:.0} s"),
        it if it < 5400.0 => format!("{:.0} min", it / 60.0),
        it => format!("{:.1} h", it / 3600.0),
    }
}

/// Where a rule is described on the web: at its catalogue's, or else in the first of its references.
pub fn home(meta: &Meta) -> Option<String> {
    let code = meta.code;
    match meta.family {
        Family::Shellcheck => Some(format!("https://www.shellcheck.net/wiki/{code}")),
        Family::Hadolint => Some(format!("https://github.com/hadolint/hadolint/wiki/{code}")),
        Family::Buildkit | Family::Layerwise => meta.references.first().map(|it| (*it).to_owned()),
    }
}

/// The documentation page of a rule, as a path in the project.
pub fn page_path(family: Family, code: &str) -> String {
    match family {
        Family::Shellcheck => "docs/rules/shellcheck.md".to_owned(),
        _ => format!("docs/rules/{code}.md"),
    }
}
