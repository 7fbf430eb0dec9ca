//! The JSON form: an array of strings, or else the text is not in JSON form at all.

use std::ops::Range;

use nom::bytes::complete::{take_while, take_while_m_n};
use nom::character::complete::{anychar, char};
use nom::combinator::map_opt;
use nom::{IResult, Parser};

use super::text::{Builder, Mapped};
use crate::source::{INVALID_BYTE, Span};

/// What text in a place where a JSON array may be turned out to be.
#[derive(Debug)]
pub(super) enum Json<'s> {
    /// An array of strings.
    Strings(Vec<JsonString<'s>>),
    /// An array with something else in it, at this place; BuildKit refuses it.
    NotStrings(Range<usize>),
    /// No JSON array: it is the shell form.
    No,
}

/// A string of the array.
#[derive(Debug)]
pub(super) struct JsonString<'s> {
    /// The decoded text with its places.
    pub(super) text: Mapped<'s>,
    /// With its quotes.
    pub(super) span: Span,
}

/// Reads a range of `text`.
pub(super) fn parse<'s>(file: &'s str, text: &Mapped<'s>, range: Range<usize>) -> Json<'s> {
    let all = text.str(range.clone()).trim_start();
    let Some(mut rest) = all.strip_prefix('[').map(space) else { return Json::No };
    let at = |rest: &str| range.end - rest.len();
    let mut strings = Vec::new();
    let mut empty = rest.starts_with(']');
    while !empty {
        let Some(end) = string_end(rest) else { return not_strings(all, at(rest)..range.end) };
        let quoted = at(rest)..at(end);
        strings.push(JsonString {
            text: decode(file, text, quoted.start + 1..quoted.end - 1),
            span: text.span(quoted),
        });
        rest = space(end);
        match rest.chars().next() {
            Some(',') => rest = space(&rest[1..]),
            Some(']') => empty = true,
            _ => return Json::No,
        }
    }
    if space(&rest[1..]).is_empty() { Json::Strings(strings) } else { Json::No }
}

/// Text that is not an array of strings may still be an array.
fn not_strings<'s>(all: &str, rest: Range<usize>) -> Json<'s> {
    match serde_json::from_str::<Vec<serde::de::IgnoredAny>>(all) {
        Ok(_) => Json::NotStrings(rest.start..rest.end.min(rest.start + element(all, rest.len()))),
        Err(_) => Json::No,
    }
}

/// How long the element is that is `left` bytes before the end.
fn element(all: &str, left: usize) -> usize {
    let rest = &all[all.len() - left..];
    rest.find([',', ']', ' ', '\t']).unwrap_or(left).max(1)
}

fn space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\r', '\n'])
}

/// What follows the string at the start of `text`, if one is there.
fn string_end(text: &str) -> Option<&str> {
    let mut rest = text.strip_prefix('"')?;
    loop {
        let (after, _) = plain(rest).ok()?;
        rest = match after.chars().next()? {
            '"' => return Some(&after[1..]),
            '\\' => escape(after).ok()?.0,
            _ => return None,
        };
    }
}

fn decode<'s>(file: &'s str, text: &Mapped<'s>, range: Range<usize>) -> Mapped<'s> {
    if !text.str(range.clone()).contains('\\') {
        return text.part(range);
    }
    let mut builder = Builder::new(file);
    let mut rest = text.str(range.clone());
    while let Ok((after, plain)) = plain(rest) {
        let start = range.end - rest.len();
        builder.push_part(text, start..start + plain.len());
        let Ok((after, decoded)) = escape(after) else { break };
        let end = range.end - after.len();
        builder.push_decoded(decoded, text.span(end - 1..end).end);
        rest = after;
    }
    builder.finish(text.span(range).start)
}

/// Characters that stand for themselves. A byte that is not UTF-8 is not a control character.
fn plain(text: &str) -> IResult<&str, &str> {
    take_while(|c| !matches!(c, '"' | '\\') && (c >= ' ' || c == INVALID_BYTE)).parse(text)
}

fn escape(text: &str) -> IResult<&str, char> {
    let (rest, (_, letter)) = (char('\\'), anychar).parse(text)?;
    let decoded = match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return code_point(rest),
        _ => {
            return Err(nom::Err::Error(nom::error::Error::new(rest, nom::error::ErrorKind::Char)));
        }
    };
    Ok((rest, decoded))
}

/// Four hexadecimal digits, or two times four for a surrogate pair; a lone surrogate is replaced.
fn code_point(text: &str) -> IResult<&str, char> {
    let (rest, first) = hexadecimal(text)?;
    if let Some(decoded) = char::from_u32(first) {
        return Ok((rest, decoded));
    }
    let second = rest.strip_prefix("\\u").and_then(|rest| hexadecimal(rest).ok());
    match second {
        Some((after, second)) if first < 0xDC00 && (0xDC00..0xE000).contains(&second) => {
            let joined = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            Ok((after, char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER)))
        }
        _ => Ok((rest, char::REPLACEMENT_CHARACTER)),
    }
}

fn hexadecimal(text: &str) -> IResult<&str, u32> {
    map_opt(take_while_m_n(4, 4, |c: char| c.is_ascii_hexdigit()), |digits| {
        u32::from_str_radix(digits, 16).ok()
    })
    .parse(text)
}

/// Whether the range of `text` is an array of strings.
pub(super) fn is_json<'s>(file: &'s str, text: &Mapped<'s>, range: Range<usize>) -> bool {
    matches!(parse(file, text, range), Json::Strings(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, &str> {
        match parse(text, &Mapped::verbatim(text, 0..text.len()), 0..text.len()) {
            Json::Strings(all) => Ok(all.iter().map(|it| it.text.as_str().to_owned()).collect()),
            Json::NotStrings(place) => Err(&text[place]),
            Json::No => Err("no"),
        }
    }

    #[test]
    fn arrays_of_strings_are_decoded() {
        assert_eq!(read(r#" [ "a" , "b\"\u00e9\n" ] "#), Ok(vec!["a".into(), "b\"é\n".into()]));
        assert_eq!(read(r#"["\ud83d\ude00\ud83d"]"#), Ok(vec!["😀\u{FFFD}".into()]));
        assert_eq!(read("[]"), Ok(Vec::new()));
    }

    #[test]
    fn anything_else_is_no_json_form() {
        for text in [
            "['a']",
            "[\"a\",]",
            "[\"a\"] x",
            "[\"a\" \"b\"]",
            "[\"\\x\"]",
            "[\"a\tb\"]",
            "[",
            "[\"",
            "a",
            "",
            "[-f x]",
            "[\"a\\u00\"]",
        ] {
            assert_eq!(read(text), Err("no"), "{text}");
        }
    }

    #[test]
    fn an_array_of_something_else_is_told_by_its_first_element() {
        assert_eq!(read("[\"a\", 1, 2]"), Err("1"));
        assert_eq!(read("[null]"), Err("null"));
        assert_eq!(read("[[\"a\"]]"), Err("[\"a\""));
    }

    #[test]
    fn strings_keep_their_places() {
        let text = r#"["a\u0024b", "c"]"#;
        let Json::Strings(all) = parse(text, &Mapped::verbatim(text, 0..text.len()), 0..text.len())
        else {
            panic!("no array")
        };
        assert_eq!(&text[all[0].span.range()], r#""a\u0024b""#);
        assert_eq!(&text[all[0].text.span(2..3).range()], "b");
        assert_eq!(&text[all[1].text.span(0..1).range()], "c");
    }
}
