//! Folders and files that no build needs, or that nobody should see.

use super::baggage::{Baggage, ContextUse};
use super::found::is_in;
use super::secrets::SecretKind;

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

/// All heaps of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pile {
    /// The kind.
    pub kind: &'static Baggage,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Files in all of them.
    pub files: u64,
    /// The path of the first one that is not in the root.
    pub deeper: Option<String>,
}

/// A file that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its path from the root of the context.
    pub path: String,
    /// What kind.
    pub kind: SecretKind,
}

/// What a folder brings along. Only the outermost heaps count, and what is in them is not searched for secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Haul {
    /// The heaps, by path.
    pub heaps: Vec<Heap>,
    /// The same by kind, the biggest first.
    pub piles: Vec<Pile>,
    /// The files with secrets, by path.
    pub secrets: Vec<Secret>,
    /// Whether all was looked at.
    pub complete: bool,
}

impl Haul {
    /// The heap that a path is, or is in.
    pub fn heap_at(&self, path: &str) -> Option<&Heap> {
        self.heaps.iter().find(|it| is_in(path, &it.path))
    }
}

impl ContextUse {
    /// Whether the builds can do without a heap: they copy nothing of it by its name, no command reads it, and what they
    /// want of it they make again.
    pub fn needs_not(&self, heap: &Heap) -> bool {
        let named = self.copied.iter().any(|it| !it.is_empty() && is_in(it, &heap.path));
        !named && self.can_do_without(heap.kind)
    }
}
