//! Files that are written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Puts bytes in place of a file, or makes it; what was there stays where something goes wrong.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut replacement = Replacement::new(path).map_err(|error| Error::io(path, &error))?;
    let result = replacement.write_all(bytes).and_then(|()| replacement.finish());
    result.map_err(|error| Error::io(path, &error))
}

/// Whether a file could be put there, without doing it.
pub(super) fn try_replace(path: &Path) -> Result<(), Error> {
    Replacement::new(path).map(drop).map_err(|error| Error::io(path, &error))
}

/// A file that is written under another name beside the one that it takes the place of, so that nobody ever sees half
/// of it. A link is followed; the permissions stay. If it is not finished, nothing is left of it.
pub(super) struct Replacement {
    file: BufWriter<File>,
    /// What is moved where at the end; none for what is no file, such as a terminal.
    names: Option<(PathBuf, PathBuf)>,
}

impl Replacement {
    /// Starts one.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let before = fs::metadata(&target).ok();
        if before.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
        }
        if before.as_ref().is_some_and(|it| !it.is_file()) {
            let file = OpenOptions::new().write(true).open(&target)?;
            return Ok(Self { file: BufWriter::new(file), names: None });
        }
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let beside = target.with_file_name(format!(".{name}.layerwise-{}", std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        let replacement = Self { file: BufWriter::new(file), names: Some((beside, target)) };
        if let Some(before) = before {
            replacement.file.get_ref().set_permissions(before.permissions())?;
        }
        Ok(replacement)
    }

    /// Moves it to its place.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.file.flush()?;
        if let Some((beside, target)) = &self.names {
            self.file.get_ref().sync_all()?;
            fs::rename(beside, target)?;
            self.names = None;
        }
        Ok(())
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if let Some((beside, _)) = &self.names {
            let _ = fs::remove_file(beside);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Dockerfile");
        replace(&path, b"a").unwrap();
        replace(&path, b"b").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"b");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace(&folder.path().join("no/such"), b"c").is_err());
        assert!(replace(folder.path(), b"c").is_err());
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut replacement = Replacement::new(&folder.path().join("report")).unwrap();
        replacement.write_all(b"half").unwrap();
        drop(replacement);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "a").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        replace(&link, b"c").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"c");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
