//! `sonarqube`: external issues, in the older of SonarQube's two forms, which every version since 7.2 imports.
//! Source: <https://docs.sonarsource.com/sonarqube-server/latest/analyzing-source-code/importing-external-issues/generic-issue-import-format/>.

use serde::Serialize;

use super::{Outcome, Report, Summary, json};
use crate::lint::Severity;
use crate::source::{Source, Span};

/// The `sonarqube` format.
pub(super) struct Sonarqube;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    engine_id: &'a str,
    rule_id: &'a str,
    severity: &'a str,
    r#type: &'a str,
    primary_location: Location<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secondary_locations: Vec<Location<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    message: String,
    file_path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_range: Option<TextRange>,
}

/// Lines from 1, columns from 0 in UTF-16 units.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TextRange {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

impl Report for Sonarqube {
    fn start(&self) -> String {
        "{\"issues\": [\n".to_owned()
    }

    fn file(&self, outcome: Outcome<'_>) -> String {
        json::items(issues(outcome))
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, _: &Summary) -> String {
        "\n]}\n".to_owned()
    }
}

fn issues(outcome: Outcome<'_>) -> Vec<Issue<'_>> {
    let file_path = outcome.path;
    let checked = match outcome.result {
        Ok(checked) => checked,
        Err(error) => {
            let whole = Location { message: error.reason(), file_path, text_range: None };
            return vec![issue("unreadable-file", "BLOCKER", "BUG", whole)];
        }
    };
    let location = |message: &str, span: Span| Location {
        message: message.to_owned(),
        file_path,
        text_range: Some(text_range(&checked.source, span)),
    };
    let issues = checked.findings.iter().map(|finding| {
        let (severity, kind) = match finding.severity {
            Severity::Error => ("CRITICAL", "BUG"),
            Severity::Warning => ("MAJOR", "CODE_SMELL"),
            Severity::Info => ("MINOR", "CODE_SMELL"),
            Severity::Style => ("INFO", "CODE_SMELL"),
        };
        let primary = location(&finding.message, finding.span);
        let labels = finding.labels.iter();
        Issue {
            secondary_locations: labels.map(|it| location(&it.message, it.span)).collect(),
            ..issue(finding.meta.code, severity, kind, primary)
        }
    });
    issues.collect()
}

fn issue<'a>(
    rule_id: &'a str,
    severity: &'a str,
    kind: &'a str,
    primary_location: Location<'a>,
) -> Issue<'a> {
    let (engine_id, secondary_locations) = ("layerwise", Vec::new());
    Issue { engine_id, rule_id, severity, r#type: kind, primary_location, secondary_locations }
}

/// An import fails at a range without characters: then the line alone is given.
fn text_range(source: &Source, span: Span) -> TextRange {
    let place = |offset: u32| {
        let line = source.line(offset);
        let before = Span { start: source.line_span(line).start, end: offset };
        let before = source.slice(before).trim_start_matches('\u{FEFF}');
        (line, before.encode_utf16().count() as u32)
    };
    let ((start_line, start), (end_line, end)) = (place(span.start), place(span.end));
    match (start_line, start) == (end_line, end) {
        true => TextRange { start_line, end_line: None, start_column: None, end_column: None },
        false => TextRange {
            start_line,
            end_line: Some(end_line),
            start_column: Some(start),
            end_column: Some(end),
        },
    }
}
