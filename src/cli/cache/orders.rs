//! Better orders: the fixes of rules about the cache and other orders of the steps, each replayed over the history.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::place::Place;
use crate::cache::git::{Commit, Repository};
use crate::cache::{
    History, Move, Objects, Order, Replays, Request, Saving, find as find_file, moves, saving,
};
use crate::cli::diff::diff as unified;
use crate::config::Settings;
use crate::context::Contexts;
use crate::fix::{apply, choose, prove};
use crate::lint::{Applicability, Finding, Fix, Profile, Selection, Selector};
use crate::report::Style;
use crate::session::{self, Place as OnDisk};
use crate::source::Source;

/// The rules whose fixes may save reruns.
const CODES: [&str; 5] = ["LW201", "LW202", "LW203", "LW207", "LW214"];

/// More candidates are not tried: each is its own replay.
pub(in crate::cli) const MOST_TRIED: usize = 12;

/// A history that is replayed with one text at every commit, to compare that text with others: only the order differs then.
pub(in crate::cli) struct Trial<'a> {
    replays: Replays<'a>,
    request: &'a Request,
    source: Source,
    /// What became of the text as it is.
    pub(in crate::cli) before: History,
}

impl<'a> Trial<'a> {
    /// Replays the text as it is.
    pub(in crate::cli) fn new(
        repository: &'a Repository,
        commits: &'a [Commit],
        request: &'a Request,
        source: Source,
    ) -> Self {
        let mut replays = Replays::new(repository, commits, request);
        let own = Request { text: Some(source.text.clone()), ..request.clone() };
        let before = replays.replay(&own);
        Self { replays, request, source, before }
    }

    /// What a fix would have saved, if it would have saved something and changes no more than it says.
    pub(in crate::cli) fn saving(&mut self, fix: &Fix) -> Option<Saving> {
        let text = &self.source.text;
        if choose(text, &[fix]).is_empty() {
            return None;
        }
        let text = apply(text, fix.edits.iter());
        let after = Source::new(self.source.name.clone(), text);
        prove(&self.source, &after, &[fix]).ok()?;
        let after =
            self.replays.replay(&Request { text: Some(after.text), ..self.request.clone() });
        saving(&self.before, &after)
    }
}

/// Whether a fix does all that its finding asks for.
pub(in crate::cli) fn is_whole(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.applicability <= Applicability::Unsafe)
}

/// Finds them, those that save most first.
pub(super) fn find(
    place: &Place,
    commits: &[Commit],
    request: &Request,
    history: &History,
) -> Vec<Order> {
    // What the newest commit does not have cannot be changed.
    let is_there = history.commits.last().is_some_and(|it| it.error.is_none());
    let Some(text) = commits.first().filter(|_| is_there).and_then(|it| text(place, it, history))
    else {
        return Vec::new();
    };
    let source = Source::new(history.path.clone(), text);
    let sight = Sight::new(place, request, history);
    let mut trial = Trial::new(&place.repository, commits, request, source.clone());
    let mut candidates: Vec<Candidate> = sight.findings(&source);
    candidates.extend(sight.moves(&source, &trial.before));
    let mut texts = vec![source.text.clone()];
    candidates.retain(|it| {
        let text = apply(&source.text, it.fix.edits.iter());
        let is_new = !texts.contains(&text);
        texts.push(text);
        is_new
    });
    let mut orders: Vec<(Order, BTreeSet<usize>)> = Vec::new();
    for Candidate { code, fix, steps } in candidates.into_iter().take(MOST_TRIED) {
        if let Some(saving) = trial.saving(&fix).filter(is_worth_a_word) {
            orders.push((Order { fix, code, source: source.clone(), saving }, steps));
        }
    }
    // What is saved for sure comes first.
    orders.sort_by(|(a, _), (b, _)| {
        let seconds = b.saving.seconds.total_cmp(&a.saving.seconds);
        b.saving.is_sure.cmp(&a.saving.is_sure).then(seconds)
    });
    best(orders)
}

