//! Files of a person that get other text: they stay what they are in all else, and nothing is written over what somebody
//! else wrote in the meantime.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::pending::Beside;
use super::{attributes, in_place};
use crate::error::Error;

/// How long another run is waited for that is writing the same file.
const PATIENCE: Duration = Duration::from_secs(5);

/// Writes `after` into a file that held `before` when it was read; the target of a link, not the link.
///
/// It is done by a new file that takes the place of the old one at once, with the owner, the mode and the extended attributes
/// of the old one. Where that would lose something, since the file has other names or attributes that cannot be copied, or
/// is mounted, its bytes are overwritten instead.
pub(in crate::cli) fn rewrite(path: &Path, before: &[u8], after: &[u8]) -> Result<(), Error> {
    try_to(path, before, after).map_err(|error| Error::io(path, &error))
}

fn try_to(path: &Path, before: &[u8], after: &[u8]) -> io::Result<()> {
    // `/dev/fd/63` has no path of its own.
    if fs::metadata(path).is_ok_and(|it| !it.is_file()) {
        return Err(io::Error::other("not a regular file"));
    }
    let target = fs::canonicalize(path)?;
    let mut file = open(&target)?;
    let now = content(&mut file)?;
    if now == after {
        // Another run did the same.
        return Ok(());
    }
    if now != before {
        return Err(io::Error::other("changed since it was read; not overwritten"));
    }
    if names_of(&file)? == 1 && by_a_new_file(&target, &file, after)? {
        return Ok(());
    }
    in_place::write(&target, &file, before, after).map_err(|error| beside(&error))
}

/// Opens a file for reading and writing, and keeps other runs from writing it until it is closed.
fn open(target: &Path) -> io::Result<File> {
    let start = Instant::now();
    loop {
        let before = fs::symlink_metadata(target)?;
        if !before.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        if before.permissions().readonly() {
            return Err(io::Error::other("read-only; not changed"));
        }
        let file = options().read(true).write(true).open(target)?;
        let is_ours = match file.try_lock() {
            // Not every file system knows locks.
            Ok(()) | Err(TryLockError::Error(_)) => true,
            Err(TryLockError::WouldBlock) => false,
        };
        // Whoever had the lock may have put another file in its place.
        if is_ours && is_same(&file.metadata()?, &fs::symlink_metadata(target)?) {
            return Ok(file);
        }
        if start.elapsed() > PATIENCE {
            return Err(io::Error::other("locked by another program; not changed"));
        }
        if !is_ours {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// What was not a link and no pipe a moment ago is not opened if it is one now.
#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn is_same(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn is_same(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    true
}

/// How many names a file has.
#[cfg(unix)]
fn names_of(file: &File) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.nlink())
}

#[cfg(not(unix))]
fn names_of(_: &File) -> io::Result<u64> {
    Ok(1)
}

fn content(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Puts a new file in the place of an old one; says whether it would be the same in all but its bytes, and nothing is done
/// if not.
fn by_a_new_file(target: &Path, old: &File, bytes: &[u8]) -> io::Result<bool> {
    let mut new = Beside::new(target).map_err(|error| beside(&error))?;
    if !attributes::make_alike(old, new.file())? {
        return Ok(false);
    }
    let written = new.write_all(bytes).and_then(|()| new.file().sync_all());
    written.map_err(|error| beside(&error))?;
    match new.replace(target) {
        Ok(()) => Ok(true),
        // A file that is mounted cannot be replaced, nor one of somebody else in a folder such as /tmp.
        Err((error, _)) if is_bound(&error) => Ok(false),
        Err((error, _)) => Err(error),
    }
}

fn is_bound(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ResourceBusy | ErrorKind::CrossesDevices | ErrorKind::PermissionDenied
    )
}

/// What kept us from making a file next to another.
fn beside(error: &io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            io::Error::other("cannot create a file in its folder: permission denied")
        }
        ErrorKind::ReadOnlyFilesystem => io::Error::other("the file system is read-only"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            io::Error::other("no space left on the disk; not changed")
        }
        _ => io::Error::new(error.kind(), error.to_string()),
    }
}
