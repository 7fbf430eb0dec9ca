//! What COPY, ADD and WORKDIR put where.
//!
//! Measured with BuildKit, Docker's classic builder and buildah, which agree but where `docs/measure.md` says so.

use std::collections::btree_map::Entry;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::node::{Body, Node, Nodes, follow, join};
use super::{ABOVE, No};
use crate::context::{EntryKind, IgnoreFile, Tree};
use crate::image::{Codec, Forward, Kind, Members, clean, split};

/// What is copied: a tree whose root has the empty path, or a file alone.
#[derive(Debug)]
pub(super) struct Item {
    /// The name that it has in a directory.
    pub(super) name: Vec<u8>,
    /// Its paths; a file has the empty one.
    pub(super) nodes: Nodes,
    /// Whether it is a directory, whose content is copied and not itself.
    pub(super) is_directory: bool,
    /// Whether it was an archive that is unpacked: its owners and modes stay.
    pub(super) is_unpacked: bool,
}

/// Where it goes.
#[derive(Debug)]
pub(super) struct Target {
    /// From the root, without slashes at its ends.
    pub(super) path: Vec<u8>,
    /// Whether it is written as a directory.
    pub(super) is_directory: bool,
    /// The owner of what is made.
    pub(super) owner: (u64, u64),
    /// The mode that all files and directories get.
    pub(super) mode: Option<u32>,
    /// The time of directories that are made.
    pub(super) now: i64,
}

/// What an instruction makes of a stage.
#[derive(Debug)]
pub(super) struct Changes<'s> {
    pub(super) stage: &'s mut Nodes,
    /// What the layer holds.
    pub(super) layer: Nodes,
}

impl<'s> Changes<'s> {
    pub(super) fn new(stage: &'s mut Nodes) -> Self {
        Self { stage, layer: Nodes::new() }
    }

    fn put(&mut self, path: Vec<u8>, node: Node) {
        self.layer.insert(path.clone(), node.clone());
        self.stage.insert(path, node);
    }

    /// Makes a directory with all above it. Those that are there are listed too, as their time changes.
    pub(super) fn make_directory(&mut self, path: &[u8], owner: (u64, u64), now: i64) {
        if path.is_empty() || self.layer.contains_key(path) {
            return;
        }
        self.make_directory(split(path).0, owner, now);
        self.touch(path, owner, now);
    }

    fn touch(&mut self, path: &[u8], owner: (u64, u64), now: i64) {
        let there = self.stage.get(path).filter(|it| it.kind == Kind::Directory);
        let node = match there {
            Some(node) => Node { mtime: now, ..node.clone() },
            None => Node::directory(owner, now),
        };
        self.put(path.to_vec(), node);
    }

    /// That a directory may be at a path: nothing else is there or above it.
    ///
    /// # Errors
    ///
    /// Which path is something else.
    fn expect_directory(&self, path: &[u8]) -> Result<(), String> {
        let mut at = path;
        while !at.is_empty() {
            if self.stage.get(at).is_some_and(|it| it.kind != Kind::Directory) {
                return Err(format!("`/{}` is not a directory", crate::image::show(at)));
            }
            at = split(at).0;
        }
        Ok(())
    }

    /// WORKDIR: makes a directory. What is there already is not a change.
    ///
    /// # Errors
    ///
    /// Why a build would fail.
    pub(super) fn work_in(&mut self, path: &[u8], now: i64) -> Result<(), String> {
        let path = follow(self.stage, path);
        self.expect_directory(&path)?;
        if self.stage.contains_key(&path) || path.is_empty() {
            return Ok(());
        }
        let mut missing = Vec::new();
        let mut at: &[u8] = &path;
        while !at.is_empty() && !self.stage.contains_key(at) {
            missing.push(at.to_vec());
            at = split(at).0;
        }
        if !at.is_empty() {
            self.touch(at, (0, 0), now);
        }
        missing.into_iter().rev().for_each(|it| self.put(it, Node::directory((0, 0), now)));
        Ok(())
    }

