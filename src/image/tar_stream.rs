//! Tar streams, member by member: USTAR, GNU and PAX, with every length bounded, so that no archive can make us hold
//! more than its table of files.

use std::io::{self, Read, Seek, SeekFrom};

use tar::{EntryType, Header};

use super::fault::{Fault, Result};
use super::pax::records;

/// All of a tar is in blocks of this size.
pub const BLOCK: u64 = 512;

/// Longer paths and link targets are refused: Linux has none (`PATH_MAX`).
const MAX_PATH: u64 = 4096;

/// Longer PAX headers are refused: Linux bounds the attributes of a file to 64 KiB each.
const MAX_PAX: u64 = 1 << 20;

/// A member: what its headers say.
#[derive(Debug, Clone)]
pub struct Member {
    /// The path as written.
    pub path: Vec<u8>,
    /// The target of a link.
    pub link: Option<Vec<u8>>,
    /// The kind.
    pub kind: EntryType,
    /// Permission bits.
    pub mode: u32,
    /// The owner.
    pub uid: u64,
    /// The owning group.
    pub gid: u64,
    /// When it was changed, in seconds.
    pub mtime: i64,
    /// The major and minor number of a device.
    pub device: (u32, u32),
    /// The bytes of the file when it is unpacked: of a sparse file with its holes.
    pub size: u64,
    /// The bytes of content that are in the archive.
    pub stored: u64,
    /// Extended attributes, as they are in the PAX header.
    pub xattrs: Vec<(String, Vec<u8>)>,
    /// Where its first header starts.
    pub start: u64,
    /// Where its content starts.
    pub content: u64,
}

/// A stream that can leave out bytes.
pub trait Skip: Read {
    /// Leaves out so many bytes.
    fn skip(&mut self, bytes: u64) -> io::Result<()>;
}

/// A stream that has to be read to be left out.
#[derive(Debug)]
pub struct Forward<R>(pub R);

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read> Skip for Forward<R> {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let done = io::copy(&mut (&mut self.0).take(bytes), &mut io::sink())?;
        if done < bytes { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// A file.
#[derive(Debug)]
pub(super) struct Seekable<R> {
    inner: R,
    size: u64,
}

impl<R: Read + Seek> Seekable<R> {
    /// A file that is read from its start.
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let size = inner.seek(SeekFrom::End(0))?;
        inner.rewind()?;
        Ok(Self { inner, size })
    }
}

impl<R: Read> Read for Seekable<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: Read + Seek> Skip for Seekable<R> {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let to = self.inner.stream_position()?.checked_add(bytes);
        let to = to.filter(|to| *to <= self.size).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.inner.seek(SeekFrom::Start(to)).map(drop)
    }
}

/// The members of a tar stream, in order.
#[derive(Debug)]
pub struct Members<R> {
    reader: R,
    /// Where the reader is.
    at: u64,
    /// Content of the current member that was not read.
    left: u64,
    /// Zero bytes after that content.
    padding: u64,
}

impl<R: Skip> Members<R> {
    /// The members of a stream that is at its start.
    pub fn new(reader: R) -> Self {
        Self { reader, at: 0, left: 0, padding: 0 }
    }

    /// Where the next header starts, or the archive ends: after the current member.
    pub fn end_of_member(&self) -> u64 {
        self.at.saturating_add(self.left).saturating_add(self.padding)
    }

    /// The next member; none at the end. What was not read of the current one is left out.
    pub fn next_member(&mut self) -> Result<Option<Member>> {
        let mut start = self.end_of_member();
        let (mut long_path, mut long_link, mut pax) = (None, None, Pax::default());
        let mut is_extended = false;
        loop {
            self.pass()?;
            if !is_extended {
                start = self.at;
            }
            let Some(header) = self.header()? else { return Ok(None) };
            let size =
                header.entry_size().ok().filter(|it| *it <= i64::MAX as u64).ok_or_else(|| {
                    Fault::at(&header.path_bytes(), "has a size that is not a number")
                })?;
            self.expect(size);
            match header.entry_type() {
                EntryType::GNULongName => long_path = Some(self.text(size)?),
                EntryType::GNULongLink => long_link = Some(self.text(size)?),
                EntryType::XHeader => pax = self.pax(size)?,
                // Of the whole archive: a comment, such as the commit that git writes there.
                EntryType::XGlobalHeader => continue,
                _ => return self.member(&header, start, long_path, long_link, pax).map(Some),
            }
            is_extended = true;
        }
    }

