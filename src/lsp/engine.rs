//! Checking a document exactly as `check` does, with what was read of the folders around it kept for a while.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::document::Document;
use super::project::Project;
use super::requests::semantic_tokens::Sent;
use super::requests::workspace_symbol::Stages;
use crate::config::Settings;
use crate::context::{BuildContext, Contexts, absolute, has_wildcard};
use crate::error::Error;
use crate::lint::{self, Finding, Impact};
use crate::model::Model;
use crate::report::{MeasuredLine, Replayed};
use crate::session::{self, Checked, Place};
use crate::shell::KeptLints;
use crate::source::Source;

/// What is known of files that are not open may be that old; then the document is checked once more with what is there.
pub(super) const FRESH: Duration = Duration::from_secs(1);

/// Checks documents. Shared by all threads.
pub(super) struct Engine {
    pub(super) project: Box<dyn Project>,
    /// Where paths are shown from.
    here: PathBuf,
    roots: RwLock<Vec<PathBuf>>,
    contexts: Mutex<(Arc<Contexts>, Instant)>,
    kept: Arc<KeptLints>,
    /// The semantic tokens that were sent last.
    pub(super) tokens: Sent,
    /// How often the client said that something has changed.
    changes: AtomicU64,
    /// What was answered last about the whole workspace.
    pub(super) survey: Mutex<Option<Survey>>,
    /// The stages of the whole workspace, as they were found last.
    pub(super) stages: Mutex<Option<Stages>>,
}

/// The findings of a whole workspace: after how many changes, and a fingerprint for each document.
pub(super) type Survey = (u64, Vec<(String, Option<i32>, String)>);

/// A document with all that its check depends on.
pub(super) struct Job {
    pub(super) source: Source,
    pub(super) settings: Arc<Settings>,
    pub(super) contexts: Arc<Contexts>,
    kept: Arc<KeptLints>,
    path: Option<PathBuf>,
    searched: Option<PathBuf>,
}

impl Engine {
    pub(super) fn new(project: Box<dyn Project>) -> Self {
        Self {
            project,
            here: absolute(Path::new("")),
            roots: RwLock::default(),
            contexts: Mutex::new((Arc::default(), Instant::now())),
            kept: Arc::default(),
            tokens: Sent::default(),
            changes: AtomicU64::new(0),
            survey: Mutex::new(None),
            stages: Mutex::new(None),
        }
    }

