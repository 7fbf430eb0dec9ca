//! Text put together from pieces of the file, each byte of which still knows its place.
//!
//! Continuations, quotes in flags, CSV fields and JSON escapes all take bytes out of the text before the
//! next grammar reads it. [`Mapped`] is what every such grammar reads, so that its places are file places.

use std::borrow::Cow;
use std::ops::Range;

use super::ast::Text;
use crate::source::Span;

/// Text with the place of every byte.
#[derive(Debug, Clone)]
pub(super) struct Mapped<'s> {
    file: &'s str,
    text: Text<'s>,
}

impl<'s> Mapped<'s> {
    /// A range of the file as written.
    pub(super) fn verbatim(file: &'s str, range: Range<usize>) -> Self {
        let span = Span::new(range.start, range.end);
        let value = Cow::Borrowed(file.get(range).unwrap_or_default());
        Self { file, text: Text { value, span, joins: Vec::new() } }
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.text.value
    }

    /// The bytes of the text at `range`; empty where that is not a range of it.
    pub(super) fn str(&self, range: Range<usize>) -> &str {
        self.text.value.get(range).unwrap_or_default()
    }

    /// The whole text as a range.
    pub(super) fn range(&self) -> Range<usize> {
        0..self.text.value.len()
    }

    /// The place of a range; an empty range is just behind the byte before it.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        if !range.is_empty() {
            return self.text.span_of(range);
        }
        match range.start.checked_sub(1) {
            Some(before) => Span::at(self.offset(before) + 1),
            None => Span::at(self.text.span.start),
        }
    }

    /// A part of the text, borrowed from the file wherever it is there in one piece.
    pub(super) fn slice(&self, range: Range<usize>) -> Text<'s> {
        let span = self.span(range.clone());
        let value = self.str(range.clone());
        if span.len() as usize == value.len() && self.file.get(span.range()) == Some(value) {
            let value = Cow::Borrowed(&self.file[span.range()]);
            return Text { value, span, joins: Vec::new() };
        }
        let first = self.text.joins.partition_point(|&(from, _)| from as usize <= range.start);
        let joins = self.text.joins[first..]
            .iter()
            .take_while(|&&(from, _)| (from as usize) < range.end)
            .map(|&(from, to)| (from - narrow(range.start), to))
            .collect();
        Text { value: Cow::Owned(value.to_owned()), span, joins }
    }

    /// A part of the text as its own text.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        Self { file: self.file, text: self.slice(range) }
    }

    /// A range without the white space at both ends.
    pub(super) fn trim(&self, range: Range<usize>) -> Range<usize> {
        let text = self.str(range.clone());
        let start = range.start + (text.len() - text.trim_start().len());
        start..start.max(range.end - (text.len() - text.trim_end().len()))
    }

    fn offset(&self, at: usize) -> u32 {
        self.text.offset(narrow(at))
    }
}

/// Puts a [`Mapped`] together.
#[derive(Debug)]
pub(super) struct Builder<'s> {
    file: &'s str,
    value: String,
    joins: Vec<(u32, u32)>,
    span: Option<Span>,
}

impl<'s> Builder<'s> {
    /// Starts with no text.
    pub(super) fn new(file: &'s str) -> Self {
        Self { file, value: String::new(), joins: Vec::new(), span: None }
    }

    /// Adds a range of the file.
    pub(super) fn push(&mut self, range: Range<usize>) {
        let file = self.file;
        self.piece(file.get(range.clone()).unwrap_or_default(), narrow(range.start));
    }

    /// Adds a range of another text.
    pub(super) fn push_part(&mut self, from: &Mapped<'s>, range: Range<usize>) {
        let text = from.slice(range);
        let mut start = (0, text.span.start);
        for &join in &text.joins {
            self.piece(&text.value[start.0 as usize..join.0 as usize], start.1);
            start = join;
        }
        self.piece(&text.value[start.0 as usize..], start.1);
    }

    /// Adds a character that an escape stands for, which is at least as long and ends before `end`.
    pub(super) fn push_decoded(&mut self, decoded: char, end: u32) {
        let mut buffer = [0; 4];
        let text = decoded.encode_utf8(&mut buffer);
        self.piece(text, end.saturating_sub(narrow(text.len())));
    }

    /// The text; `at` is its place where it is empty.
    pub(super) fn finish(self, at: u32) -> Mapped<'s> {
        let span = self.span.unwrap_or(Span::at(at));
        let value = match self.file.get(span.range()) {
            Some(verbatim) if verbatim == self.value => Cow::Borrowed(verbatim),
            _ => Cow::Owned(self.value),
        };
        Mapped { file: self.file, text: Text { value, span, joins: self.joins } }
    }

    fn piece(&mut self, text: &str, offset: u32) {
        if text.is_empty() {
            return;
        }
        let span = self.span.get_or_insert(Span::at(offset));
        if span.end != offset {
            self.joins.push((narrow(self.value.len()), offset));
        }
        span.end = offset + narrow(text.len());
        self.value.push_str(text);
    }
}

/// An offset as spans hold it: files above 4 GiB are refused before they are parsed.
#[allow(clippy::cast_possible_truncation, reason = "files above 4 GiB are refused")]
pub(super) fn narrow(offset: usize) -> u32 {
    offset as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(file: &str) -> Mapped<'_> {
        let mut builder = Builder::new(file);
        builder.push(0..2);
        builder.push(4..6);
        builder.finish(0)
    }

    #[test]
    fn pieces_keep_their_places() {
        let text = joined("ab\\\ncd");
        assert_eq!(text.as_str(), "abcd");
        assert_eq!(text.span(1..3), Span::new(1, 5));
        assert_eq!(text.span(2..2), Span::at(2));
        assert_eq!(text.slice(1..3).joins, vec![(1, 4)]);
        assert!(matches!(text.slice(2..4).value, Cow::Borrowed("cd")));
    }

    #[test]
    fn one_piece_borrows_from_the_file() {
        let mut builder = Builder::new("abc");
        builder.push(0..1);
        builder.push(1..3);
        assert!(matches!(builder.finish(0).slice(0..3).value, Cow::Borrowed("abc")));
    }

    #[test]
    fn decoded_characters_end_where_their_escape_ends() {
        let mut builder = Builder::new(r"a\u00e9b");
        builder.push(0..1);
        builder.push_decoded('é', 7);
        builder.push(7..8);
        let text = builder.finish(0);
        assert_eq!(text.as_str(), "aéb");
        assert_eq!(text.span(1..3), Span::new(5, 7));
        assert_eq!(text.span(3..4), Span::new(7, 8));
    }
}