    /// Makes a member of what its headers say.
    fn member(
        &mut self,
        header: &Header,
        start: u64,
        long_path: Option<Vec<u8>>,
        long_link: Option<Vec<u8>>,
        pax: Pax,
    ) -> Result<Member> {
        let path = pax.path.or(long_path).unwrap_or_else(|| header.path_bytes().into_owned());
        let link = pax
            .link
            .or(long_link)
            .or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned));
        let number = |value: io::Result<u64>, what: &str| {
            value.map_err(|_| Fault::at(&path, format!("has {what} that is not a number")))
        };
        let kind = header.entry_type();
        if let Some(size) = pax.size {
            self.expect(size);
        }
        // Links and directories have no content, whatever their size says.
        if matches!(
            kind,
            EntryType::Link
                | EntryType::Symlink
                | EntryType::Directory
                | EntryType::Char
                | EntryType::Block
                | EntryType::Fifo
        ) {
            self.expect(0);
        }
        let size = match header.as_gnu().filter(|_| kind == EntryType::GNUSparse) {
            Some(gnu) => {
                self.skip_sparse_map(gnu.is_extended())?;
                number(gnu.real_size(), "a size")?
            }
            None => pax.real_size.unwrap_or(self.left),
        };
        let member = Member {
            mode: u32::try_from(number(header.mode().map(u64::from), "a mode")?).unwrap_or(0)
                & 0o7777,
            uid: pax.uid.map_or_else(|| number(header.uid(), "an owner"), Ok)?,
            gid: pax.gid.map_or_else(|| number(header.gid(), "a group"), Ok)?,
            mtime: pax.mtime.unwrap_or_else(|| header.mtime().map_or(0, u64::cast_signed)),
            device: (
                header.device_major().ok().flatten().unwrap_or(0),
                header.device_minor().ok().flatten().unwrap_or(0),
            ),
            kind,
            size,
            stored: self.left,
            xattrs: pax.xattrs,
            start,
            content: self.at,
            link,
            path,
        };
        Ok(member)
    }

    /// Passes over the blocks that say where the parts of a sparse file belong.
    fn skip_sparse_map(&mut self, mut more: bool) -> Result<()> {
        let (left, padding) = (self.left, self.padding);
        while more {
            let mut block = [0; BLOCK as usize];
            self.block(&mut block)?;
            // The last number of such a block says whether another follows.
            more = block[504] == 1;
        }
        (self.left, self.padding) = (left, padding);
        Ok(())
    }

    /// Gives the content of the current member in pieces of 64 KiB, the last one shorter.
    pub fn content(&mut self, mut each: impl FnMut(&[u8])) -> Result<()> {
        let mut buffer = vec![0; 1 << 16];
        while self.left > 0 {
            let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
            self.reader.read_exact(&mut buffer[..most])?;
            self.at += most as u64;
            self.left -= most as u64;
            each(&buffer[..most]);
        }
        Ok(())
    }

    /// The whole content of the current member, if it is not longer.
    pub fn bytes(&mut self, most: u64) -> Result<Option<Vec<u8>>> {
        if self.left > most {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.content(|piece| bytes.extend_from_slice(piece))?;
        Ok(Some(bytes))
    }

    /// A reader of the current member's content.
    pub fn reader(&mut self) -> Content<'_, R> {
        Content(self)
    }

    /// Reads to the end of the stream, behind the end of the archive.
    pub fn finish(&mut self) -> Result<u64> {
        let rest = io::copy(&mut self.reader, &mut io::sink())?;
        self.at += rest;
        Ok(self.at)
    }

    fn expect(&mut self, size: u64) {
        self.left = size;
        self.padding = size.wrapping_neg() % BLOCK;
    }

    /// Leaves out what is left of the current member.
    fn pass(&mut self) -> Result<()> {
        let rest = self.left.saturating_add(self.padding);
        self.reader.skip(rest)?;
        self.at += rest;
        (self.left, self.padding) = (0, 0);
        Ok(())
    }

    fn block(&mut self, block: &mut [u8; BLOCK as usize]) -> Result<()> {
        self.reader.read_exact(block)?;
        self.at += BLOCK;
        Ok(())
    }

    /// The next header; none at the end, which is a block of zeros or the end of the stream.
    fn header(&mut self) -> Result<Option<Header>> {
        let mut block = [0; BLOCK as usize];
        let mut filled = 0;
        while filled < block.len() {
            match retry(|| self.reader.read(&mut block[filled..]))? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                read => filled += read,
            }
        }
        let start = self.at;
        self.at += BLOCK;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let header = Header::from_byte_slice(&block).clone();
        let (before, after) = (&block[..148], &block[156..]);
        let sum: u32 = before.iter().chain(after).map(|it| u32::from(*it)).sum::<u32>() + 8 * 32;
        if header.cksum().ok() != Some(sum) {
            return Err(Fault::new(format!("there is no tar header at byte {start}")));
        }
        Ok(Some(header))
    }

    /// A GNU long name.
    fn text(&mut self, size: u64) -> Result<Vec<u8>> {
        let too_long = || {
            Fault::new(format!("a name is {size} bytes long, but Linux allows at most {MAX_PATH}"))
        };
        let mut text = self.bytes(MAX_PATH + 1)?.ok_or_else(too_long)?;
        let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
        text.truncate(end);
        Ok(text)
    }

    fn pax(&mut self, size: u64) -> Result<Pax> {
        let too_long =
            || Fault::new(format!("a PAX header is {size} bytes long, but the limit is {MAX_PAX}"));
        let bytes = self.bytes(MAX_PAX)?.ok_or_else(too_long)?;
        let mut pax = Pax::default();
        for record in records(&bytes) {
            let (key, value) = record.ok_or_else(|| Fault::new("a PAX header is malformed"))?;
            let Ok(key) = std::str::from_utf8(key) else { continue };
            pax.add(key, value)?;
        }
        Ok(pax)
    }
}

