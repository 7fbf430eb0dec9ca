//! What is in the build context: paths, sizes, and what of it a build never needs.

use std::cmp::Ordering;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use super::baggage::{Baggage, baggage};
use super::pattern::Pattern;
use super::secrets::{SecretKind, secret_by_name, secret_in};
use super::{IgnoreFile, Odd, folders_of};

/// A file, folder or link of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From the root of the context, with `/`.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of a file; 0 for a folder or a link.
    pub bytes: u64,
    /// Whether .dockerignore leaves it out. What is in a folder that is left out is not listed.
    pub ignored: bool,
}

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

/// A folder or file that a build never needs, with all that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heap {
    /// Its path from the root of the context.
    pub path: String,
    /// Why it is not needed.
    pub kind: &'static Baggage,
    /// Bytes of all files in it.
    pub bytes: u64,
    /// How many files are in it.
    pub files: u64,
}

/// A file that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its path from the root of the context.
    pub path: String,
    /// What kind.
    pub kind: SecretKind,
}

/// The entries below some paths of the context.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Sorted by path, so that what is in a folder follows it.
    pub entries: Vec<Entry>,
    /// The files that hold secrets and that a build would get, in the same order.
    pub secrets: Vec<Secret>,
    /// What a build would get although it never needs it: the outermost folders and files.
    pub heaps: Vec<Heap>,
    /// The lines of .dockerignore that do nothing; only where all of the context was listed.
    pub odd: Vec<Odd>,
    /// Whether all were listed: there were no more than [`MOST_ENTRIES`], and every folder could be read.
    pub complete: bool,
}

/// How a walk goes.
struct Walk<'i> {
    ignore: Option<&'i IgnoreFile>,
    /// Whether what is in a folder that is left out need not be looked at.
    prunes: bool,
}

/// More are not listed.
pub const MOST_ENTRIES: usize = 100_000;

/// Folders in folders beyond this are not read.
const MOST_DEPTH: usize = 64;

/// A file that may hold a secret is read up to here.
const MOST_SECRET_BYTES: u64 = 64 << 10;

impl Tree {
    /// Lists what is below `roots`, which are cleaned paths from the root of the context; the empty one is all of it.
    /// Links are not followed, so that nothing outside the context is read.
    pub fn read(folder: &Path, roots: &[String], ignore: Option<&IgnoreFile>) -> Self {
        let mut tree = Self { complete: true, ..Self::default() };
        let prunes = ignore.is_none_or(|it| !it.has_exceptions());
        for root in roots {
            if root.split('/').any(|it| it == "..") {
                continue;
            }
            // Nothing is read through a link.
            let is_link =
                |path: &&str| folder.join(path).symlink_metadata().is_ok_and(|it| it.is_symlink());
            if let Some(path) = folders_of(root).find(is_link) {
                let path = path.to_owned();
                let kind = EntryKind::Link;
                tree.entries.push(Entry { path, kind, bytes: 0, ignored: false });
            } else if folder.join(root).symlink_metadata().is_ok() {
                let verdict = |it, path| ignore.and_then(|file| file.verdict(path, it));
                let of_folder = folders_of(root).fold(None, verdict);
                tree.add(folder, root, &Walk { ignore, prunes }, of_folder, 0);
            } else {
                // What lies where it should be may tell what was meant.
                let above = root.rsplit_once('/').map_or("", |it| it.0);
                tree.list(folder, above, ignore);
            }
        }
        tree.entries.sort_by(|a, b| order(&a.path, &b.path));
        tree.entries.dedup_by(|a, b| a.path == b.path);
        tree.secrets = tree.find_secrets(folder);
        tree.heaps = tree.find_heaps();
        if let Some(ignore) = ignore.filter(|_| tree.complete && roots.iter().any(String::is_empty))
        {
            tree.odd = ignore.odd_lines(&tree.entries);
        }
        tree
    }

    /// Adds what is in a folder, without going into it.
    fn list(&mut self, folder: &Path, path: &str, ignore: Option<&IgnoreFile>) {
        let Ok(list) = std::fs::read_dir(folder.join(path)) else { return };
        for entry in list.flatten().take(MOST_ENTRIES - self.entries.len().min(MOST_ENTRIES)) {
            let path = join(path, &entry.file_name().to_string_lossy());
            let Ok(metadata) = entry.metadata() else { continue };
            let kind = kind_of(&metadata);
            let bytes = if kind == EntryKind::File { metadata.len() } else { 0 };
            let ignored = ignore.is_some_and(|it| it.excludes(&path));
            self.entries.push(Entry { path, kind, bytes, ignored });
        }
    }

