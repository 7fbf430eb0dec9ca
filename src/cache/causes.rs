//! Why a step runs again: files, lines of the Dockerfile, or a step that precedes it.

use super::keys::StepKeys;
use super::plan::{Input, Step};
use super::replay::{Judged, Rebuilt};
use super::select::{Filter, Root, Selected, below};
use super::tree::{Entry, Kind, Objects};
use crate::context::{IgnoreFile, folders_of};

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
const MOST_CAUSES: usize = 200;

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
                    causes.extend(paths.into_iter().map(Cause::File));
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
    let mut lines: Vec<u32> = new
        .facts
        .iter()
        .filter(|fact| !old.facts.iter().any(|it| it.about == fact.about && it.key == fact.key))
        .map(|it| it.line)
        .collect();
    let is_gone = |fact: &super::plan::Fact| !new.facts.iter().any(|it| it.about == fact.about);
    if lines.is_empty() && old.facts.iter().any(is_gone) {
        lines.push(new.line);
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The paths by which two selections differ.
fn differences(objects: &dyn Objects, old: &Selected, new: &Selected) -> Vec<String> {
    let mut paths = Vec::new();
    let find = |list: &[Root], path: &str| list.iter().find(|it| it.path == path).cloned();
    for root in &new.roots {
        let was = find(&old.roots, &root.path).map(|it| it.entry);
        let mut differ = Differ { objects, filters: (&old.filter, &new.filter), paths: &mut paths };
        differ.entry(&root.path, was.as_ref(), Some(&root.entry));
    }
    for root in old.roots.iter().filter(|it| find(&new.roots, &it.path).is_none()) {
        let mut differ = Differ { objects, filters: (&old.filter, &new.filter), paths: &mut paths };
        differ.entry(&root.path, Some(&root.entry), None);
    }
    paths
}

struct Differ<'d> {
    objects: &'d dyn Objects,
    filters: (&'d Filter, &'d Filter),
    paths: &'d mut Vec<String>,
}

impl Differ<'_> {
    fn entry(&mut self, path: &str, old: Option<&Entry>, new: Option<&Entry>) {
        let same_filter = self.filters.0.number == self.filters.1.number;
        let is_same = |(a, b): (&Entry, &Entry)| {
            (a.kind, a.id, a.mode, &a.extra) == (b.kind, b.id, b.mode, &b.extra)
        };
        if self.paths.len() >= MOST_CAUSES
            || old.zip(new).is_some_and(|it| same_filter && is_same(it))
        {
            return;
        }
        let folder = |entry: Option<&Entry>| {
            let entry = entry.filter(|it| it.kind == Kind::Folder)?;
            self.objects.folder(entry.id).ok()
        };
        let (before, after) = (folder(old), folder(new));
        if before.is_none() && after.is_none() {
            let sees = |entry: Option<&Entry>, filter: &Filter| {
                entry.is_some() && !hides(filter.ignore.as_deref(), path)
            };
            let (had, has) = (sees(old, self.filters.0), sees(new, self.filters.1));
            let same = old.zip(new).is_some_and(is_same);
            if (had || has) && !(same && had == has) {
                self.paths.push(path.to_owned());
            }
            return;
        }
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let find = |list: &[Entry], name: &str| {
            list.binary_search_by(|it| (*it.name).cmp(name)).ok().map(|it| list[it].clone())
        };
        for entry in after.iter() {
            let was = find(&before, &entry.name);
            self.entry(&below(path, &entry.name), was.as_ref(), Some(entry));
        }
        for entry in before.iter().filter(|it| find(&after, &it.name).is_none()) {
            self.entry(&below(path, &entry.name), Some(entry), None);
        }
    }
}

/// Whether an ignore file leaves out a path or a folder above it.
fn hides(ignore: Option<&IgnoreFile>, path: &str) -> bool {
    let Some(ignore) = ignore else { return false };
    let gone = folders_of(path).any(|it| ignore.excludes(it)) && !ignore.has_exceptions();
    gone || ignore.excludes(path)
}
