//! One page with the history next to the Dockerfile: a row for each line, a column for each commit. It needs no network, and
//! shows texts of the repository as texts.

use std::collections::HashMap;

use serde::Serialize;

use super::{CacheReport, text};
use crate::cache::{CommitReport, LineReport, Rebuilt, StepReport, dates};
use crate::escape;
use crate::lint::shorten;
use crate::report::json::write as to_text;
use crate::report::style::plural;

const PAGE: &str = include_str!("page.html");

/// Where the data goes.
const PLACE: &str = "/*DATA*/";

/// More causes of a step at one commit are counted only.
const MOST_CAUSES: usize = 5;

/// Longer subjects of commits are cut.
const LONGEST_SUBJECT: usize = 100;

#[derive(Serialize)]
struct Data {
    name: String,
    numbers: String,
    total: String,
    notes: Vec<String>,
    rows: Vec<Row>,
    commits: Vec<Commit>,
    orders: Vec<Advice>,
}

/// A line of the Dockerfile.
#[derive(Serialize)]
struct Row {
    no: u32,
    text: String,
    step: Option<Step>,
}

/// What became of a line that makes a layer.
#[derive(Serialize)]
struct Step {
    /// The instruction in one line.
    text: String,
    count: String,
    story: String,
    /// The seconds of all its runs.
    cost: f64,
    /// A letter per commit: `y`es, `n`o, `m`aybe, or `-` where the line was not there.
    strip: String,
    /// Paths, and at how many commits each was a cause.
    causes: Vec<(String, usize)>,
}

#[derive(Serialize)]
struct Commit {
    date: String,
    id: String,
    subject: String,
    error: String,
    /// What ran, or may have run, and why.
    ran: Vec<Ran>,
}

#[derive(Serialize)]
struct Ran {
    /// The row of the line as it is now; none if it is gone.
    row: Option<usize>,
    name: String,
    maybe: bool,
    why: String,
}

#[derive(Serialize)]
struct Advice {
    sentence: String,
    command: String,
}

/// The page.
pub(super) fn page(report: &CacheReport<'_>) -> String {
    let history = report.history;
    let rows = rows(report);
    let places = places(report, &rows);
    let commits = history.commits.iter().map(|it| commit(it, &places));
    let data = Data {
        name: escape::line(report.dockerfile).into_owned(),
        numbers: text::range(report),
        total: text::total(history).trim_end().to_owned(),
        notes: history.notes.iter().map(|it| escape::line(it).into_owned()).collect(),
        commits: commits.collect(),
        orders: report
            .orders
            .iter()
            .enumerate()
            .map(|(at, it)| Advice {
                sentence: escape::line(&text::sentence(it, history)).into_owned(),
                command: escape::line(&text::command(at, report)).into_owned(),
            })
            .collect(),
        rows,
    };
    PAGE.replacen(PLACE, &escape::html_json(&to_text(&data)), 1)
}

/// The lines of the newest Dockerfile, or only those that make layers where it is not known.
fn rows(report: &CacheReport<'_>) -> Vec<Row> {
    let lines = &report.history.lines;
    let row = |no: u32, text: &str| {
        let found = lines.iter().find(|it| it.line == no);
        Row { no, text: escape::source(text).into_owned(), step: found.map(|it| step(it, report)) }
    };
    match report.text {
        Some(text) => (1..).zip(text.lines()).map(|(no, text)| row(no, text)).collect(),
        None => lines.iter().map(|it| row(it.line, &it.text)).collect(),
    }
}

fn step(line: &LineReport, report: &CacheReport<'_>) -> Step {
    let letter = |it: &Option<Rebuilt>| match it {
        Some(Rebuilt::Yes) => 'y',
        Some(Rebuilt::No) => 'n',
        Some(Rebuilt::Maybe) => 'm',
        None => '-',
    };
    let causes = line.causes.iter();
    Step {
        text: escape::line(&line.text).into_owned(),
        count: text::count(line),
        story: text::story(line, report.history),
        cost: line.seconds * line.rebuilds as f64,
        strip: line.strip.iter().map(letter).collect(),
        causes: causes.map(|it| (escape::line(&it.path).into_owned(), it.commits)).collect(),
    }
}

/// The row of each step of the newest Dockerfile, by what is the same for it at all commits.
fn places(report: &CacheReport<'_>, rows: &[Row]) -> HashMap<usize, usize> {
    let newest = report.history.commits.iter().rev().find(|it| it.error.is_none());
    let steps = newest.map_or(&[][..], |it| &it.steps);
    let row = |step: &StepReport| rows.iter().position(|it| it.no == step.line);
    steps.iter().filter_map(|it| Some((it.track, row(it)?))).collect()
}

fn commit(commit: &CommitReport, places: &HashMap<usize, usize>) -> Commit {
    let ran = commit.steps.iter().filter(|it| it.rebuilt != Rebuilt::No).map(|it| Ran {
        row: places.get(&it.track).copied(),
        name: format!("{} {}", it.line, it.keyword),
        maybe: it.rebuilt == Rebuilt::Maybe,
        why: why(it),
    });
    Commit {
        date: dates::date(commit.time),
        id: commit.id.chars().take(9).collect(),
        subject: escape::line(&shorten(&commit.subject, LONGEST_SUBJECT)).into_owned(),
        error: commit.error.as_deref().map_or_else(String::new, |it| escape::line(it).into_owned()),
        ran: ran.collect(),
    }
}

/// Why a step ran.
fn why(step: &StepReport) -> String {
    if let Some(line) = step.follows {
        return format!("follows line {line}");
    }
    let causes = step.because.iter().take(MOST_CAUSES).map(super::cause);
    let mut causes: Vec<String> = causes.map(|it| escape::line(&it).into_owned()).collect();
    match step.because.len().saturating_sub(MOST_CAUSES) {
        0 => {}
        more => causes.push(format!("and {}", plural(more, "more cause"))),
    }
    causes.join(", ")
}
