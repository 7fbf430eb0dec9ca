//! Why a step runs again: files, lines of the Dockerfile, or a step that precedes it.

use super::differ::differences;
use super::keys::Evaluation;
use super::plan::{Fact, Input, Plan, Step};
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

/// Two commits, and what became of the steps of the newer one so far.
pub(super) struct Causes<'c> {
    pub(super) objects: &'c dyn Objects,
    /// The path of the Dockerfile.
    pub(super) dockerfile: &'c str,
    pub(super) before: (&'c Plan, &'c Evaluation),
    pub(super) after: (&'c Plan, &'c Evaluation),
    /// For each step of the newer plan, the one that it was.
    pub(super) pairs: &'c [Option<usize>],
    /// The steps before the one that is asked for.
    pub(super) judged: &'c [Judged],
}

impl Causes<'_> {
    /// Why a step runs again, and the step that it only follows, if there is one.
    pub(super) fn of(&self, at: usize) -> (Vec<Cause>, Option<usize>) {
        let step = &self.after.0.steps[at];
        let was = self.pairs[at];
        let mut causes = match was {
            None => self.lines(vec![step.line]),
            Some(was) => self.own(was, at),
        };
        let has_own = !causes.is_empty();
        let mut follows = None;
        if !step.is_linked {
            self.follow(step.parent, &mut causes, &mut follows);
        }
        for input in &step.inputs {
            if let Input::Stage { last, .. } = input {
                self.follow(*last, &mut causes, &mut follows);
            }
        }
        if causes.is_empty() && follows.is_none() {
            causes.extend(was.and_then(|was| self.gone(was, at)));
        }
        causes.truncate(MOST_CAUSES);
        (causes, follows.filter(|_| !has_own))
    }

    fn lines(&self, lines: Vec<u32>) -> Vec<Cause> {
        lines.into_iter().map(|it| Cause::Line(self.dockerfile.to_owned(), it)).collect()
    }

    /// What is different about a step itself: what it says, its image, and the files that it takes.
    fn own(&self, was: usize, at: usize) -> Vec<Cause> {
        let (old, new) = (&self.before.0.steps[was], &self.after.0.steps[at]);
        let mut lines = changed_lines(old, new);
        if !new.is_linked {
            lines.extend(self.image(old, new));
        }
        for (old, new) in old.inputs.iter().zip(&new.inputs) {
            // A stage without a step has only its image.
            if let (Input::Stage { base: old, .. }, Input::Stage { base, last: None, .. }) =
                (old, new)
                && old.key != base.key
            {
                lines.extend(to_blame(Some(old), base));
            }
        }
        lines.sort_unstable();
        lines.dedup();
        let mut causes = self.lines(lines);
        let selected = (&self.before.1.steps[was].selected, &self.after.1.steps[at].selected);
        for (old, new) in selected.0.iter().zip(selected.1).filter(|it| it.0.key != it.1.key) {
            let paths = differences(self.objects, old, new);
            causes.extend(paths.into_iter().map(|it| Cause::File(it.path)));
        }
        causes
    }

    /// The lines to blame where the first step on an image has another one than its stage had.
    fn image(&self, old: &Step, new: &Step) -> Vec<u32> {
        let Some(base) = &new.base else { return Vec::new() };
        let was = self.before.0.base_in(old.stage_index);
        match was.is_some_and(|it| it.key == base.key) {
            true => Vec::new(),
            false => to_blame(was, base),
        }
    }

    /// Adds the causes of a step that another one is built on or copies from.
    fn follow(&self, at: Option<usize>, causes: &mut Vec<Cause>, follows: &mut Option<usize>) {
        let mut next = at;
        while let Some((at, judged)) = next.and_then(|it| Some((it, self.judged.get(it)?))) {
            let runs = |it: &usize| self.judged[*it].rebuilt != Rebuilt::No;
            // It may have been run for another stage.
            let same = judged.same_as.filter(runs);
            if let Some(at) = Some(at).filter(runs).or(same) {
                let before = &self.judged[at];
                *follows = follows.or(before.follows).or(Some(at));
                for cause in before.because.iter() {
                    if causes.len() < MOST_CAUSES && !causes.contains(cause) {
                        causes.push(cause.clone());
                    }
                }
            }
            // What precedes a COPY with `--link` counts for what follows it, though not for itself.
            let step = &self.after.0.steps[at];
            if step.is_linked
                && let Some(was) = self.pairs[at]
            {
                let lines = self.image(&self.before.0.steps[was], step);
                causes.extend(self.lines(lines));
            }
            next = step.parent.filter(|_| step.is_linked);
        }
    }

    /// The line to blame where no line says anything new: the FROM if it leads elsewhere, or that of the step itself if something
    /// before it is gone or was moved.
    fn gone(&self, was: usize, at: usize) -> Option<Cause> {
        let (old, new) = (&self.before.0.steps[was], &self.after.0.steps[at]);
        let is_moved = new.parent.map(|it| self.pairs[it]) != old.parent.map(Some);
        let mut facts = changed_facts(old, new).chain(gone_facts(old, new));
        if !is_moved && facts.next().is_none() {
            return None;
        }
        let from = new.from.as_ref().filter(|from| {
            let was = self.before.0.written_from(old.stage_index);
            was.is_none_or(|it| it.written != from.written)
        });
        let line = from.map_or(new.line, |it| it.line);
        Some(Cause::Line(self.dockerfile.to_owned(), line))
    }
}

/// The lines that say something else about a step than before.
fn changed_lines(old: &Step, new: &Step) -> Vec<u32> {
    let mut lines: Vec<u32> = Vec::new();
    for fact in changed_facts(old, new) {
        let was = old.facts.iter().find(|it| it.about == fact.about);
        lines.extend(to_blame(was, fact));
    }
    lines
}

/// The lines to blame for another value of a fact: those that say something else than before. There is none where something is
/// gone.
fn to_blame(was: Option<&Fact>, fact: &Fact) -> Vec<u32> {
    let Some(was) = was else { return vec![fact.line] };
    let is_new = |origin: &&super::origins::Written| {
        !was.origins.iter().any(|it| it.name == origin.name && it.written == origin.written)
    };
    if fact.origins.is_empty() && was.origins.is_empty() {
        return vec![fact.line];
    }
    fact.origins.iter().filter(is_new).map(|it| it.line).collect()
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
