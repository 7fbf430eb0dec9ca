//! What two logs say against each other: texts, base images, digests of definitions.

use std::collections::HashSet;

use super::chains::{Chain, chains};
use super::sides::Sides;
use super::{Reason, Why};
use crate::cache::log::{Build, Form, LogStep};

/// Both logs, stage by stage.
pub(super) struct Logged<'l> {
    new: &'l Build,
    chains: &'l [Chain],
    old: Option<(&'l Build, Vec<Chain>)>,
    /// For each stage of the newer log, that of the older one.
    pairs: Vec<Option<usize>>,
}

impl<'l> Logged<'l> {
    pub(super) fn new(old: Option<&'l Build>, new: &'l Build, chains_new: &'l [Chain]) -> Self {
        let old = old.map(|it| (it, chains(it)));
        let pair = |number: usize, chain: &Chain| {
            let (_, olds) = old.as_ref()?;
            let same = olds.iter().position(|it| it.label == chain.label);
            let by_place = (olds.len() == chains_new.len()).then_some(number);
            same.or(by_place).filter(|it| *it < olds.len())
        };
        let pairs = chains_new.iter().enumerate().map(|(at, it)| pair(at, it)).collect();
        Self { new, chains: chains_new, old, pairs }
    }

    fn pair(&self, number: usize) -> Option<(&'l Build, &Chain)> {
        let (build, olds) = self.old.as_ref()?;
        Some((build, &olds[self.pairs[number]?]))
    }

    /// Whether no text is in both.
    pub(super) fn has_nothing_in_common(&self) -> bool {
        let Some((old, _)) = &self.old else { return false };
        let texts: HashSet<&str> = old.steps.iter().map(|it| it.text.as_str()).collect();
        !self.new.steps.iter().any(|it| texts.contains(it.text.as_str()))
    }

    fn texts<'t>(build: &'t Build, chain: &'t Chain) -> Vec<&'t str> {
        chain.steps.iter().map(|it| build.steps[*it].text.as_str()).collect()
    }

    /// How the text of a step, or what precedes it, differs from the older log.
    pub(super) fn text(&self, number: usize, at: usize) -> Option<Reason> {
        let news = Self::texts(self.new, &self.chains[number]);
        let text = news[at];
        let Some((build, old)) = self.pair(number) else {
            // A stage that the older build did not have.
            return self.old.as_ref().map(|_| Reason::named(Why::New, text));
        };
        let olds = Self::texts(build, old);
        if let Some(place) = olds.iter().position(|it| *it == text) {
            if olds[..place] == news[..at] {
                return None;
            }
            let gone = olds[..place].iter().find(|it| !news[..at].contains(it));
            let added = news[..at].iter().find(|it| !olds[..place].contains(it));
            let reason = |why: Why| move |it: &&str| Reason::named(why, *it);
            return gone.map(reason(Why::Gone)).or_else(|| added.map(reason(Why::New)));
        }
        if old.steps.len() < chain_length(build, old) {
            // The older log may have had it further on.
            return None;
        }
        let keyword = |text: &str| text.split(' ').next().map(str::to_owned);
        let was = olds.get(at).filter(|it| keyword(it) == keyword(text) && !news.contains(it));
        Some(match was {
            Some(was) => Reason {
                old: Some((*was).to_owned()),
                new: Some(text.to_owned()),
                ..Reason::new(Why::Text)
            },
            None => Reason::named(Why::New, text),
        })
    }

    /// The images that a stage is based on in both logs, if they are identified.
    fn bases(&self, number: usize) -> Option<(&str, &str)> {
        let (_, old) = self.pair(number)?;
        Some((old.digest.as_deref()?, self.chains[number].digest.as_deref()?))
    }

    /// Another image to be based on.
    pub(super) fn base(&self, number: usize) -> Option<Reason> {
        let chain = &self.chains[number];
        let image = chain.image.as_deref()?;
        let (_, old) = self.pair(number)?;
        let was = old.image.as_deref()?;
        if was != image {
            return Some(Reason {
                old: Some(was.to_owned()),
                new: Some(image.to_owned()),
                ..Reason::named(Why::Base, image)
            });
        }
        let (old, new) = self.bases(number)?;
        (old != new).then(|| Reason {
            old: Some(old.to_owned()),
            new: Some(new.to_owned()),
            ..Reason::named(Why::Base, image)
        })
    }

    /// Whether the image is certainly the same, or there is none.
    pub(super) fn has_same_base(&self, number: usize) -> bool {
        self.bases(number).is_some_and(|(old, new)| old == new)
    }

    /// The step of the older log with the same text after the same steps.
    fn same(&self, number: usize, at: usize) -> Option<(usize, &LogStep)> {
        let (build, old) = self.pair(number)?;
        let news = Self::texts(self.new, &self.chains[number]);
        let olds = Self::texts(build, old);
        let is_same = olds.len() > at && olds[..=at] == news[..=at];
        is_same.then(|| (at, &build.steps[old.steps[at]]))
    }

    /// Whether BuildKit built the step by the same definition, which holds its text, variables, user, directory, mounts, and
    /// the definitions of all that precedes it.
    pub(super) fn has_same_definition(&self, number: usize, at: usize) -> bool {
        let is_buildkit = matches!(self.new.form, Form::Plain | Form::RawJson);
        let new = &self.new.steps[self.chains[number].steps[at]];
        let Some((_, old)) = self.same(number, at).filter(|_| is_buildkit) else { return false };
        old.id.is_some() && old.id == new.id
    }

    /// The definition of a step differs and that of the step before it does not: something that the text does not show.
    pub(super) fn definition(&self, number: usize, at: usize) -> Option<Reason> {
        let chain = &self.chains[number];
        let new = &self.new.steps[chain.steps[at]];
        // What a build takes from its context has another definition in each build.
        let is_local = !matches!(new.keyword(), "RUN" | "WORKDIR") || new.text.contains("--mount");
        let (_, old) = self.same(number, at)?;
        let differs = old.id.is_some() && new.id.is_some() && old.id != new.id;
        let before = at.checked_sub(1)?;
        (!is_local && differs && self.has_same_definition(number, before))
            .then(|| Reason::new(Why::Definition))
    }

    /// The step of the older log that a step of the newer plan was.
    pub(super) fn counterpart(
        &self,
        number: usize,
        step: &LogStep,
        sides: &Sides<'_>,
        planned: usize,
    ) -> Option<&LogStep> {
        let (build, old) = self.pair(number)?;
        let plan = &sides.new.plan.steps;
        let (was, is) = (sides.pair(planned)?, &plan[planned]);
        // Only where both stages have as many steps as their logs is the place the same.
        let shift = is.instruction as i64 - was.instruction as i64;
        let index = i64::try_from(step.place.index).ok()?;
        let found = old.steps.iter().map(|it| &build.steps[*it]);
        let mut same_keyword = found.filter(|it| it.keyword() == step.keyword());
        if shift == 0 || is.stage_index != was.stage_index {
            return same_keyword.find(|it| it.place.index as i64 == index);
        }
        let texts: Vec<&LogStep> = same_keyword.collect();
        if texts.len() == 1 { texts.first().copied() } else { None }
    }
}

/// How many steps a stage has, by its own count.
fn chain_length(build: &Build, chain: &Chain) -> usize {
    if build.form == Form::Classic || build.has_end {
        return chain.steps.len();
    }
    chain.steps.iter().map(|it| build.steps[*it].place.of).max().map_or(0, |it| it - 1)
}
