//! The `--flags` at the start of an instruction: taking them off, and which of them exist.

use std::ops::Range;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::character::complete::char;
use nom::combinator::{eof, peek};
use nom::sequence::terminated;
use nom::{IResult, Parser};

use super::ast::{Flag, Keyword, Word};
use super::instruction::Cx;
use super::message::{code, did_you_mean, error};
use super::text::{Builder, Mapped};
use crate::source::Span;

/// A flag with its quotes removed.
#[derive(Debug)]
pub(super) struct RawFlag<'s> {
    /// With the dashes.
    pub(super) text: Mapped<'s>,
    /// Where it stands, its quotes included.
    pub(super) span: Span,
    /// Where its value stands, its quotes included.
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

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Nothing, `true` or `false`.
    Bool,
    /// A value.
    Value,
    /// A value whose variables are expanded.
    Expanded,
    /// A value; the flag may be given again.
    Values,
}

type Spec = (&'static str, Takes);

/// The flags of an instruction; none where BuildKit never looks at them.
fn specs(keyword: Keyword) -> Option<&'static [Spec]> {
    use Takes::{Bool, Expanded, Value, Values};
    Some(match keyword {
        Keyword::Arg | Keyword::Stopsignal | Keyword::Unknown => return None,
        Keyword::From => &[("platform", Expanded)],
        Keyword::Run => {
            &[("mount", Values), ("network", Value), ("security", Value), ("device", Values)]
        }
        Keyword::Copy => &[
            ("from", Value),
            ("chown", Expanded),
            ("chmod", Expanded),
            ("link", Bool),
            ("parents", Bool),
            ("exclude", Values),
        ],
        Keyword::Add => &[
            ("chown", Expanded),
            ("chmod", Expanded),
            ("link", Bool),
            ("keep-git-dir", Bool),
            ("checksum", Expanded),
            ("unpack", Bool),
            ("exclude", Values),
        ],
        Keyword::Healthcheck => &[
            ("interval", Value),
            ("timeout", Value),
            ("start-period", Value),
            ("start-interval", Value),
            ("retries", Value),
        ],
        _ => &[],
    })
}

/// Turns the flags of an instruction into those of the tree and says what is wrong with them, unless
/// `ignored` says that BuildKit does not look at them here.
pub(super) fn check<'s>(
    cx: &mut Cx,
    keyword: Keyword,
    ignored: bool,
    raw: &[RawFlag<'s>],
) -> Vec<Flag<'s>> {
    let specs = specs(keyword).filter(|_| !ignored);
    let mut seen = vec![false; specs.map_or(0, <[Spec]>::len)];
    let mut flags = Vec::with_capacity(raw.len());
    for raw in raw {
        let known = specs.map(|specs| specs.iter().position(|(name, _)| *name == name_of(raw)));
        let takes = known.flatten().and_then(|index| Some(specs?.get(index)?.1));
        let flag = make(cx, raw, takes == Some(Takes::Expanded));
        match (known, takes) {
            (Some(Some(index)), Some(takes)) => {
                let again = std::mem::replace(&mut seen[index], true) && takes != Takes::Values;
                check_value(cx, &flag, takes, again);
            }
            (Some(None), _) => unknown(cx, keyword, &flag, specs.unwrap_or_default()),
            _ => {}
        }
        flags.push(flag);
    }
    flags
}

fn name_of<'a>(raw: &'a RawFlag<'_>) -> &'a str {
    let name = &raw.text.as_str()[2..];
    name.split_once('=').map_or(name, |(name, _)| name)
}

fn make<'s>(cx: &mut Cx, raw: &RawFlag<'s>, expanded: bool) -> Flag<'s> {
    let (end, equals) = match parts(raw.text.as_str()) {
        Ok((_, (name, true))) => (name, true),
        Ok((_, (name, false))) => (name, false),
        Err(_) => (raw.text.as_str().len(), false),
    };
    let value = equals.then(|| {
        let range = end + 1..raw.text.as_str().len();
        let word = if expanded { cx.word(&raw.text, range) } else { cx.literal(&raw.text, range) };
        Word { span: raw.value_span, ..word }
    });
    Flag { name: raw.text.slice(2.min(end)..end).value, value, span: raw.span }
}

/// Where the name of `--name=value` ends, and whether a value follows.
fn parts(text: &str) -> IResult<&str, (usize, bool)> {
    let (rest, _) = (tag("--"), take_till(|c| c == '=')).parse(text)?;
    let equals: IResult<&str, char> = char('=')(rest);
    Ok((rest, (text.len() - rest.len(), equals.is_ok())))
}

fn check_value(cx: &mut Cx, flag: &Flag<'_>, takes: Takes, again: bool) {
    let shown = code(&format!("--{}", flag.name));
    if again {
        let message = format!("flag {shown} is given twice");
        cx.errors.push(error(flag.span, message, "keep one of them"));
    }
    let Some(value) = &flag.value else {
        if takes != Takes::Bool {
            let help = format!("write `--{}=<value>`", flag.name);
            cx.errors.push(error(flag.span, format!("flag {shown} lacks its value"), help));
        }
        return;
    };
    if takes != Takes::Bool
        || ["true", "false"].iter().any(|it| value.text.eq_ignore_ascii_case(it))
    {
        return;
    }
    let message = if value.text.is_empty() {
        format!("flag {shown} lacks its value")
    } else {
        format!("flag {shown} takes `true` or `false`, not {}", code(&value.text))
    };
    let help = format!("write `--{0}` or `--{0}=false`", flag.name);
    let place = if value.span.is_empty() { flag.span } else { value.span };
    cx.errors.push(error(place, message, help));
}

fn unknown(cx: &mut Cx, keyword: Keyword, flag: &Flag<'_>, specs: &[Spec]) {
    let names = specs.iter().map(|(name, _)| *name);
    let otherwise = if specs.is_empty() {
        format!("`{}` takes no flags", keyword.name())
    } else {
        let names: Vec<String> = specs.iter().map(|(name, _)| format!("`--{name}`")).collect();
        format!("`{}` takes {}", keyword.name(), names.join(", "))
    };
    let message = format!("`{}` has no flag {}", keyword.name(), code(&format!("--{}", flag.name)));
    let help = did_you_mean(&flag.name, names, "--", &otherwise);
    cx.errors.push(error(flag.span, message, help));
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
    fn flags_have_to_exist_and_to_be_complete() {
        assert_eq!(messages("COPY --form=x a b"), ["`COPY` has no flag `--form`"]);
        assert_eq!(messages("COPY --from a b"), ["flag `--from` lacks its value"]);
        assert_eq!(
            messages("COPY --link=x a b"),
            ["flag `--link` takes `true` or `false`, not `x`"]
        );
        assert_eq!(messages("COPY --link= a b"), ["flag `--link` lacks its value"]);
        assert_eq!(messages("COPY --link --link a b"), ["flag `--link` is given twice"]);
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
