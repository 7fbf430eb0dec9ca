//! The one engine: a file's bytes to its findings. The command line and the language server both use it.

mod notes;
mod selector;
mod silenced;

pub use selector::selector;
pub use silenced::silenced;

use std::any::Any;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::config::Settings;
use crate::context::{BuildContext, Contexts, has_dev_dependencies, has_wildcard};
use crate::error::Error;
use crate::fix::{self, Fixed};
use crate::lint::{self, Applicability, Causes, Finding};
use crate::model::{MeasuredWaste, Model};
use crate::rules;
use crate::shell::KeptLints;
use crate::source::{MAX_BYTES, Source, Span, hash};
use crate::syntax;

/// One thing to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The name shown to people.
    pub name: String,
    /// Where its bytes come from.
    pub origin: Origin,
    /// What the person chose for it. Inputs that are alike share it.
    pub settings: Arc<Settings>,
    /// The folder in whose depths it was found, if it was not named: outside a repository, no build context above it is
    /// looked at.
    pub searched: Option<Arc<Path>>,
}

/// Where a text is from: this gives its build context, unless the settings name one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'p> {
    /// The path of its file; none for a text that is nowhere.
    pub path: Option<&'p Path>,
    /// The folder in whose depths it was found, if it was not named.
    pub searched: Option<&'p Path>,
}

impl<'p> Place<'p> {
    /// A file that was named.
    pub fn of(path: &'p Path) -> Self {
        Self { path: Some(path), searched: None }
    }
}

/// Where the bytes of an input come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// Nowhere: it is already known that it cannot be read.
    Failed(Error),
}

impl Input {
    /// Where its file is, or for standard input where it would be if it has a name.
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::Stdin => Some(Path::new(&self.name)).filter(|it| it.as_os_str() != "-"),
            Origin::Failed(_) => None,
        }
    }

    /// Where it is.
    pub fn place(&self) -> Place<'_> {
        Place { path: self.path(), searched: self.searched.as_deref() }
    }

    /// Reads it.
    pub fn read(&self) -> Result<Source, Error> {
        let bytes = match &self.origin {
            Origin::Failed(error) => return Err(error.clone()),
            Origin::Stdin => read_all(std::io::stdin().lock(), 0, Path::new(&self.name))?,
            Origin::File(path) => {
                let file = File::open(path).map_err(|error| match error.kind() {
                    ErrorKind::NotFound if path.is_symlink() => {
                        Error::Io { path: path.clone(), reason: "a broken link".to_owned() }
                    }
                    _ => Error::io(path, &error),
                })?;
                let size = file.metadata().map_or(0, |metadata| metadata.len());
                read_all(file, size, path)?
            }
        };
        Ok(Source::from_bytes(self.name.clone(), bytes))
    }
}

/// A file that was checked.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its text.
    pub source: Source,
    /// Why it was not checked, if it was not.
    pub note: Option<Note>,
    /// What is wrong, in order of place.
    pub findings: Vec<Finding>,
    /// What is wrong too, but was reported for an earlier file of the run that has the same cause.
    pub repeated: Vec<Finding>,
    /// Where the keyword of each instruction is, by instruction index.
    pub keywords: Vec<Span>,
    /// Where each instruction is, by index.
    pub instructions: Vec<Span>,
    /// The folder that its build copies from, if one was found.
    pub context: Option<PathBuf>,
}

/// Why a file was read and not checked. That is not a finding: it fails no run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The place that shows it.
    pub span: Span,
    /// What is remarked.
    pub message: String,
}

impl Checked {
    /// A file of which nothing is said yet.
    fn nothing(source: Source) -> Self {
        Self {
            note: None,
            findings: Vec::new(),
            repeated: Vec::new(),
            keywords: Vec::new(),
            instructions: Vec::new(),
            context: None,
            source,
        }
    }

