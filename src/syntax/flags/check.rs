//! Which flags exist, and whether those of an instruction are right.

use nom::bytes::complete::{tag, take_till};
use nom::character::complete::char;
use nom::{IResult, Parser};

use super::RawFlag;
use crate::syntax::ast::{Flag, Keyword, Word};
use crate::syntax::cx::Cx;
use crate::syntax::message::{code, did_you_mean, error};

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
pub(in crate::syntax) fn check<'s>(
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
        let message = format!("duplicate flag {shown}");
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
