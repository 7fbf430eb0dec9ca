//! The repository, and where in it the Dockerfile and the context are.

use std::path::{Path, PathBuf};

use super::args::CacheArgs;
use crate::cache::git::Repository;
use crate::cache::{Kind, find};
use crate::context::{clean, with_slashes};
use crate::error::Error;

/// Where everything is.
pub(super) struct Place {
    /// The repository.
    pub(super) repository: Repository,
    /// The Dockerfile, from the root of the repository.
    pub(super) dockerfile: String,
    /// The context, from the root; empty for the root itself.
    pub(super) context: String,
}

/// The names that a Dockerfile has where none is given.
pub(super) const NAMES: [&str; 3] = ["Dockerfile", "Containerfile", "dockerfile"];

impl Place {
    /// Finds it from the flags.
    pub(super) fn find(args: &CacheArgs) -> Result<Self, Error> {
        let folder = args.context.as_ref().unwrap_or(&args.folder);
        let fails = |reason| Error::Io { path: folder.clone(), reason };
        let repository = if folder.is_dir() {
            Repository::open(folder).map_err(fails)?
        } else {
            // The folders of a bare one are not on the disk.
            Repository::open(Path::new("."))
                .ok()
                .filter(|it| it.root.is_none())
                .ok_or_else(|| fails("no such folder".to_owned()))?
        };
        let is_in_tree = !folder.is_dir();
        let inside = |path: &Path| match &repository.root {
            Some(root) => in_repository(root, path),
            // In a bare one there are no other paths than those from its root.
            None => Some(clean(&with_slashes(path))),
        };
        let outside = |path: &Path| Error::Io {
            path: path.to_owned(),
            reason: "it lies outside of the repository".to_owned(),
        };
        let context = match &repository.root {
            None if !is_in_tree => String::new(),
            _ => inside(folder).ok_or_else(|| outside(folder))?,
        };
        let context = if context == "." { String::new() } else { context };
        let dockerfile = match &args.file {
            Some(file) => inside(file).ok_or_else(|| outside(file))?,
            None => default_file(&repository, &context, args.branch.as_deref())?,
        };
        Ok(Self { repository, dockerfile, context })
    }
}

/// The Dockerfile in the context at the newest commit.
fn default_file(
    repository: &Repository,
    context: &str,
    branch: Option<&str>,
) -> Result<String, Error> {
    let start = repository.resolve(branch.unwrap_or("HEAD")).map_err(Error::Usage)?;
    let commits = crate::cache::git::first_parents(repository, start, 1, None);
    let (commits, _) = commits.map_err(|it| Error::Usage(it.0))?;
    let below =
        |name: &str| if context.is_empty() { name.to_owned() } else { format!("{context}/{name}") };
    for commit in &commits {
        for name in NAMES {
            let found = find(repository, commit.tree, &below(name)).ok().flatten();
            if found.is_some_and(|it| it.kind != Kind::Folder) {
                return Ok(below(name));
            }
        }
    }
    // It may have been there before.
    Ok(below(NAMES[0]))
}

/// A path from the root of a repository, if it is in it.
pub(in crate::cli) fn in_repository(root: &Path, path: &Path) -> Option<String> {
    let full = std::path::absolute(path).ok()?;
    // What is above the name may be reached by links; the file itself may be gone.
    let full = match full.canonicalize() {
        Ok(full) if full.is_dir() => full,
        _ => {
            let folder = full.parent()?;
            let folder = folder
                .canonicalize()
                .unwrap_or_else(|_| PathBuf::from(clean(&with_slashes(folder))));
            folder.join(full.file_name()?)
        }
    };
    let inside = full.strip_prefix(root).ok()?;
    Some(clean(&with_slashes(inside)))
}
