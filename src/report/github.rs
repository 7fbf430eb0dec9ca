//! `github`: workflow commands, which GitHub Actions shows next to the lines of a pull request.
//! Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>.

use super::{Outcome, Report};
use crate::escape::{log_data as data, log_property as property};
use crate::lint::{Finding, Severity};
use crate::source::Source;

/// The `github` format.
pub(super) struct Github;

impl Report for Github {
    fn file(&self, outcome: Outcome<'_>) -> String {
        match outcome.result {
            Ok(checked) => {
                let note = checked.note.iter().map(|note| {
                    let (path, line) =
                        (property(outcome.path), checked.source.line(note.span.start));
                    format!(
                        "::notice file={path},line={line},title=layerwise::{}\n",
                        data(&note.message)
                    )
                });
                let findings = checked.findings.iter();
                note.chain(findings.map(|it| command(outcome.path, &checked.source, it))).collect()
            }
            Err(error) => {
                let (path, reason) = (property(outcome.path), data(&error.reason()));
                format!("::error file={path},title=layerwise::{reason}\n")
            }
        }
    }
}

fn command(path: &str, source: &Source, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Style => "notice",
    };
    let (start, end) = (source.position(finding.span.start), source.position(finding.span.end));
    let mut place = format!("file={},line={}", property(path), start.line);
    // Columns are for annotations of one line only.
    place += &match start.line == end.line {
        true => format!(",col={},endLine={},endColumn={}", start.column, end.line, end.column),
        false => format!(",endLine={}", end.line),
    };
    let code = finding.meta.code;
    let mut text = data(&finding.message);
    if let Some(help) = &finding.help {
        text += "%0A";
        text += &data(help);
    }
    format!("::{level} {place},title=layerwise {code}::{text}\n")
}
