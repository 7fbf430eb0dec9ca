//! Files that are written whole or not at all.

mod attributes;
mod in_place;
mod pending;
mod user_file;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
#[cfg(feature = "cache")]
pub(super) use attributes::extended;
use pending::Beside;
pub(super) use user_file::rewrite;

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

/// A file that is written under another name next to the one that it takes the place of, so that nobody ever sees half
/// of it. A link is followed; the permissions stay. If it is not finished, nothing is left of it, not even after a
/// signal.
pub(super) struct Replacement(Kind);

enum Kind {
    /// What is moved where at the end.
    Beside { file: Option<BufWriter<Beside>>, target: PathBuf },
    /// What is not a file, such as a terminal.
    Stream(BufWriter<File>),
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
            return Ok(Self(Kind::Stream(BufWriter::new(file))));
        }
        let beside = match before {
            Some(before) => {
                let beside = Beside::new(&target)?;
                attributes::adopt(&before, beside.file());
                beside
            }
            None => Beside::for_all(&target)?,
        };
        Ok(Self(Kind::Beside { file: Some(BufWriter::new(beside)), target }))
    }

    /// Moves it to its place.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Stream(file) => file.flush(),
            Kind::Beside { file, target } => {
                let Some(file) = file.take() else { return Ok(()) };
                let beside = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                beside.file().sync_all()?;
                beside.replace(target).map_err(|(error, _)| error)
            }
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Stream(file) => file.write(bytes),
            Kind::Beside { file: Some(file), .. } => file.write(bytes),
            Kind::Beside { file: None, .. } => Err(io::Error::other("it is finished")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Stream(file) => file.flush(),
            Kind::Beside { file, .. } => file.as_mut().map_or(Ok(()), Write::flush),
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
