//! A project's history through a builder's cache: for each commit, the steps that run again.

use std::collections::HashMap;
use std::sync::Arc;

use super::builder::Builder;
use super::causes::Cause;
use super::git::Commit;
use super::key::Key;
use super::keys::{Evaluation, Evaluator, Note, Snapshot};
use super::lines::LineReport;
use super::paths::ignore_file;
use super::plan::{Input, Plan, plan};
use super::replay::{Limits, Rebuilt, Replay};
use super::select::Selector;
use super::timings::Timings;
use super::tree::{Id, Kind, Objects, find};
use super::versions::{Version, versions};
use crate::context::{IgnoreFile, clean};
use crate::model::BuildOptions;

/// What to replay.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose cache.
    pub builder: Builder,
    /// The path of the Dockerfile at the newest commit, from the root of the repository.
    pub dockerfile: String,
    /// The folder of the build context, from the root of the repository; empty for the root.
    pub context: String,
    /// Build arguments and target.
    pub options: BuildOptions,
    /// What the builder remembers.
    pub limits: Limits,
    /// What steps took in a real build.
    pub timings: Timings,
    /// A text that stands for the Dockerfile at every commit.
    pub text: Option<String>,
}

/// What became of the commits.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The oldest first.
    pub commits: Vec<CommitReport>,
    /// The lines of the newest Dockerfile.
    pub lines: Vec<LineReport>,
    /// What is not known, each once.
    pub notes: Vec<String>,
    /// The path of the Dockerfile at the newest commit that has it.
    pub path: String,
}

/// A commit.
#[derive(Debug, Clone)]
pub struct CommitReport {
    /// Its identity.
    pub id: String,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The first line of its message.
    pub subject: String,
    /// Why it was skipped.
    pub error: Option<String>,
    /// The steps that make layers, in order.
    pub steps: Vec<StepReport>,
    /// Sources that are not in the commit, as far as steps name them.
    pub lacks: Vec<String>,
}

/// A step at a commit.
#[derive(Debug, Clone)]
pub struct StepReport {
    /// The first line of the instruction in that commit.
    pub line: u32,
    /// Its keyword.
    pub keyword: &'static str,
    /// The name of its stage, or its number.
    pub stage: Arc<str>,
    /// Whether it runs again.
    pub rebuilt: Rebuilt,
    /// Why.
    pub because: Arc<[Cause]>,
    /// The line of the step that it only follows, if there is one.
    pub follows: Option<u32>,
    /// The line of a step of another stage that is the same for a builder, if there is one: it runs once for both.
    pub same_as: Option<u32>,
    /// The same for the step at all commits that have it.
    pub track: usize,
    /// What it may take, in seconds.
    pub seconds: f64,
    /// Whether these were measured.
    pub is_measured: bool,
}

/// Replays commits, the newest first.
pub fn replay(objects: &dyn Objects, commits: &[Commit], request: &Request) -> History {
    let versions = versions(objects, commits, request);
    let mut replayer = Replayer::new(objects, request);
    for (commit, version) in commits.iter().zip(&versions).rev() {
        replayer.commit(commit, version);
    }
    replayer.finish()
}

/// Replays of the same commits with several texts: what is known of folders is found once.
pub struct Replays<'o> {
    objects: &'o dyn Objects,
    commits: &'o [Commit],
    versions: Vec<Version>,
    evaluator: Evaluator<'o>,
}

impl<'o> Replays<'o> {
    /// For commits, the newest first.
    pub fn new(objects: &'o dyn Objects, commits: &'o [Commit], request: &Request) -> Self {
        let evaluator = Evaluator::new(Selector::new(objects, request.builder.traits()));
        Self { objects, commits, versions: versions(objects, commits, request), evaluator }
    }

