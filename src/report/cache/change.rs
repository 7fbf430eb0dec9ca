//! What a change runs again: for people, for pull requests, and as annotations.

use super::{CacheReport, cause, duration};
use crate::cache::git::Commit;
use crate::cache::{LineReport, Rebuilt, StepReport};
use crate::escape::{self, log_data as data, log_property as property};
use crate::lint::shorten;
use crate::report::style::{Style, plural};

/// More causes of a step are not listed.
const CAUSES: usize = 4;

/// What is compared.
type Ends<'a> = (&'a Commit, Option<&'a Commit>);

pub(super) fn text(report: &CacheReport<'_>, ends: Ends<'_>, style: Style) -> String {
    let head =
        format!("{}  {}, {}", escape::line(report.dockerfile), builder(report), compared(ends));
    let mut text = format!("{}\n{}\n\n", style.bold(&head), summary(report));
    let room = style.width.saturating_sub(24).max(10);
    for (line, step) in steps(report) {
        let shown = escape::line(&line.text).into_owned();
        let shown = shorten(&shown, room).into_owned();
        let word = format!("{:<6}", word(step.rebuilt));
        let pad = " ".repeat(room.saturating_sub(shown.chars().count()));
        if step.rebuilt == Rebuilt::No {
            text += &style.dim(&format!("{word} {:>5}  {shown}", step.line));
            text.push('\n');
            if let Some(at) = shared(report, step) {
                text += &style.dim(&format!("              same step as line {at}"));
                text.push('\n');
            }
            continue;
        }
        text += &format!("{word} {:>5}  {shown}{pad} {:>8}\n", step.line, duration(step.seconds));
        let why = escape::line(&why(step)).into_owned();
        if !why.is_empty() {
            text += &format!("              {}\n", shorten(&why, style.width.saturating_sub(14)));
        }
    }
    for note in &report.history.notes {
        text += &format!("note: {}\n", escape::line(note));
    }
    text
}

pub(super) fn markdown(report: &CacheReport<'_>, ends: Ends<'_>) -> String {
    let mut text = format!(
        "### {}: {}\n\n{}\n",
        escape::markdown_code(report.dockerfile),
        escape::markdown(&compared(ends)),
        summary(report)
    );
    let mut rows = steps(report).filter(|it| it.1.rebuilt != Rebuilt::No).peekable();
    if rows.peek().is_some() {
        text += "\n| Line | Instruction | | Takes | Because |\n|---:|---|---|---:|---|\n";
    }
    for (line, step) in rows {
        text += &format!(
            "| {} | {} | {} | {} | {} |\n",
            step.line,
            escape::markdown(&shorten(&line.text, 60)),
            word(step.rebuilt),
            duration(step.seconds),
            escape::markdown(&why(step))
        );
    }
    text
}

pub(super) fn github(report: &CacheReport<'_>) -> String {
    let path = property(report.dockerfile);
    let annotation = |(_, step): (&LineReport, &StepReport)| {
        let how = if step.rebuilt == Rebuilt::Yes { "runs again" } else { "may run again" };
        let text = format!("{how}, about {}: {}", duration(step.seconds), why(step));
        format!("::notice file={path},line={},title=layerwise cache::{}\n", step.line, data(&text))
    };
    let rows = steps(report).filter(|it| it.1.rebuilt != Rebuilt::No);
    let mut text: String = rows.map(annotation).collect();
    text += &format!("::notice file={path},title=layerwise cache::{}\n", data(&summary(report)));
    text
}

/// Seconds of the steps that run again.
pub(super) fn seconds(report: &CacheReport<'_>) -> f64 {
    let reruns = steps(report).filter(|it| it.1.rebuilt == Rebuilt::Yes);
    reruns.map(|it| it.1.seconds).sum()
}

/// Where these come from.
pub(super) fn how(report: &CacheReport<'_>) -> &'static str {
    let reruns = steps(report).filter(|it| it.1.rebuilt == Rebuilt::Yes);
    super::origin(&reruns.map(|it| it.1.is_measured).collect::<Vec<_>>())
}

/// The line of another stage whose step runs for this one too.
fn shared(report: &CacheReport<'_>, step: &StepReport) -> Option<u32> {
    let at = step.same_as?;
    steps(report).any(|it| it.1.line == at && it.1.rebuilt != Rebuilt::No).then_some(at)
}

/// The steps of the newer state, with their lines.
fn steps<'a>(report: &CacheReport<'a>) -> impl Iterator<Item = (&'a LineReport, &'a StepReport)> {
    let last = report.history.commits.last().map_or(&[][..], |it| &it.steps);
    report.history.lines.iter().zip(last)
}

fn builder(report: &CacheReport<'_>) -> &'static str {
    report.builder.traits().name
}

fn compared((from, to): Ends<'_>) -> String {
    let short = |commit: &Commit| commit.id.to_string().chars().take(9).collect::<String>();
    let to = to.map_or_else(|| "the working tree".to_owned(), short);
    format!("{} to {to}", short(from))
}

/// How many steps run again, and what that takes.
fn summary(report: &CacheReport<'_>) -> String {
    let count = |what| steps(report).filter(|it| it.1.rebuilt == what).count();
    let (yes, maybe) = (count(Rebuilt::Yes), count(Rebuilt::Maybe));
    let (all, how) = (plural(steps(report).count(), "step"), how(report));
    match (yes, maybe) {
        (0, 0) => format!("none of {all} runs again"),
        (_, 0) => {
            format!("{yes} of {all} run again, about {} ({how})", duration(seconds(report)))
        }
        _ => format!(
            "{yes} of {all} run again, about {} ({how}); {maybe} more may",
            duration(seconds(report))
        ),
    }
}

fn word(rebuilt: Rebuilt) -> &'static str {
    match rebuilt {
        Rebuilt::Yes => "rerun",
        Rebuilt::Maybe => "maybe",
        Rebuilt::No => "cached",
    }
}

/// Why a step runs again: the step that it follows, or its causes.
fn why(step: &StepReport) -> String {
    if let Some(line) = step.follows {
        return format!("follows line {line}");
    }
    let mut causes: Vec<String> = step.because.iter().take(CAUSES).map(cause).collect();
    let more = step.because.len().saturating_sub(CAUSES);
    if more > 0 {
        causes.push(format!("{more} more"));
    }
    causes.join(", ")
}
