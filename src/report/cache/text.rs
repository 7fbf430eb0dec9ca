//! For people: each line of the Dockerfile with how often it ran again, a strip over the commits, and why.

use super::{CacheReport, duration, monthly, months};
use crate::cache::{History, LineReport, Order, Rebuilt, dates};
use crate::escape;
use crate::lint::shorten;
use crate::report::page::wrap;
use crate::report::style::{Style, plural};

/// What is before an instruction: the number of its line.
const MARGIN: usize = 6;

/// Columns for how often and how long.
const NUMBERS: usize = 32;

/// Shares of commits of a column, from none to all.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn write(report: &CacheReport<'_>, style: Style) -> String {
    let history = report.history;
    let mut text = head(report, style);
    let mut stage = None;
    let several = history.lines.iter().any(|it| it.stage != history.lines[0].stage);
    for line in &history.lines {
        if several && stage.replace(&line.stage) != Some(&line.stage) {
            text += &format!("\n{}\n", style.dim(&format!("stage {}", escape::line(&line.stage))));
        }
        text += &row(line, history, style);
    }
    text += "\n";
    text += &folded(&total(history), 0, style);
    text += &orders(report, style);
    for note in &history.notes {
        text += &folded(&format!("note: {}", escape::line(note)), 0, style);
    }
    text
}

/// A sentence in lines that are not too long, each so far to the right.
fn folded(text: &str, indent: usize, style: Style) -> String {
    let lines = wrap(text, style.width.saturating_sub(indent));
    lines.lines().map(|it| format!("{:indent$}{it}\n", "")).collect()
}

fn head(report: &CacheReport<'_>, style: Style) -> String {
    let history = report.history;
    let title = format!("{}  {}", escape::line(report.dockerfile), range(report));
    let mut text = format!("{}\n", style.bold(&title));
    let skipped = history.commits.iter().filter(|it| it.error.is_some()).count();
    if skipped > 0 {
        let example =
            history.commits.iter().rev().find_map(|it| Some((&it.id, it.error.as_ref()?)));
        let example = example
            .map(|(id, error)| format!(": {} at {}", escape::line(error), &id[..id.len().min(9)]));
        text += &format!("{} skipped{}\n", plural(skipped, "commit"), example.unwrap_or_default());
    }
    let room = style.width.saturating_sub(MARGIN + NUMBERS);
    let line = format!(
        "{:>4}  {:<room$}{:>15}{:>8}{:>9}",
        "line", "instruction", "rebuilt", "each", "a month"
    );
    text += &style.dim(&line);
    text + "\n"
}

/// Whose cache, and which commits.
pub(super) fn range(report: &CacheReport<'_>) -> String {
    let commits = &report.history.commits;
    let day = |at: Option<&crate::cache::CommitReport>| dates::date(at.map_or(0, |it| it.time));
    format!(
        "{}, {} from {} to {}",
        report.builder.traits().name,
        plural(commits.len(), "commit"),
        day(commits.first()),
        day(commits.last())
    )
}

/// The lines as a table.
pub(super) fn markdown(report: &CacheReport<'_>) -> String {
    let history = report.history;
    let mut text = format!(
        "### {}: {} with {}\n\n| Line | Instruction | Reruns | Each | A month | Because |\n|---:|---|---:|---:|---:|---|\n",
        escape::markdown_code(report.dockerfile),
        plural(history.commits.len(), "commit"),
        report.builder.traits().name
    );
    for line in &history.lines {
        let causes = line.causes.iter().take(4);
        let causes = causes.map(|it| format!("{} {}", escape::markdown(&it.path), it.commits));
        let causes: Vec<String> = same(line).into_iter().chain(causes).collect();
        text += &format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            line.line,
            escape::markdown(&shorten(&line.text, 60)),
            count(line),
            duration(line.seconds),
            monthly(line.seconds * line.rebuilds as f64, history),
            causes.join(", ")
        );
    }
    text += "\n";
    text += &total(history);
    for order in report.orders {
        text += &format!("- {}\n", escape::markdown(&sentence(order, history)));
    }
    text
}

