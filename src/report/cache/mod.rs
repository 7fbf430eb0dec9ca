//! What a builder's cache made of a history, for people and for programs.

mod change;
mod explain;
mod explain_json;
mod html;
mod json;
mod text;

use super::{Style, duration};
use crate::cache::git::Commit;
use crate::cache::{Builder, Cause, Explanation, History, Order};

/// The formats of `cache`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum CacheFormat {
    /// For people: a strip over the commits for each line
    Text,
    /// One object: every commit, every line
    Json,
    /// A table: job summaries, comments
    Markdown,
    /// Annotations of GitHub Actions, for `--change`
    Github,
}

/// A replayed history.
#[derive(Debug, Clone, Copy)]
pub struct CacheReport<'a> {
    /// Whose cache it was.
    pub builder: Builder,
    /// The Dockerfile, from the root of the repository.
    pub dockerfile: &'a str,
    /// The context, from the root of the repository.
    pub context: &'a str,
    /// The stage that was built.
    pub target: Option<&'a str>,
    /// What became of the commits.
    pub history: &'a History,
    /// The two commits of `--change`; the work tree is not a commit.
    pub change: Option<(&'a Commit, Option<&'a Commit>)>,
    /// Better orders, the best first.
    pub orders: &'a [Order],
    /// The command that made the report, without what says how to print it.
    pub command: &'a str,
    /// The Dockerfile at the newest commit, if it has one.
    pub text: Option<&'a str>,
    /// Why a build missed its cache, for `--explain`.
    pub explained: Option<Explained<'a>>,
}

/// The answer of `--explain`.
#[derive(Debug, Clone, Copy)]
pub struct Explained<'a> {
    /// What was found.
    pub explanation: &'a Explanation,
    /// What the older build is called.
    pub old: &'a str,
    /// What the newer one is called.
    pub new: &'a str,
    /// The commits or manifests that were compared.
    pub states: Option<(&'a str, &'a str)>,
}

impl CacheReport<'_> {
    /// The report as one page, with the history next to the Dockerfile.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// The report in a format.
    pub fn write(&self, format: CacheFormat, style: Style) -> String {
        if let Some(explained) = self.explained {
            match format {
                CacheFormat::Text => return explain::text(self, explained, style),
                CacheFormat::Markdown => return explain::markdown(self, explained),
                CacheFormat::Json | CacheFormat::Github => {}
            }
        }
        match (format, self.change) {
            (CacheFormat::Json, _) => json::write(self),
            (CacheFormat::Github, _) => change::github(self),
            (CacheFormat::Text, None) => text::write(self, style),
            (CacheFormat::Text, Some(change)) => change::text(self, change, style),
            (CacheFormat::Markdown, None) => text::markdown(self),
            (CacheFormat::Markdown, Some(change)) => change::markdown(self, change),
        }
    }
}

/// A cause in one word: a path, or a path with a line.
fn cause(cause: &Cause) -> String {
    match cause {
        Cause::File(path) | Cause::Ignored(path) => path.clone(),
        Cause::Line(path, line) => format!("{path}:{line}"),
    }
}

/// The months that a history covers; none where it is too short to say what a month is like.
fn months(history: &History) -> Option<f64> {
    /// Shorter ones say nothing.
    const LEAST: f64 = 0.25;
    let times = history.commits.iter().map(|it| it.time);
    let span = times.clone().max().unwrap_or_default() - times.min().unwrap_or_default();
    Some(span as f64 / (30.44 * 86_400.0)).filter(|it| *it >= LEAST)
}

/// Where the times of all lines come from.
fn how(history: &History) -> &'static str {
    origin(&history.lines.iter().map(|it| it.is_measured).collect::<Vec<_>>())
}

/// Where times come from, of which each was measured or not.
fn origin(measured: &[bool]) -> &'static str {
    match (measured.contains(&true), !measured.contains(&false)) {
        (false, _) => "estimated",
        (true, true) => "measured",
        (true, false) => "partly measured",
    }
}

/// What so many seconds over a whole history make in a month.
fn monthly(seconds: f64, history: &History) -> String {
    months(history).map_or_else(|| "–".to_owned(), |it| duration(seconds / it))
}
