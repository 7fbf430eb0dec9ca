//! A layer as engines write it: the bytes that Go's `archive/tar` makes of each entry, in the order of a walk.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use super::node::{Body, Node, Nodes};
use crate::image::{BLOCK, Kind, split};

/// Reads a layer's tar.
pub(super) struct LayerTar {
    pieces: VecDeque<Piece>,
    open: Option<Open>,
}

enum Piece {
    Bytes(Vec<u8>),
    Body(Body, u64),
}

/// A piece that is being read, and how much of it is left.
struct Open {
    reader: Box<dyn Read + Send>,
    left: u64,
}

impl LayerTar {
    /// The layer that holds these nodes.
    pub(super) fn new(nodes: &Nodes) -> Self {
        // A walk goes into a directory before it goes on, so that `a/b` comes before `a-b`.
        let mut order: Vec<(&Vec<u8>, &Node)> =
            nodes.iter().filter(|(path, _)| !path.is_empty()).collect();
        order.sort_by(|a, b| a.0.split(|it| *it == b'/').cmp(b.0.split(|it| *it == b'/')));
        let mut first_names: HashMap<u64, &[u8]> = HashMap::new();
        let mut pieces = VecDeque::new();
        for (path, node) in order {
            let first = node.file.map(|it| *first_names.entry(it).or_insert(path));
            let target = first.filter(|it| *it != path.as_slice());
            pieces.push_back(Piece::Bytes(headers(path, node, target)));
            if node.kind == Kind::File && target.is_none() && node.size > 0 {
                pieces.push_back(Piece::Body(node.body.clone(), node.size));
                let padding = node.size.wrapping_neg() % BLOCK;
                pieces.push_back(Piece::Bytes(vec![0; usize::try_from(padding).unwrap_or(0)]));
            }
        }
        pieces.push_back(Piece::Bytes(vec![0; 2 * BLOCK as usize]));
        Self { pieces, open: None }
    }
}

impl Read for LayerTar {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(open) = &mut self.open {
                let most = usize::try_from(open.left).unwrap_or(usize::MAX).min(buffer.len());
                let read = open.reader.read(&mut buffer[..most])?;
                if read == 0 && open.left > 0 && most > 0 {
                    return Err(io::Error::other(
                        "a file of the context became shorter while it was read",
                    ));
                }
                open.left -= read as u64;
                if open.left == 0 {
                    self.open = None;
                }
                return Ok(read);
            }
            let Some(piece) = self.pieces.pop_front() else { return Ok(0) };
            let (reader, left): (Box<dyn Read + Send>, u64) = match piece {
                Piece::Bytes(bytes) if bytes.is_empty() => continue,
                Piece::Bytes(bytes) => {
                    let size = bytes.len() as u64;
                    (Box::new(Cursor::new(bytes)), size)
                }
                Piece::Body(body, size) => (reader(&body)?, size),
            };
            self.open = Some(Open { reader, left });
        }
    }
}

fn reader(body: &Body) -> io::Result<Box<dyn Read + Send>> {
    Ok(match body {
        Body::None => Box::new(io::empty()),
        Body::Disk(path) => Box::new(File::open(path)?),
        Body::Bytes(bytes) => Box::new(Cursor::new(bytes.to_vec())),
        Body::Slice(file, start) => {
            let mut file = file.try_clone()?;
            file.seek(SeekFrom::Start(*start))?;
            Box::new(file)
        }
        Body::Base => return Err(io::Error::other("its content is in the base image")),
    })
}

