//! `concise`: one line per finding, `path:line:column: severity CODE message`, with `[*]` before the message where `--fix`
//! fixes it.

use super::{Outcome, Report, Style, Summary, summary};
use crate::escape;

/// The `concise` format.
pub(super) struct Concise(pub(super) Style);

impl Report for Concise {
    fn file(&self, outcome: Outcome<'_>) -> String {
        let Ok(checked) = outcome.result else { return String::new() };
        let path = escape::line(outcome.name);
        let lines = checked.findings.iter().map(|finding| {
            let at = checked.source.position(finding.span.start);
            let severity = self.0.severity(finding.severity, finding.severity.name());
            let code = self.0.bold(finding.meta.code);
            let mark = if summary::is_fixable(finding) { "[*] " } else { "" };
            let message = escape::line(&finding.message);
            format!("{path}:{}:{}: {severity} {code} {mark}{message}\n", at.line, at.column)
        });
        lines.collect()
    }

    fn end(&self, summary: &Summary) -> String {
        summary::sentence(summary) + "\n"
    }
}
