//! The instructions that take one argument, and VOLUME.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case};
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{all_consuming, opt, recognize, value};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::Arguments;
use crate::syntax::ast::{Keyword, Kind, Word};
use crate::syntax::cx::Cx;
use crate::syntax::message::{code, did_you_mean};

/// The rest of the line is the argument.
pub(super) fn parse<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>) -> Option<Kind<'s>> {
    let (what, example) = match arguments.keyword {
        Keyword::Maintainer => ("a name", "MAINTAINER name"),
        Keyword::Stopsignal => ("a signal", "STOPSIGNAL SIGTERM"),
        Keyword::User => ("a user", "USER name"),
        Keyword::Volume => ("a path", "VOLUME /path"),
        _ => ("a directory", "WORKDIR /path"),
    };
    if arguments.missing(cx, what, example) {
        return None;
    }
    let range = arguments.body.clone();
    Some(match arguments.keyword {
        Keyword::Maintainer => Kind::Maintainer(cx.literal(arguments.text, range)),
        Keyword::Volume => return volume(cx, arguments),
        Keyword::User => Kind::User(cx.word(arguments.text, range)),
        Keyword::Stopsignal => {
            let signal = cx.word(arguments.text, range);
            check_signal(cx, &signal);
            Kind::Stopsignal(signal)
        }
        _ => Kind::Workdir(cx.word(arguments.text, range)),
    })
}

fn volume<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>) -> Option<Kind<'s>> {
    let (words, _) = arguments.list(cx)?;
    if words.is_empty() {
        let place = arguments.text.span(arguments.body.clone());
        cx.refuse(place, "`VOLUME` needs at least one path", "write `VOLUME /path`");
    }
    for word in &words {
        if word.literal().is_some_and(|path| path.trim().is_empty()) {
            cx.refuse(word.span, "the volume path is empty", "write a path or remove it");
        }
    }
    Some(Kind::Volume(words))
}

/// The names of signals that have no number in them.
const SIGNALS: [&str; 34] = [
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL",
    "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP",
    "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
];

fn check_signal(cx: &mut Cx, signal: &Word<'_>) {
    let Some(text) = signal.literal() else { return };
    let (_, name) = prefix(&text).unwrap_or((&text, &*text));
    let known = SIGNALS.iter().any(|known| known.eq_ignore_ascii_case(name));
    if known || real_time(name) || number(&text) {
        return;
    }
    let help = did_you_mean(name, SIGNALS, "SIG", "use the name of a signal, such as `SIGTERM`");
    cx.refuse(signal.span, format!("unknown signal {}", code(&text)), help);
}

fn prefix(text: &str) -> IResult<&str, &str> {
    let (rest, _) = opt(tag_no_case("SIG")).parse(text)?;
    Ok(("", rest))
}

/// Any number but zero passes.
fn number(text: &str) -> bool {
    let digits: IResult<&str, &str> =
        all_consuming(recognize((opt(one_of("+-")), digit1))).parse(text);
    digits.is_ok() && text.parse::<i64>().is_ok_and(|number| number != 0)
}

/// `RTMIN` to `RTMIN+15` and `RTMAX-14` to `RTMAX`.
fn real_time(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let offset: IResult<&str, (u32, Option<&str>)> = all_consuming(alt((
        (value(15, tag("RTMIN")), opt(preceded(char('+'), digit1))),
        (value(14, tag("RTMAX")), opt(preceded(char('-'), digit1))),
    )))
    .parse(&name);
    let fits = |digits: &str, last: u32| {
        !digits.starts_with('0') && digits.parse::<u32>().is_ok_and(|offset| offset <= last)
    };
    offset.is_ok_and(|(_, (last, digits))| digits.is_none_or(|digits| fits(digits, last)))
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
    fn signals_are_known() {
        for good in ["SIGTERM", "term", "9", "RTMIN+15", "SIGRTMAX-1", "$SIG", "-1"] {
            assert_eq!(messages(&format!("STOPSIGNAL {good}")), [""; 0], "{good}");
        }
        for bad in ["SIGTREM", "0", "RTMIN+16", "a b"] {
            assert_eq!(messages(&format!("STOPSIGNAL {bad}")).len(), 1, "{bad}");
        }
    }

    #[test]
    fn an_argument_is_required() {
        assert_eq!(messages("WORKDIR"), ["`WORKDIR` lacks a directory"]);
        assert_eq!(messages("VOLUME []"), ["`VOLUME` needs at least one path"]);
        assert_eq!(messages("VOLUME [\"a\", \" \"]"), ["the volume path is empty"]);
        assert_eq!(messages("USER a b"), [""; 0]);
    }
}
