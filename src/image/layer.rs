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
use super::entry::{Entry, Kind, is_opaque_on_disk, of_member};
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
    /// How many bytes were unpacked so far.
    pub unpacked: AtomicU64,
    /// How many stored bytes were read so far: for whoever shows progress.
    pub read: AtomicU64,
    /// Set when reading is to stop.
    pub cancel: Arc<AtomicBool>,
}

impl Limits {
    /// A bound on what layers unpack to, in bytes.
    pub fn new(max_unpacked: u64) -> Self {
        Self {
            max_unpacked,
            max_entries: MOST_ENTRIES,
            entries: AtomicUsize::new(0),
            unpacked: AtomicU64::new(0),
            read: AtomicU64::new(0),
            cancel: Arc::default(),
        }
    }
}

/// The table of an image's files takes some 400 bytes an entry. The largest public images have about a million.
const MOST_ENTRIES: usize = 2_000_000;

/// The files of one layer may not have more bytes: sparse files can say that they have any number, and the sums of a
/// thousand layers must still be numbers.
const MOST_FILE_BYTES: u64 = 1 << 50;

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
        if limits.entries.fetch_add(1, Ordering::Relaxed) >= limits.max_entries {
            let most = limits.max_entries;
            return Err(Fault::new(format!("with it the image has more than {most} entries")));
        }
        file_bytes = file_bytes.saturating_add(entry.size);
        if file_bytes > MOST_FILE_BYTES {
            let text = "has a size that brings its layer above 1 PiB, which no disk holds";
            return Err(Fault::at(&member.path, text));
        }
        entry.tar_bytes = members.end_of_member() - member.start;
        if entry.kind == Kind::File {
            let mut hash = Sha256::new();
            if member.kind == EntryType::GNUSparse || member.size != member.stored {
                // Two sparse files are alike if their maps and pieces are.
                hash.update(member.size.to_be_bytes());
            }
            let mut watch = Watch::new(&entry.path, member.stored);
            let passed = members.content(|piece| {
                hash.update(piece);
                watch.see(piece);
            });
            passed.map_err(|fault| Fault { entry: Some(super::show(&member.path)), ..fault })?;
            entry.digest = Some(Digest(hash.finalize().into()));
            entry.seen = watch.seen(&entry.path);
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
        assert_eq!(error, "with it the image has more than 5 entries");
    }
}
