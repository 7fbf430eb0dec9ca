//! What `.gitignore` and `.ignore` leave out when a folder is searched.
//!
//! The walker could read these files itself, but it opens whatever has their names: a link to a device, a pipe, a file that
//! never ends. Here they are read as all files beside a Dockerfile are.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::DirEntry;
use ignore::gitignore::Gitignore;

use crate::cli::settings::build;
use crate::context::{Finder, Refusal, read_side_file};

/// The names, what counts more first: a line of an `.ignore` anywhere counts more than one of a `.gitignore`.
const NAMES: [&str; 2] = [".ignore", ".gitignore"];

/// What the files in the folders on the way to an entry say. The walker goes deep first, so that these folders are a stack.
#[derive(Debug)]
pub(super) struct Ignored {
    /// The folders, each with its path and what its files say, by name.
    stack: Vec<(PathBuf, [Option<Gitignore>; 2])>,
    /// How many of them lie above the folder that is searched.
    above: usize,
    remarks: Remarks,
}

/// What there is to say of files that were not read.
pub(super) type Remarks = Arc<Mutex<Vec<String>>>;

impl Ignored {
    /// For the search of a folder; `above` are the folders of its repository on the way to it, the outermost first.
    pub(super) fn new(above: &[&Path], remarks: Remarks) -> Self {
        let mut ignored = Self { stack: Vec::new(), above: above.len(), remarks };
        for folder in above {
            ignored.enter(folder, folder);
        }
        ignored
    }

    /// Whether an entry is left out. `full` is its path as those of the folders above are given.
    pub(super) fn leaves_out(&mut self, entry: &DirEntry, full: &Path) -> bool {
        self.stack.truncate(self.above + entry.depth());
        if self.stack.len() < self.above + entry.depth()
            && let (Some(folder), Some(shown)) = (full.parent(), entry.path().parent())
        {
            self.enter(folder, shown);
        }
        let is_dir = entry.file_type().is_some_and(|it| it.is_dir());
        for index in 0..NAMES.len() {
            for (folder, said) in self.stack.iter().rev() {
                let Some(patterns) = &said[index] else { continue };
                let Ok(below) = full.strip_prefix(folder) else { continue };
                let found = patterns.matched(below, is_dir);
                if !found.is_none() {
                    return found.is_ignore();
                }
            }
        }
        false
    }

    fn enter(&mut self, folder: &Path, shown: &Path) {
        let said = NAMES.map(|name| self.read(&folder.join(name), &shown.join(name)));
        self.stack.push((folder.to_owned(), said));
    }

    fn read(&self, path: &Path, shown: &Path) -> Option<Gitignore> {
        let reason = match read_side_file(path, Finder::Search) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                match build(text.strip_prefix('\u{feff}').unwrap_or(&text).lines()) {
                    Some(patterns) => return Some(patterns),
                    None => "too many patterns; none is used".to_owned(),
                }
            }
            Err(Refusal::Missing) => return None,
            Err(refusal) => refusal.reason(),
        };
        let shown = shown.strip_prefix(".").unwrap_or(shown).display();
        let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        remarks.push(format!("{shown}: {reason}"));
        None
    }
}
