//! Days of the calendar, for dates of commits.

/// A date in UTC as RFC 3339 writes it, of seconds since 1970.
pub fn timestamp(seconds: i64) -> String {
    let (hours, rest) = (seconds.rem_euclid(86_400) / 3600, seconds.rem_euclid(3600));
    format!("{}T{hours:02}:{:02}:{:02}Z", date(seconds), rest / 60, rest % 60)
}

/// The day, such as `2026-01-31`.
pub fn date(seconds: i64) -> String {
    // Eras of 400 years that begin on the first of March; see Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The first second of a day written as `2026-01-31`.
pub fn parse(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|it| it.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some((era * 146_097 + days - 719_468) * 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_and_read() {
        for (seconds, text) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_767_225_599, "2025-12-31"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(date(seconds), text);
            assert_eq!(parse(text), Some(seconds - seconds.rem_euclid(86_400)));
        }
        assert_eq!(timestamp(951_786_061), "2000-02-29T01:01:01Z");
        assert_eq!((parse("2026-13-01"), parse("soon")), (None, None));
    }
}
