//! Why a build missed its cache, for people: one paragraph per chain of missed steps.

use super::{CacheReport, Explained};
use crate::cache::{Explanation, FileChange, How, Miss, Reason, Why};
use crate::escape;
use crate::lint::shorten;
use crate::report::page::wrap;
use crate::report::style::{Style, plural};

/// More files of a reason are not listed.
const FILES: usize = 8;

/// What is before a reason.
const MARGIN: usize = 6;

/// Longer texts of instructions are cut.
const LONGEST: usize = 160;

pub(super) fn text(report: &CacheReport<'_>, explained: Explained<'_>, style: Style) -> String {
    let found = explained.explanation;
    let title = format!(
        "{}  {} to {}",
        report.builder.traits().name,
        escape::line(explained.old),
        escape::line(explained.new)
    );
    let mut text = format!("{}\n", style.bold(&title));
    if let Some((old, new)) = explained.states {
        let line = format!("files: {} to {}", short(old), short(new));
        text += &format!("{}\n", style.dim(&escape::line(&line)));
    }
    text += &format!("{}\n", summary(found));
    for miss in &found.misses {
        text += "\n";
        text += &paragraph(miss, style);
    }
    let hints = hints(found, explained);
    for (title, lines) in [("partial", &found.partial), ("note", &found.notes), ("help", &hints)] {
        if !lines.is_empty() {
            text += "\n";
        }
        for line in lines {
            text += &block(&format!("{title}: {line}"), 0, style);
        }
    }
    text
}

/// The misses as a table.
pub(super) fn markdown(report: &CacheReport<'_>, explained: Explained<'_>) -> String {
    let found = explained.explanation;
    let mut text = format!(
        "### {}: {} to {}\n\n{}\n",
        report.builder.traits().name,
        escape::markdown_code(explained.old),
        escape::markdown_code(explained.new),
        summary(found)
    );
    if !found.misses.is_empty() {
        text += "\n| Stage | Line | Step | Because |\n|---|---:|---|---|\n";
    }
    for miss in &found.misses {
        let line = miss.line.map_or_else(String::new, |it| it.to_string());
        let step = escape::markdown(&shorten(&miss.text, 60));
        let mut reasons: Vec<String> = miss.because.iter().map(sentence).collect();
        reasons.extend(miss.possible.iter().map(|it| format!("possibly {}", sentence(it))));
        let reasons = escape::markdown(&reasons.join("; "));
        text += &format!("| {} | {line} | {step} | {reasons} |\n", escape::markdown(&miss.stage));
    }
    let hints = hints(found, explained);
    for line in found.partial.iter().chain(&found.notes).chain(&hints) {
        text += &format!("\n{}\n", escape::markdown(line));
    }
    text
}

fn short(state: &str) -> String {
    let is_id = state.len() == 40 && state.bytes().all(|it| it.is_ascii_hexdigit());
    if is_id { state[..9].to_owned() } else { state.to_owned() }
}

fn summary(found: &Explanation) -> String {
    let steps = plural(found.steps, "step");
    let unknown = match found.unknown {
        0 => String::new(),
        it => format!("; {it} unknown"),
    };
    match found.ran {
        0 => format!("all of {steps} came from the cache{unknown}"),
        it => format!("{it} of {steps} missed the cache{unknown}"),
    }
}

fn paragraph(miss: &Miss, style: Style) -> String {
    let place = match (miss.line, miss.place.of) {
        (Some(line), _) => format!("line {line}"),
        (None, of) => format!("step {}/{of}", miss.place.index),
    };
    let stage = match miss.stage.as_str() {
        "" => String::new(),
        stage => format!(", stage {}", escape::line(stage)),
    };
    let shown = escape::line(&miss.text).into_owned();
    let mut text = format!(
        "{}\n{}{}\n",
        style.bold(&format!("{place}{stage}")),
        " ".repeat(2),
        shorten(&shown, style.width.saturating_sub(2))
    );
    for reason in &miss.because {
        text += &block(&sentence(reason), MARGIN, style);
        text += &texts(reason, style);
    }
    if !miss.possible.is_empty() {
        text += &block("possible reasons:", MARGIN, style);
        for reason in &miss.possible {
            text += &block(&format!("- {}", sentence(reason)), MARGIN, style);
        }
    }
    if miss.followers > 0 {
        let more = plural(miss.followers, "step");
        text += &block(&format!("{more} after it ran again too"), MARGIN, style);
    }
    text
}

/// A paragraph with a margin, in lines that fit.
fn block(text: &str, margin: usize, style: Style) -> String {
    let wrapped = wrap(&escape::line(text), style.width.saturating_sub(margin));
    wrapped.lines().map(|it| format!("{}{it}\n", " ".repeat(margin))).collect()
}

/// What it was and is, below each other.
fn texts(reason: &Reason, style: Style) -> String {
    if !matches!(reason.why, Why::Text | Why::Shown | Why::Variable) {
        return String::new();
    }
    let (Some(old), Some(new)) = (&reason.old, &reason.new) else { return String::new() };
    let (old, new) = around_difference(old, new, style.width.saturating_sub(MARGIN + 5));
    let line =
        |name: &str, text: &str| format!("{}{name}: {}\n", " ".repeat(MARGIN), escape::line(text));
    line("was", &old) + &line("now", &new)
}

