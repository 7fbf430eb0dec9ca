//! HEALTHCHECK.

use std::ops::Range;

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, digit0, one_of};
use nom::combinator::{all_consuming, map, opt, recognize, value, verify};
use nom::multi::many1;
use nom::{IResult, Parser};

use super::{Arguments, literal_flag};
use crate::syntax::ast::{Flag, Form, Healthcheck, Kind};
use crate::syntax::cx::Cx;
use crate::syntax::message::{code, did_you_mean};

/// Whether the type of the check is NONE, where BuildKit looks at no flags.
pub(super) fn is_none(word: &str) -> bool {
    word.eq_ignore_ascii_case("NONE")
}

/// Where the type ends and the command starts.
pub(in crate::syntax) fn split(text: &str) -> (usize, usize) {
    let space = |c: char| c.is_ascii_whitespace() || c == '\u{b}';
    let end = text.find(space).unwrap_or(text.len());
    (end, text.len() - text[end..].trim_start_matches(space).len())
}

/// `NONE`, or `CMD` and a command.
pub(super) fn parse<'s>(
    cx: &mut Cx,
    arguments: &Arguments<'_, 's>,
    flags: &[Flag<'s>],
) -> Option<Kind<'s>> {
    if arguments.missing(cx, "its command", "HEALTHCHECK CMD command") {
        return None;
    }
    let (end, command) = split(arguments.str());
    let text = arguments.text;
    let start = arguments.body.start;
    let word = text.str(start..start + end);
    let span = text.span(start..start + end);
    let command = start + command..arguments.body.end;
    if is_none(word) {
        check_none(cx, arguments, command);
        return Some(Kind::Healthcheck(Healthcheck::None));
    }
    check_flags(cx, flags);
    if !word.eq_ignore_ascii_case("CMD") {
        let otherwise = "write `HEALTHCHECK CMD` before the command";
        let help = did_you_mean(word, ["CMD", "NONE"], "", otherwise);
        cx.refuse(span, format!("unknown health check type {}", code(word)), help);
        return None;
    }
    let form = arguments.form(cx, command.clone())?;
    if command.is_empty() || matches!(&form, Form::Json(words) if words.is_empty()) {
        cx.refuse(span, "`HEALTHCHECK CMD` lacks its command", "add a command, or use `NONE`");
        return None;
    }
    Some(Kind::Healthcheck(Healthcheck::Cmd(span, form)))
}

/// NONE is alone, or before an empty array.
fn check_none(cx: &mut Cx, arguments: &Arguments<'_, '_>, rest: Range<usize>) {
    let form = arguments.form(cx, rest.clone());
    if rest.is_empty() || matches!(form, Some(Form::Json(words)) if words.is_empty()) {
        return;
    }
    let message = "`HEALTHCHECK NONE` takes no arguments";
    cx.refuse(arguments.text.span(rest), message, "remove the rest of the line");
}

fn check_flags(cx: &mut Cx, flags: &[Flag<'_>]) {
    for name in ["interval", "timeout", "start-period", "start-interval"] {
        let Some((value, text)) = literal_flag(flags, name) else { continue };
        let (message, help) = match nanoseconds(&text) {
            _ if text.is_empty() => continue,
            Some(0 | 1_000_000..) => continue,
            Some(_) => (format!("`--{name}` must be at least 1ms"), "use `0` for the default"),
            None => (
                format!("{} is not a duration", code(&text)),
                "write a number and a unit, such as `30s` or `1m30s`",
            ),
        };
        cx.refuse(value.span, message, help);
    }
    let Some((value, text)) = literal_flag(flags, "retries") else { return };
    if !text.is_empty() && !text.parse::<i32>().is_ok_and(|retries| retries >= 0) {
        let message = format!("`--retries` must be a number of at least 0, not {}", code(&text));
        cx.refuse(value.span, message, "write a number, such as `3`");
    }
}

/// A duration in Go's notation, in nanoseconds.
fn nanoseconds(text: &str) -> Option<i128> {
    let sign: IResult<&str, Option<char>> = opt(one_of("+-")).parse(text);
    let (rest, sign) = sign.ok()?;
    let (_, total) =
        alt((all_consuming(value(0.0, tag("0"))), all_consuming(sum))).parse(rest).ok()?;
    // Go counts in 64 bits of nanoseconds, which is some 292 years.
    #[allow(clippy::cast_possible_truncation, reason = "the value was checked to fit")]
    let total = (total.abs() < 9.223_372_036_854_776e18).then_some(total as i128)?;
    Some(if sign == Some('-') { -total } else { total })
}

fn sum(text: &str) -> IResult<&str, f64> {
    map(many1(quantity), |all| all.into_iter().sum()).parse(text)
}

fn quantity(text: &str) -> IResult<&str, f64> {
    let number = recognize((digit0, opt((char('.'), digit0))));
    let number = verify(number, |it: &str| it.contains(|c: char| c.is_ascii_digit()));
    let unit = alt((
        value(1.0, tag("ns")),
        value(1e3, alt((tag("us"), tag("µs"), tag("μs")))),
        value(1e6, tag("ms")),
        value(1e9, tag("s")),
        value(60e9, tag("m")),
        value(3600e9, tag("h")),
    ));
    let (rest, (number, unit)) = (number, unit).parse(text)?;
    let number: f64 = format!("0{number}").parse().unwrap_or(f64::INFINITY);
    Ok((rest, number * unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn messages(line: &str) -> Vec<String> {
        let source = Source::new("", format!("FROM x\n{line}\n"));
        crate::syntax::parse(&source).errors.into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(nanoseconds("1m30.5s"), Some(90_500_000_000));
        assert_eq!(nanoseconds("0"), Some(0));
        assert_eq!(nanoseconds(".5ms"), Some(500_000));
        assert_eq!(nanoseconds("-1s"), Some(-1_000_000_000));
        for bad in ["", "5", "s", "1x", "1s2", "9999999h", "."] {
            assert_eq!(nanoseconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn flags_are_checked_unless_the_type_is_none() {
        assert_eq!(messages("HEALTHCHECK --interval=5 CMD x"), ["`5` is not a duration"]);
        assert_eq!(
            messages("HEALTHCHECK --timeout=1us --retries=-1 CMD x"),
            [
                "`--timeout` must be at least 1ms",
                "`--retries` must be a number of at least 0, not `-1`"
            ]
        );
        assert_eq!(messages("HEALTHCHECK --foo none"), [""; 0]);
        assert_eq!(messages("HEALTHCHECK NONE x"), ["`HEALTHCHECK NONE` takes no arguments"]);
        assert_eq!(messages("HEALTHCHECK NONE []"), [""; 0]);
        assert_eq!(messages("HEALTHCHECK CMD"), ["`HEALTHCHECK CMD` lacks its command"]);
        assert_eq!(messages("HEALTHCHECK curl x"), ["unknown health check type `curl`"]);
    }
}
