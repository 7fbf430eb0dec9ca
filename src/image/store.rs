//! Where the blobs of images are: a folder, an archive that can be read at any place, or a stream that passes once.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tar::EntryType;

use super::codec::{Codec, decompress};
use super::entry::{clean, split};
use super::fault::{Fault, Result};
use super::layer::{self, Counted, LayerContent, Limits};
use super::tar_stream::{Forward, Member, Members, Seekable};

/// Longer JSON files are not read: registries refuse manifests above 4 MiB.
const MAX_JSON: u64 = 16 << 20;

/// More JSON of one stream is not kept.
const MAX_JSON_TOTAL: u64 = 128 << 20;

/// Links to links to links are followed so often.
const MOST_LINKS: usize = 10;

/// The blobs of some images.
#[derive(Debug)]
pub(super) enum Store {
    /// Files of a folder.
    Folder(PathBuf),
    /// Members of an archive, which is read wherever it is needed.
    Archive { file: PathBuf, members: HashMap<String, Place>, links: Links },
    /// What a stream held.
    Passed {
        json: HashMap<String, Vec<u8>>,
        layers: HashMap<String, Result<Arc<LayerContent>>>,
        links: Links,
    },
}

/// Where the content of a member is in its archive, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    start: u64,
    size: u64,
}

/// Names that stand for others.
pub(super) type Links = HashMap<String, String>;

impl Store {
    /// What is at a path.
    pub(super) fn open(path: &Path, limits: &Limits) -> Result<Self> {
        let metadata = path.metadata()?;
        if metadata.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let open = || File::open(path).map(|it| BufReader::with_capacity(1 << 16, it));
        if !metadata.is_file() {
            return Self::pass(open()?, limits);
        }
        let (codec, _) = decompress(open()?)?;
        if codec != Codec::Plain {
            return Self::pass(open()?, limits);
        }
        // What was unpacked to this file before has a size already.
        let _ =
            limits.given.compare_exchange(0, metadata.len(), Ordering::Relaxed, Ordering::Relaxed);
        let mut members = Members::new(Seekable::new(open()?)?);
        let (mut places, mut links) = (HashMap::new(), Links::new());
        let mut count = 0;
        while let Some(member) = next(&mut members, &mut count)? {
            let name = name_of(&member)?;
            if let Some(target) = target_of(&member)? {
                links.insert(name, target);
            } else if is_file(&member) {
                places.insert(name, Place { start: member.content, size: member.stored });
            }
        }
        Ok(Self::Archive { file: path.to_owned(), members: places, links })
    }

    /// Reads a stream to its end. Whatever in it may be a layer is read as one, since what the layers are is in a
    /// file that often comes last.
    pub(super) fn pass(stream: impl Read + Send, limits: &Limits) -> Result<Self> {
        let stream = Counted { inner: stream, count: &limits.given };
        let (_, plain) = decompress(BufReader::with_capacity(1 << 16, stream))?;
        let bounded = Bounded { inner: plain, count: AtomicU64::new(0), most: limits.max_unpacked };
        let mut members = Members::new(Forward(BufReader::with_capacity(1 << 18, bounded)));
        let (mut json, mut layers, mut links) = (HashMap::new(), HashMap::new(), Links::new());
        let (mut kept, mut count) = (0, 0);
        while let Some(member) = next(&mut members, &mut count)? {
            let name = name_of(&member)?;
            if let Some(target) = target_of(&member)? {
                links.insert(name, target);
                continue;
            }
            if !is_file(&member) {
                continue;
            }
            let mut content = members.reader();
            let mut start = [0; 1];
            let read = content.read(&mut start)?;
            if matches!(start, [b'{' | b'[']) && member.stored <= MAX_JSON {
                kept += member.stored;
                if kept > MAX_JSON_TOTAL {
                    return Err(Fault::new(format!(
                        "holds more than {MAX_JSON_TOTAL} bytes of JSON"
                    )));
                }
                let mut bytes = start.to_vec();
                content.read_to_end(&mut bytes)?;
                json.insert(name, bytes);
            } else {
                let whole = io::Cursor::new(start[..read].to_vec()).chain(content);
                layers.insert(name, layer::read(whole, limits).map(Arc::new));
            }
        }
        members.finish()?;
        Ok(Self::Passed { json, layers, links })
    }

