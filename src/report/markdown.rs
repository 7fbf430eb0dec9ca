//! `markdown`: a table a file, for a job's summary or a comment on a pull request.

use super::style::harmless;
use super::{Outcome, Report, Summary, summary};

/// The `markdown` format.
pub(super) struct Markdown;

impl Report for Markdown {
    fn file(&self, outcome: Outcome<'_>) -> String {
        let checked = match outcome.result {
            Ok(checked) if checked.findings.is_empty() => {
                let note = checked.note.as_ref();
                return note.map_or_else(String::new, |it| {
                    format!("{}{}\n\n", heading(outcome.name), inline(&it.message))
                });
            }
            Ok(checked) => checked,
            Err(error) => {
                return format!("{}{}\n\n", heading(outcome.name), inline(&error.reason()));
            }
        };
        let mut text =
            heading(outcome.name) + "| Line | Severity | Code | Message |\n|---:|---|---|---|\n";
        text.extend(checked.findings.iter().map(|it| {
            let line = checked.source.line(it.span.start);
            let (severity, code, message) = (it.severity.name(), it.meta.code, inline(&it.message));
            format!("| {line} | {severity} | {code} | {message} |\n")
        }));
        text + "\n"
    }

    fn end(&self, summary: &Summary) -> String {
        let mut text = summary::sentence(summary) + "\n";
        if !summary.failed.is_empty() {
            text +=
                &format!("{} could not be read.\n", super::plural(summary.failed.len(), "file"));
        }
        text
    }
}

/// A heading; a code span whose fence is longer than any in the name.
pub(super) fn heading(path: &str) -> String {
    let path = harmless(path);
    let fence = if path.contains('`') { "``" } else { "`" };
    format!("### {fence}{path}{fence}\n\n")
}

/// One line of a cell: code spans stay, all other text means itself.
pub(super) fn inline(text: &str) -> String {
    let text = harmless(text);
    let is_balanced = text.matches('`').count().is_multiple_of(2);
    let mut is_code = false;
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '`' if is_balanced => is_code = !is_code,
            // Tables are cut into cells before code is looked for.
            '|' => escaped.push('\\'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '#' if !is_code => {
                escaped.push('\\');
            }
            _ => {}
        }
        escaped.push(character);
    }
    escaped
}
