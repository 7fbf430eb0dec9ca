//! The files by which two selections of a context differ.

use super::causes::MOST_CAUSES;
use super::select::{Filter, Root, Selected, below};
use super::tree::{Entry, Kind, Objects};
use crate::context::{IgnoreFile, folders_of};

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path in the context.
    pub path: String,
    /// In what it differs.
    pub how: How,
}

/// In what a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its bytes, or the target of a link.
    Content,
    /// Its permissions.
    Mode,
    /// Its owner or its extended attributes.
    Owner,
    /// It was a file, a link or a folder, and is another of these.
    Kind,
    /// The ignore file now lets it through.
    Included,
    /// The ignore file now leaves it out.
    Excluded,
}

/// The paths by which two selections differ.
pub(super) fn differences(
    objects: &dyn Objects,
    old: &Selected,
    new: &Selected,
) -> Vec<FileChange> {
    let mut paths = Vec::new();
    let find = |list: &[Root], path: &str| list.iter().find(|it| it.path == path).cloned();
    for root in &new.roots {
        let was = find(&old.roots, &root.path).map(|it| it.entry);
        let mut differ = Differ { objects, filters: (&old.filter, &new.filter), paths: &mut paths };
        differ.entry(&root.path, was.as_ref(), Some(&root.entry));
    }
    for root in old.roots.iter().filter(|it| find(&new.roots, &it.path).is_none()) {
        let mut differ = Differ { objects, filters: (&old.filter, &new.filter), paths: &mut paths };
        differ.entry(&root.path, Some(&root.entry), None);
    }
    paths
}

struct Differ<'d> {
    objects: &'d dyn Objects,
    filters: (&'d Filter, &'d Filter),
    paths: &'d mut Vec<FileChange>,
}

impl Differ<'_> {
    fn add(&mut self, path: &str, how: How) {
        self.paths.push(FileChange { path: path.to_owned(), how });
    }

    fn entry(&mut self, path: &str, old: Option<&Entry>, new: Option<&Entry>) {
        let same_filter = self.filters.0.number == self.filters.1.number;
        let is_same = |(a, b): (&Entry, &Entry)| {
            (a.kind, a.id, a.mode, &a.extra) == (b.kind, b.id, b.mode, &b.extra)
        };
        if self.paths.len() >= MOST_CAUSES
            || old.zip(new).is_some_and(|it| same_filter && is_same(it))
        {
            return;
        }
        let folder = |entry: Option<&Entry>| {
            let entry = entry.filter(|it| it.kind == Kind::Folder)?;
            self.objects.folder(entry.id).ok()
        };
        let (before, after) = (folder(old), folder(new));
        if before.is_none() && after.is_none() {
            let sees = |entry: Option<&Entry>, filter: &Filter| {
                entry.is_some() && !hides(filter.ignore.as_deref(), path)
            };
            let (had, has) = (sees(old, self.filters.0), sees(new, self.filters.1));
            let same = old.zip(new).is_some_and(is_same);
            if (had || has) && !(same && had == has) {
                self.add(path, how(old, new, (had, has)));
            }
            return;
        }
        match (old, new) {
            (Some(old), Some(new)) if old.kind != new.kind => self.add(path, How::Kind),
            (Some(old), Some(new)) if old.mode != new.mode => self.add(path, How::Mode),
            (None, _) if after.as_ref().is_some_and(|it| it.is_empty()) => {
                self.add(path, How::Added);
            }
            (_, None) if before.as_ref().is_some_and(|it| it.is_empty()) => {
                self.add(path, How::Removed);
            }
            _ => {}
        }
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let find = |list: &[Entry], name: &str| {
            list.binary_search_by(|it| (*it.name).cmp(name)).ok().map(|it| list[it].clone())
        };
        for entry in after.iter() {
            let was = find(&before, &entry.name);
            self.entry(&below(path, &entry.name), was.as_ref(), Some(entry));
        }
        for entry in before.iter().filter(|it| find(&after, &it.name).is_none()) {
            self.entry(&below(path, &entry.name), Some(entry), None);
        }
    }
}

/// In what a file differs that was, or is, let through.
fn how(old: Option<&Entry>, new: Option<&Entry>, (had, has): (bool, bool)) -> How {
    match (old, new) {
        (None, _) => How::Added,
        (_, None) => How::Removed,
        _ if !had => How::Included,
        _ if !has => How::Excluded,
        (Some(old), Some(new)) if old.kind != new.kind => How::Kind,
        (Some(old), Some(new)) if old.id != new.id => How::Content,
        (Some(old), Some(new)) if old.mode != new.mode => How::Mode,
        _ => How::Owner,
    }
}

/// Whether an ignore file leaves out a path or a folder above it.
fn hides(ignore: Option<&IgnoreFile>, path: &str) -> bool {
    let Some(ignore) = ignore else { return false };
    let gone = folders_of(path).any(|it| ignore.excludes(it)) && !ignore.has_exceptions();
    gone || ignore.excludes(path)
}
