//! EXPOSE.

use std::net::IpAddr;

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case};
use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, map_opt, opt, recognize};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::Arguments;
use crate::syntax::ast::{Kind, Word};
use crate::syntax::cx::Cx;
use crate::syntax::message::code;

/// Ports, or ranges of ports.
pub(super) fn parse<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>) -> Option<Kind<'s>> {
    if arguments.missing(cx, "a port", "EXPOSE 8080") {
        return None;
    }
    let words = arguments.words().into_iter().map(|range| {
        let before = cx.errors.len();
        let word = cx.word(arguments.text, range);
        if cx.errors.len() == before {
            check(cx, &word);
        }
        word
    });
    Some(Kind::Expose(words.collect()))
}

fn check(cx: &mut Cx, word: &Word<'_>) {
    let Some(text) = word.literal() else { return };
    if let Some(help) = text.split_whitespace().find_map(fault) {
        cx.refuse(word.span, format!("{} is not a port", code(&text)), help);
    }
}

/// Why `[ip:][host:]port[/protocol]` is none.
fn fault(text: &str) -> Option<&'static str> {
    let mut parts = text.rsplitn(3, ':');
    let container = parts.next().unwrap_or_default();
    let host = parts.next().filter(|host| !host.is_empty());
    let ip = parts.next().filter(|ip| !ip.is_empty());
    let container: IResult<&str, (u16, u16)> = (all_consuming(port_and_protocol)).parse(container);
    let Ok((_, container)) = container else {
        return Some(
            "write a port from 0 to 65535 or a range, optionally with `/tcp`, `/udp` or `/sctp`",
        );
    };
    let host = host.map(|host| all_consuming(ports).parse(host));
    match host {
        Some(Err(_)) => return Some("the part before the colon is not a port; remove it"),
        Some(Ok((_, host)))
            if container.0 != container.1 && container.1 - container.0 != host.1 - host.0 =>
        {
            return Some("both ranges must have the same length; remove the one before the colon");
        }
        _ => {}
    }
    let ip = ip?.trim_start_matches('[').trim_end_matches(']');
    ip.parse::<IpAddr>().is_err().then_some("the part before the port is not an address; remove it")
}

fn port_and_protocol(text: &str) -> IResult<&str, (u16, u16)> {
    let protocol = alt((tag_no_case("tcp"), tag_no_case("udp"), tag_no_case("sctp"), tag("")));
    let (rest, (ports, _)) = (ports, opt(preceded(char('/'), protocol))).parse(text)?;
    Ok((rest, ports))
}

fn ports(text: &str) -> IResult<&str, (u16, u16)> {
    map_opt((port, opt(preceded(char('-'), port))), |(start, end)| {
        let end = end.unwrap_or(start);
        (start <= end).then_some((start, end))
    })
    .parse(text)
}

fn port(text: &str) -> IResult<&str, u16> {
    let number = recognize((opt(char('+')), digit1));
    map_opt(number, |digits: &str| digits.parse().ok()).parse(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_ranges() {
        for good in [
            "80",
            "80/tcp",
            "80/UDP",
            "80/",
            "8000-8010",
            "8080:80",
            ":80",
            "127.0.0.1:80:80",
            "1000-1010:80",
            "[::1]:80:80",
            "65535",
            "0",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in
            ["", "a", "65536", "80/http", "90-80", "a:80", "1-2:3-5", "x.y:80:80", "80-", "-80"]
        {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
