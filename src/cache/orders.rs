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

/// What the second replay saves, if it saves something.
pub fn saving(before: &History, after: &History) -> Option<Saving> {
    let seconds = total(before) - total(after);
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
    let gains = pairs.iter().filter_map(|(old, new)| {
        let saved = old.rebuilds.checked_sub(new.as_ref()?.rebuilds)?;
        Some((old, saved))
    });
    let value = |line: &LineReport, saved: usize| line.seconds * saved as f64;
    let best = gains.max_by(|a, b| value(a.0, a.1).total_cmp(&value(b.0, b.1)));
    let (line, rebuilds) = best?;
    (rebuilds > 0 && seconds > 0.0).then_some(Saving {
        line: line.line,
        of: line.rebuilds,
        rebuilds,
        seconds,
    })
}

/// The seconds of all that ran again for sure.
fn total(history: &History) -> f64 {
    let steps = history.commits.iter().flat_map(|it| &it.steps);
    steps.filter(|it| it.rebuilt == Rebuilt::Yes).map(|it| it.seconds).sum()
}
