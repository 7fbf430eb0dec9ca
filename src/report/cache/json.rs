//! For programs.

use serde::Serialize;

use super::CacheReport;
use super::explain_json::Explain;
use crate::cache::{CommitReport, LineReport, Order, Rebuilt, dates};
use crate::report::json::{EditObject, edit};
use crate::source::hash;

/// The version of the format; it changes when a reader of the old one would break.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Object<'a> {
    version: u32,
    builder: &'a str,
    dockerfile: &'a str,
    /// Of the text that `lines` are about.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    context: &'a str,
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<Explain<'a>>,
    commits: Vec<Commit<'a>>,
    lines: Vec<Line<'a>>,
    orders: Vec<OrderObject<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Change {
    from: String,
    to: Option<String>,
    seconds: Seconds,
}

#[derive(Serialize)]
struct Commit<'a> {
    id: Option<&'a str>,
    date: String,
    subject: &'a str,
    error: Option<&'a str>,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    line: u32,
    keyword: &'a str,
    stage: &'a str,
    rebuilt: &'a str,
    because: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<u32>,
}

#[derive(Serialize)]
struct Line<'a> {
    line: u32,
    keyword: &'a str,
    stage: &'a str,
    commits: usize,
    rebuilds: usize,
    maybe: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<u32>,
    causes: Vec<CauseObject<'a>>,
    seconds: Seconds,
    bytes: Option<u64>,
}

#[derive(Serialize)]
struct CauseObject<'a> {
    path: &'a str,
    commits: usize,
}

#[derive(Serialize)]
struct OrderObject<'a> {
    title: &'a str,
    code: Option<&'a str>,
    line: u32,
    /// Only the install of the line is saved; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<bool>,
    saves: Saves,
    may_save: Option<Saves>,
    edits: Vec<EditObject<'a>>,
}

#[derive(Serialize)]
struct Saves {
    rebuilds: usize,
    of: usize,
    seconds: f64,
    seconds_per_month: Option<f64>,
    measured: bool,
}

#[derive(Serialize)]
struct Seconds {
    value: f64,
    measured: bool,
}

pub(super) fn write(report: &CacheReport<'_>) -> String {
    let is_replayed = report.history.commits.last().is_some_and(|it| it.error.is_none());
    let object = Object {
        version: VERSION,
        builder: report.builder.traits().name,
        dockerfile: report.dockerfile,
        digest: report.text.filter(|_| is_replayed).map(hash),
        context: report.context,
        target: report.target,
        change: report.change.map(|(from, to)| Change {
            from: from.id.to_string(),
            to: to.map(|it| it.id.to_string()),
            seconds: Seconds {
                value: super::change::seconds(report),
                measured: super::change::how(report) == "measured",
            },
        }),
        explain: report.explained.map(Explain::new),
        commits: report.history.commits.iter().map(commit).collect(),
        lines: report.history.lines.iter().map(line).collect(),
        orders: report.orders.iter().map(|it| order(it, report)).collect(),
        notes: &report.history.notes,
    };
    crate::report::json::write(&object) + "\n"
}

fn commit(commit: &CommitReport) -> Commit<'_> {
    let step = |step| {
        let step: &crate::cache::StepReport = step;
        Step {
            line: step.line,
            keyword: step.keyword,
            stage: &step.stage,
            rebuilt: word(step.rebuilt),
            because: step.because.iter().map(super::cause).collect(),
            same_as: step.same_as,
        }
    };
    Commit {
        // The working tree has none.
        id: Some(commit.id.as_str()).filter(|it| it.bytes().any(|it| it != b'0')),
        date: dates::timestamp(commit.time),
        subject: &commit.subject,
        error: commit.error.as_deref(),
        steps: commit.steps.iter().map(step).collect(),
    }
}

fn word(rebuilt: Rebuilt) -> &'static str {
    match rebuilt {
        Rebuilt::Yes => "yes",
        Rebuilt::No => "no",
        Rebuilt::Maybe => "maybe",
    }
}

fn line(line: &LineReport) -> Line<'_> {
    let causes = line.causes.iter().map(|it| CauseObject { path: &it.path, commits: it.commits });
    Line {
        line: line.line,
        keyword: line.keyword,
        stage: &line.stage,
        commits: line.commits,
        rebuilds: line.rebuilds,
        maybe: line.maybe,
        same_as: line.same_as,
        causes: causes.collect(),
        seconds: Seconds { value: line.seconds, measured: line.is_measured },
        bytes: None,
    }
}

fn order<'a>(order: &'a Order, report: &CacheReport<'_>) -> OrderObject<'a> {
    let saving = &order.saving;
    let saves = |rebuilds, of, seconds: f64| Saves {
        rebuilds,
        of,
        seconds,
        seconds_per_month: super::months(report.history).map(|it| seconds / it),
        measured: super::how(report.history) == "measured",
    };
    let all = saves(saving.rebuilds, saving.of, saving.seconds);
    let (sure, possible) = if saving.is_sure { (all, None) } else { (saves(0, 0, 0.0), Some(all)) };
    OrderObject {
        title: &order.fix.title,
        code: order.code,
        line: saving.line,
        part: saving.is_part.then_some(true),
        saves: sure,
        may_save: possible,
        edits: order.fix.edits.iter().map(|it| edit(&order.source, it)).collect(),
    }
}
