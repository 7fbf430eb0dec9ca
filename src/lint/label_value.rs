//! Whether the value of a label is what the schema says.

use super::options::LabelType;

impl LabelType {
    /// Whether a value is of this type.
    pub fn accepts(self, value: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Url => is_uri(value),
            Self::Semver => is_semver(value),
            Self::Hash => {
                matches!(value.len(), 7 | 40)
                    && value.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
            }
            Self::Rfc3339 => is_time(value).is_some(),
            // The annotation of the image specification is an expression: `MIT OR Apache-2.0`.
            Self::Spdx => spdx::Expression::parse(value).is_ok(),
            Self::Email => is_email(value),
        }
    }
}

/// An absolute URI: a scheme, a colon, and something behind it (RFC 3986, section 3).
fn is_uri(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once(':') else { return false };
    let allowed = |it: char| it.is_ascii_graphic() && !"\"<>\\^`{|}".contains(it);
    scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
        && !rest.is_empty()
        && rest != "//"
        && rest.chars().all(allowed)
}

/// `major.minor.patch[-pre.release][+build]` (semver.org, version 2.0.0).
fn is_semver(value: &str) -> bool {
    let (rest, build) = value.split_once('+').map_or((value, None), |(a, b)| (a, Some(b)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(a, b)| (a, Some(b)));
    let is_number = |it: &str| {
        !it.is_empty()
            && it.bytes().all(|it| it.is_ascii_digit())
            && (it.len() == 1 || !it.starts_with('0'))
    };
    let is_word =
        |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let digits_only = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && pre.is_none_or(|pre| {
            pre.split('.').all(|it| is_word(it) && (!digits_only(it) || is_number(it)))
        })
        && build.is_none_or(|build| build.split('.').all(is_word))
}

/// `2026-01-02T03:04:05[.678](Z|+01:00)` (RFC 3339, section 5.6).
fn is_time(value: &str) -> Option<()> {
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let digits = value.get(range)?;
        digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let mark =
        |at: usize, marks: &str| value.get(at..at + 1).filter(|it| marks.contains(it)).map(|_| ());
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    mark(4, "-").and(mark(7, "-")).and(mark(10, "Tt")).and(mark(13, ":")).and(mark(16, ":"))?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let in_range = (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let rest = value.get(19..).filter(|_| in_range)?;
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|it: char| it.is_ascii_digit());
            (zone.len() < fraction.len()).then_some(zone)?
        }
        None => rest,
    };
    let offset = |zone: &str| -> Option<()> {
        let (hour, minute) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
        let below = |text: &str, limit: u32| {
            text.len() == 2 && text.parse::<u32>().is_ok_and(|it| it < limit)
        };
        (below(hour, 24) && below(minute, 60)).then_some(())
    };
    if matches!(zone, "Z" | "z") { Some(()) } else { offset(zone) }
}

/// `local@domain` as RFC 5322 writes it without quotes and comments.
fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let is_atom = |it: &str| {
        !it.is_empty()
            && it.chars().all(|it| it.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(it))
    };
    let is_name = |it: &str| {
        !it.is_empty()
            && !it.starts_with('-')
            && !it.ends_with('-')
            && it.chars().all(|it| it.is_alphanumeric() || it == '-')
    };
    local.split('.').all(is_atom) && domain.split('.').all(is_name)
}

#[cfg(test)]
mod tests {
    use super::LabelType;

    /// Values that a type accepts, and values that it refuses.
    fn check(kind: LabelType, accepted: &[&str], refused: &[&str]) {
        for value in accepted {
            assert!(kind.accepts(value), "{value}");
        }
        for value in refused {
            assert!(!kind.accepts(value), "{value}");
        }
    }

    #[test]
    fn any_text_is_text() {
        check(LabelType::Text, &["", "a b"], &[]);
    }

    #[test]
    fn an_address_has_a_scheme_and_something_behind_it() {
        let accepted = ["https://a.io/b?c=d#e", "mailto:a@b", "git+ssh://a", "a1.b-c:x"];
        let refused = [
            "a.io/b",
            "1a://b",
            "://b",
            "https:",
            "https://",
            "a b://c",
            "https://a b",
            "https://é",
            "https://a\"b",
            "https://a`b",
            "https://a{b}",
            "https://a\\b",
            "a_b:c",
        ];
        check(LabelType::Url, &accepted, &refused);
    }

