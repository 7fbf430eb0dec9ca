//! The build contexts of one run: each is found, read and listed once, however many Dockerfiles share it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::disk::{Disk, lock};
use super::folders::{full, repository};
use super::notes::Notes;
use super::side_file::{Finder, read_text};
use super::{BuildContext, BuildFiles, IgnoreFile, Malformed, Roots, Tree};

/// What a run knows of build contexts.
#[derive(Debug, Default)]
pub struct Contexts {
    disk: Arc<Disk>,
    notes: Arc<Notes>,
    /// The files with patterns, by path.
    ignores: Mutex<HashMap<PathBuf, Patterns>>,
    trees: Mutex<HashMap<TreeKey, Arc<Tree>>>,
    /// The files that say which stages are built.
    pub build_files: BuildFiles,
    /// The repositories that files are in.
    roots: Roots,
}

/// The absolute path of a folder, and that of the file with the patterns.
type TreeKey = (PathBuf, Option<PathBuf>);

/// What a file with patterns says.
#[derive(Debug, Clone)]
pub(super) enum Patterns {
    /// There is no such file.
    None,
    /// It was read.
    Read(Arc<IgnoreFile>),
    /// A build fails at it.
    Malformed(Malformed),
    /// It is there, and nobody knows what it says.
    Unknown,
}

/// How much was done for the contexts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Folders that were read.
    pub folders: u64,
    /// Entries that contexts listed.
    pub entries: usize,
    /// How often a pattern of a .dockerignore was tried.
    pub steps: u64,
}

/// How many folders above the Dockerfile are tried.
const MOST_PARENTS: usize = 8;

/// When contexts have listed more entries than this, they are forgotten, so that memory stays bounded.
const MOST_HELD: usize = 1_000_000;

impl Contexts {
    /// None yet; files that are found are read so.
    pub fn new(finder: Finder) -> Self {
        Self { disk: Arc::new(Disk::new(finder)), ..Self::default() }
    }

    /// How files that are found are read.
    pub fn finder(&self) -> Finder {
        self.disk.finder
    }

    /// The context that a folder is, for a Dockerfile; none if nobody knows what its .dockerignore says.
    ///
    /// BuildKit takes the patterns from `<Dockerfile>.dockerignore` next to the Dockerfile, else from `.dockerignore` in
    /// the root of the context; never from both.
    /// Source: <https://docs.docker.com/build/concepts/context/#filename-and-location>.
    pub fn open(&self, folder: PathBuf, dockerfile: Option<&Path>) -> Option<BuildContext> {
        let beside = dockerfile.map(|path| {
            let mut name = path.as_os_str().to_owned();
            name.push(".dockerignore");
            PathBuf::from(name)
        });
        let inside = folder.join(".dockerignore");
        let inside = inside.strip_prefix(".").map(Path::to_owned).unwrap_or(inside);
        let places = beside.into_iter().chain([inside]);
        let found = places
            .map(|path| (self.patterns(&path), path))
            .find(|(patterns, _)| !matches!(patterns, Patterns::None));
        let (ignore_path, ignore, malformed) = match found {
            Some((Patterns::Unknown, _)) => return None,
            Some((Patterns::Malformed(malformed), path)) => (Some(path), None, Some(malformed)),
            Some((Patterns::Read(ignore), path)) => (Some(path), Some(ignore), None),
            None | Some((Patterns::None, _)) => (None, None, None),
        };
        let tree = self.tree(&folder, ignore_path.as_deref(), ignore.clone());
        let origin = Arc::default();
        Some(BuildContext { folder, ignore_path, ignore, malformed, is_named: true, tree, origin })
    }

    /// The context that a Dockerfile is most likely built with: its own folder, or else the nearest one above that has
    /// all the `sources`, which are paths from the root of a context. If none has them it is its own folder. No folder
    /// above the repository is tried; outside of one, none above `searched`, the folder that the Dockerfile was found in.
    pub fn find(
        &self,
        dockerfile: &Path,
        searched: Option<&Path>,
        sources: &[String],
    ) -> Option<BuildContext> {
        let own = dockerfile.parent().unwrap_or(Path::new(""));
        let own = if own.as_os_str().is_empty() { Path::new(".") } else { own };
        // Each is looked for on the disk once.
        let sources: BTreeSet<&String> = sources.iter().collect();
        let has_all = |folder: &Path| sources.iter().all(|it| is_there(folder, it));
        let above = || {
            let full = full(own);
            let bound = repository(&full)
                .map(Path::to_owned)
                .or_else(|| searched.map(super::folders::full))?;
            let inside = |it: &&Path| it.starts_with(&bound);
            let mut folders = full.ancestors().skip(1).take(MOST_PARENTS).take_while(inside);
            folders.find(|it| has_all(it)).map(shown)
        };
        let folder = if has_all(own) { None } else { above() };
        let context = self.open(folder.unwrap_or_else(|| own.to_owned()), Some(dockerfile))?;
        Some(BuildContext { is_named: false, ..context })
    }

