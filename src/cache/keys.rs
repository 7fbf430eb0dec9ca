//! The keys of all steps of a Dockerfile over one state of its context.

use std::sync::Arc;

use super::facts::nothing;
use super::generators::Generator;
use super::kept::{Kept, is_below, kept};
use super::key::{Key, Mixer};
use super::plan::{Input, Plan, Step, Taken};
use super::select::{Filter, Selected, Selector};
use super::tree::{Id, Lack};
use crate::context::{IgnoreFile, clean, has_wildcard, literal_part};
use crate::model::join;

/// Two digests: one that takes what is not known for changed, and one that takes it for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pair {
    /// It was seen before: nothing has changed for sure.
    pub upper: Key,
    /// It was never seen before: something has changed for sure.
    pub lower: Key,
}

/// A step over one state of the context.
#[derive(Debug, Clone)]
pub struct StepKeys {
    /// What a builder looks for.
    pub key: Pair,
    /// What the next step depends on.
    chain: Pair,
    /// What it puts into the image, as far as it copies.
    content: Pair,
    /// What it takes from the context.
    pub selected: Vec<Selected>,
}

/// A state of the context.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// What distinguishes it from all others.
    pub name: Key,
    /// The folder.
    pub context: Id,
    /// Its ignore file, by content.
    pub ignore: Option<(Id, Arc<IgnoreFile>)>,
}

/// All steps over one state of the context.
#[derive(Debug, Clone, Default)]
pub struct Evaluation {
    /// In the order of the plan.
    pub steps: Vec<StepKeys>,
    /// What is not known.
    pub notes: Vec<Note>,
}

/// What is not known about the step of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The first line of the instruction.
    pub line: u32,
    /// What is not known.
    pub what: String,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// Evaluates plans.
pub struct Evaluator<'o> {
    /// Selects files.
    pub selector: Selector<'o>,
}

impl<'o> Evaluator<'o> {
    /// For a selector.
    pub fn new(selector: Selector<'o>) -> Self {
        Self { selector }
    }

    /// Finds the keys of all steps.
    ///
    /// # Errors
    /// A part of the context is missing or broken.
    pub fn evaluate(&mut self, plan: &Plan, snapshot: &Snapshot) -> Result<Evaluation, Lack> {
        let mut found = Evaluation::default();
        for step in &plan.steps {
            let keys = self.step(step, plan, snapshot, &mut found)?;
            found.steps.push(keys);
        }
        Ok(found)
    }

    fn step(
        &mut self,
        step: &Step,
        plan: &Plan,
        snapshot: &Snapshot,
        found: &mut Evaluation,
    ) -> Result<StepKeys, Lack> {
        let mut own = Both::new("step");
        let mut content = Both::new("content");
        step.facts.iter().for_each(|it| own.key(it.key));
        // What precedes a COPY with `--link` does not count for it, the image included.
        let base = step.base.as_ref().map(|it| it.key).filter(|it| *it != nothing());
        base.filter(|_| !step.is_linked).into_iter().for_each(|it| own.key(it));
        step.placed.into_iter().for_each(|it| content.key(it));
        let mut selected = Vec::new();
        for input in &step.inputs {
            let pair = match input {
                Input::Context(wanted) => {
                    let filter = self.filter(snapshot, wanted, &[]);
                    let taken = self.selector.select(snapshot.context, &filter, wanted)?;
                    let mut pair = Pair { upper: taken.key, lower: taken.key };
                    if let Some(path) = &taken.missing {
                        found.notes.push(Note { line: step.line, what: unknown(path) });
                        pair.upper = snapshot.name;
                    }
                    selected.push(taken);
                    pair
                }
                Input::Stage { .. } => self.of_stage(input, plan, snapshot, found)?,
            };
            own.pair(pair);
            content.pair(pair);
        }
        if step.is_remote {
            // What the network gave at one commit is looked at once; it may be another thing at the next.
            own.upper.key(snapshot.name);
        }
        let parent = step.parent.and_then(|it| found.steps.get(it)).map(|it| it.chain);
        if step.is_linked && (base.is_some() || parent.is_some()) {
            let key = own.done();
            let mut chain = Both::new("linked");
            chain.pair(key);
            base.into_iter().for_each(|it| chain.key(it));
            parent.into_iter().for_each(|it| chain.pair(it));
            return Ok(StepKeys { key, chain: chain.done(), content: content.done(), selected });
        }
        parent.into_iter().for_each(|it| own.pair(it));
        let key = own.done();
        Ok(StepKeys { key, chain: key, content: content.done(), selected })
    }

