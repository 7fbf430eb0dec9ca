//! The comma separated fields of a mount, and the values that can be in them.

use nom::branch::alt;
use nom::bytes::complete::take_till;
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{all_consuming, opt, recognize};
use nom::{IResult, Parser};

use crate::syntax::cx::Cx;
use crate::syntax::flags::RawFlag;
use crate::syntax::message::code;
use crate::syntax::text::{Builder, Mapped};

/// The fields of the value, quotes removed.
pub(super) fn fields<'s>(cx: &mut Cx, file: &'s str, flag: &RawFlag<'s>) -> Vec<Mapped<'s>> {
    let text = flag.text.as_str();
    let start = text.find('=').map_or(text.len(), |equals| equals + 1);
    let mut rest = &text[start..];
    let mut fields = Vec::new();
    let help = match text.starts_with("--device") {
        true => "write the name of the device: `--device=vendor.com/class=name`",
        false => "separate options by commas: `--mount=type=cache,target=/path`",
    };
    if rest.is_empty() {
        cx.refuse(flag.span, format!("{} lacks its options", code(text)), help);
        return fields;
    }
    loop {
        let at = text.len() - rest.len();
        let Some((field, after)) = field(file, &flag.text, at) else {
            cx.refuse(flag.value_span, "a quote in the options is out of place", help);
            return fields;
        };
        fields.push(field);
        match text[after..].strip_prefix(',') {
            Some(next) => rest = next,
            None => return fields,
        }
    }
}

/// The field that starts at an offset, and where it ends.
fn field<'s>(file: &'s str, text: &Mapped<'s>, start: usize) -> Option<(Mapped<'s>, usize)> {
    let all = text.as_str();
    let Some(mut rest) = all[start..].strip_prefix('"') else {
        let found: IResult<&str, &str> = take_till(|c| c == ',').parse(&all[start..]);
        let plain = found.ok()?.1;
        let range = start..start + plain.len();
        return (!plain.contains('"')).then(|| (text.part(range.clone()), range.end));
    };
    let mut builder = Builder::new(file);
    loop {
        let end = rest.find('"')?;
        let at = all.len() - rest.len();
        builder.push_part(text, at..at + end);
        rest = &rest[end + 1..];
        if let Some(after) = rest.strip_prefix('"') {
            builder.push_part(text, at + end..at + end + 1);
            rest = after;
        } else if rest.is_empty() || rest.starts_with(',') {
            let place = text.span(start + 1..start + 1).start;
            return Some((builder.finish(place), all.len() - rest.len()));
        } else {
            return None;
        }
    }
}

/// Whether Go reads it as a truth value.
pub(super) fn is_bool(text: &str) -> bool {
    matches!(
        text,
        "1" | "t" | "T" | "true" | "TRUE" | "True" | "0" | "f" | "F" | "false" | "FALSE" | "False"
    )
}

/// A size with an optional unit: `64m`, `1.5 GiB`.
pub(super) fn is_size(text: &str) -> bool {
    let number = recognize((digit1, opt((char('.'), opt(digit1)))));
    let unit = (one_of("kmgtpKMGTP"), opt((opt(one_of("iI")), one_of("bB"))));
    let unit = (opt(char(' ')), opt(alt((recognize(unit), recognize(one_of("bB"))))));
    let found: IResult<&str, _> = all_consuming((number, unit)).parse(text);
    found.is_ok()
}
