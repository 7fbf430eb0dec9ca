//! Which steps a builder runs again at a commit: those whose key it has not seen before.

use std::collections::HashMap;
use std::sync::Arc;

use super::causes::{Cause, Causes};
use super::key::Key;
use super::keys::{Evaluation, Pair};
use super::matching::matching;
use super::plan::Plan;
use super::tree::Objects;

/// Whether a step runs again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rebuilt {
    /// It was built before.
    No,
    /// What it copies from a stage that runs again may be the same.
    Maybe,
    /// It was never built before.
    Yes,
}

/// What a builder remembers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Nothing from one commit to the next.
    pub cold: bool,
    /// Nothing that was not used for so many seconds.
    pub age: Option<i64>,
    /// Nothing that was not used in so many commits.
    pub commits: Option<usize>,
}

/// A step at a commit.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Whether it runs again.
    pub rebuilt: Rebuilt,
    /// Why.
    pub because: Arc<[Cause]>,
    /// The step that it only follows, by index, if there is one.
    pub follows: Option<usize>,
    /// The step of another stage that is the same for a builder, by index: it runs once for both.
    pub same_as: Option<usize>,
    /// What stays the same over all commits that have the step.
    pub track: usize,
}

/// A builder that goes from commit to commit.
pub struct Replay<'o> {
    objects: &'o dyn Objects,
    limits: Limits,
    seen: HashMap<Key, (usize, i64)>,
    /// The commit before, with the tracks of its steps.
    before: Option<(Arc<Plan>, Arc<Evaluation>, Vec<usize>)>,
    commits: usize,
    tracks: usize,
    /// The path of the Dockerfile at the commit, for causes.
    dockerfile: String,
}

impl<'o> Replay<'o> {
    /// A builder with an empty cache.
    pub fn new(objects: &'o dyn Objects, limits: Limits) -> Self {
        let (seen, dockerfile) = (HashMap::new(), "Dockerfile".to_owned());
        Self { objects, limits, seen, before: None, commits: 0, tracks: 0, dockerfile }
    }

    /// Says where the Dockerfile is from now on.
    pub fn rename(&mut self, dockerfile: &str) {
        dockerfile.clone_into(&mut self.dockerfile);
    }

    fn knows(&self, key: Key, time: i64) -> bool {
        self.seen.get(&key).is_some_and(|(commit, at)| {
            self.limits.age.is_none_or(|it| time - at <= it)
                && self.limits.commits.is_none_or(|it| self.commits - commit <= it)
        })
    }

    /// Builds at a commit; `time` is its date in seconds.
    pub fn build(&mut self, plan: &Arc<Plan>, found: &Arc<Evaluation>, time: i64) -> Vec<Judged> {
        self.commits += 1;
        if self.limits.cold {
            self.seen.clear();
        }
        let pairs = match &self.before {
            Some((before, _, _)) if Arc::ptr_eq(before, plan) => {
                (0..plan.steps.len()).map(Some).collect()
            }
            Some((before, _, _)) => matching(before, plan),
            None => vec![None; plan.steps.len()],
        };
        let mut judged: Vec<Judged> = Vec::with_capacity(plan.steps.len());
        let mut first: HashMap<Key, usize> = HashMap::new();
        for (at, pair) in pairs.iter().enumerate() {
            let rebuilt = self.judge(found.steps[at].key, time);
            let track = match (&self.before, pair) {
                (Some((_, _, tracks)), Some(pair)) => tracks[*pair],
                _ => {
                    self.tracks += 1;
                    self.tracks - 1
                }
            };
            let (because, follows): (Arc<[Cause]>, _) = match &self.before {
                Some((before, old, _)) if rebuilt != Rebuilt::No => {
                    let (objects, dockerfile) = (self.objects, self.dockerfile.as_str());
                    let (before, after) = ((&**before, &**old), (&**plan, &**found));
                    let pairs = &pairs;
                    let causes =
                        Causes { objects, dockerfile, before, after, pairs, judged: &judged };
                    let (because, follows) = causes.of(at);
                    (because.into(), follows)
                }
                _ => (Arc::new([]), None),
            };
            let same = *first.entry(found.steps[at].key.upper).or_insert(at);
            let same_as = Some(same).filter(|it| *it != at);
            judged.push(Judged { rebuilt, because, follows, same_as, track });
        }
        let tracks = judged.iter().map(|it| it.track).collect();
        self.before = Some((Arc::clone(plan), Arc::clone(found), tracks));
        judged
    }

    fn judge(&mut self, key: Pair, time: i64) -> Rebuilt {
        let rebuilt = match (self.knows(key.upper, time), self.knows(key.lower, time)) {
            (true, _) => Rebuilt::No,
            (false, true) => Rebuilt::Maybe,
            (false, false) => Rebuilt::Yes,
        };
        self.seen.insert(key.upper, (self.commits, time));
        self.seen.insert(key.lower, (self.commits, time));
        rebuilt
    }

    /// How many keys it remembers.
    pub fn remembered(&self) -> usize {
        self.seen.len()
    }
}
