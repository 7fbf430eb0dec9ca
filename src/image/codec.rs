//! Compressed streams, recognized by their first bytes: the name of a file and the media type often lie.

use std::io::{BufRead, Read};

use flate2::bufread::MultiGzDecoder;

use super::fault::{Fault, Result};

/// How bytes are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// Not at all.
    Plain,
    /// gzip, of one member or many.
    Gzip,
    /// zstd, of one frame or many.
    Zstd,
    /// bzip2, which is recognised and not read.
    Bzip2,
    /// xz, which is recognised and not read.
    Xz,
}

/// The first bytes that tell a codec.
const LONGEST_MAGIC: usize = 6;

impl Codec {
    /// The codec that a stream of these first bytes has.
    ///
    /// Sources: RFC 1952 section 2.3.1, RFC 8878 sections 3.1.1 and 3.1.2.
    pub fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [b'B', b'Z', b'h', ..] => Self::Bzip2,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            _ => Self::Plain,
        }
    }
}

/// Reads until there are enough bytes to tell the codec, or no more.
fn start_of(reader: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(LONGEST_MAGIC);
    reader.take(LONGEST_MAGIC as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// The stream without its compression, and which it had.
pub(super) fn decompress<'r>(
    mut reader: impl BufRead + Send + 'r,
) -> Result<(Codec, Box<dyn Read + Send + 'r>)> {
    let start = start_of(&mut reader)?;
    let codec = Codec::of(&start);
    let whole = std::io::Cursor::new(start).chain(reader);
    let plain: Box<dyn Read + Send + 'r> = match codec {
        Codec::Plain => Box::new(whole),
        Codec::Gzip => Box::new(MultiGzDecoder::new(whole)),
        Codec::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(whole)?),
        Codec::Bzip2 => return Err(unread("bzip2", "bunzip2")),
        Codec::Xz => return Err(unread("xz", "unxz")),
    };
    Ok((codec, plain))
}

fn unread(name: &str, tool: &str) -> Fault {
    Fault::new(format!("is compressed with {name}, which is not supported; run `{tool}` first"))
}
