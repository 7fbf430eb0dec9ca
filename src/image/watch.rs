//! What the content of a file shows while it passes: blocks of zeros, symbols that could be stripped, secrets, and the
//! databases of package managers.

use super::entry::Seen;
use crate::context::{SecretKind, secret_by_name, secret_in};

/// Longer databases are left alone; Debian's with every package installed would have some 60 MB.
const MAX_DATABASE: u64 = 64 << 20;

/// Files with secrets are short.
const MAX_SECRET: u64 = 64 << 10;

/// Holes are counted in blocks of this size, which is that of most file systems.
const BLOCK: usize = 4096;

/// Section tables of more bytes are left alone.
const MAX_SECTIONS: usize = 1 << 18;

/// Looks at a file.
#[derive(Debug)]
pub(super) struct Watch {
    kept: Option<Vec<u8>>,
    secret: Option<SecretKind>,
    is_database: bool,
    zeros: u64,
    at: u64,
    elf: Option<Elf>,
}

impl Watch {
    /// Looks at the file of a path with so many bytes. The text of a database is kept.
    pub(super) fn new(path: &[u8], size: u64, is_database: bool) -> Self {
        let is_database = is_database && size <= MAX_DATABASE;
        let secret = std::str::from_utf8(path).ok().and_then(secret_by_name);
        let secret = secret.filter(|_| size <= MAX_SECRET);
        let kept = (is_database || secret.is_some()).then(Vec::new);
        Self { kept, secret, is_database, zeros: 0, at: 0, elf: None }
    }

    /// The next piece of its content.
    pub(super) fn see(&mut self, piece: &[u8]) {
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(piece);
        }
        let is_hole = |block: &&[u8]| block.len() == BLOCK && block.iter().all(|byte| *byte == 0);
        self.zeros += (piece.chunks(BLOCK).filter(is_hole).count() * BLOCK) as u64;
        if self.at == 0 {
            self.elf = Elf::of_start(piece);
        }
        if let Some(elf) = &mut self.elf {
            elf.see(self.at, piece);
        }
        self.at += piece.len() as u64;
    }

    /// What was seen.
    pub(super) fn seen(&self, path: &[u8]) -> Seen {
        let text = self.kept.as_ref().map(|it| String::from_utf8_lossy(it)).unwrap_or_default();
        // The keys that Debian and others ship for their own repositories are public.
        let secret = self.secret.filter(|_| !path.starts_with(b"usr/share/"));
        Seen {
            zeros: self.zeros,
            debug: self.elf.as_ref().map_or(0, Elf::debug),
            secret: secret.filter(|kind| secret_in(*kind, &text)),
        }
    }

    /// The text, if it is a database.
    pub(super) fn database(self) -> Option<Vec<u8>> {
        self.kept.filter(|_| self.is_database)
    }
}

/// The section table of an ELF file, which mostly is at its end.
/// Source: <https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.sheader.html>.
#[derive(Debug)]
struct Elf {
    is_64: bool,
    is_big: bool,
    /// Where the table starts, in bytes.
    start: u64,
    /// Its size, in bytes.
    size: usize,
    entry: usize,
    table: Vec<u8>,
}

impl Elf {
    fn of_start(start: &[u8]) -> Option<Self> {
        let head = start.get(..64)?;
        if !head.starts_with(b"\x7fELF") {
            return None;
        }
        let (is_64, is_big) = (head[4] == 2, head[5] == 2);
        let mut elf = Self { is_64, is_big, start: 0, size: 0, entry: 0, table: Vec::new() };
        let (offset, entry, count) = if is_64 { (40, 58, 60) } else { (32, 46, 48) };
        elf.start = elf.number(head, offset, if is_64 { 8 } else { 4 })?;
        elf.entry = usize::try_from(elf.number(head, entry, 2)?).ok()?;
        let count = usize::try_from(elf.number(head, count, 2)?).ok()?;
        elf.size = elf.entry.checked_mul(count)?;
        let expected = if is_64 { 64 } else { 40 };
        (elf.entry == expected && elf.size > 0 && elf.size <= MAX_SECTIONS).then_some(elf)
    }

    fn number(&self, bytes: &[u8], at: usize, width: usize) -> Option<u64> {
        let bytes = bytes.get(at..at + width)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.is_big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) })
    }

    fn see(&mut self, at: u64, piece: &[u8]) {
        let wanted = self.start.saturating_add(self.table.len() as u64);
        let Some(skip) = wanted.checked_sub(at).and_then(|it| usize::try_from(it).ok()) else {
            return;
        };
        let rest = self.size - self.table.len();
        if let Some(piece) = piece.get(skip..) {
            self.table.extend_from_slice(&piece[..piece.len().min(rest)]);
        }
    }

    /// The bytes of sections that are not loaded: debug information, symbols and their names.
    fn debug(&self) -> u64 {
        const PROGBITS: u64 = 1;
        const SYMTAB: u64 = 2;
        const STRTAB: u64 = 3;
        const ALLOC: u64 = 2;
        if self.table.len() < self.size {
            return 0;
        }
        let (flags, size, width) = if self.is_64 { (8, 32, 8) } else { (8, 20, 4) };
        let sections = self.table.chunks(self.entry).filter_map(|section| {
            let kind = self.number(section, 4, 4)?;
            let flags = self.number(section, flags, width)?;
            let size = self.number(section, size, width)?;
            let goes = matches!(kind, PROGBITS | SYMTAB | STRTAB) && flags & ALLOC == 0;
            goes.then_some(size)
        });
        let sum = sections.fold(0, u64::saturating_add);
        // Every file has some bytes of names and the compiler's comment.
        if sum < BLOCK as u64 { 0 } else { sum }
    }
}
