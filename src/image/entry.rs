//! What a layer holds: files, links, directories, devices, and marks that something below is gone.

use tar::EntryType;

use super::digest::Digest;
use super::fault::{Fault, Result};
use super::tar_stream::Member;
use crate::context::SecretKind;

/// One entry of a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path from the root, without a slash at either end; empty for the root itself. Of a whiteout, what it removes;
    /// of an opaque mark, the directory whose lower content it hides.
    pub path: Box<[u8]>,
    /// What it is.
    pub kind: Kind,
    /// Permission bits with set-user-ID, set-group-ID and sticky.
    pub mode: u32,
    /// The owner.
    pub uid: u64,
    /// The owning group.
    pub gid: u64,
    /// When it was changed, in seconds since 1970.
    pub mtime: i64,
    /// The bytes of a file's content; 0 for all else.
    pub size: u64,
    /// Where its first header starts in the tar, in bytes.
    pub start: u64,
    /// The bytes it takes in the tar: headers, content, padding.
    pub tar_bytes: u64,
    /// The content of a file; the extended attributes count as metadata.
    pub digest: Option<Digest>,
    /// The target of a symbolic link, as written; of a hard link, the cleaned path of the other name.
    pub link: Option<Box<[u8]>>,
    /// A digest of the extended attributes; none if there are none.
    pub xattrs: Option<Box<Digest>>,
    /// What its content shows, if that is something: few files have any of it.
    pub seen: Option<Box<Seen>>,
}

impl Entry {
    /// What its content shows.
    pub fn seen(&self) -> Seen {
        self.seen.as_deref().copied().unwrap_or_default()
    }
}

/// What the content of a file shows while it passes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// The bytes of its blocks of 4 KiB that are all zeros: holes, when it was written.
    pub zeros: u64,
    /// The bytes of an ELF file that `strip` would remove: debug information and symbols.
    pub debug: u64,
    /// The kind of secret that it holds.
    pub secret: Option<SecretKind>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// Another name of a file in the same layer.
    HardLink,
    /// A symbolic link.
    Symlink,
    /// A directory.
    Directory,
    /// A device, with its numbers, or a named pipe.
    Special,
    /// A mark that a path of the layers below is gone.
    Whiteout,
    /// A mark that all that the layers below have in a directory is gone.
    Opaque,
}

impl Kind {
    /// Whether it marks a removal, and is nothing in the file system.
    pub fn is_removal(self) -> bool {
        matches!(self, Self::Whiteout | Self::Opaque)
    }
}

/// The marks of removals.
/// Source: <https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts>.
const WHITEOUT: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";
/// What AUFS kept for itself.
const AUFS: &[u8] = b".wh..wh.";

/// What lazily pulled layers carry for their readers: not files of the image.
/// Source: <https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md>.
const ASIDE: &[&[u8]] = &[b"stargz.index.json", b".prefetch.landmark", b".no.prefetch.landmark"];

/// Overlayfs marks an opaque directory so on disk.
/// Source: <https://docs.kernel.org/filesystems/overlayfs.html>.
const OPAQUE_XATTRS: &[&str] = &["trusted.overlay.opaque", "user.overlay.opaque"];

/// A path without `.`, doubled slashes and slashes at its ends; an error if it leads out of the root.
pub fn clean(path: &[u8]) -> Result<Box<[u8]>> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop().ok_or_else(|| Fault::at(path, "leads out of the image with `..`"))?;
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join(&b'/').into_boxed_slice())
}

/// The directory and the last name of a cleaned path.
pub fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (b"", path),
    }
}

/// What a member of a layer is; none if it is not of the file system. Size, tar bytes and digest are still to be filled
/// in.
pub(super) fn of_member(member: &Member) -> Result<Option<Entry>> {
    if member.path.contains(&0) {
        return Err(Fault::at(&member.path, "has a NUL byte in its path"));
    }
    let mut path = clean(&member.path)?;
    if ASIDE.contains(&&*path) {
        return Ok(None);
    }
    let mut kind = kind_of(member)?;
    match whiteout(&path, &member.path)? {
        Some(Aside::Opaque(folder)) => (kind, path) = (Kind::Opaque, folder),
        Some(Aside::Removed(removed)) => (kind, path) = (Kind::Whiteout, removed),
        Some(Aside::Other) => return Ok(None),
        None => {}
    }
    let link = link_of(member, kind)?;
    Ok(Some(Entry {
        path,
        kind,
        mode: member.mode,
        uid: member.uid,
        gid: member.gid,
        mtime: member.mtime,
        size: if kind == Kind::File { member.size } else { 0 },
        start: member.start,
        tar_bytes: 0,
        digest: None,
        link,
        xattrs: xattrs(member),
        seen: None,
    }))
}

