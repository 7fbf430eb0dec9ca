//! What a build context holds, as git keeps it: folders and contents by their identity, from wherever they come.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::select::Memory;

/// What identifies a content or a folder with all it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub [u8; 20]);

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|it| write!(f, "{it:02x}"))
    }
}

impl Id {
    /// Reads what is displayed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 20];
        if text.len() != 40 || !text.is_ascii() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file.
    File,
    /// A symbolic link; its content is the target.
    Link,
    /// A folder.
    Folder,
    /// Another repository, by its commit.
    Submodule,
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: Box<str>,
    /// What it is.
    pub kind: Kind,
    /// Its permissions; git knows 755 and 644.
    pub mode: u16,
    /// Its content.
    pub id: Id,
    /// What git does not know of it, and disks do.
    pub extra: Option<Box<Extra>>,
}

/// What disks know of a file besides what git knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra {
    /// User and group.
    pub owner: (u32, u32),
    /// Its extended attributes.
    pub attributes: String,
}

/// Why something of the context is not known, such as an object that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack(pub String);

/// Where folders and contents come from.
pub trait Objects {
    /// The entries of a folder, in order of their names.
    ///
    /// # Errors
    /// It is missing or broken.
    fn folder(&self, id: Id) -> Result<Arc<[Entry]>, Lack>;

    /// The bytes of a file or link.
    ///
    /// # Errors
    /// It is missing, broken or too large.
    fn content(&self, id: Id) -> Result<Arc<[u8]>, Lack>;

    /// Gives away what was worked out from these objects before, if it was kept.
    fn take_memory(&self) -> Memory {
        Memory::default()
    }

    /// Keeps what was worked out from these objects for the next who asks.
    fn keep_memory(&self, _: Memory) {}
}

/// Finds a path below a folder; none where nothing is there.
///
/// # Errors
/// A folder on the way is missing or broken.
pub fn find(objects: &dyn Objects, root: Id, path: &str) -> Result<Option<Entry>, Lack> {
    let folder = |id| Entry { name: "".into(), kind: Kind::Folder, mode: 0o755, id, extra: None };
    let mut at = folder(root);
    for name in path.split('/').filter(|it| !matches!(*it, "" | ".")) {
        if at.kind != Kind::Folder {
            return Ok(None);
        }
        let entries = objects.folder(at.id)?;
        let found = entries.binary_search_by(|it| (*it.name).cmp(name));
        let Ok(index) = found else { return Ok(None) };
        at = entries[index].clone();
    }
    Ok(Some(at))
}

/// A tree that is put together from files: a work tree, or one of a test.
#[derive(Debug, Default)]
pub struct MadeTree {
    folders: HashMap<Id, Arc<[Entry]>>,
    contents: HashMap<Id, Arc<[u8]>>,
}

/// A folder while it is put together.
#[derive(Debug, Default)]
pub struct Folder {
    leaves: BTreeMap<String, Entry>,
    folders: BTreeMap<String, Folder>,
    mode: Option<u16>,
}

impl Folder {
    /// Puts something at a path, with the folders above it.
    pub fn put(&mut self, path: &str, entry: Entry) {
        match path.split_once('/') {
            Some((first, rest)) => self.folder(first).put(rest, entry),
            None => drop(self.leaves.insert(path.to_owned(), entry)),
        }
    }

    /// Whether a file or link is at a path.
    pub fn has(&self, path: &str) -> bool {
        match path.split_once('/') {
            Some((first, rest)) => self.folders.get(first).is_some_and(|it| it.has(rest)),
            None => self.leaves.contains_key(path),
        }
    }

    /// The folder of that path; made where there is none.
    pub fn folder(&mut self, path: &str) -> &mut Self {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        self.leaves.remove(first);
        let folder = self.folders.entry(first.to_owned()).or_default();
        if rest.is_empty() { folder } else { folder.folder(rest) }
    }

    /// Gives the folder itself other permissions than 755.
    pub fn set_mode(&mut self, mode: u16) {
        self.mode = Some(mode);
    }
}

impl MadeTree {
    /// Keeps a content that somebody may ask for.
    pub fn keep(&mut self, id: Id, content: &[u8]) {
        self.contents.insert(id, content.into());
    }

    /// Keeps a folder with all that is below; gives its identity.
    pub fn close(&mut self, folder: Folder) -> Id {
        let mut mixer = super::key::Mixer::new("folder");
        let mut entries: Vec<Entry> = Vec::with_capacity(folder.leaves.len());
        entries
            .extend(folder.leaves.into_iter().map(|(name, it)| Entry { name: name.into(), ..it }));
        for (name, below) in folder.folders {
            let mode = below.mode.unwrap_or(0o755);
            let id = self.close(below);
            entries.push(Entry { name: name.into(), kind: Kind::Folder, mode, id, extra: None });
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        entries.iter().for_each(|it| mixer.text(&format!("{it:?}")));
        let mut id = [0; 20];
        id[..16].copy_from_slice(&mixer.done().bytes());
        self.folders.insert(Id(id), entries.into());
        Id(id)
    }
}

impl Objects for MadeTree {
    fn folder(&self, id: Id) -> Result<Arc<[Entry]>, Lack> {
        self.folders.get(&id).cloned().ok_or_else(|| Lack("a folder is missing".to_owned()))
    }

    fn content(&self, id: Id) -> Result<Arc<[u8]>, Lack> {
        self.contents.get(&id).cloned().ok_or_else(|| Lack("a content is missing".to_owned()))
    }
}