/// Reads the content of a member.
#[derive(Debug)]
pub struct Content<'m, R>(&'m mut Members<R>);

impl<R: Skip> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.0.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.0.reader.read(&mut buffer[..most])?;
        if read == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.0.at += read as u64;
        self.0.left -= read as u64;
        Ok(read)
    }
}

/// What a PAX header says of the member after it.
#[derive(Debug, Default)]
struct Pax {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    real_size: Option<u64>,
    uid: Option<u64>,
    gid: Option<u64>,
    mtime: Option<i64>,
    xattrs: Vec<(String, Vec<u8>)>,
}

impl Pax {
    fn add(&mut self, key: &str, value: &[u8]) -> Result<()> {
        let text = || std::str::from_utf8(value).unwrap_or("");
        let number = || -> Result<u64> {
            let value = text().parse().ok().filter(|it| *it <= i64::MAX as u64);
            value.ok_or_else(|| {
                Fault::new(format!("`{key}` in a PAX header is not a number: `{}`", text()))
            })
        };
        match key {
            "path" | "linkpath" | "GNU.sparse.name" => {
                if value.len() as u64 > MAX_PATH {
                    return Err(Fault::new(format!(
                        "a name is {} bytes long, but Linux allows at most {MAX_PATH}",
                        value.len()
                    )));
                }
                let place = if key == "linkpath" { &mut self.link } else { &mut self.path };
                // The name of a sparse file is next to that of the part of the archive.
                if place.is_none() || key != "path" {
                    *place = Some(value.to_vec());
                }
            }
            "size" => self.size = Some(number()?),
            "GNU.sparse.realsize" | "GNU.sparse.size" => self.real_size = Some(number()?),
            "uid" => self.uid = Some(number()?),
            "gid" => self.gid = Some(number()?),
            "mtime" => self.mtime = text().split('.').next().and_then(|it| it.parse().ok()),
            _ => {
                if let Some(name) = key.strip_prefix("SCHILY.xattr.") {
                    self.xattrs.push((name.to_owned(), value.to_vec()));
                }
            }
        }
        Ok(())
    }
}

/// Again, where the system only interrupted.
fn retry(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
