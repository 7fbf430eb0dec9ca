//! Logs of builds: the steps that a builder reported, and which of them it took from its cache.

mod counted;
mod lines;
mod plain;
mod rawjson;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead};

use super::builder::Builder;
pub use crate::build::Place;
use lines::{Line, each_line, without_prefix};

/// Who wrote a log, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// BuildKit with `--progress plain`.
    Plain,
    /// BuildKit with `--progress rawjson`.
    RawJson,
    /// Docker's classic builder.
    Classic,
    /// buildah or podman.
    Buildah,
}

impl Form {
    /// The builder.
    pub fn builder(self) -> Builder {
        match self {
            Self::Plain | Self::RawJson => Builder::Buildkit,
            Self::Classic => Builder::Classic,
            Self::Buildah => Builder::Buildah,
        }
    }
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was taken from the cache.
    Cached,
    /// It ran.
    Ran,
    /// It ran and failed.
    Failed,
    /// The log does not say.
    Unknown,
}

/// A step of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogStep {
    /// Where it is.
    pub place: Place,
    /// Its text in one line, its keyword in capitals.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How long it took.
    pub seconds: Option<f64>,
    /// The digest of its definition with BuildKit, the image that it made with the others.
    pub id: Option<String>,
}

impl LogStep {
    /// Its keyword.
    pub fn keyword(&self) -> &str {
        self.text.split(' ').next().unwrap_or_default()
    }

    /// Whether it ran, as far as is known.
    pub fn is_missed(&self) -> bool {
        matches!(self.outcome, Outcome::Ran | Outcome::Failed)
    }
}

/// A build that a log reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// Who wrote it.
    pub form: Form,
    /// The steps in the order in which they were first reported.
    pub steps: Vec<LogStep>,
    /// Why some of it may be missing or mixed up.
    pub partial: Vec<String>,
    /// Whether the log has the end of the build.
    pub has_end: bool,
}

/// More steps of a log are not kept.
pub const MOST_STEPS: usize = 5_000;

/// What a log reports: its builds, one after another.
///
/// # Errors
/// It cannot be read.
pub fn read(reader: impl BufRead) -> io::Result<Vec<Build>> {
    let mut logs = Reader::default();
    each_line(reader, |line| logs.line(&line))?;
    Ok(logs.finish())
}

/// A text in one line, without continuations and repeated blanks, its keyword in capitals.
pub fn one_line(text: &str) -> String {
    let mut words = text.split_whitespace().filter(|it| !matches!(*it, "\\" | "`"));
    let keyword = words.next().unwrap_or_default().to_uppercase();
    let rest = words.flat_map(|it| [" ", it.trim_end_matches('\\')]);
    std::iter::once(keyword.as_str()).chain(rest).collect()
}

/// Gives each line to those who may understand it.
#[derive(Default)]
struct Reader {
    builds: Builds,
    plain: plain::Marks,
    raw: rawjson::Vertexes,
    counted: counted::Current,
}

impl Reader {
    fn line(&mut self, line: &Line<'_>) {
        let text = without_prefix(line.text);
        let builds = &mut self.builds;
        let is_known = if text.starts_with('#') {
            self.plain.line(&text, builds)
        } else if text.starts_with('{') {
            self.raw.line(&text, builds)
        } else {
            self.counted.line(&text, builds)
        };
        if !is_known && line.is_cut && text.starts_with('{') {
            builds.note("a line is too long and was not read in full");
        }
        if text.starts_with("failed to solve") || text.starts_with("ERROR: failed to") {
            builds.end();
        }
    }

    fn finish(self) -> Vec<Build> {
        let mut list = self.builds.list;
        list.retain(|it| !it.steps.is_empty());
        for build in &mut list {
            let open = build.steps.iter().filter(|it| it.outcome == Outcome::Unknown).count();
            let missing = !build.has_end && is_incomplete(build);
            if missing || (open > 0 && !build.has_end) {
                build.partial.push("it ends before the build does".to_owned());
            }
        }
        list
    }
}

/// Whether the last steps of a stage are missing.
fn is_incomplete(build: &Build) -> bool {
    let last = |stage: &str| {
        let of_stage = build.steps.iter().filter(|it| it.place.stage == stage);
        of_stage.map(|it| it.place.index).max().unwrap_or_default()
    };
    build.steps.iter().any(|it| last(&it.place.stage) < it.place.of)
}

/// The builds that were found so far; the last one is the current one.
#[derive(Default)]
struct Builds {
    list: Vec<Build>,
    /// How many steps there are in all.
    steps: usize,
}

impl Builds {
    /// Begins another build, unless the current one has no step yet.
    fn begin(&mut self, form: Form) {
        match self.list.last_mut() {
            Some(last) if last.steps.is_empty() => last.form = form,
            _ => {
                let (steps, partial) = (Vec::new(), Vec::new());
                self.list.push(Build { form, steps, partial, has_end: false });
            }
        }
    }

    /// The current build, if it is of that form.
    fn current(&mut self, form: Form) -> Option<&mut Build> {
        self.list.last_mut().filter(|it| it.form == form)
    }

    fn has_steps(&self) -> bool {
        self.list.last().is_some_and(|it| !it.steps.is_empty())
    }

    /// Adds a step to the current build; gives its index, if there is room for it.
    fn add(&mut self, form: Form, place: Place, text: &str) -> Option<usize> {
        if self.steps >= MOST_STEPS {
            self.note("it has more steps than are read");
            return None;
        }
        if self.current(form).is_none() {
            self.begin(form);
        }
        self.steps += 1;
        let build = self.current(form)?;
        let (outcome, text) = (Outcome::Unknown, one_line(text));
        build.steps.push(LogStep { place, text, outcome, seconds: None, id: None });
        Some(build.steps.len() - 1)
    }

    fn step(&mut self, form: Form, at: usize) -> Option<&mut LogStep> {
        self.current(form)?.steps.get_mut(at)
    }

    fn note(&mut self, text: &str) {
        if let Some(build) = self.list.last_mut()
            && !build.partial.iter().any(|it| it == text)
        {
            build.partial.push(text.to_owned());
        }
    }

    fn end(&mut self) {
        if let Some(build) = self.list.last_mut() {
            build.has_end = true;
        }
    }
}
