//! Positions of the protocol, in the client's encoding, to bytes and back.

use gen_lsp_types::{Position, PositionEncodingKind, Range};

use crate::source::Span;

/// In what units a client counts the columns of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Halves of surrogate pairs; what every client understands.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// The first of a client's encodings that is known: they come in the order of its preference.
    pub(super) fn negotiate<'a>(offered: impl Iterator<Item = &'a str>) -> Self {
        let known = |name: &str| match name {
            "utf-8" => Some(Self::Utf8),
            "utf-16" => Some(Self::Utf16),
            "utf-32" => Some(Self::Utf32),
            _ => None,
        };
        offered.into_iter().find_map(known).unwrap_or_default()
    }

    /// Its name in the protocol.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How many units a text has.
    pub(super) fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// How many bytes so many units of a line take; the whole line if it is shorter. A number that ends inside a
    /// character ends before it.
    fn bytes(self, line: &str, units: u32) -> usize {
        let units = units as usize;
        if line.is_ascii() {
            return units.min(line.len());
        }
        let size = |it: char| match self {
            Self::Utf8 => it.len_utf8(),
            Self::Utf16 => it.len_utf16(),
            Self::Utf32 => 1,
        };
        let mut count = 0;
        for (at, character) in line.char_indices() {
            count += size(character);
            if count > units {
                return at;
            }
        }
        line.len()
    }
}

/// Where lines start. In the protocol `\n`, `\r\n` and `\r` end a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Those of a text.
    pub(super) fn new(text: &str) -> Self {
        let mut lines = Self { starts: vec![0] };
        lines.starts.extend(starts_in(text, 1, text.len()));
        lines
    }

    /// Notes that the bytes of a range became `inserted` others; `text` is the text afterwards.
    pub(super) fn edit(&mut self, text: &str, range: std::ops::Range<usize>, inserted: usize) {
        // A line starts after a line end, so that only the bytes at the edges of the edit matter.
        let kept = self.starts.partition_point(|it| (*it as usize) < range.start.max(1));
        let behind = self.starts.partition_point(|it| *it as usize <= range.end).max(kept);
        let end = range.start + inserted;
        let new = starts_in(text, range.start.max(1), end);
        let (grown, shrunk) = (narrow(inserted), narrow(range.len()));
        for start in &mut self.starts[behind..] {
            *start = *start - shrunk + grown;
        }
        self.starts.splice(kept..behind, new);
    }

    /// How many lines there are; the last may be empty.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The first byte of a line; the end of the text for a line that is not there.
    pub(super) fn start(&self, text: &str, line: usize) -> usize {
        self.starts.get(line).map_or(text.len(), |it| *it as usize)
    }

    /// A line without its end.
    pub(super) fn content<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let line = &text[self.start(text, line)..self.start(text, line + 1)];
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The byte at a position. What is behind the end of a line is its end, what is below the text is the end of that.
    pub(super) fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        let start = self.start(text, line);
        if line >= self.count() {
            return start;
        }
        start + encoding.bytes(self.content(text, line), position.character)
    }

    /// The bytes of a range. One that ends before it starts is turned round, as clients' own libraries do.
    pub(super) fn bytes(
        &self,
        text: &str,
        range: Range,
        encoding: Encoding,
    ) -> std::ops::Range<usize> {
        let start = self.offset(text, range.start, encoding);
        let end = self.offset(text, range.end, encoding);
        start.min(end)..start.max(end)
    }

    /// The line that holds a byte.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|it| *it as usize <= offset).saturating_sub(1)
    }

    /// The position of a byte.
    pub(super) fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let line = self.line(offset);
        let (start, content) = (self.start(text, line), self.content(text, line));
        let length = offset.min(text.len()).saturating_sub(start).min(content.len());
        let before = content.get(..length).unwrap_or(content);
        Position { line: narrow(line), character: narrow(encoding.units(before)) }
    }

    /// The range of some bytes.
    pub(super) fn range(&self, text: &str, span: Span, encoding: Encoding) -> Range {
        let position = |at: u32| self.position(text, at as usize, encoding);
        Range { start: position(span.start), end: position(span.end) }
    }
}

/// The places from `first` to `last` where a line starts.
fn starts_in(text: &str, first: usize, last: usize) -> impl Iterator<Item = u32> {
    let bytes = text.as_bytes();
    (first..=last).filter_map(move |at| match bytes.get(at - 1)? {
        b'\n' => Some(narrow(at)),
        b'\r' if bytes.get(at) != Some(&b'\n') => Some(narrow(at)),
        _ => None,
    })
}

/// A number of bytes or lines; messages are far smaller than it can be.
pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn each_encoding_counts_its_own_units() {
        let text = "aé😀z\r\nb\rc\n";
        let lines = Lines::new(text);
        assert_eq!(lines.count(), 4);
        for (encoding, column) in [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)]
        {
            assert_eq!(lines.offset(text, at(0, column), encoding), 7, "{encoding:?}");
            assert_eq!(lines.position(text, 7, encoding), at(0, column), "{encoding:?}");
        }
        // Inside a character is before it, behind a line is its end, below the text is the end.
        assert_eq!(lines.offset(text, at(0, 3), Encoding::Utf16), 3);
        assert_eq!(lines.offset(text, at(0, 5), Encoding::Utf8), 3);
        assert_eq!(lines.offset(text, at(0, 99), Encoding::Utf16), 8);
        assert_eq!(lines.offset(text, at(2, 9), Encoding::Utf16), 13);
        assert_eq!(lines.offset(text, at(9, 0), Encoding::Utf16), text.len());
    }

    #[test]
    fn the_first_known_encoding_is_taken() {
        let negotiate = |list: &[&str]| Encoding::negotiate(list.iter().copied());
        assert_eq!(negotiate(&["x", "utf-8", "utf-16"]), Encoding::Utf8);
        assert_eq!(negotiate(&["utf-32", "utf-16"]), Encoding::Utf32);
        assert_eq!(negotiate(&[]), Encoding::Utf16);
    }

    #[test]
    fn edited_lines_are_those_of_the_new_text() {
        let pieces = ["", "\n", "\r", "\r\n", "a\nb", "\n\r", "x"];
        for text in ["", "a\r\nb\rc\nd", "\r\r\n\n"] {
            for start in 0..=text.len() {
                for end in start..=text.len() {
                    for piece in pieces {
                        let after = format!("{}{piece}{}", &text[..start], &text[end..]);
                        let mut lines = Lines::new(text);
                        lines.edit(&after, start..end, piece.len());
                        assert_eq!(lines, Lines::new(&after), "{text:?} {start}..{end} {piece:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_range_that_ends_before_its_start_is_turned_round() {
        let lines = Lines::new("ab\ncd");
        let range = Range { start: at(1, 1), end: at(0, 1) };
        assert_eq!(lines.bytes("ab\ncd", range, Encoding::Utf16), 1..4);
    }
}