/// Both texts from a little before where they begin to differ.
fn around_difference(old: &str, new: &str, room: usize) -> (String, String) {
    let common = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    let longest = old.chars().count().max(new.chars().count());
    let skipped = if longest > room { common.saturating_sub(room / 3) } else { 0 };
    let part = |text: &str| {
        let rest: String = text.chars().skip(skipped).collect();
        let rest = if skipped > 0 { format!("…{rest}") } else { rest };
        shorten(&rest, room).into_owned()
    };
    (part(old), part(new))
}

/// A reason as a sentence without an end.
pub(super) fn sentence(reason: &Reason) -> String {
    let name = reason.name.as_deref().map(|it| shorten(it, LONGEST)).unwrap_or_default();
    let at = reason.line.map_or_else(String::new, |it| format!(" (line {it})"));
    match reason.why {
        Why::Text if !name.is_empty() => format!("the `{name}` before it changed"),
        Why::Shown => {
            "its text in the log changed: the instruction, or the value of a variable in it".to_owned()
        }
        Why::Text => "the text of the instruction changed".to_owned(),
        Why::New if name.is_empty() => "the instruction is new".to_owned(),
        Why::New => format!("`{name}` is new"),
        Why::Gone => format!("`{name}`, which preceded it, is gone"),
        Why::Order => "the instructions before it are others, or in another order".to_owned(),
        Why::Files if reason.files.is_empty() => "files that it takes from the context changed".to_owned(),
        Why::Files => format!("files changed: {}", files(&reason.files)),
        Why::Variable if reason.old.is_some() => format!("the value of a variable in it changed: {name}{at}"),
        Why::Variable => format!("the value of `{name}` changed{at}"),
        Why::Setting => format!("`{name}` is another one{at}"),
        Why::Heredoc => "the body of its heredoc changed".to_owned(),
        Why::Mount => "the options of its mount changed".to_owned(),
        Why::Base => base(reason, &name, &at),
        Why::Stage => format!("stage `{name}`, which it is built from, ran again{at}"),
        Why::Network => "the network gave something else".to_owned(),
        Why::Definition => {
            "a variable (ARG, ENV), USER, SHELL or an option of the build changed, which logs do not show"
                .to_owned()
        }
        Why::Untracked => {
            "files that git does not track, `.git` among them, or modes and line ends that another checkout gave".to_owned()
        }
        Why::Cache => "nothing changed: the cache did not have it".to_owned(),
    }
}

fn base(reason: &Reason, name: &str, at: &str) -> String {
    let name = if name.is_empty() { String::new() } else { format!(" `{name}`") };
    match (&reason.old, &reason.new) {
        (Some(old), Some(new)) => {
            format!("the base image{name} changed: it was {old} and is {new}")
        }
        _ => format!("the base image{name} changed{at}"),
    }
}

/// What a cache without a step can mean.
fn meaning(found: &Explanation) -> String {
    let nothing = match (found.cached, found.has_cache) {
        (0, _) => "no step came from the cache",
        (_, false) => {
            "only `WORKDIR` came from the cache, which BuildKit keeps even with `--no-cache`"
        }
        (_, true) => {
            return "a cache has some steps and not others if a part was pruned (by hand or by its size limit), if \
                    the build had `--no-cache-filter`, or if `--cache-to` without `mode=max` kept the last stage \
                    only"
                .to_owned();
        }
    };
    format!(
        "{nothing}: the build had `--no-cache` or another `--platform`, ran on another builder or machine, in CI \
         without `--cache-from`, or after the cache was pruned"
    )
}

fn files(files: &[FileChange]) -> String {
    let mut shown: Vec<String> =
        files.iter().take(FILES).map(|it| format!("{} ({})", it.path, how(it.how))).collect();
    if files.len() > FILES {
        shown.push(format!("{} more", files.len() - FILES));
    }
    shown.join(", ")
}

/// In one word, also in JSON.
pub(super) fn how(how: How) -> &'static str {
    match how {
        How::Added => "new",
        How::Removed => "gone",
        How::Content => "content",
        How::Mode => "mode",
        How::Owner => "owner",
        How::Kind => "kind",
        How::Included => "no longer ignored",
        How::Excluded => "now ignored",
    }
}

/// What a missing step can mean, and how to find out what is not known.
pub(super) fn hints(found: &Explanation, explained: Explained<'_>) -> Vec<String> {
    let open: Vec<Why> = found.misses.iter().flat_map(|it| &it.possible).map(|it| it.why).collect();
    let mut hints = Vec::new();
    let reasons = found.misses.iter().flat_map(|it| it.because.iter().chain(&it.possible));
    if reasons.into_iter().any(|it| it.why == Why::Cache) {
        hints.push(meaning(found));
    }
    if open.is_empty() {
        return hints;
    }
    if explained.states.is_none() {
        hints.push(
            "`--revs OLD..NEW` compares the files and the Dockerfile of the two commits that were built"
                .to_owned(),
        );
    }
    let is_recorded = explained.states.is_some_and(|it| short(it.0) == it.0);
    if !is_recorded {
        hints.push(
            "`layerwise cache --record FILE` before each build, with its `--build-arg`s, makes the next \
             explanation exact"
                .to_owned(),
        );
    }
    if open.contains(&Why::Base) {
        hints.push(
            "a digest in `FROM image:tag@sha256:…` shows in logs whether the base image changed"
                .to_owned(),
        );
    }
    hints
}

#[cfg(test)]
mod tests;
