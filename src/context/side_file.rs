//! The one way to read a file next to a Dockerfile: configuration, ignore files, manifests, scripts.
//!
//! Whoever wrote the Dockerfile wrote these files too. So only regular files are read, up to a bound, and where the file was
//! found and not named, no link out of the project is followed.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::border::{Way, follow_from};

/// The most bytes of a file that people write by hand.
const MOST_BYTES: u64 = 1 << 20;

/// How a file came to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Finder {
    /// It has a name that is looked for.
    #[default]
    Search,
    /// The same, and a person allowed that it is anywhere.
    Anywhere,
    /// A person named it: it may be a link to anywhere, or a pipe below `/dev`.
    Person,
}

/// Why a file is not read.
#[derive(Debug)]
pub enum Refusal {
    /// There is none, or a folder in its place.
    Missing,
    /// It is a pipe, a device or a socket.
    NoFile,
    /// It is a link out of the project.
    Outside,
    /// It is larger than the bound, in MB.
    Large(u64),
    /// The system says so.
    Failed(io::Error),
}

impl Refusal {
    /// What is reported about the file.
    pub fn reason(&self) -> String {
        match self {
            Self::Missing => "no such file or folder".to_owned(),
            Self::NoFile => "not a regular file".to_owned(),
            Self::Outside => "a link out of the project, not read".to_owned(),
            Self::Large(most) => format!("larger than the limit of {most} MB"),
            Self::Failed(error) => error.to_string(),
        }
    }
}

/// The bytes of a file of at most 1 MB.
pub fn read_side_file(path: &Path, finder: Finder) -> Result<Vec<u8>, Refusal> {
    read_up_to(path, finder, MOST_BYTES)
}

/// The bytes of a file that a program wrote: of at most 64 MB.
pub fn read_written_file(path: &Path, finder: Finder) -> Result<Vec<u8>, Refusal> {
    read_up_to(path, finder, MOST_BYTES << 6)
}

/// The bytes of a file of git: of at most 256 MB.
pub(super) fn read_big_file(path: &Path, finder: Finder) -> Result<Vec<u8>, Refusal> {
    read_up_to(path, finder, MOST_BYTES << 8)
}

fn read_up_to(path: &Path, finder: Finder, most: u64) -> Result<Vec<u8>, Refusal> {
    let file = open_side_file(path, finder)?;
    let large = || Refusal::Large(most >> 20);
    if file.metadata().is_ok_and(|it| it.len() > most) {
        return Err(large());
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(Refusal::Failed)?;
    if bytes.len() as u64 > most { Err(large()) } else { Ok(bytes) }
}

/// The text of a file that the check of a context needs; none if there is no file.
pub(super) fn read_text(path: &Path, finder: Finder) -> Result<Option<String>, &'static str> {
    match read_side_file(path, finder) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(Refusal::Missing) if path.is_symlink() => {
            Err("is a broken link: the build context was not checked")
        }
        Err(Refusal::Missing) => Ok(None),
        Err(Refusal::NoFile) => Err("is not a regular file: the build context was not checked"),
        Err(Refusal::Outside) => {
            Err("is a link out of the project, not read: the build context was not checked")
        }
        Err(Refusal::Large(_)) => Err("is larger than 1 MB: the build context was not checked"),
        Err(Refusal::Failed(_)) => Err("cannot be read: the build context was not checked"),
    }
}

/// Opens a file, if it is one that may be read.
pub(super) fn open_side_file(path: &Path, finder: Finder) -> Result<File, Refusal> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Refusal::Missing,
        _ => Refusal::Failed(error),
    };
    path.symlink_metadata().map_err(failed)?;
    if finder == Finder::Search && follow_from(path, None, path) == Way::Outside {
        return Err(Refusal::Outside);
    }
    let target = path.metadata().map_err(failed)?;
    if target.is_dir() {
        return Err(Refusal::Missing);
    }
    // Opening a pipe would wait for its writer; `--config <(…)` has one.
    let is_given = finder == Finder::Person && path.starts_with("/dev/fd");
    if !target.is_file() && !is_given {
        return Err(Refusal::NoFile);
    }
    File::open(path).map_err(failed)
}