/// A change that may save something.
struct Candidate {
    /// The rule whose fix it is.
    code: Option<&'static str>,
    fix: Fix,
    /// The steps that it moves, by instruction; none for the fix of a rule.
    steps: BTreeSet<usize>,
}

/// What saves less than this part of what the best one saves is not worth a word.
const LEAST_PART: f64 = 0.01;

/// What saves fewer seconds at each commit after the first is not worth a word either.
const LEAST_SECONDS: f64 = 0.5;

fn is_worth_a_word(saving: &Saving) -> bool {
    saving.seconds >= LEAST_SECONDS * saving.commits.saturating_sub(1) as f64
}

/// Those that are not a part of a better one, and do not save what a better one saves.
fn best(orders: Vec<(Order, BTreeSet<usize>)>) -> Vec<Order> {
    let mut kept: Vec<(Order, BTreeSet<usize>)> = Vec::new();
    for (order, steps) in orders {
        let is_covered = kept.iter().any(|(better, others)| {
            let is_part = !steps.is_empty() && steps.is_subset(others);
            let is_move = order.code.is_none() || better.code.is_none();
            let is_small = order.saving.seconds < better.saving.seconds * LEAST_PART;
            is_part || is_small || is_move && better.saving.lines.contains(&order.saving.line)
        });
        if !is_covered {
            kept.push((order, steps));
        }
    }
    kept.into_iter().map(|it| it.0).collect()
}

/// The Dockerfile at the newest commit.
pub(super) fn text(place: &Place, commit: &Commit, history: &History) -> Option<String> {
    let entry = find_file(&place.repository, commit.tree, &history.path).ok()??;
    let bytes = place.repository.content(entry.id).ok()?;
    String::from_utf8(bytes.to_vec()).ok()
}

/// What is looked at to find changes: the file, and what is next to it on the disk.
struct Sight {
    settings: Settings,
    on_disk: Option<PathBuf>,
    contexts: Contexts,
}

impl Sight {
    fn new(place: &Place, request: &Request, history: &History) -> Self {
        let mut settings = Settings { build: request.options.clone(), ..Settings::default() };
        let codes = CODES.iter().map(|it| Selector::Code((*it).to_owned()));
        settings.lint.selection = Selection { select: codes.collect(), ..Selection::default() };
        settings.lint.profile = Profile::Strict;
        let root = place.repository.root.as_deref();
        let on_disk = root.map(|it| it.join(&history.path)).filter(|it| it.is_file());
        let context = root.map(|it| it.join(&place.context));
        settings.build.context = context.filter(|_| on_disk.is_some());
        Self { settings, on_disk, contexts: Contexts::default() }
    }

    fn at(&self) -> OnDisk<'_> {
        self.on_disk.as_deref().map(OnDisk::of).unwrap_or_default()
    }

    /// The fixes of rules, as far as they do all that is asked for.
    fn findings(&self, source: &Source) -> Vec<Candidate> {
        let checked = session::check_at(source.clone(), &self.settings, self.at(), &self.contexts);
        let whole = checked.findings.into_iter().filter(is_whole);
        let candidate = |it: Finding| {
            let code = Some(it.meta.code);
            it.fix.map(|fix| Candidate { code, fix, steps: BTreeSet::new() })
        };
        whole.filter_map(candidate).collect()
    }

    /// Other orders of the steps.
    fn moves(&self, source: &Source, before: &History) -> Vec<Candidate> {
        let found = session::show(source, &self.settings, self.at(), &self.contexts, |model| {
            moves(model, before)
        });
        let candidate = |it: Move| Candidate { code: None, fix: it.fix, steps: it.steps };
        found.into_iter().map(candidate).collect()
    }
}

/// What an order changes.
pub(super) fn diff(name: &str, order: &Order, look: Style) -> String {
    let before = order.source.text.as_str();
    let after = apply(before, order.fix.edits.iter());
    unified(name, before.as_bytes(), after.as_bytes(), look)
}
