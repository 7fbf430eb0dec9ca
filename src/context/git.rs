//! What git keeps about a work tree: where, and which files it tracks.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::side_file::{Finder, Refusal, read_big_file, read_side_file};

/// The folder with what git knows of the work tree with that root: `.git`, or what a file of that name in a worktree or a
/// submodule says.
pub fn folder(root: &Path) -> Option<PathBuf> {
    let place = root.join(".git");
    if place.is_dir() {
        return Some(place);
    }
    let text = read_side_file(&place, Finder::Search).ok()?;
    let text = String::from_utf8_lossy(&text);
    let path = text.strip_prefix("gitdir:")?.lines().next()?.trim();
    (!path.is_empty()).then(|| root.join(path))
}

/// The folder that all worktrees of a repository share.
pub fn common_folder(folder: &Path) -> PathBuf {
    let text = read_side_file(&folder.join("commondir"), Finder::Search);
    let text = text.map(|it| String::from_utf8_lossy(&it).trim().to_owned()).unwrap_or_default();
    if text.is_empty() { folder.to_owned() } else { folder.join(text) }
}

/// The files of a work tree that git tracks, as far as somebody asks for them.
#[derive(Debug, Default)]
pub struct Tracked {
    files: HashSet<Vec<u8>>,
    /// The folders above them, and the roots of submodules.
    folders: HashSet<Vec<u8>>,
}

/// An index is a file, and it is not one of git's, or of a version that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// What begins an index.
const SIGNATURE: &[u8] = b"DIRC";

/// The sizes of the digests that git uses: of SHA-1 and SHA-256.
const DIGESTS: [usize; 2] = [20, 32];

/// The type of an entry that is a submodule, in its mode.
const SUBMODULE: u32 = 0o160_000;

/// The type of an entry that stands for a folder, in a sparse index.
const FOLDER: u32 = 0o040_000;

const TYPE: u32 = 0o170_000;

impl Tracked {
    /// Reads the index of the work tree with that root; `keep` says of a name whether anybody will ask for such files. None
    /// is tracked where there is no index.
    pub fn read(root: &Path, keep: impl Fn(&[u8]) -> bool) -> Result<Self, Unreadable> {
        let mut tracked = Self::default();
        let Some(git) = folder(root) else { return Ok(tracked) };
        let bytes = match read_big_file(&git.join("index"), Finder::Person) {
            Ok(bytes) => bytes,
            Err(Refusal::Missing) => return Ok(tracked),
            Err(_) => return Err(Unreadable),
        };
        if let Some(shared) = tracked.add(&bytes, &keep)? {
            let name = shared.iter().map(|it| format!("{it:02x}")).collect::<String>();
            let place = git.join(format!("sharedindex.{name}"));
            let bytes = read_big_file(&place, Finder::Person).map_err(|_| Unreadable)?;
            tracked.add(&bytes, &keep)?;
        }
        Ok(tracked)
    }

    /// Whether a file is tracked, by its path from the root.
    pub fn has(&self, path: &Path) -> bool {
        self.files.contains(&*bytes_of(path))
    }

    /// Whether something below a folder is tracked that somebody may ask for.
    pub fn has_below(&self, path: &Path) -> bool {
        self.folders.contains(&*bytes_of(path))
    }

    /// Adds the entries of an index. Gives the digest in the name of the file that has the other entries, if there is one.
    fn add<'b>(
        &mut self,
        bytes: &'b [u8],
        keep: &impl Fn(&[u8]) -> bool,
    ) -> Result<Option<&'b [u8]>, Unreadable> {
        let digest = DIGESTS.into_iter().find_map(|digest| {
            let end = entries(bytes, digest, |_, _| {})?;
            Some((digest, link(bytes, digest, end)?))
        });
        let (digest, link) = digest.ok_or(Unreadable)?;
        entries(bytes, digest, |path, mode| {
            let name = path.rsplit(|it| *it == b'/').next().unwrap_or(path);
            match mode & TYPE {
                SUBMODULE | FOLDER => self.add_folders(path.strip_suffix(b"/").unwrap_or(path)),
                _ if keep(name) => {
                    if let Some(at) = path.iter().rposition(|it| *it == b'/') {
                        self.add_folders(&path[..at]);
                    }
                    self.files.insert(path.to_owned());
                }
                _ => {}
            }
        });
        Ok(link)
    }

    /// Adds a folder and those above it.
    fn add_folders(&mut self, mut folder: &[u8]) {
        while !self.folders.contains(folder) {
            self.folders.insert(folder.to_owned());
            let Some(at) = folder.iter().rposition(|it| *it == b'/') else { return };
            folder = &folder[..at];
        }
    }
}

#[cfg(unix)]
fn bytes_of(path: &Path) -> std::borrow::Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt;
    std::borrow::Cow::Borrowed(path.as_os_str().as_bytes())
}

#[cfg(not(unix))]
fn bytes_of(path: &Path) -> std::borrow::Cow<'_, [u8]> {
    std::borrow::Cow::Owned(super::folders::with_slashes(path).into_bytes())
}

/// Big-endian, as all numbers in an index.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// Calls `each` with the path and the mode of every entry; gives the place after the last one. None where it is not an index
/// with digests of that size.
/// Source: <https://git-scm.com/docs/index-format>.
fn entries(bytes: &[u8], digest: usize, mut each: impl FnMut(&[u8], u32)) -> Option<usize> {
    if bytes.get(..4)? != SIGNATURE {
        return None;
    }
    let version = number(bytes, 4)?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let mut at = 12;
    let mut path = Vec::new();
    for _ in 0..number(bytes, 8)? {
        let start = at;
        let mode = number(bytes, start + 24)?;
        at += 40 + digest;
        let flags = number(bytes, at)? >> 16;
        at += if version >= 3 && flags & 0x4000 != 0 { 4 } else { 2 };
        if version == 4 {
            let mut strip = 0_usize;
            loop {
                let byte = *bytes.get(at)?;
                at += 1;
                strip = strip.checked_mul(128)?.checked_add(usize::from(byte & 127))?;
                if byte & 128 == 0 {
                    break;
                }
                strip = strip.checked_add(1)?;
            }
            path.truncate(path.len().checked_sub(strip)?);
        } else {
            path.clear();
        }
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|it| *it == 0)?;
        path.extend_from_slice(&rest[..length]);
        let stated = (flags & 0xFFF) as usize;
        // In a split index, an entry that takes the place of another has no name.
        if stated < 0xFFF && stated != path.len() {
            return None;
        }
        at += length + 1;
        if version < 4 {
            // Entries are filled up with zeros to a multiple of eight.
            at = start + (at - start).next_multiple_of(8);
        }
        each(&path, mode);
    }
    Some(at)
}

/// The digest in the extension that names another index, if there is one. None where what follows the entries is not a list
/// of extensions.
fn link(bytes: &[u8], digest: usize, mut at: usize) -> Option<Option<&[u8]>> {
    let end = bytes.len().checked_sub(digest)?;
    let mut link = None;
    while at < end {
        let size = usize::try_from(number(bytes, at + 4)?).ok()?;
        let content = bytes.get(at + 8..(at + 8).checked_add(size)?)?;
        if bytes.get(at..at + 4)? == b"link" {
            link = content.get(..digest).filter(|it| it.iter().any(|it| *it != 0));
        }
        at += 8 + size;
    }
    (at == end).then_some(link)
}

#[cfg(test)]
mod tests;
