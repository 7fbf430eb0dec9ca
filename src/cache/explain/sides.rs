//! What the project itself says: the plans and files of both builds, compared by the model that replays histories.

use std::cell::RefCell;
use std::sync::Arc;

use super::{Reason, Why};
use crate::cache::causes::{changed_facts, gone_facts};
use crate::cache::differ::differences;
use crate::cache::history::State;
use crate::cache::key::Key;
use crate::cache::keys::{Evaluation, Evaluator};
use crate::cache::log::one_line;
use crate::cache::matching::matching;
use crate::cache::plan::{Fact, Input, Plan, Step};
use crate::cache::tree::Objects;
use crate::model::variables_in;

/// One of the two builds.
pub(super) struct Side {
    pub(super) plan: Arc<Plan>,
    pub(super) keys: Arc<Evaluation>,
}

/// Both.
pub(super) struct Sides<'s> {
    pub(super) objects: &'s dyn Objects,
    pub(super) old: Side,
    pub(super) new: Side,
    /// For each step of the newer plan, the one that it was.
    pub(super) pairs: Vec<Option<usize>>,
    /// Whether a step of the older plan is still there.
    is_kept: Vec<bool>,
    /// What is not known.
    pub(super) notes: Vec<String>,
}

impl<'s> Sides<'s> {
    pub(super) fn new(
        old: &State,
        new: &State,
        objects: &'s dyn Objects,
        evaluator: &RefCell<Evaluator<'s>>,
    ) -> Result<Self, String> {
        let side = |state: &State| {
            let keys = evaluator.borrow_mut().evaluate(&state.plan, &state.snapshot);
            let keys = Arc::new(keys.map_err(|it| it.0)?);
            Ok::<_, String>(Side { plan: Arc::clone(&state.plan), keys })
        };
        let (old, new) = (side(old)?, side(new)?);
        let pairs = matching(&old.plan, &new.plan);
        let unknown = new.keys.notes.iter().map(ToString::to_string);
        let notes = new.plan.notes.iter().cloned().chain(unknown).collect();
        let mut is_kept = vec![false; old.plan.steps.len()];
        pairs.iter().flatten().for_each(|it| is_kept[*it] = true);
        Ok(Self { objects, old, new, pairs, is_kept, notes })
    }

    /// Whether an ARG is in force at a step.
    pub(super) fn sees(&self, at: usize, name: &str) -> bool {
        let step = &self.new.plan.steps[at];
        let is_fact = step.facts.iter().any(|it| it.about == format!("ARG {name}"));
        is_fact
            || step.unset.iter().any(|it| it == name)
            || variables_in(&step.text).any(|it| it == name)
    }

    /// What differs for a step between the two; nothing if its keys are the same, or only those of steps before it differ.
    pub(super) fn reasons(&self, at: usize) -> Vec<Reason> {
        let new = &self.new.plan.steps[at];
        let Some(pair) = self.pairs[at] else {
            let is_new = || Reason::named(Why::New, one_line(&new.text)).at(new.line);
            return vec![self.replaced(at).unwrap_or_else(is_new)];
        };
        let old = &self.old.plan.steps[pair];
        let mut found = self.facts(old, new);
        let base = new.base.as_ref().filter(|base| {
            let was = self.old.plan.base_in(old.stage_index);
            was.is_none_or(|it| it.key != base.key)
        });
        found.extend(base.map(of_fact));
        found.extend(self.files(pair, at));
        if found.is_empty() {
            found.extend(self.order(pair, at));
        }
        if found.is_empty() {
            found.extend(self.stages(pair, at));
        }
        found
    }

    /// An instruction of the same keyword was in its place, and is not alike.
    fn replaced(&self, at: usize) -> Option<Reason> {
        let new = &self.new.plan.steps[at];
        let above = match new.parent {
            Some(above) => Some(self.pairs[above]?),
            None => None,
        };
        let is_it = |(at, it): &(usize, &Step)| {
            !self.is_kept[*at]
                && it.keyword == new.keyword
                && it.parent == above
                && (above.is_some() || it.stage == new.stage)
        };
        let (_, old) = self.old.plan.steps.iter().enumerate().find(is_it)?;
        let texts = (Some(one_line(&old.text)), Some(one_line(&new.text)));
        Some(Reason { old: texts.0, new: texts.1, ..Reason::new(Why::Text).at(new.line) })
    }

    fn facts(&self, old: &Step, new: &Step) -> Vec<Reason> {
        let changed: Vec<&Fact> = changed_facts(old, new).collect();
        let has_body = changed.iter().any(|it| it.about == "heredoc");
        let mut found = Vec::new();
        for fact in changed {
            let is_own = fact.about == new.keyword;
            if is_own && has_body && new.keyword != "RUN" {
                continue;
            }
            found.push(if is_own { own(old, new) } else { of_fact(fact) });
        }
        for fact in gone_facts(old, new) {
            found.push(Reason { line: None, ..of_fact(fact) });
        }
        found.dedup_by(|a, b| a == b);
        found
    }