    /// Replays them as [`replay`] does. The builder is always the same.
    pub fn replay(&mut self, request: &Request) -> History {
        let mut replayer = Replayer::new(self.objects, request);
        std::mem::swap(&mut replayer.evaluator, &mut self.evaluator);
        for (commit, version) in self.commits.iter().zip(&self.versions).rev() {
            replayer.commit(commit, version);
        }
        std::mem::swap(&mut replayer.evaluator, &mut self.evaluator);
        replayer.finish()
    }
}

/// What a builder would build, and from which files.
#[derive(Debug, Clone)]
pub struct State {
    /// The steps.
    pub plan: Arc<Plan>,
    /// The context.
    pub snapshot: Snapshot,
}

/// The states of commits, the newest first, without their keys; or why one has none.
pub fn states(
    objects: &dyn Objects,
    commits: &[Commit],
    request: &Request,
) -> Vec<Result<State, String>> {
    let mut replayer = Replayer::new(objects, request);
    let versions = versions(objects, commits, request);
    let states = commits.iter().zip(&versions);
    states.map(|(commit, version)| Ok(replayer.state(commit, version)?.0)).collect()
}

/// A plan, a context, an ignore file, and the keys that they make.
type Last = (Arc<Plan>, Id, Option<Id>, Arc<Evaluation>);

/// What is not known, each once: what is said in several versions of the Dockerfile, as the newest says it.
#[derive(Default)]
struct Notes {
    /// About a whole Dockerfile.
    general: Vec<String>,
    /// About a step, with the last commit that had it.
    list: Vec<(Note, usize)>,
    /// Where each is in the list, by what it says.
    places: HashMap<String, usize>,
}

impl Notes {
    /// More are not kept.
    const MOST: usize = 50;

    fn add_general(&mut self, text: &str) {
        if self.general.len() < Self::MOST && !self.general.iter().any(|it| it == text) {
            self.general.push(text.to_owned());
        }
    }

    fn add(&mut self, note: &Note, commit: usize) {
        match self.places.get(&note.what) {
            Some(&at) => self.list[at] = (note.clone(), commit),
            None if self.list.len() < Self::MOST => {
                self.places.insert(note.what.clone(), self.list.len());
                self.list.push((note.clone(), commit));
            }
            None => {}
        }
    }

    /// All of them; those of Dockerfiles older than that of the newest commit come last.
    fn texts(self, newest: Option<usize>) -> Vec<String> {
        let (old, new): (Vec<_>, Vec<_>) =
            self.list.into_iter().partition(|it| Some(it.1) < newest);
        let new = new.into_iter().map(|it| it.0.to_string());
        let old = old.into_iter().map(|it| format!("in an older Dockerfile, {}", it.0));
        self.general.into_iter().chain(new).chain(old).collect()
    }
}

struct Replayer<'o, 'r> {
    objects: &'o dyn Objects,
    request: &'r Request,
    evaluator: Evaluator<'o>,
    replay: Replay<'o>,
    plans: HashMap<Id, Result<Arc<Plan>, String>>,
    ignores: HashMap<Id, Result<Arc<IgnoreFile>, String>>,
    /// The commit before: what it was made of, and what came out.
    last: Option<Last>,
    notes: Notes,
    /// What is to be reported about `.git` at the newest commit.
    git_note: Option<String>,
    stages: HashMap<String, Arc<str>>,
    history: History,
}

impl<'o, 'r> Replayer<'o, 'r> {
    fn new(objects: &'o dyn Objects, request: &'r Request) -> Self {
        let selector = Selector::new(objects, request.builder.traits());
        Self {
            objects,
            request,
            evaluator: Evaluator::new(selector),
            replay: Replay::new(objects, request.limits),
            plans: HashMap::new(),
            ignores: HashMap::new(),
            last: None,
            notes: Notes::default(),
            git_note: None,
            stages: HashMap::new(),
            history: History::default(),
        }
    }

    fn commit(&mut self, commit: &Commit, version: &Version) {
        let result = self.steps(commit, version);
        let ((steps, lacks), error) = match result {
            Ok(found) => (found, None),
            Err(error) => ((Vec::new(), Vec::new()), Some(error)),
        };
        self.history.commits.push(CommitReport {
            id: commit.id.to_string(),
            time: commit.time,
            subject: commit.subject.clone(),
            error,
            steps,
            lacks,
        });
    }