    /// Changes the folders that are open.
    pub(super) fn change_roots(&self, change: impl FnOnce(&mut Vec<PathBuf>)) {
        change(&mut self.roots.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// The folders that are open.
    pub(super) fn roots(&self) -> Vec<PathBuf> {
        self.roots.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that a document, a file or a setting has changed.
    pub(super) fn note_change(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// How often that was.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Forgets what was read of files.
    pub(super) fn forget(&self) {
        self.project.forget();
        *self.contexts.lock().unwrap_or_else(PoisonError::into_inner) =
            (Arc::default(), Instant::now());
    }

    /// Whether what is known of files was read just now.
    pub(super) fn is_fresh(&self) -> bool {
        let known = self.contexts.lock().unwrap_or_else(PoisonError::into_inner);
        known.1.elapsed() < FRESH
    }

    fn contexts(&self) -> Arc<Contexts> {
        Arc::clone(&self.contexts.lock().unwrap_or_else(PoisonError::into_inner).0)
    }

    /// A path as `check` shows it: from the working directory, if it is below.
    pub(super) fn shown(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.here).unwrap_or(path).to_owned()
    }

    /// The innermost folder that is open and holds a file.
    fn root_of(&self, path: &Path) -> Option<PathBuf> {
        let roots = self.roots.read().unwrap_or_else(PoisonError::into_inner);
        let around = roots.iter().filter(|it| path.starts_with(it));
        let root = around.max_by_key(|it| it.components().count())?;
        Some(self.shown_root(root))
    }

    /// An open folder as `check` is given it.
    pub(super) fn shown_root(&self, root: &Path) -> PathBuf {
        let shown = self.shown(root);
        if shown.as_os_str().is_empty() { PathBuf::from(".") } else { shown }
    }

    /// What the check of a document needs; none where the configuration leaves the file out.
    ///
    /// A file below an open folder is checked as `check FOLDER` does, any other as `check FILE`, a text without a file as
    /// standard input.
    pub(super) fn job(&self, document: &Document) -> Result<Option<Job>, Error> {
        let path = document.path.as_deref().map(|it| self.shown(it));
        let searched = document.path.as_deref().and_then(|it| self.root_of(it));
        let name = path.as_deref().unwrap_or(Path::new("-"));
        let Some(settings) = self.project.settings(name, searched.as_deref())? else {
            return Ok(None);
        };
        let source = Source::new(name.to_string_lossy(), document.text.as_str());
        let (contexts, kept) = (self.contexts(), Arc::clone(&self.kept));
        Ok(Some(Job { source, settings, contexts, kept, path, searched }))
    }

    /// Checks a document; none where the configuration leaves it out.
    pub(super) fn check(&self, document: &Document) -> Result<Option<Checked>, Error> {
        let Some(mut checked) = self.check_alone(document)? else { return Ok(None) };
        lint::fold(&mut checked.findings);
        if let Some(replayed) = self.replayed(document) {
            add_reruns(&replayed, &mut checked);
        }
        Ok(Some(checked))
    }

    /// What a replay said about a document, unless its text has changed since.
    pub(super) fn replayed(&self, document: &Document) -> Option<Arc<Replayed>> {
        let path = document.path.as_deref()?;
        let name = path.file_name()?.to_str()?;
        let replayed = self.project.replayed(path)?;
        replayed.is_of(name, &document.text).then_some(replayed)
    }

    /// What a measurement said about the lines of a document, unless its text has changed since.
    pub(super) fn measured(&self, document: &Document) -> Vec<MeasuredLine> {
        let lines = |path: &Path| {
            let name = path.file_name()?.to_str()?;
            Some(self.project.measured(path)?.lines(name, &document.text))
        };
        document.path.as_deref().and_then(lines).unwrap_or_default()
    }

    /// The same, with repeated findings one by one, as fixes are applied.
    pub(super) fn check_alone(&self, document: &Document) -> Result<Option<Checked>, Error> {
        let Some(job) = self.job(document)? else { return Ok(None) };
        let name = job.source.name.clone();
        let work = || {
            let mut checked = job.check(job.source.clone());
            self.project.drop_known(&name, &job.settings, &mut checked)?;
            Ok(Some(checked))
        };
        caught(&name, work)?
    }
}

impl Job {
    fn place(&self) -> Place<'_> {
        Place { path: self.path.as_deref(), searched: self.searched.as_deref() }
    }

    /// Checks a text in place of the document's.
    pub(super) fn check(&self, source: Source) -> Checked {
        session::check_again(source, &self.settings, self.place(), &self.contexts, &self.kept)
    }

    /// The build context of the document.
    pub(super) fn context(&self, model: &Model<'_>) -> Option<BuildContext> {
        if let Some(folder) = &self.settings.build.context {
            return self.contexts.open(folder.clone(), self.path.as_deref());
        }
        let named = model.context_sources().filter(|it| it.certain && !has_wildcard(&it.path));
        let named: Vec<String> = named.map(|it| it.path).collect();
        let path = self.path.as_deref()?;
        // While a line is written, what it names is not there yet.
        let find = |named: &[String]| self.contexts.find(path, self.searched.as_deref(), named);
        find(&named).or_else(|| find(&[]))
    }

    /// The findings of a text in place of the document's.
    pub(super) fn findings(&self, source: &Source) -> Vec<Finding> {
        self.check(source.clone()).findings
    }
}

/// Puts on findings about the cache what a replay says of them.
fn add_reruns(replayed: &Replayed, checked: &mut Checked) {
    let (source, instructions) = (&checked.source, &checked.instructions);
    for finding in &mut checked.findings {
        let own = finding.instruction.and_then(|it| instructions.get(it));
        let reruns = replayed.reruns(finding, source, own.map(|it| source.line(it.start)));
        if reruns.is_some() {
            finding.impact = Some(Impact { reruns, ..finding.impact.unwrap_or_default() });
        }
    }
}

/// Does it; a panic is an error of that document.
pub(super) fn caught<T>(name: &str, work: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Error::Internal { path: PathBuf::from(name), reason: text.unwrap_or("unknown").to_owned() }
    })
}
