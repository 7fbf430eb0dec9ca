//! Parser directives: `# key=value` lines in one block at the top of the file.
//!
//! Two readers exist in BuildKit: the parser itself heeds `escape` and allows blanks before the `#`;
//! the front end looks for `syntax` and `check`, allows no such blanks, but skips a `#!` line.

use nom::Parser;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{char, satisfy};
use nom::combinator::{recognize, rest, verify};
use nom::sequence::{delimited, pair};
use nom::{IResult, bytes::complete::tag};

use super::ast::Directive;
use super::instruction::Cx;
use super::lines::Line;
use super::message::{code, error};
use crate::source::Span;

/// Reads the block, line by line.
#[derive(Debug)]
pub(super) struct Block {
    parser_open: bool,
    front_end_open: bool,
    first_line: bool,
    seen: Vec<String>,
}

impl Block {
    /// At the start of a file.
    pub(super) fn new() -> Self {
        Self { parser_open: true, front_end_open: true, first_line: true, seen: Vec::new() }
    }

    /// The directive on this line, if the block still goes on and it is one.
    pub(super) fn read<'s>(
        &mut self,
        cx: &mut Cx,
        file: &'s str,
        line: Line,
    ) -> Option<Directive<'s>> {
        if !self.parser_open && !self.front_end_open {
            return None;
        }
        let content = &file[line.start..line.content];
        let first_line = std::mem::replace(&mut self.first_line, false);
        if first_line && content.starts_with("#!") {
            self.parser_open = false;
            return None;
        }
        let text = content.trim_start();
        let start = line.content - text.len();
        let Some(directive) = directive(text, start) else {
            (self.parser_open, self.front_end_open) = (false, false);
            return None;
        };
        self.front_end_open &= start == line.start;
        let duplicate = self.seen.contains(&directive.key);
        if duplicate && self.parser_open {
            cx.errors.push(error(
                directive.key_span,
                format!("directive {} is given twice", code(&directive.key)),
                "keep one of the two lines",
            ));
        }
        self.seen.push(directive.key.clone());
        let heeded = if directive.key == "escape" { self.parser_open } else { self.front_end_open };
        if heeded && directive.key == "escape" && !duplicate {
            set_escape(cx, &directive);
        }
        heeded.then_some(directive)
    }
}

fn set_escape(cx: &mut Cx, directive: &Directive<'_>) {
    match directive.value {
        "\\" => cx.escape = '\\',
        "`" => cx.escape = '`',
        other => cx.errors.push(error(
            directive.value_span,
            format!("escape character must be a backslash or a backtick, not {}", code(other)),
            "write `# escape=` followed by one backslash or one backtick",
        )),
    }
}

fn directive(text: &str, start: usize) -> Option<Directive<'_>> {
    let (_, (key, value)) = line(text).ok()?;
    let name = key.to_ascii_lowercase();
    if !matches!(name.as_str(), "syntax" | "escape" | "check") {
        return None;
    }
    let place = |part: &str| {
        // Both parts are slices of `text`, so that the distance of their addresses is an offset in it.
        let offset = start + (part.as_ptr() as usize - text.as_ptr() as usize);
        Span::new(offset, offset + part.len())
    };
    Some(Directive {
        span: Span::new(start, start + text.len()),
        key: name,
        key_span: place(key),
        value,
        value_span: place(value),
    })
}

fn line(text: &str) -> IResult<&str, (&str, &str)> {
    let key = delimited((char('#'), take_while(char::is_whitespace)), key, (blanks, tag("=")));
    (key, value).parse(text)
}

fn key(text: &str) -> IResult<&str, &str> {
    let letter = satisfy(|c| c.is_ascii_alphabetic());
    recognize(pair(letter, take_while(|c: char| c.is_ascii_alphanumeric()))).parse(text)
}

/// The value is trimmed, but never to nothing: one blank is the value of `escape= `.
fn value(text: &str) -> IResult<&str, &str> {
    let (_, all) = verify(rest, |all: &str| !all.is_empty()).parse(text)?;
    let trimmed = all.trim_matches(is_blank);
    if trimmed.is_empty() {
        return take_while1(is_blank)(&all[all.len() - 1..]);
    }
    Ok(("", trimmed))
}

fn blanks(text: &str) -> IResult<&str, &str> {
    take_while(is_blank)(text)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}' | '\r' | '\n')
}
