//! The `--flags` at the start of an instruction: taking them off.

mod check;

use std::ops::Range;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::combinator::{eof, peek};
use nom::sequence::terminated;
use nom::{IResult, Parser};

use super::text::{Builder, Mapped};
use crate::source::Span;

pub(super) use check::check;

/// A flag with its quotes removed.
#[derive(Debug)]
pub(super) struct RawFlag<'s> {
    /// With the dashes.
    pub(super) text: Mapped<'s>,
    /// Where it is, its quotes included.
    pub(super) span: Span,
    /// Where its value is, its quotes included.
    pub(super) value_span: Span,
}

/// Takes the flags off the front of a range; gives them and what is left.
pub(super) fn take<'s>(
    file: &'s str,
    text: &Mapped<'s>,
    range: Range<usize>,
    escape: char,
) -> (Vec<RawFlag<'s>>, Range<usize>) {
    let mut flags = Vec::new();
    let mut start = range.start;
    loop {
        let rest = text.str(start..range.end);
        let word = range.end - rest.trim_start_matches(is_space).len();
        let rest = text.str(word..range.end);
        if !rest.starts_with("--") {
            return (flags, word..range.end);
        }
        if let Ok((after, _)) = end_of_flags(rest) {
            return (flags, range.end - after.len()..range.end);
        }
        let flag = read(file, text, word..range.end, escape);
        start = flag.1;
        flags.push(flag.0);
    }
}

fn end_of_flags(rest: &str) -> IResult<&str, &str> {
    let space = take_while1(is_space);
    terminated(tag("--"), peek(alt((space, eof)))).parse(rest)
}

/// Reads one flag at the start of the range; gives it and where it ends.
fn read<'s>(
    file: &'s str,
    text: &Mapped<'s>,
    range: Range<usize>,
    escape: char,
) -> (RawFlag<'s>, usize) {
    let mut builder = Builder::new(file);
    let (mut quote, mut equals) = (None, None);
    let mut rest = text.str(range.clone());
    loop {
        let start = range.end - rest.len();
        let (after, plain) = plain(rest, quote, escape);
        builder.push_part(text, start..start + plain.len());
        if equals.is_none() {
            equals = plain.find('=').map(|at| start + at);
        }
        let Some(next) = after.chars().next() else {
            rest = after;
            break;
        };
        rest = &after[next.len_utf8()..];
        if quote.is_none() && is_space(next) {
            rest = after;
            break;
        } else if quote == Some(next) {
            quote = None;
        } else if next == escape {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            let at = range.end - rest.len();
            builder.push_part(text, at..at + length);
            // The name ends at the first one of the text without quotes, in which an escaped one is like any other.
            equals = equals.or(rest.starts_with('=').then_some(at));
            rest = &rest[length..];
        } else {
            quote = Some(next);
        }
    }
    let end = range.end - rest.len();
    let span = text.span(range.start..end);
    let value_span = equals.map_or(Span::at(span.end), |equals| text.span(equals + 1..end));
    (RawFlag { text: builder.finish(span.start), span, value_span }, end)
}

/// The characters up to one that means something.
fn plain(rest: &str, quote: Option<char>, escape: char) -> (&str, &str) {
    let special = |c: char| match quote {
        Some(quote) => c == quote || c == escape,
        None => c == escape || matches!(c, '\'' | '"') || is_space(c),
    };
    let found: IResult<&str, &str> = take_till(special).parse(rest);
    found.unwrap_or((rest, ""))
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::parse;

    fn messages(line: &str) -> Vec<String> {
        let source = Source::new("", format!("FROM x\n{line}\n"));
        parse(&source).errors.into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn quotes_and_escapes_go_from_flags() {
        let source = Source::new("", "FROM x\nCOPY --chown=\"a\"\\\n\\ b --'link' -- --c d\n");
        let doc = parse(&source);
        let copy = &doc.instructions[1];
        let flags: Vec<_> = copy
            .flags
            .iter()
            .map(|it| (&*it.name, it.value.as_ref().map(|value| &*value.text)))
            .collect();
        assert_eq!(flags, [("chown", Some("a b")), ("link", None)]);
        assert_eq!(source.slice(copy.flags[0].span), "--chown=\"a\"\\\n\\ b");
        assert_eq!(copy.body.value, "--c d");
        assert_eq!(doc.errors, []);
    }

    #[test]
    fn a_value_is_behind_an_equals_sign_that_is_escaped_or_quoted() {
        for flag in
            ["--chmod\\=$A", "--chmod\"=\"$A", "'--chmod\\=$A", "--ch\"mod=$A\"", "--chmod=\\=$A"]
        {
            let source = Source::new("", format!("FROM x\nCOPY {flag} a /b\n"));
            let doc = parse(&source);
            for value in doc.instructions[1].flags.iter().filter_map(|it| it.value.as_ref()) {
                let written = source.slice(value.span);
                assert!(written.trim_matches(['"', '\\', '=']) == "$A", "{written} in {flag}");
                for variable in value.variables() {
                    assert!(value.span.contains(variable.span), "{flag}");
                    assert_eq!(source.slice(variable.span), "$A", "{flag}");
                }
            }
        }
    }

    #[test]
    fn flags_have_to_exist_and_to_be_complete() {
        assert_eq!(messages("COPY --form=x a b"), ["`COPY` has no flag `--form`"]);
        assert_eq!(messages("COPY --from a b"), ["flag `--from` lacks its value"]);
        assert_eq!(
            messages("COPY --link=x a b"),
            ["flag `--link` takes `true` or `false`, not `x`"]
        );
        assert_eq!(messages("COPY --link= a b"), ["flag `--link` lacks its value"]);
        assert_eq!(messages("COPY --link --link a b"), ["duplicate flag `--link`"]);
        assert_eq!(messages("COPY --exclude=a --exclude=b c d"), [""; 0]);
        assert_eq!(messages("CMD --x y"), ["`CMD` has no flag `--x`"]);
    }

    #[test]
    fn some_instructions_never_look_at_flags() {
        assert_eq!(messages("ARG --x y"), [""; 0]);
        assert_eq!(messages("STOPSIGNAL --x 9"), [""; 0]);
    }

    #[test]
    fn a_near_flag_is_proposed() {
        let source = Source::new("", "FROM x\nCOPY --form=x a b\n");
        let doc = parse(&source);
        assert_eq!(doc.errors[0].help.as_deref(), Some("did you mean `--from`?"));
        assert_eq!(source.slice(doc.errors[0].span), "--form=x");
    }
}
