//! The reasons of one miss: what certainly differs, else what is possible.

use super::chains::Chain;
use super::doubts::Doubts;
use super::logged::Logged;
use super::sides::{self, Sides};
use super::{Asked, Explanation, Miss, Reason, Why};
use crate::cache::log::{Build, LogStep, Outcome};

/// Finds the reasons of one miss after another.
pub(super) struct Finder<'f> {
    pub(super) asked: &'f Asked<'f>,
    pub(super) new: &'f Build,
    pub(super) logged: Logged<'f>,
    pub(super) chains: &'f [Chain],
    pub(super) sides: Option<&'f Sides<'f>>,
    /// For each step of the log, its step of the newer plan.
    pub(super) places: Vec<Option<usize>>,
    pub(super) nothing_cached: bool,
}

impl Finder<'_> {
    /// A miss, with what made it one.
    pub(super) fn miss(&self, number: usize, chain: &Chain, at: usize, followers: usize) -> Miss {
        let step = &self.new.steps[chain.steps[at]];
        let planned = self.places.get(chain.steps[at]).copied().flatten();
        let mut because = self.certain(number, chain, at, planned);
        let mut possible = Vec::new();
        if because.is_empty() {
            let doubts = Doubts { finder: self, number, chain, at, planned };
            possible = doubts.list();
            if possible.len() == 1 && possible[0].why == Why::Cache {
                because = std::mem::take(&mut possible);
            }
        }
        let planned = planned.zip(self.sides).and_then(|(at, it)| it.new.plan.steps.get(at));
        Miss {
            stage: if self.chains.len() > 1 { chain.label.clone() } else { String::new() },
            place: step.place.clone(),
            line: planned.map(|it| it.line),
            text: step.text.clone(),
            because,
            possible,
            followers,
        }
    }

    /// Why what was found may lack something.
    pub(super) fn lacks(&self, found: &Explanation) -> Vec<&'static str> {
        let has_sides = self.sides.is_some() && found.steps > 0;
        let no_place = has_sides && self.places.iter().all(Option::is_none);
        let is_lost = has_sides && found.misses.iter().any(|it| it.line.is_none());
        let nothing = found.steps > 0 && self.logged.has_nothing_in_common();
        let of_other =
            "its steps are not those of the Dockerfile: it may be the log of another one";
        let of_some = "some steps of the log are not in the Dockerfile that is compared: only the logs say why they missed";
        let of_none = "the logs have no step in common: they may be of different Dockerfiles";
        let all = [(no_place, of_other), (is_lost && !no_place, of_some), (nothing, of_none)];
        all.into_iter().filter(|it| it.0).map(|it| it.1).collect()
    }

    /// What certainly differs.
    fn certain(
        &self,
        number: usize,
        chain: &Chain,
        at: usize,
        planned: Option<usize>,
    ) -> Vec<Reason> {
        let step = &self.new.steps[chain.steps[at]];
        let mut found = Vec::new();
        match (self.sides, planned) {
            (Some(sides), Some(planned)) => {
                found = sides.reasons(planned);
                if found.is_empty() {
                    found.extend(self.logged_value(step, sides, planned));
                }
            }
            _ => found.extend(self.logged.text(number, at)),
        }
        let is_first =
            !chain.steps[..at].iter().any(|it| self.new.steps[*it].outcome == Outcome::Cached);
        if is_first && at == chain.first_layer(self.new) {
            found.extend(self.logged.base(number));
            found.extend(self.inspected_base(chain));
        }
        if found.is_empty() {
            found.extend(self.inspected_arguments(step, planned));
            found.extend(self.logged.definition(number, at));
        }
        found
    }

    /// The instruction is the same, and BuildKit shows another text: variables have other values.
    fn logged_value(&self, step: &LogStep, sides: &Sides<'_>, planned: usize) -> Option<Reason> {
        let written = &sides.new.plan.steps[planned];
        let names = sides::variables(written)?;
        let old = self.logged.counterpart(sides, planned)?;
        (old.text != step.text).then(|| Reason {
            old: Some(old.text.clone()),
            new: Some(step.text.clone()),
            ..Reason::named(Why::Variable, names).at(written.line)
        })
    }

    /// Another digest of the base, by the records of both builds.
    fn inspected_base(&self, chain: &Chain) -> Option<Reason> {
        let (old, new) = self.asked.inspects?;
        let image = chain.image.as_deref()?;
        let (was, is) = (old.digest_of(image)?, new.digest_of(image)?);
        (was != is).then(|| Reason {
            old: Some(was.to_owned()),
            new: Some(is.to_owned()),
            ..Reason::named(Why::Base, image)
        })
    }

    /// Other values of arguments, by the records of both builds.
    fn inspected_arguments(&self, step: &LogStep, planned: Option<usize>) -> Vec<Reason> {
        let Some((old, new)) = self.asked.inspects else { return Vec::new() };
        let uses = |name: &str| match (self.sides, planned) {
            (Some(sides), Some(at)) => sides.sees(at, name),
            // Every argument that is declared counts for a RUN; which are is not known.
            _ => {
                step.text.contains(&format!("${name}")) || step.text.contains(&format!("${{{name}"))
            }
        };
        let names = new.changed_arguments(old).into_iter().filter(|it| uses(it));
        names.map(|it| Reason::named(Why::Variable, format!("ARG {it}"))).collect()
    }
}
