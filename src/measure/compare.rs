//! What one image has that another has not, path by path.

use std::collections::BTreeMap;

use super::{Measured, Place, Tree};
use crate::image::{Entry, Kind};

/// What differs between two images.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// File bytes of all layers of the first.
    pub before: u64,
    /// File bytes of all layers of the second.
    pub after: u64,
    /// What containers of the second see otherwise, the largest first.
    pub paths: Vec<Changed>,
}

/// A path that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// From the root, without a slash before it.
    pub path: String,
    /// What happened to it.
    pub how: How,
    /// Bytes of the file in the first image; 0 if it is none there.
    pub before: u64,
    /// Bytes of the file in the second image; 0 if it is none there.
    pub after: u64,
    /// The layer that says so: of the second image, or of the first for what is gone.
    pub layer: usize,
}

/// What happened to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Its content, its target or its kind differs.
    Content,
    /// Only mode, owner or attributes differ.
    Metadata,
}

impl How {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Content => "changed",
            Self::Metadata => "metadata",
        }
    }
}

/// Compares what containers of two images see. Times do not count.
pub fn compare(first: &Measured, second: &Measured) -> Difference {
    let (old, new) = (Tree::of(&first.image), Tree::of(&second.image));
    let (before, after) = (paths(&old), paths(&new));
    let mut changed = Vec::new();
    let mut tell = |path: &[u8], how, old: Option<&Entry>, new: Option<&Entry>, layer| {
        let bytes = |it: Option<&Entry>| it.map_or(0, |it| it.size);
        let path = crate::image::show(path);
        changed.push(Changed { path, how, before: bytes(old), after: bytes(new), layer });
    };
    for (path, place) in &after {
        let entry = new.entry(*place);
        match before.get(path).map(|it| old.entry(*it)) {
            None => tell(path, How::Added, None, Some(entry), place.layer),
            Some(was) => {
                if let Some(how) = difference(was, entry) {
                    tell(path, how, Some(was), Some(entry), place.layer);
                }
            }
        }
    }
    for (path, place) in before.iter().filter(|(path, _)| !after.contains_key(*path)) {
        tell(path, How::Removed, Some(old.entry(*place)), None, place.layer);
    }
    changed.sort_by(|a, b| {
        let weight = |it: &Changed| it.before.abs_diff(it.after);
        weight(b).cmp(&weight(a)).then_with(|| (a.how, &a.path).cmp(&(b.how, &b.path)))
    });
    Difference { before: first.file_bytes(), after: second.file_bytes(), paths: changed }
}

fn paths<'i>(tree: &Tree<'i>) -> BTreeMap<&'i [u8], Place> {
    tree.paths().collect()
}

/// How an entry differs from another at the same path. A hard link is the file that it names.
fn difference(old: &Entry, new: &Entry) -> Option<How> {
    let is_file = |it: &Entry| matches!(it.kind, Kind::File | Kind::HardLink);
    let alike = match (old.kind, new.kind) {
        (Kind::File, Kind::File) => old.digest == new.digest,
        _ if is_file(old) && is_file(new) => old.kind != new.kind || old.link == new.link,
        _ => old.kind == new.kind && old.link == new.link,
    };
    if !alike {
        return Some(How::Content);
    }
    let metadata = |it: &Entry| (it.mode, it.uid, it.gid, it.xattrs.as_deref().copied());
    (metadata(old) != metadata(new)).then_some(How::Metadata)
}
