//! What is in the build context: paths, and which of them .dockerignore lets through, looked at only as far as somebody asks.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::disk::{Disk, EntryKind, Listing, lock};
use super::found::{Entry, Found, Matches, Sum, join};
use super::heaps::Haul;
use super::ignore_file::Standing;
use super::notes::Notes;
use super::side_file::Finder;
use super::{IgnoreFile, folders_of};

/// The context with one .dockerignore, as one Dockerfile asks about it. What was found out is kept for all that share it, and
/// what that was of work counts for the one that asked: so one Dockerfile does not use up what the others may ask.
#[derive(Debug)]
pub struct Tree {
    pub(super) limits: Limits,
    /// The absolute path of the root. Making it again for each folder would ask the system where we are.
    pub(super) folder: PathBuf,
    /// The path of the root as people know it.
    shown: PathBuf,
    pub(super) ignore: Option<Arc<IgnoreFile>>,
    disk: Arc<Disk>,
    notes: Arc<Notes>,
    pub(super) state: Arc<Mutex<State>>,
    /// What was done for this Dockerfile, while nothing is asked.
    effort: Mutex<Effort>,
}

/// How much was done for one Dockerfile.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Effort {
    /// How much work the patterns were.
    pub(super) work: u64,
    /// How many entries were listed.
    listed: usize,
    /// How many files were opened to look for secrets.
    pub(super) opened: usize,
}

/// What was found out so far. Folders are recognized by their paths from the root.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The entries of folders; none for one that cannot be read.
    listings: HashMap<String, Option<Arc<Listing>>>,
    /// How many entries `listings` has.
    entries: usize,
    /// What single paths are: see [`Tree::kind_of`].
    kinds: HashMap<String, Result<EntryKind, bool>>,
    /// How much work the patterns were for all that asked.
    work: u64,
    /// What was done for the one that asks now.
    pub(super) effort: Effort,
    sums: HashMap<String, Sum>,
    /// What folders hold at least, where no more was asked.
    least: HashMap<String, Sum>,
    visible: HashMap<String, bool>,
    pub(super) matches: HashMap<(String, bool), Arc<Matches>>,
    pub(super) hauls: HashMap<String, Arc<Haul>>,
    /// Whether files hold secrets.
    pub(super) secrets: HashMap<String, bool>,
}

/// More entries of one context are not listed for one Dockerfile.
pub const MOST_ENTRIES: usize = 200_000;

/// More entries of a source are not searched for junk and secrets.
const MOST_SEARCHED: usize = 15_000;

const TOO_LARGE: &str = "is too large: part of this build context was not checked";

/// What more single paths are is not kept.
const MOST_KINDS: usize = 20_000;

/// Folders in folders beyond this are not read.
const MOST_DEPTH: usize = 64;

/// For all Dockerfiles of a context together so many times the work of one is done.
const MOST_ASKED: u64 = 4;

/// How much is done for one Dockerfile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// More entries are not listed.
    pub(super) entries: usize,
    /// When so many entries were searched for junk and secrets, deeper folders are left out.
    pub(super) searched: usize,
    /// When patterns of .dockerignore were tried so often, the rest stays unknown. Common ones take some 10 steps an entry.
    pub(super) work: u64,
}

impl Limits {
    pub(super) const DEFAULT: Self =
        Self { entries: MOST_ENTRIES, searched: MOST_SEARCHED, work: 50_000_000 };
}

impl Tree {
    /// The tree of a folder that nobody else asks about.
    pub fn read(folder: &Path, ignore: Option<&IgnoreFile>) -> Self {
        let ignore = ignore.cloned().map(Arc::new);
        Self::new(folder.to_owned(), ignore, Arc::default(), Arc::default())
    }

