//! The Dockerfiles below a folder.
//!
//! Hidden folders are entered (`.devcontainer` holds Dockerfiles), those of version control and of vendored code are not.
//! Links are not followed, so that no file is met twice and nothing outside the folder is read. Only what is kept is
//! held in memory, however much a folder holds.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use super::ignored::{Ignored, Remarks, Search};
use super::names::{self, Name};
use super::{Choice, Reach};
use crate::config::NAMES;
use crate::context::{Finder, Way, follow_from, full, shown_path};
use crate::error::Error;

/// What is below a folder.
#[derive(Debug, Default)]
pub(super) struct Below {
    /// The files to check and the folders that could not be read, by path.
    pub(super) list: Vec<(PathBuf, Option<Error>)>,
    /// What people should know of what is not checked.
    pub(super) remarks: Vec<String>,
    /// Files whose text is that of a Dockerfile and whose name is not.
    doubtful: Vec<PathBuf>,
    /// Folders below with their own configuration file.
    configured: Vec<PathBuf>,
}

/// More of a file is not read to see whether it is a Dockerfile.
const MAX_PEEK: u64 = 4096;

/// Looks at all that is below a folder.
pub(super) fn below(folder: &Path, reach: Reach, choice: &mut dyn Choice) -> Result<Below, Error> {
    let mut below = Below::default();
    let includes = choice.includes_any(folder)?;
    let remarks = Remarks::default();
    for entry in walk(folder, reach, includes, Arc::clone(&remarks)) {
        match entry {
            Err(error) => below.list.push(failed(folder, &error)),
            Ok(entry) => below.meet(&entry, folder, reach, includes, choice)?,
        }
    }
    // A folder below may have its own patterns, which say nothing unless files are held against them.
    let mut configured = std::mem::take(&mut below.configured).into_iter();
    if !includes && configured.any(|it| choice.includes_any(&it).unwrap_or(false)) {
        let other =
            |it: &DirEntry| names::read(&it.file_name().to_string_lossy()) != Name::Dockerfile;
        let again = walk(folder, reach, true, Remarks::default()).flatten();
        for entry in again.filter(|it| is_file(it) && other(it)) {
            let path = shown(folder, entry.path());
            if choice.includes(&path, folder)? {
                below.doubtful.retain(|it| *it != path);
                below.list.push((path, None));
            }
        }
    }
    below.remarks.append(&mut remarks.lock().unwrap_or_else(PoisonError::into_inner));
    below.list.sort_by(|(a, _), (b, _)| a.cmp(b));
    below.tell_doubtful(folder, choice)?;
    Ok(below)
}

/// All that is below a folder, in the order of the system: sorting would hold whole folders in memory.
fn walk(folder: &Path, reach: Reach, any_name: bool, remarks: Remarks) -> ignore::Walk {
    let mut walk = WalkBuilder::new(folder);
    let top = full(folder);
    // Without a repository, lists above the folder are somebody else's.
    let is_root = |it: &Path| it.join(".git").symlink_metadata().is_ok();
    let depth = top.ancestors().position(is_root);
    let mut above: Vec<&Path> = top.ancestors().skip(1).take(depth.unwrap_or(0)).collect();
    above.reverse();
    let search = Search { finder: reach.finder, any_name, in_repository: depth.is_some() };
    let ignored = (!reach.no_ignore).then(|| Mutex::new(Ignored::new(&above, search, remarks)));
    // It opens no file unasked: neither those in the folders nor those of the person.
    walk.standard_filters(false);
    let start = folder.to_owned();
    walk.filter_entry(move |entry| {
        let name = entry.file_name().to_str().unwrap_or("");
        let is_dir = entry.file_type().is_some_and(|it| it.is_dir());
        let is_left_out =
            matches!(name, ".git" | ".hg" | ".svn" | ".jj") || is_dir && is_vendored(entry.path());
        if entry.depth() == 0 || is_left_out {
            return entry.depth() == 0;
        }
        let full = top.join(entry.path().strip_prefix(&start).unwrap_or(entry.path()));
        ignored.as_ref().is_none_or(|it| {
            !it.lock().unwrap_or_else(PoisonError::into_inner).leaves_out(entry, &full)
        })
    });
    walk.build()
}

/// Folders with the code of other projects, whose Dockerfiles nobody changes here. They are checked where they are named.
const VENDORED: &[&str] =
    &["bower_components", "node_modules", "site-packages", "third_party", "vendor"];

/// Folders with the input of tests, which is often wrong on purpose.
const TEST_DATA: &[&str] = &["__fixtures__", "_fixtures", "fixtures", "testdata"];

