//! What may have made a step miss, where nothing certainly did.

use super::chains::Chain;
use super::finder::Finder;
use super::{Reason, Why};
use crate::cache::builder::Builder;
use crate::cache::log::{LogStep, Outcome};
use crate::cache::plan::{Input, Step};
use crate::model::variables_in;

/// A step without a certain reason.
pub(super) struct Doubts<'d> {
    pub(super) finder: &'d Finder<'d>,
    /// The number of its chain.
    pub(super) number: usize,
    pub(super) chain: &'d Chain,
    /// Its place in it.
    pub(super) at: usize,
    /// Its step of the newer plan.
    pub(super) planned: Option<usize>,
}

impl Doubts<'_> {
    fn step(&self) -> &LogStep {
        &self.finder.new.steps[self.chain.steps[self.at]]
    }

    fn planned(&self) -> Option<&Step> {
        let sides = self.finder.sides?;
        sides.new.plan.steps.get(self.planned?)
    }

    fn is_buildkit(&self) -> bool {
        self.finder.new.form.builder() == Builder::Buildkit
    }

    /// All that is possible. The cache alone, if nothing else is.
    pub(super) fn list(&self) -> Vec<Reason> {
        let mut found = Vec::new();
        if !self.finder.logged.has_same_definition(self.number, self.at) {
            match self.planned() {
                Some(step) => self.of_state(step, &mut found),
                None => self.of_log(&mut found),
            }
            self.stages(&mut found);
        }
        let text = &self.step().text;
        if self.step().keyword() == "ADD" && (text.contains("://") || text.contains("git@")) {
            found.push(Reason::new(Why::Network));
        }
        found.extend(self.base());
        let cache = Reason::new(Why::Cache);
        if self.finder.nothing_cached {
            found.insert(0, cache);
        } else {
            found.push(cache);
        }
        found
    }

    /// The states are the same: what they do not hold.
    fn of_state(&self, step: &Step, found: &mut Vec<Reason>) {
        let takes_files = step.inputs.iter().any(|it| matches!(it, Input::Context(_)));
        if self.finder.asked.is_git && takes_files {
            found.push(Reason::new(Why::Untracked));
        }
        if !self.finder.asked.is_git || self.finder.asked.inspects.is_some() {
            return;
        }
        let is_shown =
            |name: &str| self.is_buildkit() && variables_in(&step.text).any(|it| it == name);
        let has_old = self.finder.asked.old.is_some();
        let names = step.facts.iter().filter_map(|it| it.about.strip_prefix("ARG "));
        let mut names: Vec<&str> = names.chain(step.unset.iter().map(String::as_str)).collect();
        if step.keyword != "RUN" {
            // A path or a name with a variable, which may come from an argument.
            names.extend(variables_in(&step.text));
        }
        names.dedup();
        for name in names.into_iter().filter(|it| !(has_old && is_shown(it))) {
            if !self.finder.asked.known_args.iter().any(|it| it == name) {
                found.push(Reason::named(Why::Variable, format!("ARG {name}")));
            }
        }
    }

    /// What logs do not show.
    fn of_log(&self, found: &mut Vec<Reason>) {
        let step = self.step();
        let is_local = match step.keyword() {
            "COPY" | "ADD" => !step.text.contains(" --from=") && !step.text.contains("://"),
            "RUN" => self.is_buildkit() && step.text.split(' ').any(mounts_context),
            _ => false,
        };
        if is_local {
            found.push(Reason::new(Why::Files));
        }
        if self.is_buildkit() {
            if step.keyword() == "RUN" {
                found.push(Reason::new(Why::Definition));
            }
            return;
        }
        // These show each ARG and ENV, but not the values that the caller of the build gave.
        let steps = &self.finder.new.steps;
        let args = self.chain.steps[..self.at].iter().map(|it| &steps[*it]);
        let names =
            args.filter(|it| it.keyword() == "ARG").flat_map(|it| it.text.split(' ').skip(1));
        for name in names.map(|it| it.split('=').next().unwrap_or(it)) {
            if step.keyword() == "RUN" || variables_in(&step.text).any(|it| it == name) {
                found.push(Reason::named(Why::Variable, format!("ARG {name}")));
            }
        }
    }

    /// Stages that it copies from, or is based on, and that ran again.
    fn stages(&self, found: &mut Vec<Reason>) {
        let new = self.finder.new;
        let text = &self.step().text;
        let words = text.split([' ', ',']).filter_map(|it| {
            it.trim_start_matches("--").trim_start_matches("mount=").strip_prefix("from=")
        });
        let mut names: Vec<String> = words.map(str::to_lowercase).collect();
        if self.at == 0 {
            names.extend(self.chain.parent.clone());
        }
        for name in names {
            match self.finder.chains.iter().find(|it| it.names.contains(&name)) {
                Some(chain) if chain.ran(new) => {
                    found.push(Reason::named(Why::Stage, chain.label.clone()));
                }
                // A stage without steps, or an image.
                None if !self.copies_stage() && name.parse::<usize>().is_err() => {
                    found.push(Reason::named(Why::Base, name));
                }
                _ => {}
            }
        }
        let place = self.step().place.index;
        if self.is_buildkit() && self.at == 0 && place == 1 {
            let others = self.finder.chains.iter().enumerate().filter(|it| it.0 != self.number);
            if let Some((_, other)) = others.into_iter().find(|it| it.1.ran(new))
                && self.planned().is_none_or(|it| it.parent.is_some())
            {
                found.push(Reason::named(Why::Stage, other.label.clone()));
            }
        }
    }

    /// Whether it is known to copy from a stage.
    fn copies_stage(&self) -> bool {
        let inputs = self.planned().map_or(&[][..], |it| &it.inputs);
        inputs.iter().any(|it| matches!(it, Input::Stage { .. }))
    }

    /// The image, if it is not known to be the same and nothing built on it was there.
    fn base(&self) -> Option<Reason> {
        let steps = &self.finder.new.steps;
        let before = &self.chain.steps[..self.at];
        let is_first = !before.iter().any(|it| steps[*it].outcome == Outcome::Cached);
        let image = self.chain.image.as_deref()?;
        // What another stage built on the same image was there.
        let is_used = |it: &Chain| {
            it.image == self.chain.image
                && it.steps.first().is_some_and(|it| steps[*it].outcome == Outcome::Cached)
        };
        let is_open = is_first
            && !self.finder.logged.has_same_base(self.number)
            && !self.finder.chains.iter().any(is_used);
        is_open.then(|| Reason::named(Why::Base, image))
    }
}

/// Whether a word of a RUN is a mount that shows files of the context: binding is what a mount does if it does not say its type.
fn mounts_context(word: &str) -> bool {
    let Some(options) = word.strip_prefix("--mount=") else { return false };
    let mut options = options.split(',');
    options.all(|it| !it.starts_with("from=") && (!it.starts_with("type=") || it == "type=bind"))
}
