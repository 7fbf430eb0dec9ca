//! Paths of configuration files, as they are compared and shown, and what is in them.

use std::path::{Path, PathBuf};

use crate::context::{Finder, Refusal, read_side_file};
use crate::error::Error;

/// Reads a configuration file.
pub(super) fn read(path: &Path, finder: Finder) -> Result<Vec<u8>, Error> {
    read_side_file(path, finder).map_err(|refusal| match refusal {
        Refusal::Failed(error) => Error::io(&shown(path), &error),
        other => Error::Io { path: shown(path), reason: other.reason() },
    })
}

/// A path as people want to read it: from the working directory, if it is below.
pub(super) fn shown(path: &Path) -> PathBuf {
    let below = |folder: PathBuf| path.strip_prefix(folder).ok().map(Path::to_owned);
    let folder = std::env::current_dir();
    folder.ok().map(|it| it.canonicalize().unwrap_or(it)).and_then(below).unwrap_or(path.to_owned())
}

/// The path of a folder without links and `..`, or at least from the root if it does not exist.
pub fn without_links(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let absolute = || std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    folder.canonicalize().unwrap_or_else(|_| absolute())
}
