//! The pieces of a word: plain text, escapes, names and modifiers.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::character::complete::{anychar, char, one_of};
use nom::combinator::{recognize, value};
use nom::{IResult, Parser};

use crate::syntax::ast::Part;

/// The parts read so far.
#[derive(Debug, Default)]
pub(super) struct Sink {
    pub(super) parts: Vec<Part>,
    /// Up to where the outermost text was read without fault.
    pub(super) mark: usize,
    /// Whether a modifier passed that is none.
    pub(super) lenient: bool,
}

impl Sink {
    /// Adds what was read into its own sink, so that a fault in it leaves nothing behind.
    pub(super) fn append(&mut self, inside: Self) {
        self.lenient |= inside.lenient;
        for part in inside.parts {
            match part {
                Part::Text(text) => self.text(&text),
                Part::Var(_) => self.parts.push(part),
            }
        }
    }

    /// Adds literal text.
    pub(super) fn text(&mut self, text: &str) {
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(last)) => last.push_str(text),
            _ => {
                if self.parts.is_empty() {
                    // Most words are one text: a list that grows by itself would start with room for four.
                    self.parts.reserve_exact(1);
                }
                self.parts.push(Part::Text(text.to_owned()));
            }
        }
    }
}

/// Text up to a character, which may be missing: (what follows, the text).
pub(super) fn till(special: impl Fn(char) -> bool, rest: &str) -> (&str, &str) {
    let found: IResult<&str, &str> = take_till(special).parse(rest);
    found.unwrap_or((rest, ""))
}

/// An escape character outside of quotes: the next one is literal, a last one means nothing.
pub(super) fn escaped<'a>(rest: &'a str, raw: bool, sink: &mut Sink) -> &'a str {
    let escape: IResult<&str, char> = anychar(rest);
    let Ok((rest, escape)) = escape else { return rest };
    if raw {
        sink.text(escape.encode_utf8(&mut [0; 4]));
    }
    let length = rest.chars().next().map_or(0, char::len_utf8);
    sink.text(&rest[..length]);
    &rest[length..]
}

/// An escape character in double quotes counts only before a quote, a dollar sign or itself.
pub(super) fn escaped_in_quotes<'a>(
    rest: &'a str,
    escape: char,
    raw: bool,
    sink: &mut Sink,
) -> &'a str {
    let inside = &rest[escape.len_utf8()..];
    let protects = inside.starts_with(['"', '$', escape]);
    if raw || (!protects && !inside.is_empty()) {
        sink.text(&rest[..escape.len_utf8()]);
    }
    let length = if protects { inside.chars().next().map_or(0, char::len_utf8) } else { 0 };
    sink.text(&inside[..length]);
    &inside[length..]
}

/// The name of a variable: digits, one special parameter, or letters, digits and underscores.
pub(super) fn name(text: &str) -> IResult<&str, &str> {
    alt((
        take_while1(|c: char| c.is_ascii_digit()),
        recognize(one_of("@*#?-$!")),
        take_while1(|c: char| c.is_alphanumeric() || c == '_'),
    ))
    .parse(text)
}

/// The modifier of a variable.
pub(super) fn modifier(text: &str) -> IResult<&str, &'static str> {
    alt((
        value(":-", tag(":-")),
        value(":+", tag(":+")),
        value(":?", tag(":?")),
        value("-", char('-')),
        value("+", char('+')),
        value("?", char('?')),
        value("##", tag("##")),
        value("#", char('#')),
        value("%%", tag("%%")),
        value("%", char('%')),
        value("//", tag("//")),
        value("/", char('/')),
    ))
    .parse(text)
}

/// Whether a pattern has a backslash before something that needs none.
pub(super) fn bad_pattern(parts: &[Part]) -> bool {
    let [Part::Text(pattern)] = parts else { return false };
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && !matches!(characters.next(), Some('*' | '?' | '\\' | '}' | '/')) {
            return true;
        }
    }
    false
}