/// Whether a folder is called so, or is among libraries and is called after a release of one, such as `lib/luajit-2.1.0`.
fn is_vendored(folder: &Path) -> bool {
    const LIBRARIES: &[&str] = &["deps", "extern", "external", "lib", "libs"];
    let name = |it: &Path| it.file_name().and_then(|it| it.to_str()).unwrap_or("").to_owned();
    let own = name(folder);
    let release = own.rsplit_once('-').map_or("", |it| it.1);
    let numbers = || release.split('.');
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    VENDORED.contains(&own.as_str())
        || TEST_DATA.contains(&own.as_str())
        || numbers().count() >= 3
            && numbers().all(is_number)
            && folder.parent().is_some_and(|it| LIBRARIES.contains(&name(it).as_str()))
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|it| it.is_file())
}

/// `.` is the default, and nobody wants to read `./` before every name.
fn shown(folder: &Path, path: &Path) -> PathBuf {
    let below = if folder == Path::new(".") { path.strip_prefix(".").ok() } else { None };
    below.unwrap_or(path).to_owned()
}

impl Below {
    /// Whether there is nothing that could be checked.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn meet(
        &mut self,
        entry: &DirEntry,
        folder: &Path,
        reach: Reach,
        includes: bool,
        choice: &mut dyn Choice,
    ) -> Result<(), Error> {
        // A name that is not UTF-8 is as good as any.
        let name = entry.file_name().to_string_lossy();
        let kind = names::read(&name);
        let path = || shown(folder, entry.path());
        if entry.path_is_symlink() {
            if kind == Name::Dockerfile && entry.depth() > 0 {
                self.link(path(), folder, reach);
            }
        } else if !is_file(entry) {
        } else if kind == Name::Dockerfile || includes && choice.includes(&path(), folder)? {
            self.list.push((path(), None));
        } else if kind == Name::Doubtful && begins_like_one(entry.path()) {
            self.doubtful.push(path());
        } else if entry.depth() > 1 && NAMES.contains(&&*name) {
            self.configured.extend(entry.path().parent().map(Path::to_owned));
        }
        Ok(())
    }

    /// A link with the name of a Dockerfile. What it leads to is met by itself, if its name is that of one too.
    fn link(&mut self, path: PathBuf, folder: &Path, reach: Reach) {
        let is_outside = match follow_from(&path, Some(folder), &path) {
            Way::Inside(_) => false,
            Way::Nowhere => {
                return self.remarks.push(format!("{}: a broken link", shown_path(&path)));
            }
            Way::Outside if reach.finder == Finder::Search => {
                return self.remarks.push(format!(
                    "{}: a link out of the project, not followed; `--allow-outside` follows it",
                    shown_path(&path)
                ));
            }
            Way::Outside => true,
        };
        let Ok(target) = fs::canonicalize(&path) else {
            return self.remarks.push(format!("{}: a broken link", shown_path(&path)));
        };
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let is_below = fs::canonicalize(folder).is_ok_and(|folder| target.starts_with(folder));
        let is_met = is_below && !is_outside && names::read(&name) == Name::Dockerfile;
        if target.is_file() && !is_met {
            self.list.push((path, None));
        }
    }

    /// Says which files are left out for their names alone.
    fn tell_doubtful(&mut self, folder: &Path, choice: &mut dyn Choice) -> Result<(), Error> {
        let mut doubtful = Vec::new();
        for path in std::mem::take(&mut self.doubtful) {
            if choice.settings(&path, Some(folder)).is_ok_and(|it| it.is_some()) {
                doubtful.push(path);
            }
        }
        doubtful.sort();
        let Some((first, others)) = doubtful.split_first() else { return Ok(()) };
        let first = first.display();
        self.remarks.push(match others.len() {
            0 => format!("{first}: skipped because of its name, but it looks like a Dockerfile; `include` adds it"),
            n => format!("{first} and {n} more: skipped because of their names, but they look like Dockerfiles; `include` adds them"),
        });
        Ok(())
    }
}

/// Whether the first line that is not a comment is one of a Dockerfile.
fn begins_like_one(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_PEEK).read_to_end(&mut bytes));
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let first = lines.next().unwrap_or_default();
    let mut words = first.split_whitespace();
    let keyword = words.next().unwrap_or_default();
    read.is_ok()
        && words.next().is_some_and(|it| it != "import" && !it.starts_with('='))
        && ["FROM", "ARG"].contains(&keyword)
}

/// What could not be read.
fn failed(folder: &Path, error: &ignore::Error) -> (PathBuf, Option<Error>) {
    let mut path = folder;
    let mut inner = error;
    while let ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } = inner {
        if let ignore::Error::WithPath { path: place, .. } = inner {
            path = place;
        }
        inner = err;
    }
    let path = shown(folder, path);
    let error = match inner {
        ignore::Error::Io(io) => Error::io(&path, io),
        other => Error::Io { path: path.clone(), reason: other.to_string() },
    };
    (path, Some(error))
}