    fn files(&self, old: usize, new: usize) -> Option<Reason> {
        let keys = (&self.old.keys.steps[old].selected, &self.new.keys.steps[new].selected);
        let pairs = keys.0.iter().zip(keys.1).filter(|(old, new)| old.key != new.key);
        let files: Vec<_> =
            pairs.flat_map(|(old, new)| differences(self.objects, old, new)).collect();
        (!files.is_empty()).then(|| Reason { files, ..Reason::new(Why::Files) })
    }

    /// What precedes it in its stage is not what preceded it.
    fn order(&self, old: usize, new: usize) -> Option<Reason> {
        let (was, is) = (&self.old.plan.steps[old], &self.new.plan.steps[new]);
        let above = is.parent.filter(|it| self.new.plan.steps[*it].stage_index == is.stage_index);
        let mut before =
            was.parent.filter(|it| self.old.plan.steps[*it].stage_index == was.stage_index);
        let pair = above.map(|it| self.pairs[it]);
        if pair == before.map(Some) {
            return None;
        }
        while let Some(at) = before {
            let step = &self.old.plan.steps[at];
            if !self.is_kept[at] {
                return Some(Reason::named(Why::Gone, one_line(&step.text)));
            }
            before = step.parent;
        }
        match above.filter(|_| pair == Some(None)).map(|it| &self.new.plan.steps[it]) {
            Some(step) => Some(Reason::named(Why::New, one_line(&step.text)).at(step.line)),
            None => Some(Reason::new(Why::Order)),
        }
    }

    /// A stage that it copies from, or is based on, differs.
    fn stages(&self, old: usize, new: usize) -> Option<Reason> {
        let (was, is) = (&self.old.plan.steps[old], &self.new.plan.steps[new]);
        let ends = |step: &Step| {
            let last = |it: &Input| match it {
                Input::Stage { last, .. } => Some(*last),
                Input::Context(_) => None,
            };
            let mut ends: Vec<Option<usize>> = step.inputs.iter().filter_map(last).collect();
            ends.push(step.parent);
            ends
        };
        let pairs = ends(was).into_iter().zip(ends(is));
        let differs = |(old, new): &(Option<usize>, Option<usize>)| {
            let key = |side: &Side, at: Option<usize>| -> Option<Key> {
                at.and_then(|it| side.keys.steps.get(it)).map(|it| it.key.upper)
            };
            key(&self.old, *old) != key(&self.new, *new)
        };
        let (_, last) = pairs.into_iter().find(differs)?;
        self.first_changed(last?)
            .filter(|it| it.stage_index != is.stage_index)
            .map(|step| Reason::named(Why::Stage, step.stage.clone()).at(step.line))
    }

    /// The first step that differs, of those that a step is built on and itself.
    fn first_changed(&self, last: usize) -> Option<&Step> {
        let plan = &self.new.plan;
        let mut found = plan.steps.get(last);
        let mut at = Some(last);
        while let Some(it) = at {
            let was = self.pairs[it].map(|it| self.old.keys.steps[it].key.upper);
            if was == Some(self.new.keys.steps[it].key.upper) {
                break;
            }
            found = plan.steps.get(it);
            at = plan.steps[it].parent;
        }
        found
    }
}

/// The instruction itself says something else: by its text, or by the value of a variable in it.
fn own(old: &Step, new: &Step) -> Reason {
    let (was, is) = (one_line(&old.text), one_line(&new.text));
    if was == is {
        return match variables(new) {
            Some(names) => Reason::named(Why::Variable, names).at(new.line),
            // A relative path starts at another directory.
            None => Reason::named(Why::Setting, "WORKDIR").at(new.line),
        };
    }
    Reason { old: Some(was), new: Some(is), ..Reason::new(Why::Text).at(new.line) }
}

/// The variables in the text of a step, as people would list them; of those in a RUN, the ones that are not the shell's own.
pub(super) fn variables(step: &Step) -> Option<String> {
    let is_known = |name: &str| {
        let mut facts = step.facts.iter().filter_map(|it| it.about.split_once(' '));
        facts.any(|it| it.1 == name) || step.unset.iter().any(|it| it == name)
    };
    let mut names: Vec<&str> = Vec::new();
    for name in variables_in(&step.text).filter(|it| step.keyword != "RUN" || is_known(it)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

fn of_fact(fact: &Fact) -> Reason {
    let why = match fact.about.as_str() {
        "base" => Why::Base,
        "heredoc" => Why::Heredoc,
        "SHELL" | "USER" | "WORKDIR" => Why::Setting,
        it if it.starts_with("mount ") => Why::Mount,
        it if it.starts_with("ARG ") || it.starts_with("ENV ") => Why::Variable,
        _ => Why::Text,
    };
    let name = Some(fact.about.clone()).filter(|_| matches!(why, Why::Setting | Why::Variable));
    Reason { name, ..Reason::new(why).at(fact.line) }
}