/// The headers of an entry, as Go writes them in the PAX format: a PAX header only where the old one has no room.
/// Source: <https://pkg.go.dev/archive/tar#Format>.
fn headers(path: &[u8], node: &Node, target: Option<&[u8]>) -> Vec<u8> {
    let mut name = path.to_vec();
    let (kind, file_type) = match (node.kind, target) {
        (_, Some(_)) => (b'1', 0o100_000),
        (Kind::Directory, _) => (b'5', 0o040_000),
        (Kind::Symlink, _) => (b'2', 0o120_000),
        _ => (b'0', 0o100_000),
    };
    if kind == b'5' {
        name.push(b'/');
    }
    let link = target.or(node.link.as_deref()).unwrap_or_default();
    let size = if kind == b'0' { node.size } else { 0 };
    // In the order of their names.
    let mut records: Vec<(&str, Vec<u8>)> = Vec::new();
    let number = |value: u64| value.to_string().into_bytes();
    if node.gid > MAX_ID {
        records.push(("gid", number(node.gid)));
    }
    if needs_record(link) {
        records.push(("linkpath", link.to_vec()));
    }
    if needs_record(&name) {
        records.push(("path", name.clone()));
    }
    if size > MAX_SIZE {
        records.push(("size", number(size)));
    }
    if node.uid > MAX_ID {
        records.push(("uid", number(node.uid)));
    }
    let mut bytes = match records.as_slice() {
        [] => Vec::new(),
        records => extended(path, kind == b'5', records),
    };
    let fits = |value: u64, most: u64| if value > most { 0 } else { value };
    let header = Fields {
        name: &ascii(&name),
        mode: u64::from(file_type | node.mode),
        uid: fits(node.uid, MAX_ID),
        gid: fits(node.gid, MAX_ID),
        size: fits(size, MAX_SIZE),
        mtime: u64::try_from(node.mtime).unwrap_or(0),
        kind,
        link: &ascii(link),
        devices: true,
    };
    bytes.extend(header.block());
    bytes
}

/// A PAX header with these records.
fn extended(path: &[u8], is_directory: bool, records: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let text: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value)).collect();
    let (folder, last) = split(path);
    let last = if is_directory { &b""[..] } else { last };
    let folder = if is_directory { path } else { folder };
    let parts = [folder, b"PaxHeaders.0", last];
    let parts: Vec<&[u8]> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    let mut name = ascii(&parts.join(&b'/'));
    name.truncate(100);
    while name.ends_with(b"/") {
        name.pop();
    }
    let header = Fields {
        name: &name,
        mode: 0,
        uid: 0,
        gid: 0,
        size: text.len() as u64,
        mtime: 0,
        kind: b'x',
        link: b"",
        devices: false,
    };
    let mut bytes = header.block().to_vec();
    let padding = (text.len() as u64).wrapping_neg() % BLOCK;
    bytes.extend(text);
    bytes.extend(std::iter::repeat_n(0, usize::try_from(padding).unwrap_or(0)));
    bytes
}

/// The largest numbers that seven and eleven octal digits hold.
const MAX_ID: u64 = 0o7_777_777;
const MAX_SIZE: u64 = 0o77_777_777_777;

fn needs_record(text: &[u8]) -> bool {
    text.len() > 100 || !text.is_ascii()
}

fn ascii(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(u8::is_ascii).collect()
}

/// `<length> <key>=<value>\n`, where the length counts itself.
fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + rest.to_string().len();
    if length.to_string().len() != rest.to_string().len() {
        length = rest + length.to_string().len();
    }
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}

/// The fields of a header.
struct Fields<'f> {
    name: &'f [u8],
    mode: u64,
    uid: u64,
    gid: u64,
    size: u64,
    mtime: u64,
    kind: u8,
    link: &'f [u8],
    devices: bool,
}

impl Fields<'_> {
    fn block(&self) -> [u8; BLOCK as usize] {
        let mut block = [0; BLOCK as usize];
        let mut text = |at: usize, most: usize, text: &[u8]| {
            let text = &text[..text.len().min(most)];
            block[at..at + text.len()].copy_from_slice(text);
        };
        text(0, 100, self.name);
        text(100, 8, format!("{:07o}", self.mode).as_bytes());
        text(108, 8, format!("{:07o}", self.uid).as_bytes());
        text(116, 8, format!("{:07o}", self.gid).as_bytes());
        text(124, 12, format!("{:011o}", self.size).as_bytes());
        text(136, 12, format!("{:011o}", self.mtime).as_bytes());
        text(148, 8, b"        ");
        text(156, 1, &[self.kind]);
        text(157, 100, self.link);
        text(257, 8, b"ustar\x0000");
        if self.devices {
            text(329, 8, b"0000000");
            text(337, 8, b"0000000");
        }
        let sum: u64 = block.iter().map(|it| u64::from(*it)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }
}

#[cfg(test)]
mod tests {
    use super::record;

    #[test]
    fn records_count_themselves() {
        assert_eq!(record("path", "w/é.txt".as_bytes()), "17 path=w/é.txt\n".as_bytes());
        let long = vec![b'a'; 90];
        let text = record("path", &long);
        assert!(text.starts_with(format!("{} ", text.len()).as_bytes()));
    }
}
