//! The build context: the folder that a build can copy from, and what it leaves out.

mod baggage;
mod border;
mod build_files;
mod contexts;
mod dev_needs;
mod disk;
mod folders;
mod found;
pub mod git;
mod haul;
mod heaps;
mod ignore_file;
mod matcher;
mod notes;
mod odd;
mod pattern;
mod project_files;
mod root;
mod secrets;
mod side_file;
mod sources;
#[cfg(test)]
mod tests;
mod tools;
mod tree;

pub use baggage::{Baggage, ContextUse};
pub use border::{Way, border, follow_from, is_named_outside};
pub use build_files::BuildFiles;
pub use contexts::{Contexts, Work};
pub use dev_needs::has_dev_dependencies;
pub use disk::EntryKind;
pub use folders::{absolute, full, shown_path, with_slashes};
pub use found::{Entry, Found, Matches, Sum, is_in};
pub use heaps::{Haul, Heap, Pile, Secret};
pub use ignore_file::{IgnoreFile, Malformed, Standing, clean, folders_of};
pub use odd::{Odd, OddKind};
pub use pattern::{Glob, pattern_of};
pub use project_files::NodeProject;
pub use root::Roots;
pub use secrets::{SecretKind, secret_by_name, secret_in};
pub use side_file::{Finder, Refusal, read_side_file, read_written_file};
pub use sources::{MOST_MATCHES, has_wildcard, literal_part};
pub use tree::{MOST_ENTRIES, Tree};

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The folder that a build can copy from.
#[derive(Debug, Clone)]
pub struct BuildContext {
    /// The folder.
    pub folder: PathBuf,
    /// The file with the patterns, if there is one.
    pub ignore_path: Option<PathBuf>,
    /// Its patterns; none if there is no file, or a build would fail at it.
    pub ignore: Option<Arc<IgnoreFile>>,
    /// The line at which a build fails, if there is one.
    pub malformed: Option<Malformed>,
    /// Whether the folder was named, and not found.
    pub is_named: bool,
    /// What is in it.
    pub tree: Arc<Tree>,
    /// The owner and the name of the repository that it is in, once somebody asked.
    origin: Arc<OnceLock<Option<(String, String)>>>,
}

impl BuildContext {
    /// The context of one Dockerfile alone; none if nobody knows what its .dockerignore says.
    pub fn open(folder: PathBuf, dockerfile: Option<&Path>) -> Option<Self> {
        Contexts::default().open(folder, dockerfile)
    }

    /// What the Dockerfiles that are built with this context share: its folder and the file with the patterns, the same
    /// text however they were found.
    pub fn shared(&self) -> String {
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let patterns = self.ignore_path.as_deref().map(whole).unwrap_or_default();
        format!("{}\0{}", whole(&self.folder).display(), patterns.display())
    }

    /// The file with the patterns, for a text.
    pub fn ignore_name(&self) -> String {
        self.ignore_path.as_deref().map_or(".dockerignore".to_owned(), root::shown)
    }

    /// The folder, for a text.
    pub fn folder_name(&self) -> String {
        root::shown(&self.folder)
    }

    /// Whether an image, by its repository without the registry, is named after the repository that the context is in, or
    /// after its owner: then it is most likely built there, and is as new as people want it.
    pub fn is_own_image(&self, image: &str) -> bool {
        let lower = image.to_lowercase();
        let has = |name: &String| {
            lower.split('/').any(|it| it == name || it.split('-').any(|word| word == name))
        };
        let read = || root::origin(&self.folder, self.tree.finder());
        let origin = || self.origin.get_or_init(read).as_ref();
        lower.contains('/') && origin().is_some_and(|(owner, name)| has(owner) || has(name))
    }

    /// A context with other patterns.
    #[must_use]
    pub fn with(self, path: PathBuf, patterns: IgnoreFile) -> Self {
        let tree = Arc::new(Tree::read(&self.folder, Some(&patterns)));
        Self { ignore_path: Some(path), ignore: Some(Arc::new(patterns)), tree, ..self }
    }
}
