//! `junit`: a suite per file, a failed test per finding. A file without findings is one test that passed.
//! Source: <https://github.com/testmoapp/junitxml>, which collects what readers understand.

use super::{Outcome, Report, Summary};
use crate::escape::xml as escape;
use crate::lint::Finding;
use crate::session::Checked;

/// The `junit` format.
pub(super) struct Junit;

impl Report for Junit {
    fn start(&self) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"layerwise\">\n".to_owned()
    }

    fn file(&self, outcome: Outcome<'_>) -> String {
        let path = escape(outcome.path);
        let skipped = usize::from(outcome.result.is_ok_and(|it| it.note.is_some()));
        let (failures, errors, cases) = match outcome.result {
            Ok(checked) if checked.note.is_some() => {
                let message = checked.note.as_ref().map(|it| escape(&it.message));
                let body = format!("<skipped message=\"{}\"/>", message.unwrap_or_default());
                (0, 0, vec![case(&path, "layerwise", &body)])
            }
            Ok(checked) if checked.findings.is_empty() => {
                (0, 0, vec![case(&path, "layerwise", "")])
            }
            Ok(checked) => {
                let cases = checked.findings.iter().map(|it| failure(&path, checked, it)).collect();
                (checked.findings.len(), 0, cases)
            }
            Err(error) => {
                let reason = escape(&error.reason());
                let body = format!("<error type=\"unreadable-file\" message=\"{reason}\"/>");
                (0, 1, vec![case(&path, "unreadable-file", &body)])
            }
        };
        format!(
            "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\">\n{}  </testsuite>\n",
            cases.len(),
            cases.concat(),
        )
    }

    fn end(&self, _: &Summary) -> String {
        "</testsuites>\n".to_owned()
    }
}

fn failure(path: &str, checked: &Checked, finding: &Finding) -> String {
    let at = checked.source.position(finding.span.start);
    let (severity, message) = (finding.severity.name(), escape(&finding.message));
    let mut text = format!("{path}:{}:{}: {message}", at.line, at.column);
    if let Some(help) = &finding.help {
        text += "\n";
        text += &escape(help);
    }
    let body = format!("<failure type=\"{severity}\" message=\"{message}\">{text}</failure>");
    case(path, finding.meta.code, &body)
}

fn case(path: &str, name: &str, body: &str) -> String {
    let tag = format!("    <testcase classname=\"{path}\" name=\"{name}\" time=\"0\"");
    match body {
        "" => tag + "/>\n",
        _ => format!("{tag}>\n      {body}\n    </testcase>\n"),
    }
}