    /// What is known of paths in another stage.
    fn of_stage(
        &mut self,
        input: &Input,
        plan: &Plan,
        snapshot: &Snapshot,
        found: &Evaluation,
    ) -> Result<Pair, Lack> {
        let Input::Stage { last, paths, generator, base } = input else {
            return Ok(Both::new("nothing").done());
        };
        let chain = chain(plan, *last);
        let mut both = Both::new("stage");
        paths.iter().for_each(|it| both.text(&clean(&format!("/{it}"))));
        if let Some(generator) = generator {
            both.key(self.stable(generator, &chain, found)?);
            return Ok(both.done());
        }
        let paths: Vec<String> =
            paths.iter().filter_map(|it| join(Some("/"), &literal_part(it))).collect();
        let runs = chain.iter().any(|it| plan.steps[*it].keyword == "RUN");
        for (place, &at) in chain.iter().enumerate() {
            let Some(destination) = plan.steps[at].destination.as_deref() else { continue };
            let inside = paths.iter().any(|it| is_below(destination, it));
            let above = paths.iter().any(|it| is_below(it, destination));
            if runs && inside {
                let later = chain[place + 1..].iter().flat_map(|it| &plan.steps[*it].replaced);
                let kept = kept(destination, later);
                if let Some(key) = self.kept(&plan.steps[at], &kept, snapshot, &found.steps[at])? {
                    both.lower.key(key);
                }
            } else if !runs && (inside || above) {
                both.pair(found.steps[at].content);
            }
        }
        both.key(base.key);
        if let Some(last) = last.filter(|_| runs) {
            both.upper.key(found.steps[last].chain.upper);
        }
        Ok(both.done())
    }

    /// What a step has copied, without what later commands replace; none where that may be all of it.
    fn kept(
        &mut self,
        step: &Step,
        kept: &Kept,
        snapshot: &Snapshot,
        keys: &StepKeys,
    ) -> Result<Option<Key>, Lack> {
        let gone = match kept {
            Kept::All => return Ok(Some(keys.content.lower)),
            Kept::Nothing => return Ok(None),
            Kept::Without(gone) => gone,
        };
        let mut mixer = Mixer::new("kept");
        step.placed.into_iter().for_each(|it| mixer.key(it));
        for (input, selected) in step.inputs.iter().zip(&keys.selected) {
            let Input::Context(taken) = input else { return Ok(None) };
            let filter = self.filter(snapshot, taken, gone);
            if filter.exclude.is_none() {
                return Ok(None);
            }
            mixer.key(self.selector.without(&selected.roots, &filter, gone)?);
        }
        Ok(Some(mixer.done()))
    }

    /// What a command with stable output depends on.
    fn stable(
        &mut self,
        generator: &'static Generator,
        chain: &[usize],
        found: &Evaluation,
    ) -> Result<Key, Lack> {
        let mut mixer = Mixer::new("generated");
        for root in chain.iter().flat_map(|at| &found.steps[*at].selected).flat_map(|it| &it.roots)
        {
            if root.entry.kind == super::tree::Kind::Folder {
                mixer.key(self.selector.stable(&root.entry, &root.path, generator)?);
            } else {
                mixer.bytes(&root.entry.id.0);
            }
        }
        Ok(mixer.done())
    }

    /// The filter for an ignore file, the patterns of `--exclude`, and paths that are gone.
    fn filter(&mut self, snapshot: &Snapshot, taken: &Taken, gone: &[String]) -> Filter {
        let mut mixer = Mixer::new("filter");
        snapshot.ignore.iter().for_each(|it| mixer.bytes(&it.0.0));
        let exclude: Vec<&str> = taken.exclude.iter().chain(gone).map(String::as_str).collect();
        if !exclude.is_empty() {
            mixer.number(u64::from(taken.parents));
            let sources = taken.sources.iter().map(String::as_str);
            exclude.iter().copied().chain(sources).for_each(|it| mixer.text(it));
        }
        let make = |number| Filter {
            number,
            ignore: snapshot.ignore.as_ref().map(|it| Arc::clone(&it.1)),
            exclude: IgnoreFile::parse(&exclude.join("\n"))
                .ok()
                .filter(|_| !exclude.is_empty())
                .map(Arc::new),
        };
        self.selector.filter(mixer.done(), make)
    }
}

/// What to say about a source that matches nothing.
fn unknown(path: &str) -> String {
    let lack = if has_wildcard(path) { "matches nothing" } else { "is not" };
    format!("`{path}` {lack} in the repository: nobody knows when it changes")
}

/// A step and all that it is built on, the first one first.
fn chain(plan: &Plan, last: Option<usize>) -> Vec<usize> {
    let mut chain: Vec<usize> =
        std::iter::successors(last, |it| plan.steps.get(*it)?.parent).collect();
    chain.reverse();
    chain
}

/// Mixes both digests of a pair.
struct Both {
    upper: Mixer,
    lower: Mixer,
}

impl Both {
    fn new(kind: &str) -> Self {
        Self { upper: Mixer::new(kind), lower: Mixer::new(kind) }
    }

    fn text(&mut self, text: &str) {
        self.upper.text(text);
        self.lower.text(text);
    }

    fn key(&mut self, key: Key) {
        self.pair(Pair { upper: key, lower: key });
    }

    fn pair(&mut self, pair: Pair) {
        self.upper.key(pair.upper);
        self.lower.key(pair.lower);
    }

    fn done(self) -> Pair {
        Pair { upper: self.upper.done(), lower: self.lower.done() }
    }
}