    #[test]
    fn a_version_is_three_numbers_and_words() {
        let accepted = [
            "1.2.3",
            "0.0.0",
            "10.20.30",
            "1.2.3-a",
            "1.2.3-0.a-b.1",
            "1.2.3-0a",
            "1.2.3-01a.0",
            "1.2.3+01.b",
            "1.2.3-a+b-c",
        ];
        let refused = [
            "1.2",
            "1.2.3.4",
            "01.2.3",
            "1.2.x",
            "1..3",
            "v1.2.3",
            "1.2.3-",
            "1.2.3-a..b",
            "1.2.3-01",
            "1.2.3+",
            "1.2.3+a_b",
            "1.2.3-a_b",
            "",
        ];
        check(LabelType::Semver, &accepted, &refused);
    }

    #[test]
    fn a_hash_has_seven_or_forty_digits() {
        let forty = "0123456789abcdef0123456789abcdef01234567";
        let refused = ["abcdef", "abcdef01", "ABCDEF0", "abcdefg", &forty[1..], ""];
        check(LabelType::Hash, &["abcdef0", "0123456", forty], &refused);
    }

    #[test]
    fn a_licence_is_an_expression() {
        check(LabelType::Spdx, &["MIT", "MIT OR Apache-2.0"], &["Mine", "", "MIT OR"]);
    }

    #[test]
    fn a_time_has_a_day_that_exists() {
        let days = ["2023-01-31", "2023-02-28", "2024-02-29", "2000-02-29", "2400-02-29"];
        let days = days.iter().chain(&["2023-03-31", "2023-04-30", "2023-06-30", "2023-09-30"]);
        for day in days.chain(&["2023-11-30", "2023-12-31", "2023-10-01"]) {
            check(LabelType::Rfc3339, &[&format!("{day}T00:00:00Z")], &[]);
        }
        let days = ["2023-02-29", "1900-02-29", "2100-02-29", "2023-01-32", "2023-02-30"];
        let days = days.iter().chain(&["2023-04-31", "2023-06-31", "2023-09-31", "2023-11-31"]);
        let days = days.chain(&["2023-00-10", "2023-13-10", "2023-01-00", "2024-02-30"]);
        for day in days.chain(&["2023/01/01", "2023-01/01", "023-01-01", "2023-1-01", "x023-01-01"])
        {
            check(LabelType::Rfc3339, &[], &[&format!("{day}T00:00:00Z")]);
        }
    }

    #[test]
    fn a_time_has_an_hour_and_a_zone() {
        let times = ["23:59:60Z", "00:00:00z", "01:02:03.4Z", "01:02:03.456789+23:59"];
        for time in times.iter().chain(&["01:02:03-00:00", "01:02:03+01:30"]) {
            check(LabelType::Rfc3339, &[&format!("2023-01-01T{time}")], &[]);
        }
        check(LabelType::Rfc3339, &["2023-01-01t01:02:03Z"], &["2023-01-01 01:02:03Z", ""]);
        let times = ["24:00:00Z", "00:60:00Z", "00:00:61Z", "01:02:03", "01:02:03.Z", "01-02:03Z"];
        let times = times.iter().chain(&["01:02-03Z", "01:02:03+24:00", "01:02:03+00:60"]);
        for time in times.chain(&["01:02:03+1:00", "01:02:03+01:0", "01:02:03+0100", "01:02:03ZZ"])
        {
            check(LabelType::Rfc3339, &[], &[&format!("2023-01-01T{time}")]);
        }
    }

    #[test]
    fn an_address_of_mail_has_atoms_and_names() {
        let accepted = ["a@b", "a.b+c@d.e-f", "!#$%&'*+-/=?^_`{|}~@x", "é@ü.de", "1@2"];
        let refused = [
            "a", "@b", "a@", "a..b@c", ".a@b", "a@b.", "a@-b", "a@b-", "a@b_c", "a b@c", "a(@b",
            "a@b@c", "a@b..c",
        ];
        check(LabelType::Email, &accepted, &refused);
    }
}
