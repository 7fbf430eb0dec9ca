//! Folders of the disk, each of them read at most once in a run.

use std::collections::HashMap;
use std::fs::{FileType, Metadata};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::side_file::Finder;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, which is never followed; or a pipe or device, which is never opened.
    Link,
}

/// What is in a folder, sorted by name.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) items: Vec<Item>,
}

/// One entry of a folder.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: Box<str>,
    pub(super) kind: EntryKind,
}

/// The folders that were read in a run.
#[derive(Debug, Default)]
pub(super) struct Disk {
    /// By absolute path; none for a folder that cannot be read.
    known: Mutex<HashMap<PathBuf, Option<Arc<Listing>>>>,
    /// How many entries `known` holds.
    held: AtomicUsize,
    reads: AtomicU64,
    /// How files that are found are read.
    pub(super) finder: Finder,
}

/// More entries are not kept: memory stays bounded in a run over very many files.
const MOST_HELD: usize = 500_000;

impl Disk {
    /// A disk on which files that are found are read so.
    pub(super) fn new(finder: Finder) -> Self {
        Self { finder, ..Self::default() }
    }

    /// What is in a folder; none if it cannot be read, or has more entries than `most`.
    ///
    /// The path has to be the absolute one, so that it is the same for all who ask.
    pub(super) fn list(&self, folder: PathBuf, most: usize) -> Option<Arc<Listing>> {
        // Held while reading, so that no two threads read the same folder.
        let mut known = lock(&self.known);
        if let Some(listing) = known.get(&folder) {
            return listing.clone();
        }
        self.reads.fetch_add(1, Ordering::Relaxed);
        let listing = Listing::read(&folder, most).map(Arc::new);
        let count = listing.as_ref().map_or(0, |it| it.items.len());
        if self.held.fetch_add(count + 1, Ordering::Relaxed) > MOST_HELD {
            known.clear();
            self.held.store(count + 1, Ordering::Relaxed);
        }
        known.insert(folder, listing.clone());
        listing
    }

    /// How many folders were read.
    pub(super) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }
}

impl Listing {
    fn read(folder: &Path, most: usize) -> Option<Self> {
        let mut items = Vec::new();
        for entry in std::fs::read_dir(folder).ok()? {
            let Ok(entry) = entry else { continue };
            if items.len() >= most {
                return None;
            }
            let name = entry.file_name().to_string_lossy().into_owned().into_boxed_str();
            // Most file systems tell the kind without a look at the file.
            let Ok(kind) = entry.file_type() else { continue };
            items.push(Item { name, kind: EntryKind::of(kind) });
        }
        items.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Some(Self { items })
    }

    /// Whether the name is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.items.binary_search_by(|it| (*it.name).cmp(name)).is_ok()
    }

    /// The entries whose names start so.
    pub(super) fn starting(&self, start: &str) -> &[Item] {
        let first = self.items.partition_point(|it| &*it.name < start);
        let count = self.items[first..].partition_point(|it| it.name.starts_with(start));
        &self.items[first..first + count]
    }
}

impl EntryKind {
    /// The kind, from what is known of the link itself.
    pub(super) fn of(kind: FileType) -> Self {
        if kind.is_dir() {
            Self::Folder
        } else if kind.is_file() {
            Self::File
        } else {
            Self::Link
        }
    }

    /// The bytes that count for it.
    pub(super) fn bytes(self, metadata: &Metadata) -> u64 {
        if self == Self::File { metadata.len() } else { 0 }
    }
}

/// A lock that a panic in another thread does not spoil: what it guards is whole at any time.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[test]
    fn a_folder_is_read_once_and_never_in_part() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "a1", "a2", "c"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let disk = Disk::default();
        let listing = disk.list(folder.path().to_owned(), 10).unwrap();
        assert!(listing.has("c") && !listing.has("d"));
        let names = |it: &[Item]| it.iter().map(|it| it.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(listing.starting("a")), ["a1", "a2"]);
        assert_eq!(names(listing.starting("")), ["a1", "a2", "b.txt", "c"]);
        disk.list(folder.path().to_owned(), 10).unwrap();
        assert_eq!(disk.reads(), 1);
        assert!(disk.list(folder.path().join("nowhere"), 10).is_none());
        assert!(Disk::default().list(folder.path().to_owned(), 3).is_none());
    }
}
