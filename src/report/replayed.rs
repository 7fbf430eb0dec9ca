//! Reads what `cache --format json` wrote, for editors: how often the lines of a Dockerfile ran again, and what fixes save.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{duration, json, plural};
use crate::escape;
use crate::lint::{Category, Finding, Reruns};
use crate::source::{Source, hash};

/// The version of the format that is read.
const VERSION: u32 = 1;

/// More causes of a line are not named.
const CAUSES: usize = 4;

/// A replayed history, as it was written to a file.
#[derive(Debug, Clone, Deserialize)]
pub struct Replayed {
    version: u32,
    dockerfile: String,
    digest: String,
    lines: Vec<ReplayedLine>,
    orders: Vec<ReplayedOrder>,
}

/// A line of the newest Dockerfile.
#[derive(Debug, Clone, Deserialize)]
pub struct ReplayedLine {
    line: u32,
    commits: u32,
    rebuilds: u32,
    maybe: u32,
    same_as: Option<u32>,
    causes: Vec<ReplayedCause>,
    seconds: Seconds,
}

#[derive(Debug, Clone, Deserialize)]
struct ReplayedCause {
    path: String,
    commits: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Seconds {
    value: f64,
    measured: bool,
}

/// A change of the Dockerfile, and what it would have saved.
#[derive(Debug, Clone, Deserialize)]
struct ReplayedOrder {
    code: Option<String>,
    line: u32,
    #[serde(default)]
    part: bool,
    saves: Saves,
    edits: Value,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Saves {
    rebuilds: u32,
    of: u32,
    seconds: f64,
    measured: bool,
}

impl Replayed {
    /// Reads a report; none if it is another file, or says nothing about a history.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(bytes).ok()?;
        (read.version == VERSION).then_some(read)
    }

    /// Whether it is about a Dockerfile of that name with exactly this text. After a change its lines are others.
    pub fn is_of(&self, name: &str, text: &str) -> bool {
        let own = Path::new(&self.dockerfile).file_name();
        own.is_some_and(|it| it == name) && self.digest == hash(text)
    }

    /// What it says of the instruction that starts in a line.
    pub fn line(&self, line: u32) -> Option<&ReplayedLine> {
        self.lines.iter().find(|it| it.line == line)
    }

    /// What the fix of a finding about the cache saves, or else how often its own line ran again.
    pub fn reruns(&self, finding: &Finding, source: &Source, line: Option<u32>) -> Option<Reruns> {
        if finding.meta.category != Category::Cache {
            return None;
        }
        if let Some(order) = self.orders.iter().find(|it| it.is_fix(finding, source)) {
            let saves = order.saves;
            return Some(Reruns {
                line: order.line,
                commits: self.line(order.line)?.commits,
                times: saves.of,
                saved: Some(saves.rebuilds),
                part: order.part,
                seconds: whole(saves.seconds),
                measured: saves.measured,
            });
        }
        let own = self.line(line?)?;
        Some(Reruns {
            line: own.line,
            commits: own.commits,
            times: own.rebuilds,
            saved: None,
            part: false,
            seconds: whole(own.all()),
            measured: own.seconds.measured,
        })
    }
}

impl ReplayedOrder {
    /// Whether it is exactly the change that a finding proposes.
    fn is_fix(&self, finding: &Finding, source: &Source) -> bool {
        // What is only possible is not said to be saved.
        let is_code = self.code.as_deref() == Some(finding.meta.code) && self.saves.rebuilds > 0;
        let Some(fix) = finding.fix.as_ref().filter(|_| is_code) else { return false };
        let edits: Vec<_> = fix.edits.iter().map(|it| json::edit(source, it)).collect();
        serde_json::to_value(edits).is_ok_and(|it| it == self.edits)
    }
}

impl ReplayedLine {
    /// The seconds of all runs.
    fn all(&self) -> f64 {
        self.seconds.value * f64::from(self.rebuilds)
    }

    /// How often it ran again, why, and what that took, in Markdown.
    pub fn story(&self) -> String {
        let maybe = match self.maybe {
            0 => String::new(),
            it => format!(", and perhaps at {it} more"),
        };
        let how = if self.seconds.measured { "measured" } else { "estimated" };
        let commits = plural(self.commits as usize, "replayed commit");
        let mut text = format!("Ran again at {} of {commits}{maybe}.", self.rebuilds);
        let (one, all) = (duration(self.seconds.value), duration(self.all()));
        text += &format!(" One run takes about {one}, all of them {all} ({how}).");
        if let Some(line) = self.same_as {
            text += &format!(" It is the same step as line {line} and runs once for both.");
        }
        let causes = self.causes.iter().take(CAUSES);
        let causes: Vec<String> = causes
            .map(|it| format!("{} ({})", escape::markdown_code(&it.path), it.commits))
            .collect();
        if !causes.is_empty() {
            text += &format!("\n\nBecause of {}.", causes.join(", "));
        }
        text
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
fn whole(seconds: f64) -> u32 {
    seconds.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::{ReplayedCause, ReplayedLine, Seconds};

    #[test]
    fn the_story_of_a_line_has_what_is_known() {
        let causes = |count: u32| {
            (0..count)
                .map(|it| ReplayedCause { path: format!("src/{it}|"), commits: 9 - it })
                .collect()
        };
        let line = |maybe, same_as, count, measured| ReplayedLine {
            line: 3,
            commits: 40,
            rebuilds: 2,
            maybe,
            same_as,
            causes: causes(count),
            seconds: Seconds { value: 30.0, measured },
        };
        let known = "Ran again at 2 of 40 replayed commits. One run takes about 30 s, all of them 60 s (measured).";
        assert_eq!(line(0, None, 0, true).story(), known);
        let more = "Ran again at 2 of 40 replayed commits, and perhaps at 1 more. One run takes about 30 s, all of them 60 s \
                    (estimated). It is the same step as line 7 and runs once for both.\n\n\
                    Because of `src/0|` (9), `src/1|` (8), `src/2|` (7), `src/3|` (6).";
        assert_eq!(line(1, Some(7), 9, false).story(), more);
    }
}
