//! `check --history`: how often the lines that findings about the cache are about ran again in the project's history.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::cache::{MOST_TRIED, Trial, in_repository, is_whole};
use crate::cache::git::{Commit, Location, Repository, first_parents};
use crate::cache::{Builder, Limits, Request, Timings};
use crate::lint::{Category, Finding, Impact, Reruns};
use crate::model::BuildOptions;
use crate::session::{Checked, Input};

/// The newest commits of a repository, once they are known.
type Walk = Arc<OnceLock<Result<Vec<Commit>, String>>>;

thread_local! {
    /// The repositories that this thread has opened, by run. They hold what was read of folders, and digests of them.
    static OPEN: RefCell<HashMap<(usize, Location), Rc<Repository>>> = RefCell::default();
}

/// The next run.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// How much was done for all files of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Repositories that were opened.
    pub repositories: usize,
    /// Commits that were walked over.
    pub commits: usize,
    /// Objects that were read.
    pub objects: usize,
}

/// The replays of a run. Files of one repository share its commits, and in each thread what was read of it.
pub struct Histories {
    /// What distinguishes the run from others.
    run: usize,
    walks: Mutex<HashMap<Location, Walk>>,
    opened: AtomicUsize,
    walked: AtomicUsize,
    read: AtomicUsize,
    /// How many commits of each file are replayed.
    commits: usize,
    /// Why files were not replayed.
    remarks: Mutex<Vec<String>>,
}

impl Histories {
    /// Replays that many commits of each file.
    pub fn new(commits: u32) -> Self {
        Self {
            run: RUNS.fetch_add(1, Ordering::Relaxed),
            walks: Mutex::default(),
            opened: AtomicUsize::default(),
            walked: AtomicUsize::default(),
            read: AtomicUsize::default(),
            commits: commits as usize,
            remarks: Mutex::default(),
        }
    }

    /// How much was done so far.
    pub fn work(&self) -> Work {
        let of = |it: &AtomicUsize| it.load(Ordering::Relaxed);
        Work { repositories: of(&self.opened), commits: of(&self.walked), objects: of(&self.read) }
    }

    /// The repository that a folder is in, opened once in each thread.
    fn repository(&self, location: &Location) -> Result<Rc<Repository>, String> {
        let key = (self.run, location.clone());
        if let Some(known) = OPEN.with_borrow(|it| it.get(&key).cloned()) {
            return Ok(known);
        }
        let opened = Rc::new(Repository::at(location.clone())?);
        self.opened.fetch_add(1, Ordering::Relaxed);
        OPEN.with_borrow_mut(|it| {
            // What an earlier run has opened is not needed any more.
            it.retain(|(run, _), _| *run == self.run);
            it.insert(key, Rc::clone(&opened));
        });
        Ok(opened)
    }

    /// The commits to replay, the newest first, found once for all files.
    fn walk(&self, location: &Location, repository: &Repository) -> Walk {
        let mut walks = self.walks.lock().unwrap_or_else(PoisonError::into_inner);
        let walk = Arc::clone(walks.entry(location.clone()).or_default());
        drop(walks);
        walk.get_or_init(|| {
            let start = repository.resolve("HEAD")?;
            let found = first_parents(repository, start, self.commits, None);
            let commits = found.map_err(|it| it.0)?.0;
            self.walked.fetch_add(commits.len(), Ordering::Relaxed);
            Ok(commits)
        });
        walk
    }

    /// Replays the history of a file with its text at every commit, and puts on its findings what that says of them. A file
    /// without findings about the cache is not replayed.
    pub fn add(&self, input: &Input, checked: &mut Checked) {
        if !checked.findings.iter().any(is_about_cache) {
            return;
        }
        if let Err(reason) = self.replay(input, checked) {
            let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
            remarks.push(format!("note: {}: no history to replay: {reason}", input.name));
        }
    }

    fn replay(&self, input: &Input, checked: &mut Checked) -> Result<(), String> {
        let path = input.path().ok_or("it is not a file")?;
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let location = Repository::locate(folder.unwrap_or(Path::new(".")))?;
        let repository = self.repository(&location)?;
        let before = repository.reads();
        let done = self.replay_in(&repository, &location, input, path, checked);
        self.read.fetch_add(repository.reads() - before, Ordering::Relaxed);
        done
    }

    fn replay_in(
        &self,
        repository: &Repository,
        location: &Location,
        input: &Input,
        path: &Path,
        checked: &mut Checked,
    ) -> Result<(), String> {
        let root = repository.root.as_deref().ok_or("the repository is bare")?;
        let inside = |path: &Path| in_repository(root, path).ok_or("it is outside the repository");
        let dockerfile = inside(path)?;
        let context = match &checked.context {
            Some(folder) => inside(folder)?,
            None => dockerfile.rsplit_once('/').map_or("", |it| it.0).to_owned(),
        };
        let walk = self.walk(location, repository);
        let commits = match walk.get() {
            Some(Ok(commits)) => commits,
            Some(Err(reason)) => return Err(reason.clone()),
            None => return Err("its commits cannot be read".to_owned()),
        };
        let request = Request {
            builder: Builder::Buildkit,
            dockerfile,
            context: if context == "." { String::new() } else { context },
            options: BuildOptions { context: None, ..input.settings.build.clone() },
            limits: Limits::default(),
            timings: Timings::default(),
            text: None,
        };
        let source = checked.source.clone();
        let mut trial = Trial::new(repository, commits, &request, source);
        let reasons = trial.before.commits.iter().map(|it| it.error.as_deref());
        if let Some(reason) = reasons.collect::<Option<Vec<_>>>() {
            let reason = reason.last().copied().unwrap_or("there is no commit");
            return Err(reason.to_owned());
        }
        let mut tried = 0;
        let starts: Vec<u32> =
            checked.instructions.iter().map(|it| checked.source.line(it.start)).collect();
        for finding in checked.findings.iter_mut().filter(|it| is_about_cache(it)) {
            let line = finding.instruction.and_then(|it| starts.get(it).copied());
            let reruns = reruns(&mut trial, finding, line, &mut tried);
            if reruns.is_some() {
                finding.impact = Some(Impact { reruns, ..finding.impact.unwrap_or_default() });
            }
        }
        Ok(())
    }

    /// Why files were not replayed, by name.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        remarks.sort();
        remarks
    }
}

/// Whether a finding is about steps that run again.
fn is_about_cache(finding: &Finding) -> bool {
    finding.meta.category == Category::Cache
}

/// What the fix of a finding saves, or else how often its own line ran again.
fn reruns(
    trial: &mut Trial<'_>,
    finding: &Finding,
    line: Option<u32>,
    tried: &mut usize,
) -> Option<Reruns> {
    let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    let whole = |seconds: f64| seconds.round().clamp(0.0, f64::from(u32::MAX)) as u32;
    if let Some(fix) = finding.fix.as_ref().filter(|_| is_whole(finding) && *tried < MOST_TRIED) {
        *tried += 1;
        if let Some(saving) = trial.saving(fix).filter(|it| it.is_sure) {
            return Some(Reruns {
                line: saving.line,
                commits: number(saving.commits),
                times: number(saving.of),
                saved: Some(number(saving.rebuilds)),
                part: saving.is_part,
                seconds: whole(saving.seconds),
                measured: false,
            });
        }
    }
    let own = trial.before.lines.iter().find(|it| Some(it.line) == line)?;
    Some(Reruns {
        line: own.line,
        commits: number(own.commits),
        times: number(own.rebuilds),
        saved: None,
        part: false,
        seconds: whole(own.seconds * own.rebuilds as f64),
        measured: false,
    })
}