fn kind_of(member: &Member) -> Result<Kind> {
    Ok(match member.kind {
        EntryType::Link => Kind::HardLink,
        EntryType::Symlink => Kind::Symlink,
        EntryType::Directory => Kind::Directory,
        EntryType::Char if member.device == (0, 0) => Kind::Whiteout,
        EntryType::Char | EntryType::Block | EntryType::Fifo => Kind::Special,
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            // Old archives end the path of a directory in a slash.
            if member.path.ends_with(b"/") { Kind::Directory } else { Kind::File }
        }
        other => {
            let letter = char::from(other.as_byte());
            return Err(Fault::at(&member.path, format!("has the unknown type `{letter}`")));
        }
    })
}

/// What a name that starts like a whiteout says.
enum Aside {
    /// Nothing that is below is left in this folder.
    Opaque(Box<[u8]>),
    /// This path is removed.
    Removed(Box<[u8]>),
    /// Something of AUFS itself.
    Other,
}

/// Reads the name of a whiteout; none if it is none.
fn whiteout(path: &[u8], written: &[u8]) -> Result<Option<Aside>> {
    let (folder, name) = split(path);
    let Some(removed) = name.strip_prefix(WHITEOUT) else { return Ok(None) };
    if name == OPAQUE {
        return Ok(Some(Aside::Opaque(folder.into())));
    }
    if name.starts_with(AUFS) {
        return Ok(Some(Aside::Other));
    }
    if removed.is_empty() || removed == b"." || removed == b".." {
        return Err(Fault::at(written, "is a whiteout of nothing"));
    }
    Ok(Some(Aside::Removed(match folder.is_empty() {
        true => removed.into(),
        false => [folder, removed].join(&b'/').into(),
    })))
}

/// Where a link leads, or the numbers of a device.
fn link_of(member: &Member, kind: Kind) -> Result<Option<Box<[u8]>>> {
    Ok(match (kind, &member.link) {
        (Kind::HardLink, Some(link)) => Some(clean(link)?),
        (Kind::HardLink, None) => return Err(Fault::at(&member.path, "is a hard link to nothing")),
        (Kind::Symlink, Some(link)) => Some(link.clone().into()),
        (Kind::Special, _) => {
            let letter = char::from(member.kind.as_byte());
            Some(format!("{letter} {} {}", member.device.0, member.device.1).into_bytes().into())
        }
        _ => None,
    })
}

/// Whether a member marks its directory as opaque the way overlayfs does on disk.
pub(super) fn is_opaque_on_disk(member: &Member) -> bool {
    let marks =
        |(name, value): &(String, Vec<u8>)| OPAQUE_XATTRS.contains(&name.as_str()) && value == b"y";
    member.kind == EntryType::Directory && member.xattrs.iter().any(marks)
}

fn xattrs(member: &Member) -> Option<Box<Digest>> {
    let mut sorted: Vec<_> =
        member.xattrs.iter().filter(|(name, _)| !OPAQUE_XATTRS.contains(&name.as_str())).collect();
    sorted.sort();
    if sorted.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    for (name, value) in sorted {
        bytes.extend_from_slice(&(name.len() as u64).to_be_bytes());
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(&(value.len() as u64).to_be_bytes());
        bytes.extend_from_slice(value);
    }
    Some(Box::new(Digest::of(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::{clean, split};

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in
            [("./a//b/", "a/b"), ("/etc/./x", "etc/x"), ("a/../b", "b"), ("./", ""), ("..a", "..a")]
        {
            assert_eq!(&*clean(path.as_bytes()).unwrap_or_default(), expected.as_bytes(), "{path}");
        }
        assert!(clean(b"a/../../etc/passwd").is_err());
        assert_eq!(split(b"a/b/c"), (&b"a/b"[..], &b"c"[..]));
        assert_eq!(split(b"c"), (&b""[..], &b"c"[..]));
    }
}