    /// Copies to a place.
    ///
    /// # Errors
    ///
    /// Why a build would fail.
    pub(super) fn copy(&mut self, items: Vec<Item>, target: &Target) -> Result<(), String> {
        let place = follow(self.stage, &target.path);
        let is_there =
            place.is_empty() || self.stage.get(&place).is_some_and(|it| it.kind == Kind::Directory);
        let several = items.len() > 1;
        for (number, item) in items.into_iter().enumerate() {
            let into = target.is_directory || is_there || several;
            if item.is_directory {
                if self.stage.get(&place).is_some_and(|it| it.kind != Kind::Directory) {
                    return Err(format!(
                        "a directory cannot replace the file `/{}`",
                        crate::image::show(&place)
                    ));
                }
                self.expect_directory(&place)?;
                // An empty directory that is copied to one that is there changes nothing.
                if item.nodes.len() > 1 || !is_there {
                    self.make_directory(&place, target.owner, target.now);
                }
            } else {
                let folder = if into { &place } else { split(&place).0 };
                self.expect_directory(folder)?;
                self.make_directory(folder, target.owner, target.now);
            }
            for (path, mut node) in item.nodes {
                if path.is_empty() && item.is_directory {
                    continue;
                }
                let path = match (path.is_empty(), into) {
                    (true, true) => join(&place, &item.name),
                    (true, false) => place.clone(),
                    (false, _) => join(&place, &path),
                };
                if !item.is_unpacked {
                    (node.uid, node.gid) = target.owner;
                    if let Some(mode) = target.mode.filter(|_| node.kind != Kind::Symlink) {
                        node.mode = mode;
                    }
                }
                // Names of one file are distinguished from those of another source.
                node.file = node.file.map(|it| it ^ ((number as u64 + 1) << 48));
                self.put(path, node);
            }
        }
        Ok(())
    }
}

/// What a source names in a context.
///
/// # Errors
///
/// Why a build would fail, or why it is not made here.
pub(super) fn from_context(
    folder: &Path,
    ignore: Option<&IgnoreFile>,
    source: &str,
    unpack: bool,
) -> Result<Vec<Item>, No> {
    let source = clean(source.as_bytes()).map_err(|_| No::Unmeasured(ABOVE))?;
    let source = String::from_utf8_lossy(&source).into_owned();
    if source.is_empty() {
        return Ok(vec![directory(folder, ignore, &source)?]);
    }
    let matches = Tree::read(folder, ignore).matching(&source, false);
    if !matches.is_certain {
        return Err(No::Unmeasured("copies from a part of its context that cannot be listed"));
    }
    let found: Vec<_> =
        matches.entries.iter().filter(|it| !it.ignored || it.kind == EntryKind::Folder).collect();
    if found.is_empty() {
        return Err(format!("`{source}` is not in the context").into());
    }
    let items =
        found.into_iter().map(|entry| item(folder, ignore, &entry.path, entry.kind, unpack));
    items.collect()
}

fn item(
    folder: &Path,
    ignore: Option<&IgnoreFile>,
    path: &str,
    kind: EntryKind,
    unpack: bool,
) -> Result<Item, No> {
    let name = path.rsplit('/').next().unwrap_or(path).as_bytes().to_vec();
    let fail = |error: std::io::Error| format!("`{path}`: {error}");
    match kind {
        EntryKind::Folder => directory(folder, ignore, path),
        EntryKind::File => {
            let place = folder.join(path);
            if unpack && let Some(nodes) = unpacked(&place).map_err(|it| it.of(path))? {
                return Ok(Item { name, nodes, is_directory: true, is_unpacked: true });
            }
            let node = Node { file: None, ..Node::of_disk(&place, (0, 0)).map_err(fail)? };
            Ok(Item {
                name,
                nodes: Nodes::from([(Vec::new(), node)]),
                is_directory: false,
                is_unpacked: false,
            })
        }
        // A link that is named is followed.
        EntryKind::Link => {
            let root = folder.canonicalize().map_err(fail)?;
            let real = folder.join(path).canonicalize().map_err(fail)?;
            let inside =
                real.strip_prefix(&root).map_err(|_| format!("`{path}` is outside the context"))?;
            let inside = inside.to_string_lossy().replace('\\', "/");
            let kind = if real.is_dir() { EntryKind::Folder } else { EntryKind::File };
            if kind == EntryKind::File && !real.is_file() {
                return Err(format!("`{path}` is not a file").into());
            }
            Ok(Item { name, ..item(folder, ignore, &inside, kind, unpack)? })
        }
    }
}

/// A directory of the context without what is ignored.
fn directory(folder: &Path, ignore: Option<&IgnoreFile>, path: &str) -> Result<Item, No> {
    let Some(entries) = Tree::read(folder, ignore).below(path) else {
        return Err(No::Unmeasured("has too many files in its context"));
    };
    let mut nodes = Nodes::from([(Vec::new(), Node::directory((0, 0), 0))]);
    for entry in &entries {
        let below = entry.path.strip_prefix(path).unwrap_or(&entry.path).trim_start_matches('/');
        // Directories above what is not ignored come with it.
        let ends = below.match_indices('/').map(|it| it.0).chain([below.len()]);
        for end in ends {
            let key = below.as_bytes()[..end].to_vec();
            let Entry::Vacant(vacant) = nodes.entry(key) else { continue };
            let place = folder.join(path).join(&below[..end]);
            let node = Node::of_disk(&place, (0, 0))
                .map_err(|error| format!("`{}`: {error}", entry.path))?;
            if node.kind != Kind::Special {
                vacant.insert(node);
            }
        }
    }
    let name = path.rsplit('/').next().unwrap_or(path).as_bytes().to_vec();
    Ok(Item { name, nodes, is_directory: true, is_unpacked: false })
}

