//! The build context: the folder that a build can copy from, and what it leaves out.

mod baggage;
mod ignore_file;
mod pattern;
mod secrets;
mod tree;

pub use baggage::{Baggage, ContextUse};
pub use ignore_file::{IgnoreFile, Malformed, Odd, OddKind, clean, folders_of};
pub use secrets::{SecretKind, secret_by_name, secret_in};
pub use tree::{
    Entry, EntryKind, Heap, MOST_ENTRIES, Secret, Tree, has_wildcard, is_in, literal_part,
};

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The folder that a build can copy from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildContext {
    /// The folder.
    pub folder: PathBuf,
    /// The file with the patterns, if there is one.
    pub ignore_path: Option<PathBuf>,
    /// Its patterns; none if there is no file, or a build would fail at it.
    pub ignore: Option<IgnoreFile>,
    /// The line at which a build fails, if there is one.
    pub malformed: Option<Malformed>,
    /// Whether the folder was named, and not found.
    pub is_named: bool,
    /// What is in it, as far as it is copied; none if nobody asked.
    pub tree: Option<Arc<Tree>>,
}

/// The trees of one run: many Dockerfiles may share a big context.
#[derive(Debug, Default)]
pub struct Trees {
    known: Mutex<HashMap<TreeKey, Arc<Tree>>>,
}

/// The folder, its .dockerignore, and what is listed.
type TreeKey = (PathBuf, Option<PathBuf>, Vec<String>);

/// Smaller trees are read again as fast.
const WORTH_KEEPING: usize = 500;

/// More trees are not kept, so that memory stays bounded.
const MOST_KEPT: usize = 16;

/// More of a .dockerignore is not read.
const MAX_IGNORE_BYTES: u64 = 1 << 20;

/// How many folders above the Dockerfile are tried.
const MOST_PARENTS: usize = 8;

impl BuildContext {
    /// The context that a folder is, for a Dockerfile.
    ///
    /// BuildKit takes the patterns from `<Dockerfile>.dockerignore` beside the Dockerfile, else from `.dockerignore` in
    /// the root of the context; never from both.
    /// Source: <https://docs.docker.com/build/concepts/context/#filename-and-location>.
    pub fn open(folder: PathBuf, dockerfile: Option<&Path>) -> Self {
        let beside = dockerfile.map(|path| {
            let mut name = path.as_os_str().to_owned();
            name.push(".dockerignore");
            PathBuf::from(name)
        });
        let places = beside.into_iter().chain([folder.join(".dockerignore")]);
        let found = places.into_iter().find_map(|path| read(&path).map(|text| (path, text)));
        let mut context = Self {
            folder,
            ignore_path: None,
            ignore: None,
            malformed: None,
            is_named: true,
            tree: None,
        };
        if let Some((path, text)) = found {
            context.ignore_path = Some(path);
            match IgnoreFile::parse(&text) {
                Ok(ignore) => context.ignore = Some(ignore),
                Err(malformed) => context.malformed = Some(malformed),
            }
        }
        context
    }

    /// What the Dockerfiles that are built with this context share: its folder and the file with the patterns, the same
    /// text however they were found.
    pub fn shared(&self) -> String {
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let patterns = self.ignore_path.as_deref().map(whole).unwrap_or_default();
        format!("{}\0{}", whole(&self.folder).display(), patterns.display())
    }

    /// Lists what is below some of its paths, unless `trees` knows it.
    pub fn list(&mut self, roots: &[String], trees: &Trees) {
        let key = (self.folder.clone(), self.ignore_path.clone(), roots.to_vec());
        let known = trees.known.lock().ok().and_then(|known| known.get(&key).cloned());
        let tree = known.unwrap_or_else(|| {
            let tree = Arc::new(Tree::read(&self.folder, roots, self.ignore.as_ref()));
            if tree.entries.len() >= WORTH_KEEPING
                && let Ok(mut known) = trees.known.lock()
                && known.len() < MOST_KEPT
            {
                known.insert(key, Arc::clone(&tree));
            }
            tree
        });
        self.tree = Some(tree);
    }

    /// The context that a Dockerfile is most likely built with: its own folder, or else the nearest one above that has
    /// all the `sources`, which are paths from the root of a context. If none has them it is its own folder.
    pub fn find(dockerfile: &Path, sources: &[String]) -> Self {
        let own = dockerfile.parent().unwrap_or(Path::new(""));
        let own = if own.as_os_str().is_empty() { Path::new(".") } else { own };
        let has_all = |folder: &Path| {
            sources
                .iter()
                .all(|it| folder.join(it.trim_start_matches('/')).symlink_metadata().is_ok())
        };
        let folder = match has_all(own) {
            true => own.to_owned(),
            false => {
                let full = std::path::absolute(own).unwrap_or_else(|_| own.to_owned());
                let is_root = |it: &&Path| it.join(".git").symlink_metadata().is_ok();
                // A build copies nothing from outside its repository.
                let mut folders = full.ancestors().take(MOST_PARENTS + 1);
                let above = folders.find(|it| has_all(it) || is_root(it)).filter(|it| has_all(it));
                above.unwrap_or(own).to_owned()
            }
        };
        Self { is_named: false, ..Self::open(folder, Some(dockerfile)) }
    }
}

fn read(path: &Path) -> Option<String> {
    // Opening a pipe would wait for its writer.
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MAX_IGNORE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
