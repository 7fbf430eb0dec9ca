//! What another order of the instructions would have saved: two replays of one history, compared.

use super::history::History;
use super::lines::LineReport;
use super::replay::Rebuilt;
use crate::lint::Edit;
use crate::source::Source;

/// A change of a Dockerfile, and what it would have saved.
#[derive(Debug, Clone)]
pub struct Order {
    /// What it does, as a command.
    pub title: String,
    /// The rule whose fix it is.
    pub code: &'static str,
    /// The Dockerfile that it changes.
    pub source: Source,
    /// The changes.
    pub edits: Vec<Edit>,
    /// What it saves.
    pub saving: Saving,
}

/// What one replay has less than another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saving {
    /// The line of the Dockerfile as it is that gains most.
    pub line: u32,
    /// How often it ran again.
    pub of: usize,
    /// How many of these runs are saved.
    pub rebuilds: usize,
    /// The seconds of all lines over the whole history.
    pub seconds: f64,
}

/// What the second replay surely saves, if it saves something. A run that may happen in the second is not saved.
pub fn saving(before: &History, after: &History) -> Option<Saving> {
    let mut taken = vec![false; after.lines.len()];
    let mut pairs: Vec<(&LineReport, Option<&LineReport>)> =
        before.lines.iter().map(|it| (it, None)).collect();
    let by: [fn(&LineReport, &LineReport) -> bool; 2] =
        [|a, b| a.text == b.text, |a, b| a.keyword == b.keyword && a.seconds == b.seconds];
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
    let all = pairs.iter().map(|it| (Some(it.0), it.1)).chain(own);
    let seconds: f64 = all.map(|(old, new)| gain(old, new).1).sum();
    let gains = pairs.iter().filter(|it| it.1.is_some()).map(|it| (it.0, gain(Some(it.0), it.1)));
    let gains = gains.map(|(line, (runs, _))| (line, runs));
    let value = |line: &LineReport, saved: isize| line.seconds * saved as f64;
    let best = gains.max_by(|a, b| value(a.0, a.1).total_cmp(&value(b.0, b.1)));
    let (line, rebuilds) = best?;
    let rebuilds = usize::try_from(rebuilds).ok().filter(|it| *it > 0 && seconds > 0.0)?;
    Some(Saving { line: line.line, of: line.rebuilds, rebuilds, seconds })
}

/// How many runs of a line are surely saved, less those that are new or may be, and the seconds of them. A line that only one
/// of the replays has never ran in the other.
fn gain(before: Option<&LineReport>, after: Option<&LineReport>) -> (isize, f64) {
    let commits = before.or(after).map_or(0, |it| it.strip.len());
    let at = |line: Option<&LineReport>, commit: usize| {
        line.and_then(|it| it.strip.get(commit).copied().flatten()).unwrap_or(Rebuilt::No)
    };
    let cost = |line: Option<&LineReport>| line.map_or(0.0, |it| it.seconds);
    let mut sum = (0, 0.0);
    for commit in 0..commits {
        let (old, new) = (at(before, commit), at(after, commit));
        let runs = new == Rebuilt::Yes || new == Rebuilt::Maybe && old != Rebuilt::Maybe;
        let ran = old == Rebuilt::Yes;
        sum.0 += isize::from(ran) - isize::from(runs);
        sum.1 += cost(before) * f64::from(u8::from(ran)) - cost(after) * f64::from(u8::from(runs));
    }
    sum
}
