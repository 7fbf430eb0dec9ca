//! `gnu`: one line per finding, in the format that the GNU coding standards require of compilers, so that Emacs, Vim and Make
//! can jump to it. Vim's default `errorformat` allows no program name before the path.
//! Source: <https://www.gnu.org/prep/standards/html_node/Errors.html>.

use super::{Outcome, Report};
use crate::escape;

/// The `gnu` format.
pub(super) struct Gnu;

impl Report for Gnu {
    fn file(&self, outcome: Outcome<'_>) -> String {
        let Ok(checked) = outcome.result else { return String::new() };
        let path = escape::line(outcome.name);
        let lines = checked.findings.iter().map(|it| {
            let at = checked.source.position(it.span.start);
            let (severity, code, message) =
                (it.severity.name(), it.meta.code, escape::line(&it.message));
            format!("{path}:{}:{}: {severity}: {message} [{code}]\n", at.line, at.column)
        });
        lines.collect()
    }
}
