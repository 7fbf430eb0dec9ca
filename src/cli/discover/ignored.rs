//! What `.gitignore` and `.ignore` leave out when a folder is searched.
//!
//! The walker could read these files itself, but it opens whatever has their names: a link to a device, a pipe, a file that
//! never ends. Here they are read as all files next to a Dockerfile are. As with git, lines of a `.gitignore` hold in the
//! repository that it is in, and not for files that are tracked.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::DirEntry;
use ignore::gitignore::Gitignore;

use super::names::{self, Name};
use crate::config::path_patterns;
use crate::context::{Finder, Refusal, git, read_side_file};

/// The names, what counts more first: a line of an `.ignore` anywhere counts more than one of a `.gitignore`.
const NAMES: [&str; 2] = [".ignore", ".gitignore"];

/// What the files in the folders on the way to an entry say. The walker goes deep first, so that these folders are a stack.
pub(super) struct Ignored {
    stack: Vec<Folder>,
    /// How many of them are above the folder that is searched.
    above: usize,
    /// Folders that are left out but for the tracked files in them.
    entered: HashSet<PathBuf>,
    search: Search,
    remarks: Remarks,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// How files that are found are read.
    pub(super) finder: Finder,
    /// Whether files may be checked whatever their names are.
    pub(super) any_name: bool,
    /// Whether the folder is in a repository.
    pub(super) in_repository: bool,
}

/// A folder on the way.
struct Folder {
    path: PathBuf,
    /// What its files say, by name.
    lists: [Option<Gitignore>; 2],
    /// What `info/exclude` of its repository says, if it is the root.
    exclude: Option<Gitignore>,
    /// Whether it is left out, but for the tracked files in it.
    is_left_out: bool,
    is_root: OnceCell<bool>,
    /// What git tracks, if it is the root of a repository; none if that cannot be read.
    tracked: OnceCell<Option<git::Tracked>>,
}

/// What there is to say of files that were not read.
pub(super) type Remarks = Arc<Mutex<Vec<String>>>;

impl Ignored {
    /// For the search of a folder; `above` are the folders of its repository on the way to it, the outermost first.
    pub(super) fn new(above: &[&Path], search: Search, remarks: Remarks) -> Self {
        let (stack, entered) = (Vec::new(), HashSet::new());
        let mut ignored = Self { stack, above: above.len(), entered, search, remarks };
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
        let own = |it: &Folder| matched(it.lists[0].as_ref(), &it.path, full, is_dir);
        if let Some(is_ignored) = self.stack.iter().rev().find_map(own) {
            return is_ignored;
        }
        if !self.stack.last().is_some_and(|it| it.is_left_out) && !self.git_ignores(full, is_dir) {
            return false;
        }
        let name = entry.file_name().to_string_lossy();
        let may_be_one = || names::read(&name) == Name::Dockerfile || self.search.any_name;
        if !is_dir && !may_be_one() {
            return true;
        }
        if self.is_tracked(full, is_dir) {
            if is_dir {
                self.entered.insert(full.to_owned());
            }
            return false;
        }
        if !is_dir && !self.search.in_repository {
            let shown = shown(entry.path());
            self.remark(format!(
                "{}: excluded by .gitignore; `--no-ignore` checks it",
                shown.display()
            ));
        }
        true
    }

    /// Whether lines of `.gitignore` or `info/exclude` leave an entry out, in the repository that it is in.
    fn git_ignores(&self, full: &Path, is_dir: bool) -> bool {
        // To ask each folder whether it is a root would take as long as to read it, so that is done at the end.
        let mut said = None;
        for (index, it) in self.stack.iter().enumerate().rev() {
            said = matched(it.lists[1].as_ref(), &it.path, full, is_dir)
                .or_else(|| matched(it.exclude.as_ref(), &it.path, full, is_dir))
                .map(|is_ignored| (index, is_ignored));
            if said.is_some() {
                break;
            }
        }
        let Some((index, true)) = said else { return false };
        !self.stack[index + 1..].iter().any(Folder::is_root)
    }

    /// Whether git tracks a file, or something below a folder.
    fn is_tracked(&self, full: &Path, is_dir: bool) -> bool {
        let Some(root) = self.stack.iter().rfind(|it| it.is_root()) else { return false };
        let tracked = root.tracked.get_or_init(|| {
            let any_name = self.search.any_name;
            let keep = |name: &[u8]| {
                any_name || names::read(&String::from_utf8_lossy(name)) == Name::Dockerfile
            };
            let tracked = git::Tracked::read(&root.path, keep);
            if tracked.is_err() {
                self.remark("cannot read git's index: all files that .gitignore lists are excluded, even tracked ones".to_owned());
            }
            tracked.ok()
        });
        let (Some(tracked), Ok(path)) = (tracked, full.strip_prefix(&root.path)) else {
            return false;
        };
        if is_dir { tracked.has_below(path) } else { tracked.has(path) }
    }

    fn enter(&mut self, path: &Path, shown: &Path) {
        let lists = NAMES.map(|name| self.read(&path.join(name), &shown.join(name)));
        let is_top = self.stack.is_empty() && self.search.in_repository;
        let exclude = || {
            let place = git::common_folder(&git::folder(path)?).join("info/exclude");
            self.read(&place, Path::new(".git/info/exclude"))
        };
        let is_left_out =
            self.stack.last().is_some_and(|it| it.is_left_out) || self.entered.contains(path);
        self.stack.push(Folder {
            path: path.to_owned(),
            lists,
            exclude: if is_top { exclude() } else { None },
            is_left_out,
            is_root: OnceCell::new(),
            tracked: OnceCell::new(),
        });
    }

    fn read(&self, path: &Path, shown: &Path) -> Option<Gitignore> {
        let reason = match read_side_file(path, self.search.finder) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                match path_patterns(text.strip_prefix('\u{feff}').unwrap_or(&text).lines()) {
                    Some(patterns) => return Some(patterns),
                    None => "too many patterns; ignoring all of them".to_owned(),
                }
            }
            Err(Refusal::Missing) => return None,
            Err(refusal) => refusal.reason(),
        };
        self.remark(format!("{}: {reason}", self::shown(shown).display()));
        None
    }

    fn remark(&self, text: String) {
        self.remarks.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }
}

impl Folder {
    fn is_root(&self) -> bool {
        *self.is_root.get_or_init(|| self.path.join(".git").symlink_metadata().is_ok())
    }
}

/// Whether patterns leave an entry out or keep it; none if they say nothing about it.
fn matched(patterns: Option<&Gitignore>, folder: &Path, full: &Path, is_dir: bool) -> Option<bool> {
    let found = patterns?.matched(full.strip_prefix(folder).ok()?, is_dir);
    (!found.is_none()).then(|| found.is_ignore())
}

fn shown(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