    /// What distinguishes a finding from others in its file, and stays when lines move or the build context changes: a hash of
    /// the code, the keyword of its instruction, the words it points at, and its subject. Where it points at a keyword
    /// alone, the words are those of the instruction. Findings that are alike have the same.
    pub fn fingerprint(&self, finding: &Finding) -> String {
        let at = finding.instruction;
        let keyword = at.and_then(|id| self.keywords.get(id)).copied();
        let is_keyword = keyword.is_some_and(|it| it.contains(finding.span));
        let whole = at.and_then(|id| self.instructions.get(id)).filter(|_| is_keyword);
        let words = self.source.slice(*whole.unwrap_or(&finding.span));
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let keyword = keyword.map(|it| self.source.slice(it).to_uppercase()).unwrap_or_default();
        let subject = finding.subject.as_deref().unwrap_or_default();
        hash(&[finding.meta.code, &keyword, &words, subject].join("\0"))
    }

    /// The first line and the keyword of the instruction that a finding is in.
    pub fn instruction_of(&self, finding: &Finding) -> Option<(u32, String)> {
        let span = *self.keywords.get(finding.instruction?)?;
        Some((self.source.line(span.start), self.source.slice(span).to_uppercase()))
    }
}

/// Files that are given to the threads at once. What is kept of each until all of them are done is only
/// what `each` returns, so the number says nothing about how many texts are in memory.
const BATCH: usize = 256;

/// Deeply nested shell text needs more stack than a thread has by default.
pub const STACK_BYTES: usize = 16 << 20;

/// Checks one text that is nowhere.
pub fn check(source: Source, settings: &Settings) -> Checked {
    check_at(source, settings, Place::default(), &Contexts::default())
}

/// Checks one text of a run, which has looked at some build contexts already.
pub fn check_at(
    source: Source,
    settings: &Settings,
    place: Place<'_>,
    contexts: &Contexts,
) -> Checked {
    check_with(source, settings, place, contexts, |_| {})
}

/// The same of a text that is checked again and again while it is written or fixed.
pub fn check_again(
    source: Source,
    settings: &Settings,
    place: Place<'_>,
    contexts: &Contexts,
    kept: &Arc<KeptLints>,
) -> Checked {
    let keep = |model: &mut Model<'_>| model.kept_lints = Some(Arc::clone(kept));
    check_with(source, settings, place, contexts, keep)
}

/// Checks one text of whose image something was measured: rules report it, and findings of others get their bytes.
pub fn check_measured(
    source: Source,
    settings: &Settings,
    path: Option<&Path>,
    measured: Vec<MeasuredWaste>,
) -> Checked {
    let place = Place { path, searched: None };
    let add = |model: &mut Model<'_>| model.measured = measured;
    check_with(source, settings, place, &Contexts::default(), add)
}

