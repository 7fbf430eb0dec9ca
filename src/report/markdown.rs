//! `markdown`: a table per file, for a job's summary or a comment on a pull request.

use super::{Outcome, Report, Summary, summary};
use crate::escape;

/// The `markdown` format.
pub(super) struct Markdown;

impl Report for Markdown {
    fn file(&self, outcome: Outcome<'_>) -> String {
        let checked = match outcome.result {
            Ok(checked) if checked.findings.is_empty() => {
                let note = checked.note.as_ref();
                return note.map_or_else(String::new, |it| {
                    format!("{}{}\n\n", heading(outcome.name), escape::markdown(&it.message))
                });
            }
            Ok(checked) => checked,
            Err(error) => {
                return format!(
                    "{}{}\n\n",
                    heading(outcome.name),
                    escape::markdown(&error.reason())
                );
            }
        };
        let mut text =
            heading(outcome.name) + "| Line | Severity | Code | Message |\n|---:|---|---|---|\n";
        text.extend(checked.findings.iter().map(|it| {
            let line = checked.source.line(it.span.start);
            let (severity, code, message) =
                (it.severity.name(), it.meta.code, escape::markdown(&it.message));
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

/// A heading that is a name.
pub(super) fn heading(path: &str) -> String {
    format!("### {}\n\n", escape::markdown_code(path))
}