    /// What a builder would build at a commit, and the path of the Dockerfile.
    fn state<'v>(
        &mut self,
        commit: &Commit,
        version: &'v Version,
    ) -> Result<(State, &'v str), String> {
        let (path, id) = match version {
            Ok(Some(found)) => found,
            Ok(None) => return Err(format!("it has no `{}`", self.request.dockerfile)),
            Err(lack) => return Err(lack.0.clone()),
        };
        let plan = self.plan(*id)?;
        let snapshot = self.snapshot(commit, path)?;
        Ok((State { plan, snapshot }, path))
    }

    /// The steps, and the sources that are not there.
    fn steps(
        &mut self,
        commit: &Commit,
        version: &Version,
    ) -> Result<(Vec<StepReport>, Vec<String>), String> {
        let (State { plan, snapshot }, path) = self.state(commit, version)?;
        let ignored = snapshot.ignore.as_ref().map(|it| it.0);
        let evaluation = self.evaluation(&plan, &snapshot, ignored)?;
        self.git_note = None;
        if self.request.context.is_empty() {
            self.note_git(&plan, &snapshot);
        }
        self.replay.rename(path);
        let judged = self.replay.build(&plan, &evaluation, commit.time);
        path.clone_into(&mut self.history.path);
        let prefix = &self.request.context;
        let stages = &mut self.stages;
        let steps = plan.steps.iter().zip(judged).filter(|it| it.0.has_layer);
        let steps = steps
            .map(|(step, judged)| StepReport {
                line: step.line,
                keyword: step.keyword,
                stage: stages
                    .entry(step.stage.clone())
                    .or_insert_with(|| Arc::from(step.stage.as_str()))
                    .clone(),
                rebuilt: judged.rebuilt,
                follows: judged.follows.and_then(|it| Some(plan.steps.get(it)?.line)),
                same_as: judged.same_as.and_then(|it| Some(plan.steps.get(it)?.line)),
                because: from_root(judged.because, prefix),
                track: judged.track,
                seconds: step.seconds,
                is_measured: step.is_measured,
            })
            .collect();
        Ok((steps, lacks(&plan, &evaluation)))
    }

    fn plan(&mut self, id: Id) -> Result<Arc<Plan>, String> {
        // Its own text stands for all.
        let id = if self.request.text.is_some() { Id([0; 20]) } else { id };
        if let Some(known) = self.plans.get(&id) {
            return known.clone();
        }
        let text = match &self.request.text {
            Some(text) => Ok(text.clone()),
            None => self
                .objects
                .content(id)
                .map(|it| String::from_utf8_lossy(&it).into_owned())
                .map_err(|it| it.0),
        };
        let traits = self.request.builder.traits();
        let made = text.and_then(|it| plan(&it, traits, &self.request.options));
        let timings = &self.request.timings;
        let made = made.map(|mut plan| {
            for step in &mut plan.steps {
                if let Some(seconds) = timings.of(&step.text) {
                    (step.seconds, step.is_measured) = (seconds, true);
                }
            }
            Arc::new(plan)
        });
        if let Ok(plan) = &made {
            plan.notes.iter().for_each(|it| self.notes.add_general(it));
        }
        self.plans.insert(id, made.clone());
        made
    }

    fn snapshot(&mut self, commit: &Commit, path: &str) -> Result<Snapshot, String> {
        let Request { context, builder, .. } = self.request;
        let found = find(self.objects, commit.tree, context).map_err(|it| it.0)?;
        let Some(root) = found.filter(|it| it.kind == Kind::Folder) else {
            return Err(format!("it has no folder `{context}`"));
        };
        let file = ignore_file(self.objects, commit.tree, path, context, *builder);
        let ignore = match file.map_err(|it| it.0)? {
            None => None,
            Some((name, entry)) => {
                let objects = self.objects;
                let read = || {
                    let bytes = objects.content(entry.id).map_err(|it| it.0)?;
                    IgnoreFile::parse(&String::from_utf8_lossy(&bytes))
                        .map(Arc::new)
                        .map_err(|it| format!("{name}:{}: malformed pattern", it.line))
                };
                let known = self.ignores.entry(entry.id).or_insert_with(read).clone()?;
                Some((entry.id, known))
            }
        };
        let name = Key::of(&[&commit.id.to_string()]);
        Ok(Snapshot { name, context: root.id, ignore })
    }

    /// The keys of all steps. Nothing is computed where nothing of the context changed.
    fn evaluation(
        &mut self,
        plan: &Arc<Plan>,
        snapshot: &Snapshot,
        ignored: Option<Id>,
    ) -> Result<Arc<Evaluation>, String> {
        if let Some((last, context, ignore, known)) = &self.last
            && Arc::ptr_eq(last, plan)
            && *context == snapshot.context
            && *ignore == ignored
            && known.notes.is_empty()
            && !plan.steps.iter().any(|it| it.is_remote)
        {
            return Ok(Arc::clone(known));
        }
        let found = self.evaluator.evaluate(plan, snapshot).map_err(|it| it.0)?;
        let number = self.history.commits.len();
        found.notes.iter().for_each(|it| self.notes.add(it, number));
        let found = Arc::new(found);
        self.last = Some((Arc::clone(plan), snapshot.context, ignored, Arc::clone(&found)));
        Ok(found)
    }

    /// Notes a step that takes the folder of git too: a checkout has it, and no commit does.
    fn note_git(&mut self, plan: &Plan, snapshot: &Snapshot) {
        if snapshot.ignore.as_ref().is_some_and(|it| it.1.excludes(".git")) {
            return;
        }
        let takes_all = |input: &Input| match input {
            Input::Context(taken) => taken
                .sources
                .iter()
                .any(|it| clean(it).trim_start_matches('/') == "." || it.is_empty()),
            Input::Stage { .. } => false,
        };
        if let Some(step) = plan.steps.iter().find(|it| it.inputs.iter().any(takes_all)) {
            self.git_note = Some(format!(
                "line {} takes `.git` too, which is not in the ignore file: in a checkout it runs again at every commit",
                step.line
            ));
        }
    }

    fn finish(mut self) -> History {
        let replayed = self.history.commits.iter().rposition(|it| it.error.is_none());
        self.history.notes = self.notes.texts(replayed);
        self.history.notes.extend(self.git_note);
        let last = self.last.map(|it| it.0);
        self.history.lines = super::lines::lines(last.as_deref(), &self.history.commits);
        self.history
    }
}

/// The sources that are not in the context, also patterns that no file has.
fn lacks(plan: &Plan, evaluation: &Evaluation) -> Vec<String> {
    let steps = plan.steps.iter().zip(&evaluation.steps);
    let pairs = steps.flat_map(|(step, keys)| {
        let sources = step.inputs.iter().filter_map(|it| match it {
            Input::Context(taken) => Some(&taken.sources),
            Input::Stage { .. } => None,
        });
        sources.zip(&keys.selected)
    });
    let lack = pairs.filter_map(|(sources, taken)| match &taken.missing {
        Some(path) => Some(path.clone()),
        None => taken.roots.is_empty().then(|| sources.join(" ")),
    });
    lack.collect()
}

/// Files of the context by their paths from the root of the repository.
fn from_root(causes: Arc<[Cause]>, context: &str) -> Arc<[Cause]> {
    if context.is_empty() || !causes.iter().any(|it| matches!(it, Cause::File(_))) {
        return causes;
    }
    let full = |cause: &Cause| match cause {
        Cause::File(path) => Cause::File(super::select::below(context, path)),
        other => other.clone(),
    };
    causes.iter().map(full).collect()
}
