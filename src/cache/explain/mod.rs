//! Why a build missed its cache: the first missed step of each chain in a log, and what differs from the build before it. What
//! neither logs nor states of the project decide is listed as possible, never guessed.

mod chains;
mod doubts;
mod inspect;
mod logged;
mod made;
mod places;
mod sides;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

use super::differ::FileChange;
use super::history::State;
use super::keys::Evaluator;
use super::log::{Build, LogStep, Outcome, Place};
use super::select::Selector;
use super::tree::Objects;
use chains::{Chain, chains};
use doubts::Doubts;
pub use inspect::Inspect;
use logged::Logged;
use sides::Sides;

/// Why a step was not taken from the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The text of the instruction is another one.
    Text,
    /// The instruction is new.
    New,
    /// An instruction before it is gone.
    Gone,
    /// Files of the context that it takes.
    Files,
    /// The value of an ARG or ENV.
    Variable,
    /// USER, WORKDIR or SHELL.
    Setting,
    /// The body of a heredoc.
    Heredoc,
    /// The options of a mount.
    Mount,
    /// The image that the stage is based on.
    Base,
    /// The stage that it copies from, or is based on.
    Stage,
    /// What the network gave.
    Network,
    /// Something of its definition that the log does not show.
    Definition,
    /// Files that git does not know, or modes that it does not keep.
    Untracked,
    /// Nothing changed: the cache did not have it.
    Cache,
}

/// A reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What kind of reason.
    pub why: Why,
    /// What it is about: a variable, an image, a stage, an instruction.
    pub name: Option<String>,
    /// The line of the Dockerfile that says it.
    pub line: Option<u32>,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
    /// The files.
    pub files: Vec<FileChange>,
}

impl Reason {
    fn new(why: Why) -> Self {
        Self { why, name: None, line: None, old: None, new: None, files: Vec::new() }
    }

    fn named(why: Why, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::new(why) }
    }

    fn at(self, line: u32) -> Self {
        Self { line: Some(line), ..self }
    }
}

/// The first missed step of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The stage as the log names it; empty where there is only one.
    pub stage: String,
    /// Its number in the stage, and how many there are.
    pub place: Place,
    /// Its line in the Dockerfile, where that is known.
    pub line: Option<u32>,
    /// Its text in one line.
    pub text: String,
    /// What certainly made it miss; each alone would have.
    pub because: Vec<Reason>,
    /// Where nothing is certain: what may have.
    pub possible: Vec<Reason>,
    /// How many steps ran again after it in the same chain.
    pub followers: usize,
}

/// What a comparison of two builds found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The first missed steps, in the order of the log.
    pub misses: Vec<Miss>,
    /// How many steps the newer build has.
    pub steps: usize,
    /// How many of them came from the cache.
    pub cached: usize,
    /// How many ran.
    pub ran: usize,
    /// Of how many this is not known.
    pub unknown: usize,
    /// Why the answer may lack something.
    pub partial: Vec<String>,
    /// What else is to be said.
    pub notes: Vec<String>,
}

/// What is known of two builds.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "where files come from has none")]
pub struct Asked<'a> {
    /// The log of the older one.
    pub old: Option<&'a Build>,
    /// The log of the newer one; where there is none, the cache is taken to hold the older state and nothing else.
    pub new: Option<&'a Build>,
    /// The project as the older and the newer build had it, and where its files are.
    pub states: Option<(&'a State, &'a State, &'a dyn Objects)>,
    /// Whether the states come from git, which does not know all that a builder sees.
    pub is_git: bool,
    /// Build arguments whose values are known for both.
    pub known_args: Vec<String>,
    /// Records of both builds.
    pub inspects: Option<(&'a Inspect, &'a Inspect)>,
    /// Whose cache it is, for states without a log.
    pub builder: super::builder::Builder,
}

/// Explains the misses of the newer build.
///
/// # Errors
/// The states cannot be compared: an object is missing.
pub fn explain(asked: &Asked<'_>) -> Result<Explanation, String> {
    let mut found = Explanation::default();
    let builder = asked.new.map_or(asked.builder, |it| it.form.builder());
    let traits = builder.traits();
    let sides = match asked.states {
        Some((old, new, objects)) => {
            let evaluator = RefCell::new(Evaluator::new(Selector::new(objects, traits)));
            Some(Sides::new(old, new, objects, &evaluator)?)
        }
        None => None,
    };
    let made = match (asked.new, &sides) {
        (None, Some(sides)) => Some(made::build(sides)),
        _ => None,
    };
    let Some(new) = asked.new.or(made.as_ref()) else {
        return Err("there is neither a log nor a state of the newer build".to_owned());
    };
    let steps = new.steps.iter().filter(|it| !chains::is_base(it));
    for step in steps {
        found.steps += 1;
        match step.outcome {
            Outcome::Cached => found.cached += 1,
            Outcome::Unknown => found.unknown += 1,
            Outcome::Ran | Outcome::Failed => found.ran += 1,
        }
    }
    let chains = chains(new);
    let places = sides.as_ref().map(|it| match asked.new {
        Some(new) => places::places(new, &chains, it.new.plan.as_ref()),
        None => (0..new.steps.len()).map(Some).collect(),
    });
    if let Some(places) = &places
        && found.steps > 0
        && places.iter().all(Option::is_none)
    {
        found.partial.push(
            "its steps are not those of the Dockerfile: it may be the log of another one"
                .to_owned(),
        );
    }
    let finder = Finder {
        asked,
        new,
        logged: Logged::new(asked.old, new, &chains),
        chains: &chains,
        sides: sides.as_ref(),
        places: places.unwrap_or_default(),
        nothing_cached: found.cached == 0,
    };
    for (number, chain) in chains.iter().enumerate() {
        for (at, followers) in chain.first_misses(new) {
            found.misses.push(finder.miss(number, chain, at, followers));
        }
    }
    if asked.old.is_some() && finder.logged.has_nothing_in_common() && found.steps > 0 {
        found.partial.push(
            "the logs have no step in common: they may be of different Dockerfiles".to_owned(),
        );
    }
    if let Some(sides) = &sides {
        found.notes.extend(sides.notes.iter().cloned());
        found.notes.extend(made.iter().flat_map(|it| made::open(it, sides)));
    }
    Ok(found)
}

/// Finds the reasons of one miss after another.
struct Finder<'f> {
    asked: &'f Asked<'f>,
    new: &'f Build,
    logged: Logged<'f>,
    chains: &'f [Chain],
    sides: Option<&'f Sides<'f>>,
    /// For each step of the log, its step of the newer plan.
    places: Vec<Option<usize>>,
    nothing_cached: bool,
}

impl Finder<'_> {
    fn miss(&self, number: usize, chain: &Chain, at: usize, followers: usize) -> Miss {
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
                    found.extend(self.logged_value(number, step, sides, planned));
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
    fn logged_value(
        &self,
        number: usize,
        step: &LogStep,
        sides: &Sides<'_>,
        planned: usize,
    ) -> Option<Reason> {
        let written = &sides.new.plan.steps[planned];
        let names = sides::variables(&written.text)?;
        let old = self.logged.counterpart(number, step, sides, planned)?;
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
