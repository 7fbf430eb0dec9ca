//! FROM.

use std::ops::Range;

use nom::bytes::complete::take_while;
use nom::character::complete::satisfy;
use nom::combinator::all_consuming;
use nom::{IResult, Parser};

use super::Arguments;
use crate::source::Span;
use crate::syntax::ast::{Alias, Flag, From, Kind, Word};
use crate::syntax::cx::Cx;
use crate::syntax::message::code;

/// `image` or `image AS name`.
pub(super) fn parse<'s>(
    cx: &mut Cx,
    arguments: &Arguments<'_, 's>,
    flags: &[Flag<'s>],
) -> Option<Kind<'s>> {
    if arguments.missing(cx, "its image", "FROM image") {
        return None;
    }
    let words = arguments.words();
    let image = cx.word(arguments.text, words.first()?.clone());
    if image.literal().is_some_and(|image| image.is_empty()) {
        cx.refuse(image.span, "the image name is empty", "name an image, or `scratch`");
    }
    let alias = alias(cx, arguments, &words);
    let platform = flags.iter().find(|flag| flag.name == "platform");
    let platform = platform.and_then(|flag| flag.value.clone());
    Some(Kind::From(Box::new(From { image, platform, alias })))
}

fn alias<'s>(
    cx: &mut Cx,
    arguments: &Arguments<'_, 's>,
    words: &[Range<usize>],
) -> Option<Alias<'s>> {
    let text = arguments.text;
    let rest = words.get(1)?.start..words.last()?.end;
    let second = text.str(words[1].clone());
    let is_as = second.eq_ignore_ascii_case("as");
    if let [image, name] = words
        && !is_as
        && stage_name(&second.to_lowercase()).is_ok()
    {
        // The name is taken as it is meant, so that all that follows finds the stage.
        let (shown, image) = (code(second), text.str(image.clone()));
        let help = format!("write `FROM {image} AS {second}`");
        cx.refuse(text.span(name.clone()), format!("`AS` is missing before {shown}"), help);
        let name = cx.literal(text, name.clone());
        return Some(Alias { as_span: Span::at(name.span.start), name });
    }
    if !is_as || words.len() != 3 {
        let place = if is_as && words.len() > 3 { words[3].start..rest.end } else { rest };
        cx.refuse(
            text.span(place),
            "`FROM` takes an image, or an image, `AS` and a name",
            "write `FROM image AS name`; a comment needs its own line",
        );
    }
    let name = words.get(2).filter(|_| is_as)?;
    let name = cx.literal(text, name.clone());
    check(cx, &name);
    Some(Alias { as_span: text.span(words[1].clone()), name })
}

fn check(cx: &mut Cx, name: &Word<'_>) {
    if stage_name(&name.text.to_lowercase()).is_err() {
        cx.refuse(
            name.span,
            format!("{} cannot name a stage", code(&name.text)),
            "start with a letter, followed by letters, digits, `-`, `_` and `.`",
        );
    }
}

fn stage_name(name: &str) -> IResult<&str, (char, &str)> {
    let others = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    all_consuming((satisfy(|c| c.is_ascii_lowercase()), take_while(others))).parse(name)
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::{Kind, parse};

    fn read(text: &str) -> (String, Option<String>, usize) {
        let source = Source::new("", text);
        let doc = parse(&source);
        let Kind::From(from) = &doc.instructions[0].kind else { panic!("no FROM") };
        let alias = from.alias.as_ref().map(|alias| alias.name.text.to_string());
        (from.image.text.to_string(), alias, doc.errors.len())
    }

    #[test]
    fn a_stage_may_have_a_name() {
        assert_eq!(read("FROM a"), ("a".to_owned(), None, 0));
        assert_eq!(read("from a as B-1"), ("a".to_owned(), Some("B-1".to_owned()), 0));
    }

    #[test]
    fn a_name_without_as_is_refused_but_names_the_stage() {
        assert_eq!(read("FROM a build"), ("a".to_owned(), Some("build".to_owned()), 1));
        assert_eq!(read("FROM a:1 Run-2"), ("a:1".to_owned(), Some("Run-2".to_owned()), 1));
    }

    #[test]
    fn anything_else_is_refused_but_kept() {
        assert_eq!(read("FROM a:1 # b"), ("a:1".to_owned(), None, 1));
        assert_eq!(read("FROM a 1b"), ("a".to_owned(), None, 1));
        assert_eq!(read("FROM a AS 1x"), ("a".to_owned(), Some("1x".to_owned()), 1));
        assert_eq!(read("FROM a AS b # c"), ("a".to_owned(), Some("b".to_owned()), 1));
        assert_eq!(read("FROM a AS"), ("a".to_owned(), None, 1));
    }
}
