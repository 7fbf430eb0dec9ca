//! Better orders: the fixes of rules about the cache, each replayed over the history.

use super::place::Place;
use crate::cache::git::{Commit, Repository};
use crate::cache::{History, Objects, Order, Replays, Request, Saving, find as find_file, saving};
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
    let findings = findings(place, request, history, &text);
    if findings.is_empty() {
        return Vec::new();
    }
    let source = Source::new(history.path.clone(), text);
    let mut trial = Trial::new(&place.repository, commits, request, source.clone());
    let mut orders: Vec<Order> = Vec::new();
    for finding in findings.into_iter().take(MOST_TRIED) {
        let Some(fix) = finding.fix else { continue };
        if let Some(saving) = trial.saving(&fix) {
            let (code, source) = (Some(finding.meta.code), source.clone());
            orders.push(Order { fix, code, source, saving });
        }
    }
    // What is saved for sure comes first.
    orders.sort_by(|a, b| {
        let seconds = b.saving.seconds.total_cmp(&a.saving.seconds);
        b.saving.is_sure.cmp(&a.saving.is_sure).then(seconds)
    });
    orders
}

/// The Dockerfile at the newest commit.
pub(super) fn text(place: &Place, commit: &Commit, history: &History) -> Option<String> {
    let entry = find_file(&place.repository, commit.tree, &history.path).ok()??;
    let bytes = place.repository.content(entry.id).ok()?;
    String::from_utf8(bytes.to_vec()).ok()
}

/// What the rules say of it, as far as they know what to do.
fn findings(place: &Place, request: &Request, history: &History, text: &str) -> Vec<Finding> {
    let mut settings = Settings { build: request.options.clone(), ..Settings::default() };
    let codes = CODES.iter().map(|it| Selector::Code((*it).to_owned()));
    settings.lint.selection = Selection { select: codes.collect(), ..Selection::default() };
    settings.lint.profile = Profile::Strict;
    let root = place.repository.root.as_deref();
    let on_disk = root.map(|it| it.join(&history.path)).filter(|it| it.is_file());
    settings.build.context = root.map(|it| it.join(&place.context)).filter(|_| on_disk.is_some());
    let at = on_disk.as_deref().map(OnDisk::of).unwrap_or_default();
    let source = Source::new(history.path.clone(), text.to_owned());
    let checked = session::check_at(source, &settings, at, &Contexts::default());
    checked.findings.into_iter().filter(is_whole).collect()
}

/// What an order changes.
pub(super) fn diff(name: &str, order: &Order, look: Style) -> String {
    let before = order.source.text.as_str();
    let after = apply(before, order.fix.edits.iter());
    unified(name, before.as_bytes(), after.as_bytes(), look)
}
