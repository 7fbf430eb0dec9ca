//! A day, as it is written in suppressions that end: `2026-12-31`.

use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i64,
    month: u32,
    day: u32,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` if the text is not a day that exists.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
        let lengths = (year.len(), month.len(), day.len());
        if parts.next().is_some()
            || lengths != (4, 2, 2)
            || ![year, month, day].map(is_number).iter().all(|it| *it)
        {
            return None;
        }
        let date =
            Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        // Only a day that exists comes back the same.
        ((1..=12).contains(&date.month) && Self::of_days(date.days()) == date).then_some(date)
    }

    /// The day in UTC of a time in seconds since 1970.
    pub fn of_seconds(seconds: u64) -> Self {
        Self::of_days(i64::try_from(seconds / 86_400).unwrap_or(i64::MAX / 2))
    }

    /// Days since 1970-01-01. Counts years from March, so that a leap day is a year's last.
    /// Source: <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
    fn days(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = i64::from((153 * ((self.month + 9) % 12) + 2) / 5 + self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year
            - 719_468
    }

    /// The reverse of [`Self::days`].
    fn of_days(days: i64) -> Self {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let small = |it: i64| u32::try_from(it).unwrap_or_default();
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: small(month),
            day: small(day),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_dates() {
        for good in ["2026-12-31", "2024-02-29", "2000-02-29", "1970-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(good).map(|it| it.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "2026-4-01",
            "2026-01-00",
            "26-01-01",
            "2026-01",
            "2026-01-01-01",
            "tomorrow",
            "",
            "+026-01-01",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn seconds_are_days() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (1_709_251_199, "2024-02-29"),
            (1_709_251_200, "2024-03-01"),
            (4_102_444_800, "2100-01-01"),
        ] {
            assert_eq!(Date::of_seconds(seconds).to_string(), day);
        }
        assert!(Date::parse("2026-09-30") < Date::parse("2026-10-01"));
    }
}