    /// A JSON file; none if there is none of that name.
    pub(super) fn json(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let too_long = || Fault::new(format!("is longer than {MAX_JSON} bytes")).in_part(name);
        match self {
            Self::Passed { json, links, .. } => Ok(json.get(&resolve(links, name)).cloned()),
            _ => {
                let Some((reader, size)) = self.reader(name)? else { return Ok(None) };
                if size > MAX_JSON {
                    return Err(too_long());
                }
                let mut bytes = Vec::new();
                reader.take(MAX_JSON).read_to_end(&mut bytes)?;
                if (bytes.len() as u64) < size {
                    return Err(
                        Fault::from(io::Error::from(io::ErrorKind::UnexpectedEof)).in_part(name)
                    );
                }
                Ok(Some(bytes))
            }
        }
    }

    /// Reads a layer; none if there is no blob of that name.
    pub(super) fn layer(&self, name: &str, limits: &Limits) -> Result<Option<Arc<LayerContent>>> {
        match self {
            Self::Passed { layers, links, .. } => {
                layers.get(&resolve(links, name)).cloned().transpose()
            }
            _ => {
                let Some((reader, size)) = self.reader(name)? else { return Ok(None) };
                let content = layer::read(reader, limits)?;
                if content.stored < size {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                }
                Ok(Some(Arc::new(content)))
            }
        }
    }

    /// Which file a name stands for: names of one file are read once.
    pub(super) fn real_name(&self, name: &str) -> String {
        match self {
            Self::Folder(_) => name.to_owned(),
            Self::Archive { links, .. } | Self::Passed { links, .. } => resolve(links, name),
        }
    }

    /// The bytes of a blob; none if there is none of that name, or it has passed.
    pub(super) fn blob(&self, name: &str) -> Result<Option<Box<dyn Read + Send>>> {
        Ok(self.reader(name)?.map(|it| it.0))
    }

    fn reader(&self, name: &str) -> Result<Option<(Box<dyn Read + Send>, u64)>> {
        match self {
            Self::Folder(folder) => {
                let name = clean(name.as_bytes())?;
                let path = folder.join(&*String::from_utf8_lossy(&name));
                let Ok(metadata) = path.metadata() else { return Ok(None) };
                // Opening a pipe would wait for its writer.
                if !metadata.is_file() {
                    return Ok(None);
                }
                Ok(Some((Box::new(File::open(&path)?), metadata.len())))
            }
            Self::Archive { file, members, links } => {
                let Some(place) = members.get(&resolve(links, name)) else { return Ok(None) };
                let mut file = File::open(file)?;
                file.seek(SeekFrom::Start(place.start))?;
                Ok(Some((Box::new(file.take(place.size)), place.size)))
            }
            Self::Passed { .. } => Ok(None),
        }
    }
}

/// Archives with more members are refused: an image has some for each layer.
const MOST_MEMBERS: usize = 100_000;

fn next<R: super::tar_stream::Skip>(
    members: &mut Members<R>,
    count: &mut usize,
) -> Result<Option<Member>> {
    *count += 1;
    if *count > MOST_MEMBERS {
        return Err(Fault::new(format!(
            "has more than {MOST_MEMBERS} members: this is not an image"
        )));
    }
    let is_first = members.end_of_member() == 0;
    members.next_member().map_err(|fault| match is_first {
        true => Fault::new(format!("is not an image archive: {}", fault.reason)),
        false => fault,
    })
}

fn is_file(member: &Member) -> bool {
    matches!(member.kind, EntryType::Regular | EntryType::Continuous)
        && !member.path.ends_with(b"/")
}

fn name_of(member: &Member) -> Result<String> {
    Ok(String::from_utf8_lossy(&clean(&member.path)?).into_owned())
}

/// The member that a link names. Docker up to 24 and podman write a repeated layer as a symbolic link.
fn target_of(member: &Member) -> Result<Option<String>> {
    let Some(link) = &member.link else { return Ok(None) };
    let path = match member.kind {
        EntryType::Symlink => {
            let name = clean(&member.path)?;
            [split(&name).0, link].join(&b'/')
        }
        EntryType::Link => link.clone(),
        _ => return Ok(None),
    };
    Ok(Some(String::from_utf8_lossy(&clean(&path)?).into_owned()))
}

fn resolve(links: &Links, name: &str) -> String {
    let cleaned = clean(name.as_bytes()).unwrap_or_default();
    let mut name = String::from_utf8_lossy(&cleaned).into_owned();
    for _ in 0..MOST_LINKS {
        match links.get(&name) {
            Some(target) => name.clone_from(target),
            None => break,
        }
    }
    name
}

/// A stream that ends in an error when it is too long.
struct Bounded<R> {
    inner: R,
    count: AtomicU64,
    most: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let sum = self.count.fetch_add(read as u64, Ordering::Relaxed) + read as u64;
        if sum > self.most {
            return Err(io::Error::other(format!(
                "unpacks to more than {} bytes; allow more with `--max-unpacked`",
                self.most
            )));
        }
        Ok(read)
    }
}