/// Better orders: what each does and saves, and how to apply it.
fn orders(report: &CacheReport<'_>, style: Style) -> String {
    if report.orders.is_empty() {
        return String::new();
    }
    let title = "What would have saved time, with this Dockerfile at every commit";
    let mut text = format!("\n{}\n", style.bold(title));
    for (at, order) in report.orders.iter().enumerate() {
        text += &folded(&escape::line(&sentence(order, report.history)), 2, style);
        text += &format!("    {}\n", style.dim(&escape::line(&command(at, report))));
    }
    let hint = "With `--diff` in place of `--fix --unsafe-fixes`, the command shows the change.";
    text += &folded(hint, 2, style);
    text + "\n"
}

/// The command that applies an order, given its place.
pub(super) fn command(at: usize, report: &CacheReport<'_>) -> String {
    let order = if at == 0 { String::new() } else { format!(" --order {}", at + 1) };
    format!("{}{order} --fix --unsafe-fixes", report.command)
}

/// `copy the manifests first: saves 61 of 74 reruns of line 14, about 52 min a month (estimated)`.
pub(super) fn sentence(order: &Order, history: &History) -> String {
    let saving = &order.saving;
    let time = match months(history) {
        Some(months) => format!("{} a month", duration(saving.seconds / months)),
        None => format!("{} in all", duration(saving.seconds)),
    };
    let (saves, what, about) = match saving.is_sure {
        true => ("saves", "rerun", "about"),
        false => ("may save up to", "possible rerun", "at most"),
    };
    let part = if saving.is_part { "the install in " } else { "" };
    format!(
        "{}: {saves} {} of {} of {part}line {}, {about} {time} ({})",
        order.fix.title,
        saving.rebuilds,
        plural(saving.of, what),
        saving.line,
        super::how(history)
    )
}

/// `3 of 40`, or `3+2? of 40` where some are not sure.
pub(super) fn count(line: &LineReport) -> String {
    match line.maybe {
        0 => format!("{} of {}", line.rebuilds, line.commits),
        maybe => format!("{}+{maybe}? of {}", line.rebuilds, line.commits),
    }
}

/// What is said about a line that is the same for a builder as one of another stage.
fn same(line: &LineReport) -> Option<String> {
    line.same_as.map(|it| format!("same step as line {it}"))
}

/// How often a line ran again and what that takes, in a sentence.
pub(super) fn story(line: &LineReport, history: &History) -> String {
    let maybe = match line.maybe {
        0 => String::new(),
        it => format!(", and may have run at {it} more"),
    };
    let all = line.seconds * line.rebuilds as f64;
    let month =
        months(history).map_or_else(String::new, |it| format!(", {} a month", duration(all / it)));
    let how = if line.is_measured { "measured" } else { "estimated" };
    let same = line.same_as.map_or_else(String::new, |it| {
        format!("The same step as line {it}, and run once for both. ")
    });
    format!(
        "{same}Ran again at {} of {}{maybe}. One run takes about {}, all of them {}{month} ({how}).",
        line.rebuilds,
        plural(line.commits, "commit"),
        duration(line.seconds),
        duration(all)
    )
}

/// A line with its numbers, its strip and its causes.
fn row(line: &LineReport, history: &History, style: Style) -> String {
    let room = style.width.saturating_sub(MARGIN + NUMBERS).max(10);
    let shown = escape::line(&line.text).into_owned();
    let shown = shorten(&shown, room - 1).into_owned();
    let pad = " ".repeat(room.saturating_sub(shown.chars().count()));
    let count = count(line);
    let month = monthly(line.seconds * line.rebuilds as f64, history);
    let mut text = format!(
        "{:>4}  {shown}{pad}{count:>15}{:>8}{:>9}\n",
        line.line,
        duration(line.seconds),
        month
    );
    let strip = strip(&line.strip, style.width.saturating_sub(MARGIN + 1));
    text += &format!("{}{}\n", " ".repeat(MARGIN), style.dim(strip.trim_end()));
    let causes: Vec<String> = line
        .causes
        .iter()
        .take(4)
        .map(|it| format!("{} {}", escape::line(&it.path), it.commits))
        .collect();
    if let Some(same) = same(line) {
        text += &format!("{}{same}\n", " ".repeat(MARGIN));
    }
    if !causes.is_empty() {
        let causes = causes.join(", ");
        let causes = shorten(&causes, style.width.saturating_sub(MARGIN + 10)).into_owned();
        text += &format!("{}because: {causes}\n", " ".repeat(MARGIN));
    }
    text
}

