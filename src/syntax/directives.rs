//! Parser directives: `# key=value` lines in one block at the top of the file.
//!
//! Two readers exist in BuildKit: the parser itself honours `escape` and allows blanks before the `#`;
//! the front end looks for `syntax` and `check`, allows no such blanks, but skips a `#!` line.

use nom::Parser;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{char, satisfy};
use nom::combinator::{recognize, rest, verify};
use nom::sequence::{delimited, pair};
use nom::{IResult, bytes::complete::tag};

use super::ast::Directive;
use super::check_options::CheckOptions;
use super::cx::Cx;
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
                format!("duplicate directive {}", code(&directive.key)),
                "keep one of the two lines",
            ));
        }
        self.seen.push(directive.key.clone());
        let heeded = if directive.key == "escape" { self.parser_open } else { self.front_end_open };
        if heeded && directive.key == "escape" && !duplicate {
            set_escape(cx, &directive);
        }
        if heeded
            && directive.key == "check"
            && !duplicate
            && let Err((message, help)) = CheckOptions::parse(directive.value)
        {
            cx.errors.push(error(directive.value_span, message, help));
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
            format!("escape character must be `\\` or a backtick, not {}", code(other)),
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

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::parse;

    fn read(text: &str) -> (Vec<(String, String)>, char, Vec<String>) {
        let source = Source::new("", text);
        let doc = parse(&source);
        let pairs = doc.directives.iter().map(|it| (it.key.clone(), it.value.to_owned()));
        (pairs.collect(), doc.escape, doc.errors.into_iter().map(|it| it.message).collect())
    }

    fn keys(text: &str) -> Vec<String> {
        read(text).0.into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn directives_stand_in_one_block_at_the_top() {
        let (pairs, escape, errors) =
            read("\u{feff}#SYNTAX = docker/dockerfile:1 \r\n# escape=`\r\nFROM x\r\n");
        let syntax = ("syntax".to_owned(), "docker/dockerfile:1".to_owned());
        assert_eq!(pairs, [syntax, ("escape".to_owned(), "`".to_owned())]);
        assert_eq!((escape, errors.len()), ('`', 0));
    }

    #[test]
    fn anything_else_ends_the_block() {
        for before in ["\n", "# a comment\n", "# key=value\n", "FROM y\n"] {
            assert_eq!(keys(&format!("{before}# escape=`\nFROM x\n")), [""; 0], "{before:?}");
        }
        assert_eq!(keys("# check=skip=all\n# escape=`\nFROM x\n"), ["check", "escape"]);
    }

    #[test]
    fn only_escape_may_stand_behind_blanks_but_not_behind_a_hash_bang() {
        assert_eq!(keys(" # escape=`\nFROM x\n"), ["escape"]);
        assert_eq!(keys(" # syntax=x\nFROM x\n"), [""; 0]);
        assert_eq!(keys("#!/bin/x\n# syntax=x\n# escape=`\nFROM x\n"), ["syntax"]);
        assert_eq!(read("#!/bin/x\n# escape=`\nFROM x\n").1, '\\');
    }

    #[test]
    fn bad_directives_are_refused() {
        assert_eq!(
            read("# escape=x\nFROM x\n").2,
            ["escape character must be `\\` or a backtick, not `x`"]
        );
        assert_eq!(
            read("# check=skip=a\n# check=skip=b\nFROM x\n").2,
            ["duplicate directive `check`"]
        );
    }
}
