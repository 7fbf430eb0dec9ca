//! Two images side by side.

use serde::Serialize;

use super::ImageReport;
use super::rows::made_by;
use crate::escape;
use crate::lint::{shorten, size};
use crate::measure::{Changed, Difference, How};
use crate::report::columns::fit;

/// How many paths people are shown.
const SHOWN: usize = 25;

/// More paths are only counted.
const PATHS: usize = 10_000;

/// `+38.2 MB`.
fn delta(before: u64, after: u64) -> String {
    match after.checked_sub(before) {
        Some(more) => format!("+{}", size(more)),
        None => format!("-{}", size(before - after)),
    }
}

/// The counts of each kind of change.
fn counts(difference: &Difference) -> String {
    let kinds = [How::Added, How::Removed, How::Content, How::Metadata];
    let count = |how: How| {
        let all = difference.paths.iter().filter(|it| it.how == how);
        let (n, bytes) =
            all.fold((0_usize, 0_u64), |(n, sum), it| (n + 1, sum + it.before.abs_diff(it.after)));
        (n > 0).then(|| match bytes {
            0 => format!("{n} {}", how.name()),
            _ => format!("{n} {} ({})", how.name(), size(bytes)),
        })
    };
    let counts: Vec<String> = kinds.into_iter().filter_map(count).collect();
    if counts.is_empty() { "no path differs".to_owned() } else { counts.join(", ") }
}

/// The whole in one line.
fn sum(difference: &Difference) -> String {
    let Difference { before, after, .. } = difference;
    format!("{} → {} in files: {}", size(*before), size(*after), delta(*before, *after))
}

/// What made a change, in a few words.
fn origin(report: &ImageReport<'_>, it: &Changed) -> String {
    let image = &report.images[usize::from(it.how != How::Removed)];
    format!("layer {}: {}", it.layer, made_by(image, it.layer))
}

/// For people.
pub(super) fn text(report: &ImageReport<'_>, difference: &Difference) -> String {
    let [first, second] = report.images else { return String::new() };
    let style = report.style;
    let head = format!("{} → {}", escape::line(&first.name), escape::line(&second.name));
    let mut text = format!("{}\n{}\n{}\n", style.bold(&head), sum(difference), counts(difference));
    let platforms = [&first.image.platform, &second.image.platform];
    if platforms[0] != platforms[1] {
        text += &format!(
            "They are for {} and {}, so their programs differ anyway.\n",
            escape::line(platforms[0]),
            escape::line(platforms[1])
        );
    }
    for it in difference.paths.iter().take(SHOWN) {
        let room = style.width.saturating_sub(22).max(20);
        let bytes = delta(it.before, it.after);
        let path = escape::line(&it.path);
        text += &format!("\n{bytes:>11}  {:<8} {}\n", it.how.name(), fit(&path, room));
        text += &format!("{:22}{}\n", "", style.dim(&fit(&origin(report, it), room)));
    }
    let rest = difference.paths.len().saturating_sub(SHOWN);
    if rest > 0 {
        text += &format!("\nand {rest} more paths (`--format json` has them)\n");
    }
    text
}

/// For comments.
pub(super) fn markdown(report: &ImageReport<'_>, difference: &Difference) -> String {
    let [first, second] = report.images else { return String::new() };
    let mut text =
        format!("### {} → {}\n\n", escape::markdown(&first.name), escape::markdown(&second.name));
    text += &format!("**{}**; {}\n", sum(difference), counts(difference));
    if !difference.paths.is_empty() {
        text += "\n| Bytes | | Path | Made by |\n|---:|---|---|---|\n";
    }
    for it in difference.paths.iter().take(SHOWN) {
        let origin = origin(report, it);
        text += &format!(
            "| {} | {} | {} | {} |\n",
            delta(it.before, it.after),
            it.how.name(),
            escape::markdown(&it.path),
            escape::markdown(&shorten(&origin, 80))
        );
    }
    let rest = difference.paths.len().saturating_sub(SHOWN);
    if rest > 0 {
        text += &format!("\nand {rest} more paths.\n");
    }
    text
}

#[derive(Serialize)]
pub(super) struct DifferenceObject<'a> {
    before: u64,
    after: u64,
    paths: Vec<PathObject<'a>>,
    more_paths: usize,
}

#[derive(Serialize)]
pub(super) struct PathObject<'a> {
    path: &'a str,
    change: &'static str,
    before: u64,
    after: u64,
    /// Of the second image; of the first for what is gone.
    layer: usize,
}

impl<'a> PathObject<'a> {
    pub(super) fn of(it: &'a Changed) -> Self {
        Self {
            path: &it.path,
            change: it.how.name(),
            before: it.before,
            after: it.after,
            layer: it.layer,
        }
    }
}

impl<'a> DifferenceObject<'a> {
    pub(super) fn of(it: &'a Difference) -> Self {
        Self {
            before: it.before,
            after: it.after,
            paths: it.paths.iter().take(PATHS).map(PathObject::of).collect(),
            more_paths: it.paths.len().saturating_sub(PATHS),
        }
    }
}
