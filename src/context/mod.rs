//! The build context: the folder that a build can copy from, and what it leaves out.

mod baggage;
mod ignore_file;
mod pattern;
mod secrets;
mod tree;

pub use baggage::Baggage;
pub use ignore_file::{IgnoreFile, Malformed, Odd, OddKind, clean};
pub use secrets::SecretKind;
pub use tree::{
    Entry, EntryKind, Heap, MOST_ENTRIES, Secret, Tree, has_wildcard, is_in, literal_part,
};

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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

    /// Lists what is below some of its paths.
    pub fn list(&mut self, roots: &[String]) {
        self.tree = Some(Arc::new(Tree::read(&self.folder, roots, self.ignore.as_ref())));
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
                let above = full.ancestors().skip(1).take(MOST_PARENTS);
                above.into_iter().find(|it| has_all(it)).unwrap_or(own).to_owned()
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
