//! Why a step runs again: files, lines of the Dockerfile, or a step that precedes it.

use super::differ::differences;
use super::keys::StepKeys;
use super::plan::{Fact, Input, Step};
use super::replay::{Judged, Rebuilt};
use super::tree::Objects;

/// A cause.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A file of the context, from its root.
    File(String),
    /// A line of the Dockerfile: the file and the line.
    Line(String, u32),
    /// The ignore file lets other files through.
    Ignored(String),
}

/// More causes of one step are not listed.
pub(super) const MOST_CAUSES: usize = 200;

/// Why a step runs again, from what it was at the commit before, and the step that it only follows, if there is one. `judged` has
/// the steps before it.
pub(super) fn causes(
    objects: &dyn Objects,
    dockerfile: &str,
    was: Option<(&Step, &StepKeys)>,
    now: (&Step, &StepKeys),
    judged: &[Judged],
) -> (Vec<Cause>, Option<usize>) {
    let mut causes = Vec::new();
    let (step, keys) = now;
    match was {
        None => causes.push(Cause::Line(dockerfile.to_owned(), step.line)),
        Some((old, old_keys)) => {
            let lines = changed_lines(old, step);
            causes.extend(lines.into_iter().map(|it| Cause::Line(dockerfile.to_owned(), it)));
            let mut inputs = old_keys.selected.iter();
            for new in &keys.selected {
                let Some(old) = inputs.next() else { break };
                if old.key != new.key {
                    let paths = differences(objects, old, new);
                    causes.extend(paths.into_iter().map(|it| Cause::File(it.path)));
                }
            }
        }
    }
    let mut follows = None;
    let has_own = !causes.is_empty();
    let mut of = |at: Option<usize>| {
        let Some((at, before)) = at.and_then(|it| Some((it, judged.get(it)?))) else { return };
        if before.rebuilt == Rebuilt::No {
            return;
        }
        follows = follows.or(before.follows).or(Some(at));
        for cause in before.because.iter() {
            if causes.len() < MOST_CAUSES && !causes.contains(cause) {
                causes.push(cause.clone());
            }
        }
    };
    if !step.is_linked {
        of(step.parent);
    }
    for input in &step.inputs {
        if let Input::Stage { last, .. } = input {
            of(*last);
        }
    }
    let has_moved = was.is_some_and(|it| it.0.line != step.line);
    if causes.is_empty() && follows.is_none() && has_moved {
        // A step that preceded it is gone.
        causes.push(Cause::Line(dockerfile.to_owned(), step.line));
    }
    causes.truncate(MOST_CAUSES);
    (causes, follows.filter(|_| !has_own))
}

/// The lines that say something else about a step than before.
fn changed_lines(old: &Step, new: &Step) -> Vec<u32> {
    let mut lines: Vec<u32> = changed_facts(old, new).map(|it| it.line).collect();
    if lines.is_empty() && gone_facts(old, new).next().is_some() {
        lines.push(new.line);
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// What a step depends on that was not so before.
pub(super) fn changed_facts<'s>(old: &'s Step, new: &'s Step) -> impl Iterator<Item = &'s Fact> {
    let was = |fact: &Fact| old.facts.iter().any(|it| it.about == fact.about && it.key == fact.key);
    new.facts.iter().filter(move |it| !was(it))
}

/// What a step depended on, and no longer does.
pub(super) fn gone_facts<'s>(old: &'s Step, new: &'s Step) -> impl Iterator<Item = &'s Fact> {
    old.facts.iter().filter(|fact| !new.facts.iter().any(|it| it.about == fact.about))
}
