//! Why a build missed its cache: the first missed step of each chain in a log, and what differs from the build before it. What
//! neither logs nor states of the project decide is listed as possible, never guessed.

mod chains;
mod doubts;
mod finder;
mod inspect;
mod logged;
mod made;
mod places;
mod sides;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

use super::builder::Builder;
use super::differ::FileChange;
use super::history::State;
use super::keys::Evaluator;
use super::log::{Build, Outcome, Place};
use super::select::Selector;
use super::tree::Objects;
use chains::chains;
use finder::Finder;
pub use inspect::Inspect;
use logged::Logged;
use sides::Sides;

/// Why a step was not taken from the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The text of the instruction is another one.
    Text,
    /// The text that a log of BuildKit shows is another one: that of the instruction, or the value of a variable in it.
    Shown,
    /// The instruction is new.
    New,
    /// An instruction before it is gone.
    Gone,
    /// The instructions before it are others, or in another order.
    Order,
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
    /// Whether some step came from the cache that `--no-cache` would not have let come from it: BuildKit keeps WORKDIR.
    pub has_cache: bool,
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
    pub builder: Builder,
}

/// Explains the misses of the newer build.
///
/// # Errors
/// The states cannot be compared: an object is missing.
pub fn explain(asked: &Asked<'_>) -> Result<Explanation, String> {
    check(asked)?;
    let builder = asked.new.map_or(asked.builder, |it| it.form.builder());
    let sides = match asked.states {
        Some((old, new, objects)) => {
            let selector = Selector::new(objects, builder.traits());
            Some(Sides::new(old, new, objects, &RefCell::new(Evaluator::new(selector)))?)
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
    let mut found = counted(new, builder);
    let chains = chains(new);
    let places = sides.as_ref().map(|it| match asked.new {
        Some(new) => places::places(new, &chains, it.new.plan.as_ref()),
        None => (0..new.steps.len()).map(Some).collect(),
    });
    let finder = Finder {
        asked,
        new,
        logged: Logged::new(asked.old, new, &chains, sides.as_ref()),
        chains: &chains,
        sides: sides.as_ref(),
        places: places.unwrap_or_default(),
        nothing_cached: found.cached == 0,
    };
    for (number, chain) in chains.iter().enumerate() {
        let mut before: Option<usize> = None;
        for (at, followers) in chain.first_misses(new) {
            let miss = finder.miss(number, chain, at, followers);
            let is_logged = asked.new.is_some();
            if let Some(before) = before.filter(|_| is_logged && chain.may_only_be_put_on(at, new))
                && miss.because.iter().all(|it| it.why == Why::Cache)
            {
                found.misses[before].followers += 1 + followers;
                continue;
            }
            before = Some(found.misses.len());
            found.misses.push(miss);
        }
    }
    let lacks = finder.lacks(&found);
    found.partial.extend(lacks.into_iter().map(str::to_owned));
    if let Some(sides) = &sides {
        found.notes.extend(sides.notes.iter().cloned());
        found.notes.extend(made.iter().flat_map(|it| made::open(it, sides)));
    }
    Ok(found)
}

/// Whether the two builds can be compared.
fn check(asked: &Asked<'_>) -> Result<(), String> {
    let names = asked
        .old
        .zip(asked.new)
        .map(|(old, new)| (old.form.builder().traits().name, new.form.builder().traits().name));
    match names {
        Some((old, new)) if old != new => Err(format!(
            "the logs are of two builders, {old} and {new}, which do not share a cache: all steps of the second miss it"
        )),
        _ => Ok(()),
    }
}

/// How many steps a build has, and what became of them.
fn counted(build: &Build, builder: Builder) -> Explanation {
    let mut found = Explanation::default();
    for step in build.steps.iter().filter(|it| !chains::is_base(it)) {
        found.steps += 1;
        match step.outcome {
            Outcome::Cached => {
                found.cached += 1;
                found.has_cache |= builder != Builder::Buildkit || step.keyword() != "WORKDIR";
            }
            Outcome::Unknown => found.unknown += 1,
            Outcome::Ran | Outcome::Failed => found.ran += 1,
        }
    }
    found
}