    pub(super) fn new(
        folder: PathBuf,
        ignore: Option<Arc<IgnoreFile>>,
        disk: Arc<Disk>,
        notes: Arc<Notes>,
    ) -> Self {
        let shown = folder;
        let folder = std::path::absolute(&shown).unwrap_or_else(|_| shown.clone());
        Self {
            limits: Limits::DEFAULT,
            folder,
            shown,
            ignore,
            disk,
            notes,
            state: Arc::default(),
            effort: Mutex::default(),
        }
    }

    /// How its files are read.
    pub(super) fn finder(&self) -> Finder {
        self.disk.finder
    }

    /// The same for another Dockerfile.
    pub(super) fn for_another(&self) -> Self {
        Self {
            limits: self.limits,
            folder: self.folder.clone(),
            shown: self.shown.clone(),
            ignore: self.ignore.clone(),
            disk: Arc::clone(&self.disk),
            notes: Arc::clone(&self.notes),
            state: Arc::clone(&self.state),
            effort: Mutex::default(),
        }
    }

    /// Finds something out, at the cost of this Dockerfile.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&mut State) -> T) -> T {
        let (mut state, mut effort) = (lock(&self.state), lock(&self.effort));
        state.effort = *effort;
        let answer = question(&mut state);
        state.work += state.effort.work - effort.work;
        *effort = state.effort;
        answer
    }

    /// The same with other limits.
    #[cfg(test)]
    pub(super) fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// How many entries were listed so far, and how often a pattern was tried.
    pub fn work(&self) -> (usize, u64) {
        let state = lock(&self.state);
        (state.entries, state.work)
    }

    /// What is at a path. Nothing is listed for that.
    pub fn find(&self, path: &str) -> Found {
        self.ask(|state| self.find_in(state, path))
    }

    pub(super) fn find_in(&self, state: &mut State, path: &str) -> Found {
        if path.split('/').any(|it| it == "..") || self.is_exhausted(state) {
            return Found::Unknown;
        }
        for folder in folders_of(path) {
            match self.kind_of(state, folder) {
                Ok(EntryKind::Folder) => {}
                Ok(EntryKind::Link) | Err(false) => return Found::Unknown,
                Ok(EntryKind::File) | Err(true) => return Found::Missing,
            }
        }
        match self.kind_of(state, path) {
            Ok(kind) => {
                let ignored = self.is_ignored(state, path);
                Found::Entry(Entry { path: path.to_owned(), kind, ignored })
            }
            Err(true) => Found::Missing,
            Err(false) => Found::Unknown,
        }
    }

    /// What a path is, or whether nothing is there for sure.
    fn kind_of(&self, state: &mut State, path: &str) -> Result<EntryKind, bool> {
        if let Some(known) = state.kinds.get(path) {
            return *known;
        }
        let kind = match self.folder.join(path).symlink_metadata() {
            Ok(metadata) => Ok(EntryKind::of(metadata.file_type())),
            Err(error) => {
                Err(matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
            }
        };
        if state.kinds.len() < MOST_KINDS {
            state.kinds.insert(path.to_owned(), kind);
        }
        kind
    }

    fn is_ignored(&self, state: &mut State, path: &str) -> bool {
        let Some(ignore) = self.ignore.as_ref().filter(|_| !path.is_empty()) else { return false };
        let folder = self.standing_above(state, path);
        ignore.leaves_out(ignore.line_of(&folder, path, &mut state.effort.work))
    }

    /// What .dockerignore says about the folder that a path is in; without the file nothing is asked of it.
    fn standing_above(&self, state: &mut State, path: &str) -> Standing {
        let Some(ignore) = &self.ignore else { return Standing::default() };
        let mut standing = ignore.root();
        for folder in folders_of(path) {
            standing = ignore.enter(&standing, folder, &mut state.effort.work);
        }
        standing
    }

    /// What .dockerignore says about a folder.
    pub(super) fn standing_of(&self, state: &mut State, folder: &str) -> Standing {
        let above = self.standing_above(state, folder);
        if folder.is_empty() { above } else { self.enter(state, &above, folder) }
    }

    pub(super) fn enter(&self, state: &mut State, above: &Standing, folder: &str) -> Standing {
        match &self.ignore {
            Some(_) if self.is_exhausted(state) => above.clone(),
            Some(ignore) => ignore.enter(above, folder, &mut state.effort.work),
            None => Standing::default(),
        }
    }

    /// The pattern that decides about an entry of a folder.
    pub(super) fn line_of(&self, state: &mut State, folder: &Standing, path: &str) -> Option<u32> {
        if self.is_exhausted(state) {
            return None;
        }
        self.ignore.as_ref()?.line_of(folder, path, &mut state.effort.work)
    }

    /// Whether the patterns were so much work that nothing more is looked at.
    pub(super) fn is_exhausted(&self, state: &State) -> bool {
        state.effort.work > self.limits.work || state.work > MOST_ASKED * self.limits.work
    }

    pub(super) fn leaves_out(&self, line: Option<u32>) -> bool {
        self.ignore.as_ref().is_some_and(|it| it.leaves_out(line))
    }

    /// Whether something in the folder may get through.
    pub(super) fn lets_through(&self, folder: &Standing) -> bool {
        self.ignore.as_ref().is_none_or(|it| it.lets_through(folder))
    }

    /// What is in a folder; none if it cannot be known, or if too much was listed already.
    pub(super) fn list(&self, state: &mut State, folder: &str) -> Option<Arc<Listing>> {
        if let Some(known) = state.listings.get(folder) {
            return known.clone();
        }
        let rest = self.limits.entries.saturating_sub(state.effort.listed);
        if rest == 0 || self.is_exhausted(state) || folder.matches('/').count() > MOST_DEPTH {
            self.notes.add(&self.shown, TOO_LARGE);
            return None;
        }
        let listing = self.disk.list(self.folder.join(folder), rest);
        let listed = listing.as_ref().map_or(1, |it| it.items.len() + 1);
        state.entries += listed;
        state.effort.listed += listed;
        // What is missing is not a folder that could have been left out.
        if listing.is_none() && self.folder.join(folder).symlink_metadata().is_ok() {
            let reason = "cannot be read or is too large: it was skipped in the build context";
            self.notes.add(&self.shown.join(folder), reason);
        }
        state.listings.insert(folder.to_owned(), listing.clone());
        listing
    }

    /// Bytes and files at a path and below that a build would get; none if nothing is known of it.
    pub fn sum(&self, path: &str) -> Option<Sum> {
        self.sum_up_to(path, u64::MAX)
    }

    /// The same, but nothing more is looked at once there are `most` bytes.
    pub fn sum_up_to(&self, path: &str, most: u64) -> Option<Sum> {
        self.ask(|state| {
            let Found::Entry(entry) = self.find_in(state, path) else { return None };
            if entry.kind == EntryKind::Folder {
                let standing = self.standing_of(state, path);
                return Some(self.sum_of(state, path, &standing, most));
            }
            if entry.ignored {
                return Some(Sum::NOTHING);
            }
            if let Some(sum) = state.sums.get(path) {
                return Some(*sum);
            }
            let sum = self.weight(path, entry.kind);
            if state.sums.len() < MOST_KINDS {
                state.sums.insert(path.to_owned(), sum);
            }
            Some(sum)
        })
    }

    pub(super) fn weight(&self, path: &str, kind: EntryKind) -> Sum {
        let metadata = match kind {
            EntryKind::File => self.folder.join(path).symlink_metadata().ok(),
            _ => None,
        };
        let bytes = metadata.map_or(0, |it| kind.bytes(&it));
        Sum { bytes, files: 1, complete: true }
    }

    /// The same of a folder.
    pub(super) fn sum_of(
        &self,
        state: &mut State,
        folder: &str,
        standing: &Standing,
        most: u64,
    ) -> Sum {
        let enough = state.least.get(folder).filter(|it| it.bytes >= most);
        if let Some(sum) = state.sums.get(folder).or(enough) {
            return *sum;
        }
        let mut sum = Sum::NOTHING;
        if self.lets_through(standing) {
            match self.list(state, folder) {
                Some(listing) => {
                    for item in &listing.items {
                        if sum.bytes >= most {
                            state.least.insert(folder.to_owned(), sum);
                            return sum;
                        }
                        let path = join(folder, &item.name);
                        if item.kind == EntryKind::Folder {
                            let standing = self.enter(state, standing, &path);
                            let rest = most - sum.bytes;
                            sum += self.sum_of(state, &path, &standing, rest);
                        } else if let line = self.line_of(state, standing, &path)
                            && !self.leaves_out(line)
                        {
                            sum += self.weight(&path, item.kind);
                        }
                    }
                }
                None => sum.complete = false,
            }
        }
        if !self.still_knows(state) {
            return Sum { complete: false, ..sum };
        }
        // The last folder may have been left at the bound.
        let known = if sum.bytes >= most { &mut state.least } else { &mut state.sums };
        known.insert(folder.to_owned(), sum);
        sum
    }

    /// Whether a build gets nothing at all of a path that is there.
    pub fn is_gone(&self, entry: &Entry) -> bool {
        if !entry.ignored || entry.kind != EntryKind::Folder {
            return entry.ignored;
        }
        self.ask(|state| {
            let standing = self.standing_of(state, &entry.path);
            !self.shows(state, &entry.path, &standing)
        })
    }

    /// Whether something in a folder that is left out gets through, or may.
    fn shows(&self, state: &mut State, folder: &str, standing: &Standing) -> bool {
        if let Some(known) = state.visible.get(folder) {
            return *known;
        }
        let listing = self.lets_through(standing).then(|| self.list(state, folder));
        let shows = match listing {
            None => false,
            Some(None) => true,
            Some(Some(listing)) => listing.items.iter().any(|item| {
                let path = join(folder, &item.name);
                let line = self.line_of(state, standing, &path);
                !self.leaves_out(line)
                    || item.kind == EntryKind::Folder && {
                        let standing = self.enter(state, standing, &path);
                        self.shows(state, &path, &standing)
                    }
            }),
        };
        if !self.still_knows(state) {
            return true;
        }
        state.visible.insert(folder.to_owned(), shows);
        shows
    }

    /// The names in a folder, if there are no more than `most`.
    pub fn names(&self, folder: &str, most: usize) -> Vec<String> {
        let listing = self.ask(|state| self.list(state, folder));
        let items = listing.as_ref().map_or(&[][..], |it| &it.items);
        let names = items.iter().take(if items.len() > most { 0 } else { most });
        names.map(|it| it.name.to_string()).collect()
    }

    /// The entries below a folder that a build gets, in order; none if not all could be looked at.
    pub fn below(&self, folder: &str) -> Option<Vec<Entry>> {
        self.ask(|state| {
            let standing = self.standing_of(state, folder);
            let mut found = Vec::new();
            self.gather(state, folder, &standing, &mut found)?;
            Some(found)
        })
    }

    fn gather(
        &self,
        state: &mut State,
        folder: &str,
        standing: &Standing,
        found: &mut Vec<Entry>,
    ) -> Option<()> {
        if !self.lets_through(standing) {
            return Some(());
        }
        for item in &self.list(state, folder)?.items {
            let path = join(folder, &item.name);
            let line = self.line_of(state, standing, &path);
            if !self.leaves_out(line) {
                found.push(Entry { path: path.clone(), kind: item.kind, ignored: false });
            }
            if item.kind == EntryKind::Folder {
                let standing = self.enter(state, standing, &path);
                self.gather(state, &path, &standing, found)?;
            }
        }
        self.still_knows(state).then_some(())
    }

    /// Whether the patterns were not too much work so far; says so if they were.
    pub(super) fn still_knows(&self, state: &State) -> bool {
        let exhausted = self.is_exhausted(state);
        if exhausted {
            self.notes.add(&self.shown, TOO_LARGE);
        }
        !exhausted
    }
}
