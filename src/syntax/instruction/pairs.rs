//! ENV and LABEL.

use std::ops::Range;

use nom::bytes::complete::{take_till, take_while1};
use nom::{IResult, Parser};

use super::Arguments;
use crate::source::Span;
use crate::syntax::ast::{Keyword, Kind, Pair, Pairs};
use crate::syntax::cx::Cx;
use crate::syntax::message::code;
use crate::syntax::split;
use crate::syntax::text::Mapped;

/// `name=value…`, or the old form `name value`, in which the value is the rest of the line.
pub(super) fn parse<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>) -> Option<Kind<'s>> {
    let name = arguments.keyword.name();
    if arguments.missing(cx, "its arguments", &format!("{name} name=value")) {
        return None;
    }
    let start = arguments.body.start;
    let words = split::quoted(arguments.str(), cx.escape);
    let words: Vec<_> = words.iter().map(|word| start + word.start..start + word.end).collect();
    let first = words.first()?;
    let legacy = !arguments.text.str(first.clone()).contains('=');
    let pairs = if legacy { old(cx, arguments)? } else { new(cx, arguments, words) };
    let pairs = Pairs { pairs, legacy };
    Some(if arguments.keyword == Keyword::Env { Kind::Env(pairs) } else { Kind::Label(pairs) })
}

/// Where key and value of the old form are in the text.
pub(in crate::syntax) fn legacy(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let split: IResult<&str, (&str, &str)> =
        (take_till(split::is_blank), take_while1(split::is_blank)).parse(text);
    let (value, (key, _)) = split.ok()?;
    Some((0..key.len(), text.len() - value.len()..text.len()))
}

fn old<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>) -> Option<Vec<Pair<'s>>> {
    let start = arguments.body.start;
    let Some((key, value)) = legacy(arguments.str()) else {
        cx.refuse(
            arguments.text.span(arguments.body.clone()),
            format!("{} lacks its value", code(arguments.str())),
            format!("write `{} name=value`", arguments.keyword.name()),
        );
        return None;
    };
    let shift = |range: Range<usize>| start + range.start..start + range.end;
    let key = cx.word(arguments.text, shift(key));
    let value = cx.word(arguments.text, shift(value));
    Some(vec![Pair { key, value }])
}

fn new<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>, words: Vec<Range<usize>>) -> Vec<Pair<'s>> {
    let text = arguments.text;
    let mut pairs = Vec::with_capacity(words.len());
    for word in words {
        let shown = text.str(word.clone());
        let Some(equals) = shown.find('=').map(|at| word.start + at) else {
            cx.refuse(
                text.span(word),
                format!("{} lacks its `=`", code(shown)),
                "write `name=value`, with quotes around a value that contains spaces",
            );
            continue;
        };
        if equals == word.start {
            cx.refuse(
                text.span(word.clone()),
                "a name is missing before the `=`",
                format!("write `{} name=value`", arguments.keyword.name()),
            );
        }
        let before = cx.errors.len();
        let mut key = cx.word(text, word.start..equals);
        if equals == word.start {
            // A line may end right before; the missing name is at the `=`.
            key.span = Span::at(text.span(word.clone()).start);
        }
        let value = cx.word(text, equals + 1..word.end);
        merge(cx, before, text, word);
        pairs.push(Pair { key, value });
    }
    pairs
}

/// Makes one error of those since `before` where they come from quotes around a whole `name=value`.
pub(super) fn merge(cx: &mut Cx, before: usize, text: &Mapped<'_>, word: Range<usize>) {
    let shown = text.str(word.clone());
    let around = ['"', '\''].iter().any(|&it| shown.starts_with(it) && shown.ends_with(it));
    if around && cx.errors.len() > before {
        cx.errors.truncate(before);
        cx.refuse(
            text.span(word),
            "the quotes enclose the name and its value",
            "put them around the value only: `name=\"value\"`",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::{Kind, parse};

    fn pairs(line: &str) -> (Vec<(String, String)>, bool, Vec<String>) {
        let source = Source::new("", format!("FROM x\n{line}\n"));
        let doc = parse(&source);
        let errors = doc.errors.iter().map(|it| it.message.clone()).collect();
        let (Kind::Env(all) | Kind::Label(all)) = &doc.instructions[1].kind else {
            return (Vec::new(), false, errors);
        };
        let list = all.pairs.iter().map(|it| (it.key.text.to_string(), it.value.text.to_string()));
        (list.collect(), all.legacy, errors)
    }

    #[test]
    fn the_old_form_takes_the_rest_of_the_line() {
        let (list, legacy, errors) = pairs("ENV a b  c=d");
        assert_eq!(list, [("a".to_owned(), "b  c=d".to_owned())]);
        assert!(legacy && errors.is_empty());
    }

    #[test]
    fn a_value_goes_on_over_lines() {
        let (list, legacy, _) = pairs("LABEL a=b \\\n  c=\"d \\\n e\"");
        assert_eq!(list[1], ("c".to_owned(), "\"d  e\"".to_owned()));
        assert!(!legacy);
    }

    #[test]
    fn what_is_no_pair_is_refused() {
        assert_eq!(pairs("ENV a").2, ["`a` lacks its value"]);
        assert_eq!(pairs("ENV a=b c").2, ["`c` lacks its `=`"]);
        assert_eq!(pairs("ENV =b").2, ["a name is missing before the `=`"]);
        assert_eq!(pairs("ENV a=\"b").2, ["quote `\"` is never closed"]);
        assert_eq!(pairs("ENV \"a=b\"").2, ["the quotes enclose the name and its value"]);
    }
}
