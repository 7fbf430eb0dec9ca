//! `checkstyle`: the XML of Checkstyle, which many tools read.
//! Source: the listener that writes it, <https://checkstyle.org/apidocs/com/puppycrawl/tools/checkstyle/XMLLogger.html>.

use super::{Outcome, Report, Summary};
use crate::escape::xml as escape;
use crate::lint::Severity;

/// The `checkstyle` format.
pub(super) struct Checkstyle;

impl Report for Checkstyle {
    fn start(&self) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n".to_owned()
    }

    fn file(&self, outcome: Outcome<'_>) -> String {
        let mut text = format!("  <file name=\"{}\">\n", escape(outcome.path));
        match outcome.result {
            Ok(checked) => text.extend(checked.findings.iter().map(|it| {
                let at = checked.source.position(it.span.start);
                // Checkstyle itself knows no `style`.
                let severity = it.severity.min(Severity::Info);
                error(at.line, at.column, severity, &it.message, it.meta.code)
            })),
            Err(it) => text += &error(0, 0, Severity::Error, &it.reason(), "unreadable-file"),
        }
        text + "  </file>\n"
    }

    fn end(&self, _: &Summary) -> String {
        "</checkstyle>\n".to_owned()
    }
}

fn error(line: u32, column: u32, severity: Severity, message: &str, code: &str) -> String {
    let (severity, message) = (severity.name(), escape(message));
    format!(
        "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" \
         message=\"{message}\" source=\"{code}\"/>\n"
    )
}