    fn patterns(&self, path: &Path) -> Patterns {
        let mut known = lock(&self.ignores);
        if let Some(patterns) = known.get(path) {
            return patterns.clone();
        }
        let patterns = match read_text(path, self.finder()) {
            Ok(None) => Patterns::None,
            Ok(Some(text)) => match IgnoreFile::parse(&text) {
                Ok(ignore) => Patterns::Read(Arc::new(ignore)),
                Err(malformed) => Patterns::Malformed(malformed),
            },
            Err(reason) => {
                self.notes.add(path, reason);
                Patterns::Unknown
            }
        };
        if known.len() >= MOST_HELD {
            known.clear();
        }
        known.insert(path.to_owned(), patterns.clone());
        patterns
    }

    fn tree(
        &self,
        folder: &Path,
        ignore_path: Option<&Path>,
        ignore: Option<Arc<IgnoreFile>>,
    ) -> Arc<Tree> {
        let absolute = |it: &Path| std::path::absolute(it).unwrap_or_else(|_| it.to_owned());
        let key = (absolute(folder), ignore_path.map(absolute));
        let mut trees = lock(&self.trees);
        if let Some(tree) = trees.get(&key) {
            return Arc::new(tree.for_another());
        }
        // Looking at all of them for each new one would be a square.
        if trees.len().is_power_of_two() {
            let held: usize = trees.values().map(|it| it.work().0).sum();
            if held + trees.len() > MOST_HELD {
                trees.clear();
            }
        }
        let disk = Arc::clone(&self.disk);
        let tree = Tree::new(folder.to_owned(), ignore, disk, Arc::clone(&self.notes));
        let tree = Arc::new(tree);
        trees.insert(key, Arc::clone(&tree));
        tree
    }

    /// What could not be looked at, in words for people.
    pub fn remarks(&self) -> Vec<String> {
        self.notes.texts()
    }

    /// Adds what there is to say of a Dockerfile that was not checked as a whole.
    pub fn remark(&self, path: &Path, what: String) {
        self.notes.add(path, what);
    }

    /// How much was done so far.
    pub fn work(&self) -> Work {
        let trees = lock(&self.trees);
        let of_trees = trees.values().map(|it| it.work());
        let (entries, steps) = of_trees.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        Work { folders: self.disk.reads(), entries, steps }
    }
}

impl Contexts {
    /// Whether a file is in a repository.
    pub fn is_in_repository(&self, file: &Path) -> bool {
        self.roots.of(file).is_some()
    }
}

/// Whether a folder has what a source names. What is behind a link is not looked at.
fn is_there(folder: &Path, source: &str) -> bool {
    let mut at = folder.to_owned();
    for name in source.split('/').filter(|it| !it.is_empty() && *it != ".") {
        at.push(name);
        match at.symlink_metadata() {
            _ if name == ".." => return false,
            Ok(it) if it.is_symlink() => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    true
}

/// A folder as people want to read it: from the working directory, if it is below.
fn shown(folder: &Path) -> PathBuf {
    let current = std::env::current_dir().ok();
    match current.and_then(|it| folder.strip_prefix(it).ok().map(Path::to_owned)) {
        Some(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Some(below) => below,
        None => folder.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sources_are_looked_for_without_following_links() {
        let it = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(it.path().join("a/b")).unwrap();
        std::fs::write(it.path().join("a/file"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/nowhere", it.path().join("link")).unwrap();
        let found = |source: &str| super::is_there(it.path(), source);
        for source in ["", ".", "/", "a", "a/b/", "./a//file", "/a/file"] {
            assert!(found(source), "{source}");
        }
        for source in ["b", "a/c", "a/file/x", "..", "a/../a", "a/.."] {
            assert!(!found(source), "{source}");
        }
        #[cfg(unix)]
        assert!(found("link") && found("link/x"));
    }
}
