//! What paths of the context name.

use super::disk::EntryKind;

/// A file, folder or link of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// From the root of the context, with `/`.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Whether .dockerignore leaves it out.
    pub ignored: bool,
}

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// What is there.
    Entry(Entry),
    /// Nothing.
    Missing,
    /// Nobody knows: it is outside, behind a link, or in a folder that cannot be read.
    Unknown,
}

/// Bytes and files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Bytes of all files.
    pub bytes: u64,
    /// How many files and links.
    pub files: u64,
    /// Whether all were looked at.
    pub complete: bool,
}

/// What a source of COPY names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matches {
    /// The entries, in order; no more than [`super::MOST_MATCHES`].
    pub entries: Vec<Entry>,
    /// Whether these are all, and known for sure.
    pub is_certain: bool,
    /// The folder in which to look for wildcards, if it is not there; without wildcards the source itself.
    pub missing: Option<String>,
}

impl Sum {
    /// Nothing at all.
    pub const NOTHING: Self = Self { bytes: 0, files: 0, complete: true };
}

impl std::ops::AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.files += other.files;
        self.complete &= other.complete;
    }
}

/// Whether a path is `folder` or something in it.
pub fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
