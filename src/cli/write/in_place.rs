//! Writing over the bytes of a file that has to stay the same file: it has other names, or attributes that no new file can
//! get.
//!
//! The old bytes are written to a file next to it first. Then the new ones go into the file, those beyond its old end before
//! the others, so that a disk that is full leaves it as it was. A signal waits until that is done. Whatever else ends the
//! program in between, the bytes are in one of the two.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::pending::{Beside, hold};

/// Writes `after` over `before`, which are all bytes that the file has.
pub(super) fn write(target: &Path, file: &File, before: &[u8], after: &[u8]) -> io::Result<()> {
    let mut backup = Beside::new(target)?;
    backup.write_all(before)?;
    backup.file().sync_all()?;
    let mut hold = hold();
    let Err(error) = overwrite(file, before.len(), after) else {
        backup.remove(&mut hold);
        return Ok(());
    };
    if restore(file, before).is_ok() {
        backup.remove(&mut hold);
        return Err(error);
    }
    let place = backup.leave(&mut hold);
    let place = place.map_or_else(String::new, |it| {
        let name = it.file_name().unwrap_or_default().to_string_lossy();
        format!("; its old content is in {name} next to it")
    });
    Err(io::Error::other(format!("{error}{place}")))
}

fn overwrite(mut file: &File, old: usize, after: &[u8]) -> io::Result<()> {
    let (head, tail) = after.split_at(old.min(after.len()));
    if !tail.is_empty() {
        file.seek(SeekFrom::Start(old as u64))?;
        file.write_all(tail)?;
        file.sync_data()?;
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(head)?;
    file.set_len(after.len() as u64)?;
    file.sync_all()
}

fn restore(mut file: &File, before: &[u8]) -> io::Result<()> {
    file.set_len(before.len() as u64)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(before)?;
    file.sync_all()
}
