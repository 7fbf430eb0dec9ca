//! What a stage holds while its layers are made.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::image::{Kind, split};

/// A file, directory or link of a stage.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) mode: u32,
    pub(super) uid: u64,
    pub(super) gid: u64,
    /// Seconds since 1970.
    pub(super) mtime: i64,
    pub(super) size: u64,
    pub(super) body: Body,
    /// The target of a symbolic link.
    pub(super) link: Option<Box<[u8]>>,
    /// What names of one file have in common: a number for each file.
    pub(super) file: Option<u64>,
}

/// Where the content of a file is.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// There is none.
    None,
    /// In a file of the context.
    Disk(PathBuf),
    /// Here.
    Bytes(Arc<[u8]>),
    /// In an open file, from that byte on.
    Slice(Arc<File>, u64),
    /// In the base image, where it was only read in passing.
    Base,
}

/// The paths of a stage, without a slash at either end.
pub(super) type Nodes = BTreeMap<Vec<u8>, Node>;

impl Node {
    /// A directory as the builder makes it.
    pub(super) fn directory(owner: (u64, u64), mtime: i64) -> Self {
        let (uid, gid) = owner;
        Self {
            kind: Kind::Directory,
            mode: 0o755,
            uid,
            gid,
            mtime,
            size: 0,
            body: Body::None,
            link: None,
            file: None,
        }
    }

    /// A file with that text.
    pub(super) fn text(text: Arc<[u8]>, owner: (u64, u64), mtime: i64) -> Self {
        let size = text.len() as u64;
        let kind = Kind::File;
        Self { kind, mode: 0o644, size, body: Body::Bytes(text), ..Self::directory(owner, mtime) }
    }

    /// What is at a path of the context. Owners of the context are not copied.
    pub(super) fn of_disk(path: &Path, owner: (u64, u64)) -> io::Result<Self> {
        let metadata = path.symlink_metadata()?;
        let (mode, mtime, file) = facts(&metadata);
        let kind = match metadata.file_type() {
            it if it.is_dir() => Kind::Directory,
            it if it.is_symlink() => Kind::Symlink,
            it if it.is_file() => Kind::File,
            _ => Kind::Special,
        };
        let mut node = Self { kind, mode, ..Self::directory(owner, mtime) };
        match kind {
            Kind::File => {
                node.size = metadata.len();
                node.body = Body::Disk(path.to_owned());
                node.file = file;
            }
            Kind::Symlink => {
                let target = std::fs::read_link(path)?;
                node.link = Some(target.as_os_str().as_encoded_bytes().into());
                node.mode = 0o777;
            }
            _ => {}
        }
        Ok(node)
    }
}

/// Permission bits, time of change, and the number of the file where it has several names.
#[cfg(unix)]
fn facts(metadata: &Metadata) -> (u32, i64, Option<u64>) {
    use std::os::unix::fs::MetadataExt;
    let shared = metadata.nlink() > 1;
    (metadata.mode() & 0o7777, metadata.mtime(), shared.then(|| metadata.ino()))
}

/// Docker gives everything that comes from Windows these bits.
#[cfg(not(unix))]
fn facts(metadata: &Metadata) -> (u32, i64, Option<u64>) {
    let since =
        metadata.modified().ok().and_then(|it| it.duration_since(std::time::UNIX_EPOCH).ok());
    (0o755, since.map_or(0, |it| it.as_secs().cast_signed()), None)
}

/// The path that links on the way lead to, from the root; at most forty of them, as Linux follows.
pub(super) fn follow(nodes: &Nodes, path: &[u8]) -> Vec<u8> {
    let mut open: Vec<Vec<u8>> = path.split(|it| *it == b'/').rev().map(<[u8]>::to_vec).collect();
    let mut done: Vec<u8> = Vec::new();
    let mut links = 0;
    while let Some(part) = open.pop() {
        match part.as_slice() {
            b"" | b"." => continue,
            b".." => {
                done.truncate(split(&done).0.len());
                continue;
            }
            _ => {}
        }
        let next = join(&done, &part);
        let target =
            nodes.get(&next).filter(|it| it.kind == Kind::Symlink).and_then(|it| it.link.as_ref());
        match target {
            Some(target) if links < 40 => {
                links += 1;
                if target.starts_with(b"/") {
                    done.clear();
                }
                open.extend(target.split(|it| *it == b'/').rev().map(<[u8]>::to_vec));
            }
            _ => done = next,
        }
    }
    done
}

/// A path and a name in it.
pub(super) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, name].join(&b'/') }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Node, Nodes, follow};

    fn link(target: &str) -> Node {
        let link = Some(target.as_bytes().to_vec().into());
        Node { kind: Kind::Symlink, link, ..Node::directory((0, 0), 0) }
    }

    fn end(links: &[(&str, &str)], path: &str) -> String {
        let nodes: Nodes = links.iter().map(|it| (it.0.as_bytes().to_vec(), link(it.1))).collect();
        String::from_utf8_lossy(&follow(&nodes, path.as_bytes())).into_owned()
    }

    #[test]
    fn links_on_the_way_are_followed() {
        let links = [("lib", "usr/lib"), ("a/up", "../b"), ("a/root", "/c"), ("loop", "loop")];
        for (path, expected) in [
            ("lib/x", "usr/lib/x"),
            ("lib", "usr/lib"),
            ("a/up/x", "b/x"),
            ("a/root/./x", "c/x"),
            ("a/../lib/..", "usr"),
            ("../../x", "x"),
            ("libs/x", "libs/x"),
            ("loop/x", "loop/x"),
        ] {
            assert_eq!(end(&links, path), expected, "{path}");
        }
    }

    #[test]
    fn forty_links_are_followed() {
        let names: Vec<(String, String)> =
            (0..41).map(|it| (it.to_string(), (it + 1).to_string())).collect();
        let links: Vec<(&str, &str)> = names.iter().map(|it| (&*it.0, &*it.1)).collect();
        assert_eq!((&*end(&links, "1"), &*end(&links, "0")), ("41", "40"));
    }
}
