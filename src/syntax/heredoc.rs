//! Heredocs: markers in the joined line of an instruction, bodies in the lines after it.
//!
//! BuildKit looks for markers with its word grammar, in which the escape character is always a backslash;
//! where that grammar finds a fault in the line, the line has no heredocs.

use std::borrow::Cow;
use std::ops::Range;

use nom::bytes::complete::{tag, take_till, take_while, take_while1};
use nom::character::complete::{char, digit0};
use nom::combinator::{all_consuming, opt};
use nom::{IResult, Parser};

use super::ast::{Heredoc, SyntaxError, Word};
use super::lines::Lines;
use super::message::{code, error};
use super::text::Mapped;
use super::word::{self, Mode};
use crate::source::Span;

const MODE: Mode = Mode { escape: '\\', quotes: true, lenient: true };

/// How the body of a heredoc of COPY or ADD is read: the builder expands variables in it; quotes mean nothing there.
pub(super) const BODY: Mode = Mode { escape: '\\', quotes: false, lenient: false };

/// The body of a heredoc of COPY or ADD as a word: its text and variables. `file` is the text of the whole file.
pub fn body_word<'s>(file: &'s str, heredoc: &Heredoc<'_>) -> Word<'s> {
    let body = Mapped::verbatim(file, heredoc.body.range());
    let parts = word::parse(&body, body.range(), BODY).list;
    let text = body.slice(body.range());
    Word { text: text.value, span: text.span, parts }
}

/// `3<<-'NAME'`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) name: String,
    pub(super) fd: Option<u32>,
    pub(super) strip_tabs: bool,
    pub(super) expand: bool,
}

/// The markers in a line with their ranges.
pub(super) fn markers(line: &str) -> Vec<(Range<usize>, Marker)> {
    if !line.contains("<<") {
        return Vec::new();
    }
    let words = words(line).unwrap_or_default();
    words.into_iter().filter_map(|range| Some((range.clone(), marker(&line[range])?))).collect()
}

/// Reads a word that is a marker.
pub(super) fn marker(word: &str) -> Option<Marker> {
    let (_, (digits, _, dash, _, rest)) = grammar(word).ok()?;
    let (name, quoted) = unquote(rest)?;
    Some(Marker { name, fd: digits.parse().ok(), strip_tabs: dash.is_some(), expand: !quoted })
}

type Pieces<'a> = (&'a str, &'a str, Option<char>, &'a str, &'a str);

fn grammar(word: &str) -> IResult<&str, Pieces<'_>> {
    let blanks = take_while(|c: char| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{c}'));
    let name = take_while1(|c| c != '<');
    all_consuming((digit0, tag("<<"), opt(char('-')), blanks, name)).parse(word)
}

/// The delimiter without quotes and escapes, and whether any part of it was quoted; nothing where it is not
/// exactly one word.
fn unquote(text: &str) -> Option<(String, bool)> {
    let (mut name, mut quoted) = (String::new(), false);
    let mut rest = text.trim_start();
    while let Some(next) = rest.chars().next() {
        let after = match next {
            '\'' | '"' | '$' => word::skip(rest, MODE).ok()?.0,
            '\\' => &rest[1 + rest[1..].chars().next().map_or(0, char::len_utf8)..],
            _ if next.is_whitespace() && rest.trim_start().is_empty() => break,
            _ if next.is_whitespace() && !name.is_empty() => return None,
            _ => &rest[next.len_utf8()..],
        };
        let piece = &rest[..rest.len() - after.len()];
        match next {
            '\'' => name.push_str(&piece[1..piece.len() - 1]),
            '"' => double_quoted(&piece[1..piece.len() - 1], &mut name),
            '\\' => name.push_str(&piece[1..]),
            _ => name.push_str(piece),
        }
        quoted |= matches!(next, '\'' | '"');
        rest = after;
    }
    (!name.is_empty()).then_some((name, quoted))
}

fn double_quoted(text: &str, name: &mut String) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = characters.next_if(|c| character == '\\' && matches!(c, '"' | '$' | '\\'));
        name.push(escaped.unwrap_or(character));
    }
}

