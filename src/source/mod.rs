//! A file's text with its name and line index, whatever the bytes were.

mod line_index;
mod span;
mod wildcard;
pub mod work;

use sha2::{Digest, Sha256};

pub use line_index::{LineColumn, LineIndex};
pub use span::Span;
pub use wildcard::{fits, wildcard};

/// The character that is in [`Source::text`] for each byte that is not UTF-8.
///
/// It is one byte long, so that every offset in the text is an offset in the file.
pub const INVALID_BYTE: char = '\u{1A}';

/// What the bytes of a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encoding {
    /// Valid UTF-8, with or without a byte order mark.
    Utf8,
    /// Mostly UTF-8; these spans hold bytes that are not, each shown as [`INVALID_BYTE`].
    Invalid(Vec<Span>),
    /// UTF-16 or UTF-32, recognized by its byte order mark; nothing in it can be parsed.
    Wide,
    /// A binary file, recognized by a NUL byte; nothing in it can be parsed.
    Binary,
}

/// One Dockerfile's text: a file, standard input or an editor's buffer. It does no I/O.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name shown to people, as it was given.
    pub name: String,
    /// The text; byte for byte as long as the file.
    pub text: String,
    /// What the bytes were.
    pub encoding: Encoding,
    /// The original bytes, kept only where `text` could not hold them.
    original: Option<Vec<u8>>,
    lines: LineIndex,
    line_end: &'static str,
}

/// The largest file that is read, in bytes: spans are 32 bits wide.
pub const MAX_BYTES: usize = u32::MAX as usize;

/// The first half of the SHA-256 digest of a text: 32 hexadecimal digits.
pub fn hash(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Source {
    /// Makes a source from text that is known to be UTF-8.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let encoding = if text.contains('\0') { Encoding::Binary } else { Encoding::Utf8 };
        let (lines, line_end) = (LineIndex::new(&text), line_end_of(&text));
        Self { name: name.into(), text, encoding, original: None, lines, line_end }
    }

    /// Makes a source from any bytes; those that are not UTF-8 are marked, never refused.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(name, text),
            Err(error) => {
                let bytes = error.into_bytes();
                let (text, invalid) = mark_invalid(&bytes);
                let encoding = if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
                    Encoding::Wide
                } else if bytes.contains(&0) {
                    Encoding::Binary
                } else {
                    Encoding::Invalid(invalid)
                };
                let (lines, line_end) = (LineIndex::new(&text), line_end_of(&text));
                let original = Some(bytes);
                Self { name: name.into(), text, encoding, original, lines, line_end }
            }
        }
    }

    /// The file's own bytes.
    pub fn bytes(&self) -> &[u8] {
        self.original.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// The text at `span`; empty where the span is not in the text on character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        work::count(1);
        self.text.get(span.range()).unwrap_or("")
    }

    /// How its lines end: `\r\n` if any line does, else `\n`.
    pub fn line_end(&self) -> &'static str {
        self.line_end
    }

    /// The whole file as a span.
    pub fn span(&self) -> Span {
        Span::new(0, self.text.len())
    }

    /// The 1-based line that holds the byte at `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines.line(offset)
    }

    /// The 1-based line and column (in Unicode scalar values) of the byte at `offset`.
    pub fn position(&self, offset: u32) -> LineColumn {
        let mut position = self.lines.position(&self.text, offset);
        // A byte order mark is not a character of the line: editors do not show it.
        if position.line == 1 && offset > 0 && self.text.starts_with('\u{FEFF}') {
            position.column = position.column.saturating_sub(1).max(1);
        }
        position
    }

    /// The span of the 1-based `line` without its line end; empty at the end of the file for a line that is not there.
    pub fn line_span(&self, line: u32) -> Span {
        self.lines.line_span(&self.text, line)
    }

    /// How many lines the file has; a last line without a line end counts.
    pub fn line_count(&self) -> u32 {
        self.lines.count(&self.text)
    }
}

/// How the lines of a text end: `\r\n` if any line does, else `\n`.
fn line_end_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Replaces every byte that is not part of valid UTF-8 by [`INVALID_BYTE`], and says where.
fn mark_invalid(bytes: &[u8]) -> (String, Vec<Span>) {
    let mut text = String::with_capacity(bytes.len());
    let mut invalid = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let start = text.len();
        text.extend(chunk.invalid().iter().map(|_| INVALID_BYTE));
        if text.len() > start {
            invalid.push(Span::new(start, text.len()));
        }
    }
    (text, invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_keep_every_offset() {
        let source = Source::from_bytes("x", b"FROM a\n# caf\xE9 \xFF\xFEz\n".to_vec());
        assert_eq!(source.text.len(), source.bytes().len());
        assert_eq!(
            source.encoding,
            Encoding::Invalid(vec![Span::new(12, 13), Span::new(14, 15), Span::new(15, 16)])
        );
        assert_eq!(source.text.find('z'), Some(16));
    }

    #[test]
    fn utf16_and_binary_are_told_apart() {
        assert_eq!(Source::from_bytes("x", b"\xFF\xFEF\0R\0".to_vec()).encoding, Encoding::Wide);
        assert_eq!(Source::from_bytes("x", b"\x7FELF\0".to_vec()).encoding, Encoding::Binary);
    }
}
