//! What another order of the instructions would have saved: two replays of one history, compared.

use super::history::{CommitReport, History};
use super::lines::LineReport;
use super::replay::Rebuilt;
use crate::lint::Fix;
use crate::source::Source;

/// A change of a Dockerfile, and what it would have saved.
#[derive(Debug, Clone)]
pub struct Order {
    /// The change.
    pub fix: Fix,
    /// The rule that proposes it, if a rule does.
    pub code: Option<&'static str>,
    /// The Dockerfile that it changes.
    pub source: Source,
    /// What it saves.
    pub saving: Saving,
}

/// What one replay has less than another.
#[derive(Debug, Clone, PartialEq)]
pub struct Saving {
    /// The line of the Dockerfile as it is that gains most.
    pub line: u32,
    /// All lines that gain, by number.
    pub lines: Vec<u32>,
    /// At how many commits both could have been built.
    pub commits: usize,
    /// How often the line ran again at these; where nothing is saved for sure, how often it may have run.
    pub of: usize,
    /// How many of these runs are saved.
    pub rebuilds: usize,
    /// The seconds of all lines over the whole history.
    pub seconds: f64,
    /// Whether these runs happened for sure. Otherwise, that many are saved at most.
    pub is_sure: bool,
    /// Whether only the install of that line is saved, because it gets a line of its own.
    pub is_part: bool,
}

/// What the second replay saves, if it saves something: for sure if it can, otherwise at most. A run that may happen in the
/// second is never saved.
pub fn saving(before: &History, after: &History) -> Option<Saving> {
    let counts = buildable(&before.commits, &after.commits);
    let mut taken = vec![false; after.lines.len()];
    let mut pairs: Vec<(&LineReport, Option<&LineReport>)> =
        before.lines.iter().map(|it| (it, None)).collect();
    let by: [fn(&LineReport, &LineReport) -> bool; 3] =
        [|a, b| a.text == b.text, is_part, |a, b| a.keyword == b.keyword && a.seconds == b.seconds];
    for fits in by {
        for (old, new) in pairs.iter_mut().filter(|it| it.1.is_none()) {
            let mut places = after.lines.iter().enumerate();
            let found =
                places.find(|(at, it)| !taken[*at] && it.stage == old.stage && fits(old, it));
            if let Some((at, line)) = found {
                taken[at] = true;
                *new = Some(line);
            }
        }
    }
    let own = after.lines.iter().zip(&taken).filter(|it| !it.1).map(|it| (None, Some(it.0)));
    let all: Vec<_> = pairs.iter().map(|it| (Some(it.0), it.1)).chain(own).collect();
    [SURE, POSSIBLE].into_iter().find_map(|judge| {
        let gain = |old, new| gain(old, new, &counts, judge);
        let seconds: f64 = all.iter().map(|(old, new)| gain(*old, *new).1).sum();
        let gains = pairs.iter().filter_map(|it| Some((it.0, it.1?, gain(Some(it.0), it.1).0)));
        let gains: Vec<_> = gains.collect();
        let lines = gains.iter().filter(|it| it.2 > 0).map(|it| it.0.line).collect();
        let value = |it: &(&LineReport, &LineReport, isize)| it.0.seconds * it.2 as f64;
        let best = gains.into_iter().max_by(|a, b| value(a).total_cmp(&value(b)));
        let (line, new, rebuilds) = best?;
        let rebuilds = usize::try_from(rebuilds).ok().filter(|it| *it > 0 && seconds > 0.0)?;
        let ran = line.strip.iter().zip(&counts).filter(|it| *it.1);
        let of = ran.filter(|it| it.0.is_some_and(judge.ran)).count();
        let commits = counts.iter().filter(|it| **it).count();
        let (is_sure, is_part) = (judge.is_sure, is_part(line, new));
        Some(Saving { line: line.line, lines, commits, of, rebuilds, seconds, is_sure, is_part })
    })
}

/// Whether a RUN is the start of another one, which was cut in two: all that they have in common is before the cut.
fn is_part(whole: &LineReport, part: &LineReport) -> bool {
    let rest = whole.text.strip_prefix(part.text.as_str());
    let rest = rest.filter(|_| part.keyword == "RUN").map(|it| it.trim_start_matches([' ', '\\']));
    rest.is_some_and(|it| it.starts_with("&&") || it.starts_with(';'))
}

/// At which commits both could have been built. A source that the newest commit has was needed before too, and so was one
/// that only the second Dockerfile names; others are made before the build.
fn buildable(before: &[CommitReport], after: &[CommitReport]) -> Vec<bool> {
    let newest = after.iter().rfind(|it| it.error.is_none()).map_or(&[][..], |it| &it.lacks);
    let pairs = before.iter().zip(after);
    pairs
        .map(|(old, new)| new.lacks.iter().all(|it| newest.contains(it) && old.lacks.contains(it)))
        .collect()
}

/// What counts as a run.
#[derive(Clone, Copy)]
struct Judge {
    /// Whether the first replay ran a step.
    ran: fn(Rebuilt) -> bool,
    /// Whether the second runs it, given what the first did.
    runs: fn(Rebuilt, Rebuilt) -> bool,
    is_sure: bool,
}

/// What is surely saved, less what may be new.
const SURE: Judge = Judge {
    ran: |old| old == Rebuilt::Yes,
    runs: |old, new| new == Rebuilt::Yes || new == Rebuilt::Maybe && old != Rebuilt::Maybe,
    is_sure: true,
};

/// What is saved if all happened that may have.
const POSSIBLE: Judge =
    Judge { ran: |old| old != Rebuilt::No, runs: |_, new| new != Rebuilt::No, is_sure: false };

/// How many runs of a line are saved, and the seconds of them. A line that only one of the replays has never ran in the other.
fn gain(
    before: Option<&LineReport>,
    after: Option<&LineReport>,
    counts: &[bool],
    judge: Judge,
) -> (isize, f64) {
    let at = |line: Option<&LineReport>, commit: usize| {
        line.and_then(|it| it.strip.get(commit).copied().flatten()).unwrap_or(Rebuilt::No)
    };
    let cost = |line: Option<&LineReport>| line.map_or(0.0, |it| it.seconds);
    let mut sum = (0, 0.0);
    // Nothing is there at the first of them: what was built at a commit before could not have been.
    let first = counts.iter().position(|it| *it);
    for commit in (0..counts.len()).filter(|it| counts[*it]) {
        let (old, new) = (at(before, commit), at(after, commit));
        let ran = (judge.ran)(old);
        let runs = (judge.runs)(old, new) || ran && Some(commit) == first;
        sum.0 += isize::from(ran) - isize::from(runs);
        sum.1 += cost(before) * f64::from(u8::from(ran)) - cost(after) * f64::from(u8::from(runs));
    }
    sum
}
