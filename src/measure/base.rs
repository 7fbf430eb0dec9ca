//! Where an image's base ends and its own layers start.

use super::dialects::{is_buildkit, names_base, read};
use crate::image::{Digest, Image, Step};

/// The lowest layers, which the base image brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base {
    /// How many layers.
    pub layers: usize,
    /// How many steps of the history.
    pub steps: usize,
    /// How that is known.
    pub evidence: Evidence,
}

/// How a base was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The layers are those of an image that was named.
    Given,
    /// The Dockerfile has as many steps.
    Dockerfile,
    /// The history names the base, as buildah writes it.
    Named,
    /// Another builder wrote the steps above.
    Builder,
    /// The steps above were made long after a step with which images end.
    Time,
    /// It was not found: all layers count as the image's own.
    Nothing,
}

impl Evidence {
    /// In a few words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Given => "the layers of the named base",
            Self::Dockerfile => "not accounted for by the Dockerfile",
            Self::Named => "named in the history",
            Self::Builder => "made by another builder",
            Self::Time => "made at another time",
            Self::Nothing => "not found",
        }
    }
}

/// An image whose every layer is its own.
const NONE: Base = Base { layers: 0, steps: 0, evidence: Evidence::Nothing };

/// Between the end of one build and the start of the next, at least, in seconds.
const GAP: i64 = 3600;

/// The base that an image has if the layers of another are its lowest.
pub fn given(image: &Image, base: &[Digest]) -> Option<Base> {
    let own = image.layers.iter().map(|it| &it.content.diff_id);
    if base.is_empty() || base.len() > image.layers.len() || !own.zip(base).all(|(a, b)| a == b) {
        return None;
    }
    let above = image.layers.get(base.len()).and_then(|it| it.step);
    // Steps without a layer between the two are the base's, if they come before the next layer; that is not exact.
    let steps = above.unwrap_or(image.history.len());
    Some(Base { layers: base.len(), steps, evidence: Evidence::Given })
}

/// The base of so many steps.
pub(super) fn of_steps(image: &Image, steps: usize, evidence: Evidence) -> Base {
    let layers = image.layers.iter().filter(|it| it.step.is_some_and(|step| step < steps)).count();
    Base { layers, steps, evidence }
}

/// The base that the history reports.
pub(super) fn by_history(image: &Image) -> Base {
    if image.layers.iter().any(|it| it.step.is_none()) {
        return NONE;
    }
    let history = &image.history;
    if let Some(steps) = history.iter().rposition(names_base) {
        return of_steps(image, steps, Evidence::Named);
    }
    let first = history.iter().position(is_buildkit);
    let last_other = history.iter().rposition(|it| !is_buildkit(it));
    if let (Some(first), Some(last)) = (first, last_other)
        && last < first
    {
        return of_steps(image, first, Evidence::Builder);
    }
    let ends_image = |step: &Step| matches!(read(step).keyword.as_str(), "CMD" | "ENTRYPOINT");
    let time = |step: &Step| step.created.as_deref().and_then(seconds);
    let gap = (1..history.len()).rev().find(|at| {
        let (before, after) = (time(&history[at - 1]), time(&history[*at]));
        ends_image(&history[at - 1])
            && before.zip(after).is_some_and(|(before, after)| after - before >= GAP)
    });
    gap.map_or(NONE, |steps| of_steps(image, steps, Evidence::Time))
}

/// Seconds since 1970 of an RFC 3339 time in UTC, which is what builders write.
fn seconds(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    // Days from civil, by the 400 years in which the calendar repeats.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_read() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2026-11-26T13:29:47.40899454Z"), Some(1_795_699_787));
        assert_eq!(seconds("yesterday"), None);
        for (text, expected) in [
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2000-03-01T00:00:00Z", 951_868_800),
            ("1900-03-01T00:00:00Z", -2_203_891_200),
            ("2024-12-31T12:34:56Z", 1_735_648_496),
            ("2100-01-01T00:00:01Z", 4_102_444_801),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }
}
