//! Layers without some of their entries, compressed again: what an image would weigh.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Write};
use std::ops::Range;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;

use super::codec::decompress;
use super::digest::Digest;
use super::fault::{Fault, Result};
use super::find;
use super::layer::{Counted, Limits};
use super::store::Store;

/// A layer after it was compressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Encoded {
    /// The bytes of its tar.
    pub tar: u64,
    /// The bytes of its blob, with gzip at level 6, which is what engines push with.
    pub gzip: u64,
}

/// Parts of a tar, in bytes: sorted, and none overlaps another.
pub type Ranges = Vec<Range<u64>>;

/// Compresses layers of the image with that ID, each as often as there are lists of parts to leave out.
pub fn recode(
    path: &Path,
    id: Digest,
    wanted: &BTreeMap<usize, Vec<Ranges>>,
    limits: &Limits,
) -> Result<BTreeMap<usize, Vec<Encoded>>> {
    let store = Store::open(path, limits)?;
    let image = find::images(&store)?.into_iter().find(|it| it.id == id);
    let image = image.ok_or_else(|| Fault::new("the image is gone"))?;
    let tasks: Vec<(usize, usize, &Ranges)> = wanted
        .iter()
        .flat_map(|(layer, lists)| lists.iter().enumerate().map(move |(at, it)| (*layer, at, it)))
        .collect();
    let encoded: Result<Vec<(usize, usize, Encoded)>> = tasks
        .into_par_iter()
        .map(|(layer, at, left_out)| {
            let missing = || Fault::new("its blob is missing").in_part(format!("layer {layer}"));
            let blob = image.blobs.get(layer).ok_or_else(missing)?;
            let reader = store.blob(&blob.name)?.ok_or_else(missing)?;
            let (_, plain) = decompress(BufReader::with_capacity(1 << 18, reader))?;
            Ok((layer, at, encode(plain, left_out)?))
        })
        .collect();
    let mut found: BTreeMap<usize, Vec<Encoded>> = wanted
        .iter()
        .map(|(layer, lists)| (*layer, vec![Encoded::default(); lists.len()]))
        .collect();
    for (layer, at, it) in encoded? {
        if let Some(place) = found.get_mut(&layer).and_then(|list| list.get_mut(at)) {
            *place = it;
        }
    }
    Ok(found)
}

/// Compresses a tar without some parts.
fn encode(mut plain: impl Read, left_out: &Ranges) -> Result<Encoded> {
    let mut encoder = GzEncoder::new(Count(0), Compression::new(6));
    let mut buffer = vec![0; 1 << 18];
    let (mut at, mut tar, mut next) = (0_u64, 0_u64, 0);
    loop {
        let read = plain.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        let mut piece = &buffer[..read];
        while !piece.is_empty() {
            while left_out.get(next).is_some_and(|it| it.end <= at) {
                next += 1;
            }
            let (keep, until) = match left_out.get(next) {
                Some(range) if range.contains(&at) => (false, range.end),
                Some(range) => (true, range.start),
                None => (true, u64::MAX),
            };
            let length = usize::try_from(until - at).unwrap_or(usize::MAX).min(piece.len());
            let (now, rest) = piece.split_at(length);
            if keep {
                encoder.write_all(now)?;
                tar += length as u64;
            }
            at += length as u64;
            piece = rest;
        }
    }
    Ok(Encoded { tar, gzip: encoder.finish()?.0 })
}

/// Counts what is written.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Copies a stream to a file, without its compression, so that it can be read at any place.
pub fn spool(stream: impl Read + Send, file: &mut impl Write, limits: &Limits) -> Result<()> {
    let stream = Counted { inner: stream, count: &limits.given };
    let (_, plain) = decompress(BufReader::with_capacity(1 << 18, stream))?;
    let copied = io::copy(&mut plain.take(limits.max_unpacked.saturating_add(1)), file)?;
    if copied > limits.max_unpacked {
        let most = limits.max_unpacked;
        return Err(Fault::new(format!(
            "unpacks to more than {most} bytes; allow more with `--max-unpacked`"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_left_out() {
        let bytes: Vec<u8> = (0..=255).cycle().take(700_000).collect();
        for left_out in [vec![], vec![5..300_000, 300_000..300_001, 699_999..700_000]] {
            let gone: u64 = left_out.iter().map(|it| it.end - it.start).sum();
            let found = encode(&*bytes, &left_out).expect("it is in memory");
            assert_eq!(found.tar, 700_000 - gone);
        }
    }
}
