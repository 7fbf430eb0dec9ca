//! The view: an instruction's shell text at its full length, so that places in it are places in the file.
//!
//! The builder takes continuations out before the shell sees the text. Here nothing is taken out: a
//! continuation stays as the shell's own `\⏎`, and what the builder drops becomes blanks.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::Span;

/// Shell text as the shell sees it, as long as the part of the file that it shows: the byte at
/// `text[i]` is in the file at `base + i`.
#[derive(Debug, Clone)]
pub struct View<'s> {
    /// The text; borrowed from the file wherever that is possible.
    pub text: Cow<'s, str>,
    /// The file offset of its first byte.
    pub base: u32,
    /// Where in `text` the joined part ends and heredoc bodies begin.
    joined: usize,
    /// Comments that reach over a line end.
    swallowing: Vec<SwallowingComment>,
}

/// A shell comment on a line that the builder joins to the next one: what is there is a part of the comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SwallowingComment {
    /// The comment on its own line, from its `#` to its last word.
    pub comment: Span,
    /// What it swallows, from the first to the last word.
    pub swallowed: Span,
}

impl<'s> View<'s> {
    /// The view of an instruction's shell text.
    ///
    /// `joined` is the part with Dockerfile continuations (escape character `escape`): blanks between the
    /// escape character and the line end move before it, comment and blank lines inside the continuation are
    /// blanked, a backtick escape becomes a backslash. What follows up to `end` (heredoc bodies) is taken raw.
    pub fn new(file: &'s str, joined: Span, end: u32, escape: char) -> Self {
        let end = end.max(joined.end);
        let Some(text) = file.get(joined.start as usize..end as usize) else {
            return Self::empty(joined.start);
        };
        let length = joined.len() as usize;
        let (Some(head), true) = (text.get(..length), escape.is_ascii()) else {
            let text = Cow::Borrowed(text);
            return Self { text, base: joined.start, joined: length, swallowing: Vec::new() };
        };
        let mut swallowing = Vec::new();
        let text = match rewrite(head, escape as u8, &mut swallowing) {
            Some(mut bytes) => {
                bytes.extend_from_slice(&text.as_bytes()[length..]);
                // Only whole characters are replaced, each by as many ASCII blanks as it has bytes.
                String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
            }
            None => Cow::Borrowed(text),
        };
        let start = joined.start as usize;
        let place = |range: &Range<usize>| Span::new(start + range.start, start + range.end);
        let swallowing = swallowing.iter().map(|(comment, swallowed)| SwallowingComment {
            comment: place(comment),
            swallowed: place(swallowed),
        });
        Self { text, base: joined.start, joined: length, swallowing: swallowing.collect() }
    }

    /// The comments that swallow what is joined to their lines.
    pub fn swallowing_comments(&self) -> &[SwallowingComment] {
        &self.swallowing
    }

    /// Blanks the outer parentheses of each `(( … ))`: what is in them is not arithmetic, and two
    /// subshells run it like one.
    pub(super) fn open_double_parens(&mut self, ranges: &[std::ops::Range<usize>]) {
        let mut bytes = std::mem::take(&mut self.text).into_owned().into_bytes();
        for range in ranges {
            for at in [range.start, range.end.wrapping_sub(1)] {
                if let Some(byte @ (b'(' | b')')) = bytes.get_mut(at) {
                    *byte = b' ';
                }
            }
        }
        // One ASCII byte for another keeps it UTF-8.
        self.text = Cow::Owned(String::from_utf8(bytes).unwrap_or_default());
    }

    /// A view of nothing.
    pub(super) fn empty(base: u32) -> Self {
        Self { text: Cow::Borrowed(""), base, joined: 0, swallowing: Vec::new() }
    }

