//! One layer from its bytes: hashed as it is stored and as it unpacks, while its tar is read, in one pass.

use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use sha2::{Digest as _, Sha256};
use tar::EntryType;

use super::codec::{Codec, decompress};
use super::digest::Digest;
use super::entry::{Entry, Kind, Seen, is_opaque_on_disk, of_member};
use super::fault::{Fault, Result};
use super::tar_stream::{Forward, Members};
use super::watch::Watch;

/// What reading a layer's bytes gave.
#[derive(Debug, Clone)]
pub struct LayerContent {
    /// The digest of the bytes as they are stored.
    pub digest: Digest,
    /// The digest of the tar.
    pub diff_id: Digest,
    /// How it is stored.
    pub codec: Codec,
    /// The bytes as they are stored.
    pub stored: u64,
    /// The bytes of the tar.
    pub tar: u64,
    /// What is in it, in the order of the tar.
    pub entries: Vec<Entry>,
    /// The texts of the package managers' databases in it, by path.
    pub databases: Databases,
}

/// Texts of files by path.
pub type Databases = HashMap<Box<[u8]>, Vec<u8>>;

/// How much may be read, and who wants to know how far it is.
#[derive(Debug)]
pub struct Limits {
    /// The most bytes that all layers together may unpack to.
    pub max_unpacked: u64,
    /// The most entries that all layers together may have.
    pub max_entries: usize,
    /// How many entries were read so far.
    pub entries: AtomicUsize,
    /// The bytes of the archive as it was given, as far as they are known; 0 for a folder.
    pub given: AtomicU64,
    /// How many bytes were unpacked so far.
    pub unpacked: AtomicU64,
    /// How many stored bytes were read so far: for whoever shows progress.
    pub read: AtomicU64,
    /// Set when reading is to stop.
    pub cancel: Arc<AtomicBool>,
    /// The paths of the files whose texts are kept, from the root and without the leading slash.
    pub databases: Vec<&'static str>,
}

impl Limits {
    /// A bound on what layers unpack to, in bytes.
    pub fn new(max_unpacked: u64) -> Self {
        Self {
            max_unpacked,
            max_entries: MOST_ENTRIES,
            entries: AtomicUsize::new(0),
            given: AtomicU64::new(0),
            unpacked: AtomicU64::new(0),
            read: AtomicU64::new(0),
            cancel: Arc::default(),
            databases: Vec::new(),
        }
    }
}

/// The largest public images have about a million entries.
const MOST_ENTRIES: usize = 2_000_000;

/// The table of an image's files takes some 300 bytes an entry, and to predict what it would weigh some 80 more. Empty files
/// pack to a few bytes each, so there may be this many whatever the size of the archive, which is 170 MB …
const FREE_ENTRIES: u64 = 450_000;

/// … and another one for so many bytes of it.
const BYTES_OF_ENTRY: u64 = 400;

/// The files of one layer may not have more bytes: sparse files can say that they have any number, and the sums of a
/// thousand layers must still be numbers.
const MOST_FILE_BYTES: u64 = 1 << 50;

impl Limits {
    /// Counts one more entry, if there may be one more.
    fn count_entry(&self) -> Result<()> {
        let count = self.entries.fetch_add(1, Ordering::Relaxed) + 1;
        if count > self.max_entries {
            let most = self.max_entries;
            return Err(Fault::new(format!("the image has more than {most} entries")));
        }
        if count as u64 <= FREE_ENTRIES {
            return Ok(());
        }
        let given = self.given.load(Ordering::Relaxed);
        let stored = if given > 0 { given } else { self.read.load(Ordering::Relaxed) };
        if count as u64 > FREE_ENTRIES + stored / BYTES_OF_ENTRY {
            return Err(Fault::new(format!(
                "with it the image has {count} entries in {stored} bytes: more than {FREE_ENTRIES} are only read of \
                 archives with {BYTES_OF_ENTRY} bytes for each of the others"
            )));
        }
        Ok(())
    }
}

/// A stream whose bytes are counted.
pub(super) struct Counted<'l, R> {
    pub(super) inner: R,
    pub(super) count: &'l AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Bytes that go to a hashing thread at once.
const PIECE: usize = 1 << 18;

/// Pieces that may wait for a hashing thread.
const WAITING: usize = 4;

/// Passes bytes on and sends a copy of them to a thread that hashes.
struct Hashed<'l, R> {
    inner: R,
    piece: Vec<u8>,
    sender: SyncSender<Vec<u8>>,
    count: &'l AtomicU64,
    most: u64,
    cancel: &'l AtomicBool,
}

impl<'l, R: Read> Hashed<'l, R> {
    fn new(
        inner: R,
        count: &'l AtomicU64,
        most: u64,
        cancel: &'l AtomicBool,
    ) -> (Self, Receiver<Vec<u8>>) {
        let (sender, receiver) = sync_channel(WAITING);
        (Self { inner, piece: Vec::with_capacity(PIECE), sender, count, most, cancel }, receiver)
    }

    fn send(&mut self) {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        // The thread takes all until the sender is gone.
        let _ = self.sender.send(piece);
    }
}

impl<R: Read> Read for Hashed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(io::Error::other("interrupted"));
        }
        let read = self.inner.read(buffer)?;
        if read > 0
            && self.count.fetch_add(read as u64, Ordering::Relaxed) + read as u64 > self.most
        {
            return Err(io::Error::other(format!(
                "unpacks to more than {} bytes; allow more with `--max-unpacked`",
                self.most
            )));
        }
        self.piece.extend_from_slice(&buffer[..read]);
        if self.piece.len() >= PIECE {
            self.send();
        }
        Ok(read)
    }
}

