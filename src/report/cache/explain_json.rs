//! Why a build missed its cache, for programs.

use serde::Serialize;

use super::Explained;
use super::explain::{hints, how, sentence};
use crate::cache::{Miss, Reason, Why};

#[derive(Serialize)]
pub(super) struct Explain<'a> {
    old: &'a str,
    new: &'a str,
    from: Option<&'a str>,
    to: Option<&'a str>,
    steps: usize,
    cached: usize,
    missed: usize,
    unknown: usize,
    misses: Vec<MissObject<'a>>,
    partial: &'a [String],
    notes: &'a [String],
    help: Vec<String>,
}

#[derive(Serialize)]
struct MissObject<'a> {
    stage: &'a str,
    step: usize,
    of: usize,
    line: Option<u32>,
    text: &'a str,
    certain: bool,
    because: Vec<ReasonObject<'a>>,
    possible: Vec<ReasonObject<'a>>,
    followers: usize,
}

#[derive(Serialize)]
struct ReasonObject<'a> {
    kind: &'a str,
    name: Option<&'a str>,
    line: Option<u32>,
    old: Option<&'a str>,
    new: Option<&'a str>,
    files: Vec<FileObject<'a>>,
    message: String,
}

#[derive(Serialize)]
struct FileObject<'a> {
    path: &'a str,
    change: &'a str,
}

impl<'a> Explain<'a> {
    pub(super) fn new(explained: Explained<'a>) -> Self {
        let found = explained.explanation;
        let reason = |it: &'a Reason| ReasonObject {
            kind: kind(it.why),
            name: it.name.as_deref(),
            line: it.line,
            old: it.old.as_deref(),
            new: it.new.as_deref(),
            files: it
                .files
                .iter()
                .map(|it| FileObject { path: &it.path, change: how(it.how) })
                .collect(),
            message: sentence(it),
        };
        let miss = |it: &'a Miss| MissObject {
            stage: &it.stage,
            step: it.place.index,
            of: it.place.of,
            line: it.line,
            text: &it.text,
            certain: !it.because.is_empty(),
            because: it.because.iter().map(reason).collect(),
            possible: it.possible.iter().map(reason).collect(),
            followers: it.followers,
        };
        Self {
            old: explained.old,
            new: explained.new,
            from: explained.states.map(|it| it.0),
            to: explained.states.map(|it| it.1),
            steps: found.steps,
            cached: found.cached,
            missed: found.ran,
            unknown: found.unknown,
            misses: found.misses.iter().map(miss).collect(),
            partial: &found.partial,
            notes: &found.notes,
            help: hints(found, explained),
        }
    }
}

fn kind(why: Why) -> &'static str {
    match why {
        Why::Text | Why::Shown => "text",
        Why::New => "new",
        Why::Gone => "gone",
        Why::Order => "order",
        Why::Files => "files",
        Why::Variable => "variable",
        Why::Setting => "setting",
        Why::Heredoc => "heredoc",
        Why::Mount => "mount",
        Why::Base => "base",
        Why::Stage => "stage",
        Why::Network => "network",
        Why::Definition => "definition",
        Why::Untracked => "untracked",
        Why::Cache => "cache",
    }
}
