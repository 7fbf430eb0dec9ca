//! A repository of git, read through the library: commits, folders and contents. Nothing is checked out and no program runs.

mod history;
mod merge_base;
mod revision;

pub use history::{Commit, End, first_parents};

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix_object::{FindExt, Kind as ObjectKind};

use super::select::Memory;
use super::tree::{Entry, Id, Kind, Lack, Objects};
use crate::context::git::{common_folder, folder};

/// Larger contents are not read.
const MOST_BYTES: usize = 256 << 20;

/// So many folders are kept before all are forgotten.
const MOST_FOLDERS: usize = 20_000;

/// A repository.
pub struct Repository {
    /// The root of the work tree; none for a bare one.
    pub root: Option<PathBuf>,
    /// Whether it has only a part of the history.
    pub is_shallow: bool,
    objects: gix_odb::Handle,
    refs: gix_ref::file::Store,
    buffer: RefCell<Vec<u8>>,
    folders: RefCell<HashMap<Id, Arc<[Entry]>>>,
    memory: RefCell<Memory>,
    reads: Cell<usize>,
}

/// Where a repository is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location {
    /// Its folder.
    git: PathBuf,
    /// The root of the work tree; none for a bare one.
    root: Option<PathBuf>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Repository {
    /// Opens the repository that a folder is in.
    ///
    /// # Errors
    /// There is none, or it is not one that can be read.
    pub fn open(place: &Path) -> Result<Self, String> {
        Self::at(Self::locate(place)?)
    }

    /// Finds the repository that a folder is in.
    ///
    /// # Errors
    /// There is none.
    pub fn locate(place: &Path) -> Result<Location, String> {
        let full = std::path::absolute(place).map_err(|it| it.to_string())?;
        let full = full.canonicalize().unwrap_or(full);
        for above in full.ancestors() {
            if let Some(git) = folder(above) {
                return Ok(Location { git, root: Some(above.to_owned()) });
            }
            let is_bare = ["HEAD", "objects", "refs"].iter().all(|it| above.join(it).exists());
            if is_bare {
                return Ok(Location { git: above.to_owned(), root: None });
            }
        }
        Err("not in a git repository".to_owned())
    }

    /// Opens one.
    ///
    /// # Errors
    /// It is not one that can be read.
    pub fn at(location: Location) -> Result<Self, String> {
        let Location { git, root } = location;
        let common = common_folder(&git);
        if !common.join("objects").is_dir() {
            return Err(format!("`{}` is not a git repository", git.display()));
        }
        if common.join("reftable").is_dir() {
            return Err("its references are kept as reftables, which are not read".to_owned());
        }
        let kind = gix_hash::Kind::Sha1;
        let options = gix_odb::store::init::Options {
            alloc_limit_bytes: Some(MOST_BYTES),
            ..gix_odb::store::init::Options::default()
        };
        let mut objects = gix_odb::at_opts(common.join("objects"), kind, None, options)
            .map_err(|it| format!("its objects cannot be read: {it}"))?;
        objects.set_pack_cache(|| Box::new(Bases::default()));
        let refs = gix_ref::file::Store::for_linked_worktree(git, common.clone(), kind);
        Ok(Self {
            root,
            is_shallow: common.join("shallow").exists(),
            objects,
            refs,
            buffer: RefCell::default(),
            folders: RefCell::default(),
            memory: RefCell::default(),
            reads: Cell::default(),
        })
    }

    /// How many objects were read so far.
    pub fn reads(&self) -> usize {
        self.reads.get()
    }

    /// Reads an object of a kind.
    fn read<T>(
        &self,
        id: Id,
        kind: ObjectKind,
        look: impl FnOnce(&[u8]) -> Result<T, Lack>,
    ) -> Result<T, Lack> {
        self.reads.set(self.reads.get() + 1);
        let mut buffer = self.buffer.borrow_mut();
        let lack = |what: &str| Lack(format!("object {} {what}", short(id)));
        let found = gix_object::Find::try_find(&self.objects, &object(id), &mut buffer)
            .map_err(|_| lack("is broken"))?
            .ok_or_else(|| lack("is missing"))?;
        if found.kind != kind {
            return Err(lack("is of another kind than it has to be"));
        }
        look(found.data)
    }

    /// The identity that git gives to the content of a file.
    pub fn blob_id(content: &[u8]) -> Option<Id> {
        let kind = gix_hash::Kind::Sha1;
        let id = gix_object::compute_hash(kind, ObjectKind::Blob, content).ok()?;
        Some(identity(&id))
    }

    /// The same for a file of that size that is read piece by piece; only a part of it if it grows meanwhile.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn blob_id_of(size: u64, reader: impl Read) -> io::Result<Id> {
        let mut hasher = gix_hash::hasher(gix_hash::Kind::Sha1);
        hasher.update(format!("blob {size}\0").as_bytes());
        let mut reader = reader.take(size);
        let mut buffer = vec![0; 64 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => hasher.update(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let id = hasher.try_finalize().map_err(io::Error::other)?;
        Ok(identity(&id))
    }
}

impl Objects for Repository {
    fn folder(&self, id: Id) -> Result<Arc<[Entry]>, Lack> {
        if let Some(known) = self.folders.borrow().get(&id) {
            return Ok(Arc::clone(known));
        }
        let entries = self.read(id, ObjectKind::Tree, entries)?;
        let mut folders = self.folders.borrow_mut();
        if folders.len() >= MOST_FOLDERS {
            folders.clear();
        }
        folders.insert(id, Arc::clone(&entries));
        Ok(entries)
    }

    fn content(&self, id: Id) -> Result<Arc<[u8]>, Lack> {
        self.read(id, ObjectKind::Blob, |bytes| Ok(bytes.into()))
    }

    fn take_memory(&self) -> Memory {
        self.memory.take()
    }

    fn keep_memory(&self, memory: Memory) {
        self.memory.replace(memory);
    }
}

/// The entries of a tree object: mode, blank, name, NUL, identity.
fn entries(bytes: &[u8]) -> Result<Arc<[Entry]>, Lack> {
    let mut found = Vec::new();
    for entry in gix_object::TreeRefIter::from_bytes(bytes, gix_hash::Kind::Sha1) {
        let entry = entry.map_err(|_| Lack("a folder is broken".to_owned()))?;
        let (kind, mode) = match entry.mode.value() & 0o170_000 {
            0o040_000 => (Kind::Folder, 0o755),
            0o120_000 => (Kind::Link, 0o777),
            0o160_000 => (Kind::Submodule, 0o755),
            _ if entry.mode.value() & 0o100 != 0 => (Kind::File, 0o755),
            _ => (Kind::File, 0o644),
        };
        let name = String::from_utf8_lossy(entry.filename).into_owned().into_boxed_str();
        found.push(Entry { name, kind, mode, id: identity(entry.oid), extra: None });
    }
    // Git sorts folders as if a `/` ended their names.
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(found.into())
}

fn identity(id: &gix_hash::oid) -> Id {
    let mut bytes = [0; 20];
    let given = id.as_bytes();
    let length = given.len().min(20);
    bytes[..length].copy_from_slice(&given[..length]);
    Id(bytes)
}

fn object(id: Id) -> gix_hash::ObjectId {
    gix_hash::ObjectId::from_bytes_or_panic(&id.0)
}

/// The start of an identity, for people.
fn short(id: Id) -> String {
    id.to_string().chars().take(12).collect()
}

/// The objects that others are deltas of, while they are kept.
#[derive(Default)]
struct Bases {
    known: HashMap<(u32, u64), (gix_object::Kind, usize, Vec<u8>)>,
    bytes: usize,
}

/// More bytes of them are not kept.
const MOST_BASES: usize = 24 << 20;

impl gix_odb::pack::cache::DecodeEntry for Bases {
    fn put(
        &mut self,
        pack: u32,
        offset: u64,
        data: &[u8],
        kind: gix_object::Kind,
        compressed: usize,
    ) {
        if data.len() > MOST_BASES / 16 {
            return;
        }
        if self.bytes + data.len() > MOST_BASES {
            self.known.clear();
            self.bytes = 0;
        }
        self.bytes += data.len();
        self.known.insert((pack, offset), (kind, compressed, data.to_vec()));
    }

    fn get(
        &mut self,
        pack: u32,
        offset: u64,
        out: &mut Vec<u8>,
    ) -> Option<(gix_object::Kind, usize)> {
        let (kind, compressed, data) = self.known.get(&(pack, offset))?;
        out.clear();
        out.extend_from_slice(data);
        Some((*kind, *compressed))
    }
}

/// Finds a commit's own data.
fn commit(repository: &Repository, id: Id) -> Result<Commit, Lack> {
    repository.reads.set(repository.reads.get() + 1);
    let mut buffer = repository.buffer.borrow_mut();
    let lack = || Lack(format!("commit {} is missing or broken", short(id)));
    let found = repository.objects.find_commit(&object(id), &mut buffer).map_err(|_| lack())?;
    let time = found.time().map(|it| it.seconds).unwrap_or_default();
    let subject = String::from_utf8_lossy(found.message).into_owned();
    let subject = subject.trim_start().lines().next().unwrap_or_default().to_owned();
    let tree = identity(&found.tree());
    let parents = found.parents().map(|it| identity(&it)).collect();
    Ok(Commit { id, tree, parents, time, subject })
}