    /// The place in the file of a range of the text, made of whole characters.
    #[allow(clippy::cast_possible_truncation, reason = "files above 4 GiB are refused before")]
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let end = self.text.ceil_char_boundary(range.end);
        let start = self.text.floor_char_boundary(range.start.min(end));
        Span { start: self.base + start as u32, end: self.base + end as u32 }
    }

    /// Where the whole text is in the file.
    pub fn whole(&self) -> Span {
        self.span(0..self.text.len())
    }

    /// The text at a place of the file; empty where the place is not in the view.
    pub fn slice(&self, span: Span) -> &str {
        let (Some(start), Some(end)) =
            (span.start.checked_sub(self.base), span.end.checked_sub(self.base))
        else {
            return "";
        };
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Whether the builder joins the line that ends in the text at `offset`; lines of heredocs are not joined.
    pub(super) fn is_joined(&self, offset: usize) -> bool {
        offset < self.joined
    }
}

/// A line of the joined part and what the builder makes of it.
struct Line {
    /// The first byte.
    start: usize,
    /// Just after the last byte that is not a blank, escape character or line end.
    content_end: usize,
    /// The line feed, or the end of the text.
    end: usize,
    kind: LineKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineKind {
    /// The next line goes on where this one stops; the escape character is here.
    Continued(usize),
    /// A comment or a blank line, which the builder drops.
    Dropped,
    /// The last line.
    Last,
}

/// The rewritten bytes; none where the text can stay as it is.
fn rewrite(
    text: &str,
    escape: u8,
    swallowing: &mut Vec<(Range<usize>, Range<usize>)>,
) -> Option<Vec<u8>> {
    memchr_newline(text)?;
    let mut quotes = QuoteScan::default();
    let mut bytes: Option<Vec<u8>> = None;
    // The comment that goes on: where it starts and where it ends on its own line.
    let mut comment: Option<Range<usize>> = None;
    for line in lines(text, escape) {
        let content = text[line.start..line.content_end].trim_end();
        let words_end = line.start + content.len();
        let words = words_end - content.trim_start().len()..words_end;
        if let Some(comment) = comment.clone().filter(|_| !matches!(line.kind, LineKind::Dropped)) {
            let blank = words.start >= words.end;
            match swallowing.last_mut().filter(|it| it.0 == comment) {
                Some((_, swallowed)) if !blank => swallowed.end = words.end,
                None if !blank => swallowing.push((comment, words.clone())),
                _ => {}
            }
        }
        let (blanked, newline) = match line.kind {
            LineKind::Dropped => (line.start..line.end, b' '),
            LineKind::Last => break,
            LineKind::Continued(at) => {
                let found = quotes.feed(&text[line.start..line.content_end]);
                if let Some(found) = found.filter(|_| comment.is_none()) {
                    comment = Some(line.start + found..words.end);
                }
                let literal = quotes.comment
                    || (quotes.quote == Some(b'\'') && is_between_blanks(text, at, line.end));
                let newline = if literal { b' ' } else { b'\n' };
                if newline == b'\n' && escape == b'\\' && at + 1 == line.end {
                    continue;
                }
                (at..line.end, newline)
            }
        };
        let bytes = bytes.get_or_insert_with(|| text.as_bytes().to_vec());
        bytes[blanked.clone()].fill(b' ');
        if let Some(byte) = bytes.get_mut(line.end) {
            *byte = newline;
        }
        if newline == b'\n' && !blanked.is_empty() {
            bytes[blanked.end - 1] = b'\\';
        }
    }
    bytes
}

/// Whether blanks in place of a continuation change no word: a blank is there already.
fn is_between_blanks(text: &str, escape: usize, newline: usize) -> bool {
    let blank = |byte: Option<&u8>| matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'));
    let bytes = text.as_bytes();
    blank(escape.checked_sub(1).and_then(|at| bytes.get(at))) || blank(bytes.get(newline + 1))
}

fn memchr_newline(text: &str) -> Option<usize> {
    text.bytes().position(|byte| byte == b'\n')
}

/// The lines of the joined part.
fn lines(text: &str, escape: u8) -> impl Iterator<Item = Line> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start > text.len() {
            return None;
        }
        let first = start == 0;
        let end = memchr_newline(&text[start..]).map_or(text.len(), |length| start + length);
        let line = &text[start..end];
        let content = line.trim_end_matches([' ', '\t', '\r']);
        let content_end = start + content.len();
        let dropped = !first && (content.is_empty() || content.trim_start().starts_with('#'));
        let (kind, content_end) = if dropped && end < text.len() {
            (LineKind::Dropped, content_end)
        } else if content.as_bytes().last() == Some(&escape) {
            (LineKind::Continued(content_end - 1), content_end - 1)
        } else {
            (LineKind::Last, content_end)
        };
        let line = Line { start, content_end, end, kind };
        start = end + 1;
        Some(line)
    })
}