fn check_with(
    source: Source,
    settings: &Settings,
    place: Place<'_>,
    contexts: &Contexts,
    add: impl FnOnce(&mut Model<'_>),
) -> Checked {
    let doc = syntax::parse(&source);
    let keywords = doc.instructions.iter().map(|it| it.keyword_span).collect();
    let instructions = doc.instructions.iter().map(|it| it.span).collect();
    if let Some(note) = notes::note_of(&doc, place) {
        return Checked { note: Some(note), keywords, instructions, ..Checked::nothing(source) };
    }
    let mut model = Model::build(&doc, &settings.build);
    model.context = context_of(&model, settings, place, contexts);
    add(&mut model);
    look_beside(&mut model, settings, place, contexts);
    let mut findings = lint::lint(&model, rules::all(), &settings.lint);
    notes::remark_bounds(&model, place, contexts);
    lint::weigh(&model, &mut findings);
    let mask = lint::Mask::new(&model, &settings.build.build_args);
    findings.iter_mut().for_each(|it| mask.apply(it));
    let context = model.context.as_ref().map(|it| it.folder.clone());
    Checked { findings, keywords, instructions, context, ..Checked::nothing(source) }
}

/// Shows what one text means to somebody who asks for more than findings.
pub fn show<T>(
    source: &Source,
    settings: &Settings,
    place: Place<'_>,
    contexts: &Contexts,
    see: impl FnOnce(&Model<'_>) -> T,
) -> T {
    let doc = syntax::parse(source);
    let mut model = Model::build(&doc, &settings.build);
    model.context = context_of(&model, settings, place, contexts);
    look_beside(&mut model, settings, place, contexts);
    see(&model)
}

/// Reads what the files next to the Dockerfile say of its stages and dependencies, where something depends on it.
fn look_beside(model: &mut Model<'_>, settings: &Settings, place: Place<'_>, contexts: &Contexts) {
    model.in_repository = place.path.is_some_and(|it| contexts.is_in_repository(it));
    if let Some(path) = place.path.filter(|_| model.asks_for_targets()) {
        let named = contexts.build_files.targets(path, place.searched, contexts.finder());
        model.take_targets(named, &settings.build);
    }
    let manifests = model.manifests_with_dev_dependencies();
    if let Some(context) = model.context.as_ref().filter(|_| !manifests.is_empty()) {
        model.dev_dependencies = has_dev_dependencies(context, &manifests);
    }
}

/// The build context, if there is a folder and something is copied from it. What is in it is looked at only when a rule asks.
fn context_of(
    model: &Model<'_>,
    settings: &Settings,
    place: Place<'_>,
    contexts: &Contexts,
) -> Option<BuildContext> {
    let mut sources = model.context_sources().peekable();
    sources.peek()?;
    match (&settings.build.context, place.path) {
        (Some(folder), path) => contexts.open(folder.clone(), path),
        (None, path) => {
            let named = sources.filter(|it| it.certain && !has_wildcard(&it.path));
            let named: Vec<String> = named.map(|it| it.path).collect();
            contexts.find(path?, place.searched, &named)
        }
    }
}

/// Fixes one text of a run to the end: safe fixes, and unsafe ones too if asked.
pub fn fix(
    source: Source,
    settings: &Settings,
    place: Place<'_>,
    contexts: &Contexts,
    unsafe_too: bool,
) -> Fixed {
    let most = if unsafe_too { Applicability::Unsafe } else { Applicability::Safe };
    let wanted = |it: &Finding| it.fix.as_ref().is_some_and(|fix| fix.applicability <= most);
    // Each round changes a few of the scripts.
    let kept = Arc::default();
    fix::settle(source, wanted, |source| {
        check_again(source.clone(), settings, place, contexts, &kept).findings
    })
}

/// Fixes inputs to the end, several at a time. `in_order` gets the bytes as they were and what became of them in the
/// order of the inputs, or why nothing did, and may stop the run.
pub fn fix_all(
    inputs: &[Input],
    jobs: Option<usize>,
    contexts: &Contexts,
    unsafe_too: bool,
    mut in_order: impl FnMut(&Input, Result<(Vec<u8>, Fixed), Error>) -> ControlFlow<()>,
) {
    let one = |input: &Input| {
        let source = input.read()?;
        let before = source.bytes().to_vec();
        let (settings, place) = (&input.settings, input.place());
        let fixed = || {
            let mut fixed = fix(source, settings, place, contexts, unsafe_too);
            // No report of standard input follows.
            if fixed.is_too_large && matches!(input.origin, Origin::Stdin) {
                fixed.findings = check_at(fixed.source.clone(), settings, place, contexts).findings;
            }
            fixed
        };
        Ok((before, on_own_stack(input, fixed)?))
    };
    let pool = pool(inputs, jobs);
    for batch in inputs.chunks(if pool.is_some() { BATCH } else { 1 }) {
        let done: Vec<_> = match &pool {
            Some(pool) => pool.install(|| batch.par_iter().map(one).collect()),
            None => batch.iter().map(one).collect(),
        };
        for (input, done) in batch.iter().zip(done) {
            if in_order(input, done).is_break() {
                return;
            }
        }
    }
}

/// Reads and checks one input. A panic inside is an error of that input alone.
pub fn check_input(input: &Input) -> Result<Checked, Error> {
    check_input_with(input, &Contexts::default())
}

fn check_input_with(input: &Input, contexts: &Contexts) -> Result<Checked, Error> {
    let source = input.read()?;
    let check = || check_at(source, &input.settings, input.place(), contexts);
    on_own_stack(input, check)
}

/// A panic as an error of one file.
fn internal(input: &Input, panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    let reason = text.unwrap_or("unknown").to_owned();
    Error::Internal { path: PathBuf::from(&input.name), reason }
}

/// Checks all inputs, several at a time. `each` runs in the threads and makes of every file what is kept
/// of it; `in_order` gets that in the order of the inputs, and may stop the run.
pub fn check_all<T: Send>(
    inputs: &[Input],
    jobs: Option<usize>,
    contexts: &Contexts,
    each: impl Fn(&Input, Result<Checked, Error>) -> T + Sync,
    mut in_order: impl FnMut(T) -> ControlFlow<()>,
) {
    let mut causes = Causes::default();
    let Some(pool) = pool(inputs, jobs) else {
        let _ = inputs.iter().try_for_each(|input| {
            let mut result = check_input_with(input, contexts);
            drop_repeats(&mut causes, &mut result);
            in_order(each(input, result))
        });
        return;
    };
    let one = |input: &Input| {
        let result = check_input_with(input, contexts);
        let is_shared = |it: &Checked| it.findings.iter().any(|it| !it.causes.is_empty());
        match result {
            Ok(checked) if is_shared(&checked) => Step::Waits(Box::new(checked)),
            result => Step::Done(each(input, result)),
        }
    };
    for batch in inputs.chunks(BATCH) {
        let mut steps: Vec<Step<T>> = pool.install(|| batch.par_iter().map(one).collect());
        for step in &mut steps {
            if let Step::Waits(checked) = step {
                checked.repeated = causes.take_repeats(&mut checked.findings);
            }
        }
        let finish = |(input, step): (&Input, Step<T>)| match step {
            Step::Done(done) => done,
            Step::Waits(checked) => each(input, Ok(*checked)),
        };
        let done: Vec<T> =
            pool.install(|| batch.par_iter().zip(steps.into_par_iter()).map(finish).collect());
        if done.into_iter().try_for_each(&mut in_order).is_break() {
            return;
        }
    }
}

/// The threads for some inputs; none where starting them takes longer than checking a file or two.
fn pool(inputs: &[Input], jobs: Option<usize>) -> Option<rayon::ThreadPool> {
    if inputs.len() <= 2 || jobs == Some(1) {
        return None;
    }
    let builder = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES);
    builder.num_threads(jobs.unwrap_or(0)).build().ok()
}

/// Does it in a thread with a stack of the size that it may need, unless this is one. A panic is an error of the input.
fn on_own_stack<T: Send>(input: &Input, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    let done = match rayon::current_thread_index() {
        Some(_) => catch_unwind(AssertUnwindSafe(work)),
        None => in_thread(work),
    };
    done.map_err(|panic| internal(input, &*panic))
}

fn in_thread<T: Send>(work: impl FnOnce() -> T + Send) -> std::thread::Result<T> {
    let work = Mutex::new(Some(work));
    let take = || work.lock().ok().and_then(|mut it| it.take());
    let done = std::thread::scope(|scope| {
        let run = || take().map(|work| work());
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run);
        thread.ok().map(std::thread::ScopedJoinHandle::join)
    });
    match done {
        Some(Ok(Some(done))) => Ok(done),
        Some(Err(panic)) => Err(panic),
        // The system gives no thread.
        None | Some(Ok(None)) => match take() {
            Some(work) => catch_unwind(AssertUnwindSafe(work)),
            None => Err(Box::new("the work of a thread was lost")),
        },
    }
}

/// A file of a batch that was checked.
enum Step<T> {
    /// Nothing of it depends on other files.
    Done(T),
    /// It shares causes with other files: what is a repeat is known once all files before it are checked.
    Waits(Box<Checked>),
}

fn drop_repeats(causes: &mut Causes, result: &mut Result<Checked, Error>) {
    if let Ok(checked) = result {
        checked.repeated = causes.take_repeats(&mut checked.findings);
    }
}

/// Reads to the end, but never more than a span can point at.
fn read_all(reader: impl Read, size: u64, path: &Path) -> Result<Vec<u8>, Error> {
    let too_large =
        || Error::Io { path: path.to_owned(), reason: "larger than the limit of 4 GiB".to_owned() };
    if size > MAX_BYTES as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    reader
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io(path, &error))?;
    if bytes.len() > MAX_BYTES { Err(too_large()) } else { Ok(bytes) }
}

#[cfg(test)]
mod made_up_manager;
