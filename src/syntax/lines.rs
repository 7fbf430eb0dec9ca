//! Physical lines, and the logical lines that continuations make of them.

use super::text::{Builder, Mapped};
use crate::source::Span;

/// The longest line that BuildKit reads, in bytes.
pub(super) const MAX_LINE: usize = 65_535;

/// A physical line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Offset after its last byte that is not a carriage return or line feed.
    pub(super) content: usize,
}

impl Line {
    /// The line without its line end.
    pub(super) fn span(self) -> Span {
        Span::new(self.start, self.content)
    }
}

/// Reads physical lines one after the other.
#[derive(Debug)]
pub(super) struct Lines<'s> {
    text: &'s str,
    position: usize,
    /// Lines that BuildKit refuses to read.
    pub(super) too_long: Vec<Span>,
}

impl<'s> Lines<'s> {
    /// The lines of `text` from the offset `position` on.
    pub(super) fn new(text: &'s str, position: usize) -> Self {
        Self { text, position, too_long: Vec::new() }
    }

    /// The offset of the line that comes next.
    pub(super) fn next_offset(&self) -> usize {
        self.position
    }

    /// Whether a line that was read since `first`, or `first` itself, is one that BuildKit refuses to read.
    pub(super) fn are_too_long_from(&self, first: Line) -> bool {
        self.too_long.last().is_some_and(|it| it.end as usize >= first.content)
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let start = self.position;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |feed| feed + 1);
        let line = &rest[..length];
        let content = start + line.trim_end_matches(['\r', '\n']).len();
        self.position = start + length;
        let line = Line { start, content };
        if length - usize::from(rest[..length].ends_with('\n')) > MAX_LINE {
            self.too_long.push(line.span());
        }
        Some(line)
    }
}

/// The lines of one instruction, joined.
#[derive(Debug)]
pub(super) struct Logical<'s> {
    /// The joined text.
    pub(super) text: Mapped<'s>,
    /// Comments in the continuation.
    pub(super) comments: Vec<Span>,
    /// Blank lines in the continuation.
    pub(super) blanks: Vec<Span>,
}

/// Joins the line `first`, whose text starts at the offset `start`, with those that continue it.
pub(super) fn join<'s>(
    lines: &mut Lines<'s>,
    first: Line,
    start: usize,
    escape: char,
) -> Logical<'s> {
    let file = lines.text;
    let (mut comments, mut blanks) = (Vec::new(), Vec::new());
    let Some(end) = continued(&file[start..first.content], escape) else {
        return Logical { text: Mapped::verbatim(file, start..first.content), comments, blanks };
    };
    let mut builder = Builder::new(file);
    builder.push(start..start + end);
    for line in lines.by_ref() {
        let content = &file[line.start..line.content];
        let trimmed = content.trim_start();
        if trimmed.starts_with('#') {
            comments.push(Span::new(line.content - trimmed.len(), line.content));
        } else if trimmed.is_empty() {
            blanks.push(line.span());
        } else if let Some(end) = continued(content, escape) {
            builder.push(line.start..line.start + end);
        } else {
            builder.push(line.start..line.content);
            break;
        }
    }
    Logical { text: builder.finish(super::text::narrow(start)), comments, blanks }
}

/// How much of the line stays if it ends with a continuation: a last escape character, blanks after it
/// allowed, that has no other escape character right before it.
fn continued(content: &str, escape: char) -> Option<usize> {
    let kept = content.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!kept.ends_with(escape)).then_some(kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Logical<'_> {
        let mut lines = Lines::new(text, 0);
        let first = lines.next().expect("a line");
        join(&mut lines, first, 0, '\\')
    }

    #[test]
    fn lines_join_with_nothing_between() {
        assert_eq!(joined("a\\  \r\nb\\\n  c\nd").text.as_str(), "ab  c");
    }

    #[test]
    fn comments_and_blank_lines_are_left_out() {
        let logical = joined("a \\\n # c\\\n\n  \n b");
        assert_eq!(logical.text.as_str(), "a  b");
        assert_eq!(logical.comments, [Span::new(5, 9)]);
        assert_eq!(logical.blanks.len(), 2);
    }

    #[test]
    fn a_doubled_escape_character_does_not_continue() {
        assert_eq!(joined("a\\\\\nb").text.as_str(), "a\\\\");
        assert_eq!(joined("\\\nb").text.as_str(), "b");
        assert_eq!(joined("a\\").text.as_str(), "a");
    }

    #[test]
    fn the_longest_line_counts_without_its_line_feed() {
        let text = format!("{}\n{}\n", "a".repeat(MAX_LINE), "b".repeat(MAX_LINE + 1));
        let mut lines = Lines::new(&text, 0);
        assert_eq!(lines.by_ref().count(), 2);
        assert_eq!(lines.too_long.len(), 1);
    }
}