/// Looks for single quotes and comments that go on over a line end: the shell has no continuations there.
#[derive(Default)]
struct QuoteScan {
    quote: Option<u8>,
    backticks: bool,
    comment: bool,
}

impl QuoteScan {
    /// Reads one line without its escape character; says where a comment starts in it.
    fn feed(&mut self, line: &str) -> Option<usize> {
        let bytes = line.as_bytes();
        let mut index = 0;
        while index < bytes.len() && !self.comment {
            match (self.quote, bytes[index]) {
                (None | Some(b'"'), b'\\') => index += 1,
                // Backticks end a comment in them.
                (None, b'`') => self.backticks = !self.backticks,
                (Some(quote), byte) if byte == quote => self.quote = None,
                (None, byte @ (b'\'' | b'"')) => self.quote = Some(byte),
                (None, b'#') if !self.backticks => {
                    self.comment = index == 0
                        || matches!(bytes[index - 1], b' ' | b'\t' | b';' | b'&' | b'|' | b'(');
                    if self.comment {
                        return Some(index);
                    }
                }
                _ => {}
            }
            index += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(text: &str, escape: char) -> View<'_> {
        let span = Span::new(0, text.len());
        View::new(text, span, span.end, escape)
    }

    #[test]
    fn plain_continuations_stay_and_borrow() {
        let view = view("a && \\\n  b", '\\');
        assert!(matches!(view.text, Cow::Borrowed(_)));
    }

    #[test]
    fn blanks_move_before_the_escape_character() {
        assert_eq!(view("a \\ \t\nb", '\\').text, "a   \\\nb");
        assert_eq!(view("a \\\r\nb", '\\').text, "a  \\\nb");
    }

    #[test]
    fn dropped_lines_become_blanks() {
        assert_eq!(view("a \\\n# ñ\n\nb", '\\').text, "a \\\n      b");
        assert_eq!(view("a \\\n\nb", '\\').text, "a \\\n b");
    }

    #[test]
    fn a_backtick_becomes_a_backslash() {
        assert_eq!(view("a `\nb c:\\d", '`').text, "a \\\nb c:\\d");
    }

    #[test]
    fn a_shell_comment_swallows_what_is_joined_to_it() {
        assert_eq!(view("a # c \\\n && b", '\\').text, "a # c    && b");
        assert_eq!(view("a # c\\\n&& b", '\\').text, "a # c  && b");
        assert_eq!(view("a '# c' \\\n && b", '\\').text, "a '# c' \\\n && b");
    }

    #[test]
    fn single_quotes_hold_blanks_instead_of_a_continuation() {
        assert_eq!(view("a 'b \\\n c\\\nd' \\\ne", '\\').text, "a 'b    c\\\nd' \\\ne");
    }

    #[test]
    fn heredoc_bodies_stay_raw() {
        let file = "cat <<E \\ \n && b\n# x\n\nE";
        let view = View::new(file, Span::new(0, 16), 23, '\\');
        assert_eq!(view.text, "cat <<E  \\\n && b\n# x\n\nE");
    }

    #[test]
    fn swallowed_words_have_their_places() {
        let text = "a && # é \\\n  é=b \\  \n\n \t c  \\\n d\n";
        let view = View::new(text, Span::new(0, text.len()), 0, '\\');
        let [found] = view.swallowing_comments() else { panic!("one comment") };
        assert_eq!(&text[found.comment.range()], "# é");
        assert!(text[found.swallowed.range()].starts_with("é=b"));
        assert!(text[found.swallowed.range()].ends_with(" d"));
    }
}