impl<R> Drop for Hashed<'_, R> {
    fn drop(&mut self) {
        let _ = self.sender.send(std::mem::take(&mut self.piece));
    }
}

fn hash(receiver: &Receiver<Vec<u8>>) -> (Digest, u64) {
    let (mut hash, mut size) = (Sha256::new(), 0);
    for piece in receiver {
        hash.update(&piece);
        size += piece.len() as u64;
    }
    (Digest(hash.finalize().into()), size)
}

/// Reads a layer to its end.
pub fn read(reader: impl Read + Send, limits: &Limits) -> Result<LayerContent> {
    thread::scope(|scope| {
        let (stored, pieces) = Hashed::new(reader, &limits.read, u64::MAX, &limits.cancel);
        let stored_hash = scope.spawn(move || hash(&pieces));
        let (codec, plain) = decompress(BufReader::with_capacity(PIECE, stored))?;
        let (plain, pieces) =
            Hashed::new(plain, &limits.unpacked, limits.max_unpacked, &limits.cancel);
        let plain_hash = (codec != Codec::Plain).then(|| scope.spawn(move || hash(&pieces)));
        let result = entries(BufReader::with_capacity(PIECE, plain), limits);
        let join = |it: thread::ScopedJoinHandle<'_, (Digest, u64)>| {
            it.join().map_err(|_| Fault::new("a hashing thread failed"))
        };
        let (digest, stored) = join(stored_hash)?;
        let (diff_id, tar) = plain_hash.map_or(Ok((digest, stored)), join)?;
        let (entries, databases) = result?;
        Ok(LayerContent { digest, diff_id, codec, stored, tar, entries, databases })
    })
}

/// The entries of a tar, which is read to its end.
fn entries(plain: impl Read, limits: &Limits) -> Result<(Vec<Entry>, Databases)> {
    let mut members = Members::new(Forward(plain));
    let mut entries: Vec<Entry> = Vec::new();
    let mut databases = Databases::new();
    let mut file_bytes = 0_u64;
    while let Some(member) = members.next_member()? {
        let Some(mut entry) = of_member(&member)? else { continue };
        limits.count_entry()?;
        file_bytes = file_bytes.saturating_add(entry.size);
        if file_bytes > MOST_FILE_BYTES {
            let text = "makes its layer larger than 1 PiB, which no disk can hold";
            return Err(Fault::at(&member.path, text));
        }
        entry.tar_bytes = members.end_of_member() - member.start;
        if entry.kind == Kind::File {
            let mut hash = Sha256::new();
            if member.kind == EntryType::GNUSparse || member.size != member.stored {
                // Two sparse files are alike if their maps and pieces are.
                hash.update(member.size.to_be_bytes());
            }
            let is_kept = limits.databases.iter().any(|it| it.as_bytes() == &*entry.path);
            let mut watch = Watch::new(&entry.path, member.stored, is_kept);
            let passed = members.content(|piece| {
                hash.update(piece);
                watch.see(piece);
            });
            passed.map_err(|fault| Fault { entry: Some(super::show(&member.path)), ..fault })?;
            entry.digest = Some(Digest(hash.finalize().into()));
            let seen = watch.seen(&entry.path);
            entry.seen = (seen != Seen::default()).then(|| Box::new(seen));
            if let Some(text) = watch.database() {
                databases.insert(entry.path.clone(), text);
            }
        }
        if is_opaque_on_disk(&member) {
            entries.push(Entry { kind: Kind::Opaque, tar_bytes: 0, ..entry.clone() });
        }
        entries.push(entry);
    }
    members.finish()?;
    entries.shrink_to_fit();
    Ok((entries, databases))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tar of so many empty files.
    fn files(count: usize) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for number in 0..count {
            let mut header = tar::Header::new_ustar();
            header.set_size(0);
            header.set_mode(0o644);
            header.set_uid(0);
            header.set_gid(0);
            tar.append_data(&mut header, format!("f{number}"), io::empty()).unwrap();
        }
        tar.into_inner().unwrap()
    }

    #[test]
    fn the_entries_of_all_layers_are_counted() {
        let limits = Limits { max_entries: 5, ..Limits::new(1 << 20) };
        let layer = |count| read(&*files(count), &limits).map(|it| it.entries.len());
        assert_eq!(layer(3).unwrap(), 3);
        assert_eq!(layer(2).unwrap(), 2);
        let error = layer(1).unwrap_err().to_string();
        assert_eq!(error, "the image has more than 5 entries");
    }

    #[test]
    fn many_entries_need_an_archive_of_some_size() {
        let counted = |given: u64, read: u64, before: usize| {
            let limits = Limits::new(1 << 20);
            limits.given.store(given, Ordering::Relaxed);
            limits.read.store(read, Ordering::Relaxed);
            limits.entries.store(before, Ordering::Relaxed);
            limits.count_entry().map_err(|it| it.to_string())
        };
        assert_eq!(counted(1, 1 << 40, 449_999), Ok(()));
        assert_eq!(
            counted(4000, 1 << 40, 450_010),
            Err("with it the image has 450011 entries in 4000 bytes: more than 450000 are only read of archives \
                 with 400 bytes for each of the others"
                .to_owned())
        );
        assert_eq!(counted(4000, 0, 450_009), Ok(()));
        // Of a folder, the layers count as they are read.
        assert_eq!(counted(0, 4000, 450_009), Ok(()));
        assert!(counted(0, 4000, 450_010).is_err());
        assert_eq!(counted(550_000_000, 0, 1_500_000), Ok(()));
    }
}