/// One character per commit or per several commits; the oldest is on the left.
fn strip(commits: &[Option<Rebuilt>], width: usize) -> String {
    let columns = commits.len().min(width).max(1);
    let column = |at: usize| {
        let part = &commits[at * commits.len() / columns..(at + 1) * commits.len() / columns];
        let there = part.iter().flatten().count();
        let count = |what| part.iter().flatten().filter(|it| **it == what).count();
        let (yes, maybe) = (count(Rebuilt::Yes), count(Rebuilt::Maybe));
        match (there, yes, maybe) {
            (0, _, _) => ' ',
            (_, 0, 0) => '·',
            (_, 0, _) => '?',
            _ => BARS[(yes * BARS.len()).div_ceil(there).clamp(1, BARS.len()) - 1],
        }
    };
    (0..columns).map(column).collect()
}

/// What a commit costs on average.
pub(super) fn total(history: &History) -> String {
    let commits: Vec<_> = history.commits.iter().filter(|it| it.error.is_none()).collect();
    let steps = commits.iter().flat_map(|it| &it.steps).filter(|it| it.rebuilt == Rebuilt::Yes);
    let (mut count, mut seconds) = (0_usize, 0.0);
    for step in steps {
        count += 1;
        seconds += step.seconds;
    }
    let commits = commits.len().max(1) as f64;
    let month = months(history).map_or_else(String::new, |it| {
        format!(", and a month takes about {}", duration(seconds / it))
    });
    format!(
        "A commit reruns {:.1} steps, about {}{month}. {}\n",
        count as f64 / commits,
        duration(seconds / commits),
        times(history)
    )
}

/// Where the times come from, line by line.
fn times(history: &History) -> String {
    let measured: Vec<String> =
        history.lines.iter().filter(|it| it.is_measured).map(|it| it.line.to_string()).collect();
    match measured.len() {
        0 => "Times are estimates from a table.".to_owned(),
        it if it == history.lines.len() => "Times are those of the log.".to_owned(),
        _ => format!(
            "Times of lines {} are those of the log; the others are estimates from a table.",
            measured.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::CauseCount;

    #[test]
    fn runs_that_are_not_sure_are_counted_apart() {
        let line = |maybe, same_as| LineReport {
            line: 3,
            keyword: "RUN",
            text: "RUN a".to_owned(),
            stage: "0".to_owned(),
            commits: 40,
            rebuilds: 3,
            maybe,
            same_as,
            causes: Vec::new(),
            seconds: 2.0,
            is_measured: false,
            strip: Vec::new(),
        };
        assert_eq!(count(&line(0, None)), "3 of 40");
        assert_eq!(count(&line(2, None)), "3+2? of 40");
        assert_eq!(same(&line(0, Some(7))), Some("same step as line 7".to_owned()));
        assert_eq!(same(&line(0, None)), None);
    }

    /// At 60 columns: the instruction is cut, the strip ends one column before the last, and four causes are named.
    #[test]
    fn a_row_keeps_to_the_width() {
        let cause = |path: &str| CauseCount { path: path.to_owned(), commits: 3 };
        let line = LineReport {
            line: 12,
            keyword: "COPY",
            text: "COPY one/long/path two/long/path /srv/app/".to_owned(),
            stage: "0".to_owned(),
            commits: 106,
            rebuilds: 53,
            maybe: 0,
            same_as: Some(7),
            causes: ["a/first/path", "b/second/path", "c/third/path", "d", "e"].map(cause).into(),
            seconds: 9.95,
            is_measured: false,
            strip: [Some(Rebuilt::Yes), Some(Rebuilt::No)].repeat(53),
        };
        let history = History {
            commits: Vec::new(),
            lines: vec![line.clone()],
            notes: Vec::new(),
            path: "Dockerfile".to_owned(),
        };
        let style = Style { color: false, width: 60 };
        let strip = "▄".repeat(53);
        let expected = format!(
            "  12  COPY one/long/path t…       53 of 106    10 s        –\n      {strip}\n\
             \x20     same step as line 7\n      because: a/first/path 3, b/second/path 3, c/third/pa…\n"
        );
        assert_eq!(row(&line, &history, style), expected);
    }

    #[test]
    fn a_strip_has_a_column_for_some_commits() {
        let (yes, no) = (Some(Rebuilt::Yes), Some(Rebuilt::No));
        assert_eq!(strip(&[None, yes, no, Some(Rebuilt::Maybe)], 80), " █·?");
        assert_eq!(strip(&[yes, no, no, no, yes, yes, no, no], 2), "▂▄");
    }
}