/// The words of a line as BuildKit splits it to look for markers.
fn words(line: &str) -> Result<Vec<Range<usize>>, word::Fault> {
    let mut words = Vec::new();
    let mut start = None;
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        let at = line.len() - rest.len();
        rest = match next {
            '\'' | '"' | '$' => {
                let (after, operand) = word::skip(rest, MODE)?;
                // BuildKit reads operands into the buffer of the word, which loses what was there.
                start = if operand { Some(at) } else { start.or(Some(at)) };
                after
            }
            '<' => {
                start = start.or(Some(at));
                redirection(rest)
            }
            '\\' => {
                start = start.or(Some(at));
                &rest[1 + rest[1..].chars().next().map_or(0, char::len_utf8)..]
            }
            _ if next.is_whitespace() => {
                words.extend(start.take().map(|start| start..at));
                rest.trim_start()
            }
            _ => {
                start = start.or(Some(at));
                plain(rest)
            }
        };
    }
    words.extend(start.map(|start| start..line.len()));
    Ok(words)
}

fn plain(rest: &str) -> &str {
    let special = |c: char| matches!(c, '\'' | '"' | '$' | '<' | '\\') || c.is_whitespace();
    let found: IResult<&str, &str> = take_till(special).parse(rest);
    found.map_or("", |(after, _)| after)
}

/// `<` or `<<`, the latter with the blanks after it.
fn redirection(rest: &str) -> &str {
    match rest.strip_prefix("<<") {
        Some(after) => after.trim_start_matches(['\t', '\r', ' ']),
        None => &rest[1..],
    }
}

/// Reads the bodies of the markers in order; stops at one that does not end.
pub(super) fn bodies<'s>(
    file: &'s str,
    lines: &mut Lines<'s>,
    text: &Mapped<'s>,
    markers: Vec<(Range<usize>, Marker)>,
    errors: &mut Vec<SyntaxError>,
) -> Vec<Heredoc<'s>> {
    let mut unended = false;
    let mut heredocs = Vec::with_capacity(markers.len());
    for (range, marker) in markers {
        let start = lines.next_offset();
        let found = lines.by_ref().find(|line| {
            let content = &file[line.start..line.content];
            let content =
                if marker.strip_tabs { content.trim_start_matches('\t') } else { content };
            content == marker.name
        });
        let end = found.map_or(file.len(), |line| line.start);
        let marker_span = text.span(range);
        if found.is_none() && !unended {
            unended = true;
            errors.push(error(
                marker_span,
                format!("the heredoc is not closed by its delimiter {}", code(&marker.name)),
                "end the heredoc with a line that contains only the delimiter",
            ));
        }
        heredocs.push(Heredoc {
            name: Cow::Owned(marker.name),
            marker_span,
            fd: marker.fd,
            strip_tabs: marker.strip_tabs,
            expand: marker.expand,
            body: Span::new(start, end),
            terminator: found.map_or(Span::new(end, end), super::lines::Line::span),
        });
    }
    heredocs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        markers(line).into_iter().map(|(_, marker)| marker.name).collect()
    }

    #[test]
    fn markers_are_whole_words() {
        assert_eq!(names("RUN <<A cat <<-'B' 3<<\"C D\""), ["A", "B", "C D"]);
        assert_eq!(names("RUN cat<<EOF"), [""; 0]);
        assert_eq!(names("RUN cat <<<EOF"), [""; 0]);
        assert_eq!(names("RUN echo \"<<X\""), [""; 0]);
        assert_eq!(names("RUN cat << EOF >f"), ["EOF"]);
        assert_eq!(names("RUN <<EOF>f"), ["EOF>f"]);
        assert_eq!(names("RUN echo $((1 <<2))"), ["2))"]);
    }

    #[test]
    fn a_fault_in_the_line_hides_its_markers() {
        assert_eq!(names("RUN cat <<EOF && echo don't"), [""; 0]);
        assert_eq!(names("RUN cat <<EOF ${!x}"), [""; 0]);
        assert_eq!(names("RUN cat <<EOF ${x:0:3}"), ["EOF"]);
    }

    #[test]
    fn quotes_turn_expansion_off_but_escapes_do_not() {
        let read = |word| marker(word).map(|marker| (marker.name, marker.expand));
        assert_eq!(read("<<E\"O\"F"), Some(("EOF".to_owned(), false)));
        assert_eq!(read(r#"<<"a$b\"c\$d\\e\f""#), Some((r#"a$b"c$d\e\f"#.to_owned(), false)));
        assert_eq!(read(r"<<eo\'f"), Some(("eo'f".to_owned(), true)));
        assert_eq!(read("<<$X"), Some(("$X".to_owned(), true)));
        assert_eq!(read("<<''"), None);
        assert_eq!(read("<<"), None);
    }
}