/// A tar archive without its compression; none if the file is none.
fn plain_tar(path: &Path) -> Result<Option<File>, No> {
    let text = |error: std::io::Error| error.to_string();
    let mut start = Vec::new();
    let mut file = File::open(path).map_err(text)?;
    (&mut file).take(512).read_to_end(&mut start).map_err(text)?;
    file.seek(SeekFrom::Start(0)).map_err(text)?;
    let codec = Codec::of(&start);
    let mut plain = tempfile::tempfile().map_err(text)?;
    match codec {
        Codec::Plain if !is_tar(&start) => return Ok(None),
        Codec::Plain => drop(std::io::copy(&mut file, &mut plain).map_err(text)?),
        Codec::Gzip => {
            let mut reader = flate2::read::MultiGzDecoder::new(BufReader::new(file));
            let mut start = Vec::new();
            if (&mut reader).take(512).read_to_end(&mut start).is_err() || !is_tar(&start) {
                return Ok(None);
            }
            let mut whole = start.chain(reader);
            std::io::copy(&mut whole, &mut plain).map_err(text)?;
        }
        // Docker and buildah disagree.
        Codec::Zstd => return Err(No::Unmeasured("unpacking zstd depends on the engine")),
        Codec::Bzip2 | Codec::Xz => {
            return Err(No::Unmeasured("unpacking bzip2 and xz needs an engine"));
        }
    }
    plain.seek(SeekFrom::Start(0)).map_err(text)?;
    Ok(Some(plain))
}

/// What is in a tar archive that ADD unpacks; none if the file is none.
fn unpacked(path: &Path) -> Result<Option<Nodes>, No> {
    let text = |error: std::io::Error| error.to_string();
    let Some(plain) = plain_tar(path)? else { return Ok(None) };
    let reader = BufReader::new(plain.try_clone().map_err(text)?);
    let mut members = Members::new(Forward(reader));
    let plain = Arc::new(plain);
    let mut nodes = Nodes::from([(Vec::new(), Node::directory((0, 0), 0))]);
    let mut number = 0;
    while let Some(member) = members.next_member().map_err(|it| it.to_string())? {
        let key = clean(&member.path).map_err(|it| it.to_string())?.to_vec();
        if key.is_empty() {
            continue;
        }
        let kind = match member.kind {
            tar::EntryType::Directory => Kind::Directory,
            tar::EntryType::Symlink => Kind::Symlink,
            tar::EntryType::Link => Kind::HardLink,
            tar::EntryType::Regular | tar::EntryType::Continuous => Kind::File,
            _ => return Err(No::Unmeasured("unpacking devices and sparse files needs an engine")),
        };
        let mut node = Node {
            kind,
            mode: member.mode,
            ..Node::directory((member.uid, member.gid), member.mtime)
        };
        match kind {
            Kind::File => {
                number += 1;
                node.size = member.size;
                node.body = Body::Slice(Arc::clone(&plain), member.content);
                node.file = Some(number);
            }
            Kind::HardLink => {
                let target =
                    member.link.as_deref().map(clean).transpose().map_err(|it| it.to_string())?;
                let target = target.and_then(|it| nodes.get(&*it).cloned());
                node = target.ok_or_else(|| "it holds a hard link to nothing".to_owned())?;
            }
            Kind::Symlink => {
                node.link = member.link.clone().map(Into::into);
                node.mode = 0o777;
            }
            _ => {}
        }
        // Directories that it does not name.
        let ends: Vec<usize> =
            key.iter().enumerate().filter(|it| *it.1 == b'/').map(|it| it.0).collect();
        for end in ends {
            nodes
                .entry(key[..end].to_vec())
                .or_insert_with(|| Node::directory((0, 0), member.mtime));
        }
        nodes.insert(key, node);
    }
    Ok(Some(nodes))
}

fn is_tar(start: &[u8]) -> bool {
    start.len() == 512 && (&start[257..262] == b"ustar" || tar_sum(start))
}

/// Whether the checksum of a header is right: archives before USTAR have no other mark.
fn tar_sum(block: &[u8]) -> bool {
    let mut bytes = [0; 512];
    bytes.copy_from_slice(block);
    let header = tar::Header::from_byte_slice(&bytes);
    let sum: u32 = bytes
        .iter()
        .enumerate()
        .map(|(at, it)| if (148..156).contains(&at) { 32 } else { u32::from(*it) })
        .sum();
    header.cksum().ok() == Some(sum)
}