    fn add(
        &mut self,
        folder: &Path,
        path: &str,
        walk: &Walk<'_>,
        of_folder: Option<usize>,
        depth: usize,
    ) {
        if self.entries.len() >= MOST_ENTRIES || depth > MOST_DEPTH {
            self.complete = false;
            return;
        }
        let place = folder.join(path);
        let Ok(metadata) = place.symlink_metadata() else { return };
        let kind = kind_of(&metadata);
        let verdict =
            walk.ignore.filter(|_| !path.is_empty()).and_then(|it| it.verdict(path, of_folder));
        let ignored = walk.ignore.is_some_and(|it| it.leaves_out(verdict));
        let bytes = if kind == EntryKind::File { metadata.len() } else { 0 };
        if !path.is_empty() {
            self.entries.push(Entry { path: path.to_owned(), kind, bytes, ignored });
        }
        if kind != EntryKind::Folder || ignored && walk.prunes {
            return;
        }
        let Ok(list) = std::fs::read_dir(&place) else {
            self.complete = false;
            return;
        };
        for entry in list.flatten() {
            let below = join(path, &entry.file_name().to_string_lossy());
            self.add(folder, &below, walk, verdict, depth + 1);
        }
    }

    /// The entries in a folder and below; the folder itself too. The empty path is all there is.
    pub fn below<'t>(&'t self, path: &str) -> &'t [Entry] {
        if path.is_empty() {
            return &self.entries;
        }
        let start = self.entries.partition_point(|it| order(&it.path, path) == Ordering::Less);
        let inside = |it: &Entry| is_in(&it.path, path);
        let end = start + self.entries[start..].partition_point(inside);
        &self.entries[start..end]
    }

    fn find_heaps(&self) -> Vec<Heap> {
        let mut found: Vec<Heap> = Vec::new();
        for entry in self.entries.iter().filter(|it| !it.ignored) {
            if let Some(last) = found.last_mut()
                && is_in(&entry.path, &last.path)
            {
                last.bytes += entry.bytes;
                last.files += u64::from(entry.kind != EntryKind::Folder);
                continue;
            }
            let has = |name: &str| {
                let folder = entry.path.rsplit_once('/').map_or("", |it| it.0);
                self.find(&join(folder, name)).is_some()
            };
            if let Some(kind) = baggage(&entry.path, entry.kind == EntryKind::Folder, has) {
                let files = u64::from(entry.kind != EntryKind::Folder);
                found.push(Heap { path: entry.path.clone(), kind, bytes: entry.bytes, files });
            }
        }
        found
    }

    /// The entry of a path.
    pub fn find(&self, path: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|it| order(&it.path, path)).ok()?;
        Some(&self.entries[at])
    }

    /// The entries that a source of COPY names: itself, or what its wildcards match.
    pub fn matching(&self, source: &str) -> Vec<&Entry> {
        if !has_wildcard(source) {
            return self.find(source).into_iter().collect();
        }
        let Some(pattern) = Pattern::parse(source) else { return Vec::new() };
        let depth = source.matches('/').count();
        let fits = |it: &&Entry| it.path.matches('/').count() == depth && pattern.matches(&it.path);
        self.entries.iter().filter(fits).collect()
    }

    fn find_secrets(&self, folder: &Path) -> Vec<Secret> {
        let files = self.entries.iter().filter(|it| !it.ignored && it.kind == EntryKind::File);
        let found = files.filter_map(|it| {
            let kind = secret_by_name(&it.path)?;
            if kind == SecretKind::KeyStore {
                return Some(Secret { path: it.path.clone(), kind });
            }
            let file = File::open(folder.join(&it.path)).ok()?;
            let mut text = Vec::new();
            file.take(MOST_SECRET_BYTES).read_to_end(&mut text).ok()?;
            let text = String::from_utf8_lossy(&text);
            secret_in(kind, &text).then(|| Secret { path: it.path.clone(), kind })
        });
        found.collect()
    }
}

/// What a path from the metadata of the link itself is.
fn kind_of(metadata: &Metadata) -> EntryKind {
    if metadata.is_dir() {
        EntryKind::Folder
    } else if metadata.is_file() {
        EntryKind::File
    } else {
        EntryKind::Link
    }
}

/// Whether a source of COPY has wildcards.
pub fn has_wildcard(source: &str) -> bool {
    source.contains(['*', '?', '['])
}

/// The part of a source before its first component with a wildcard: what has to be listed to find what it names.
pub fn literal_part(source: &str) -> String {
    let parts = source.split('/').take_while(|it| !has_wildcard(it));
    parts.collect::<Vec<_>>().join("/")
}

/// By components, so that `a/b` comes before `a-b`.
fn order(a: &str, b: &str) -> Ordering {
    a.split('/').cmp(b.split('/'))
}

/// Whether a path is `folder` or something in it.
pub fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
