//! What two logs say against each other: texts, base images, digests of definitions.

use std::collections::{HashMap, HashSet};

use super::chains::{Chain, chains, is_base};
use super::places::places;
use super::sides::Sides;
use super::{Reason, Why};
use crate::cache::builder::Builder;
use crate::cache::log::{Build, Form, LogStep};

/// Both logs, stage by stage.
pub(super) struct Logged<'l> {
    new: &'l Build,
    chains: &'l [Chain],
    old: Option<(&'l Build, Vec<Chain>)>,
    /// For each stage of the newer log, that of the older one.
    pairs: Vec<Option<usize>>,
    /// The texts of steps of the older and the newer log.
    known: (HashSet<&'l str>, HashSet<&'l str>),
    /// For each step of the older plan, its step of the older log.
    places: HashMap<usize, usize>,
}

impl<'l> Logged<'l> {
    pub(super) fn new(
        old: Option<&'l Build>,
        new: &'l Build,
        chains_new: &'l [Chain],
        sides: Option<&Sides<'_>>,
    ) -> Self {
        let old = old.map(|it| (it, chains(it)));
        let pair = |number: usize, chain: &Chain| {
            let (_, olds) = old.as_ref()?;
            let same = olds.iter().position(|it| it.label == chain.label);
            let by_place = (olds.len() == chains_new.len()).then_some(number);
            same.or(by_place).filter(|it| *it < olds.len())
        };
        let pairs = chains_new.iter().enumerate().map(|(at, it)| pair(at, it)).collect();
        let texts = |build: &'l Build| {
            let steps = build.steps.iter().filter(|it| !is_base(it));
            steps.map(|it| it.text.as_str()).collect()
        };
        let known = (old.as_ref().map(|it| texts(it.0)).unwrap_or_default(), texts(new));
        let places = match (&old, sides) {
            (Some((build, chains)), Some(sides)) => places(build, chains, &sides.old.plan),
            _ => Vec::new(),
        };
        let places = places.iter().enumerate().filter_map(|(at, it)| Some(((*it)?, at))).collect();
        Self { new, chains: chains_new, old, pairs, known, places }
    }

    fn pair(&self, number: usize) -> Option<(&'l Build, &Chain)> {
        let (build, olds) = self.old.as_ref()?;
        Some((build, &olds[self.pairs[number]?]))
    }

    /// Whether no step is in both, whatever they are based on.
    pub(super) fn has_nothing_in_common(&self) -> bool {
        self.old.is_some() && self.known.0.is_disjoint(&self.known.1)
    }

    fn texts<'t>(build: &'t Build, chain: &'t Chain) -> Vec<&'t str> {
        chain.steps.iter().map(|it| build.steps[*it].text.as_str()).collect()
    }

    /// How the text of a step, or what precedes it, differs from the older log.
    pub(super) fn text(&self, number: usize, at: usize) -> Option<Reason> {
        let (build, _) = self.old.as_ref()?;
        let chain = &self.chains[number];
        let step = &self.new.steps[chain.steps[at]];
        let Some((_, old)) = self.pair(number) else {
            // A stage that the older build did not have.
            return (!self.known.0.contains(step.text.as_str()))
                .then(|| Reason::named(Why::New, &step.text));
        };
        let olds: Vec<&LogStep> = old.steps.iter().map(|it| &build.steps[*it]).collect();
        let news: Vec<&LogStep> = chain.steps.iter().map(|it| &self.new.steps[*it]).collect();
        if let Some(place) = olds.iter().position(|it| it.text == step.text) {
            let is_same =
                |it: &&LogStep| it.text == step.text && it.place.index == step.place.index;
            let is_other_place = !olds.iter().any(is_same);
            // BuildKit shows a step of several stages once: only what the other log does not have at all is gone or new.
            // A log that is cut short lacks steps that the build had.
            let is_gone = |it: &&&LogStep| {
                self.new.partial.is_empty() && !self.known.1.contains(it.text.as_str())
            };
            let is_new = |it: &&&LogStep| {
                build.partial.is_empty() && !self.known.0.contains(it.text.as_str())
            };
            let gone = olds[..place].iter().find(is_gone);
            let added = news[..at].iter().find(is_new);
            return match (gone, added) {
                (Some(gone), Some(added)) if gone.keyword() == added.keyword() => Some(Reason {
                    old: Some(gone.text.clone()),
                    new: Some(added.text.clone()),
                    ..Reason::named(Why::Text, gone.keyword())
                }),
                (Some(gone), _) => Some(Reason::named(Why::Gone, &gone.text)),
                (None, Some(added)) => Some(Reason::named(Why::New, &added.text)),
                (None, None) => is_other_place.then(|| Reason::new(Why::Order)),
            };
        }
        if self.known.0.contains(step.text.as_str()) || !build.partial.is_empty() {
            return None;
        }
        let is_it = |it: &&&LogStep| {
            it.place.index == step.place.index
                && it.keyword() == step.keyword()
                && !self.known.1.contains(it.text.as_str())
        };
        Some(match olds.iter().find(is_it) {
            Some(was) => Reason {
                old: Some(was.text.clone()),
                new: Some(step.text.clone()),
                ..Reason::new(match self.new.form.builder() {
                    Builder::Buildkit => Why::Shown,
                    Builder::Classic | Builder::Buildah => Why::Text,
                })
            },
            None => Reason::named(Why::New, &step.text),
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
        // Stages of other names may be other stages.
        let (_, old) = self.pair(number).filter(|it| it.1.label == chain.label)?;
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
    pub(super) fn counterpart(&self, sides: &Sides<'_>, planned: usize) -> Option<&LogStep> {
        let (build, _) = self.old.as_ref()?;
        build.steps.get(*self.places.get(&sides.pairs[planned]?)?)
    }
}
