//! `rdjson`: what reviewdog reads, with fixes as suggestions.
//! Source: <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>.

use serde::Serialize;

use super::{Outcome, Report, Summary, json};
use crate::lint::{Applicability, Finding, Severity};
use crate::session::Checked;
use crate::source::{Source, Span};

/// The `rdjson` format.
pub(super) struct Rdjson;

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'a str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Lines from 1, columns from 1 in bytes.
#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

impl Report for Rdjson {
    fn start(&self) -> String {
        "{\"source\": {\"name\": \"layerwise\"},\n \"diagnostics\": [\n".to_owned()
    }

    fn file(&self, outcome: Outcome<'_>) -> String {
        let path = outcome.path;
        match outcome.result {
            Ok(checked) => {
                json::items(checked.findings.iter().map(|it| diagnostic(path, checked, it)))
            }
            Err(error) => json::write(&Diagnostic {
                message: error.reason(),
                location: Location { path, range: None },
                severity: "ERROR",
                code: Code { value: "unreadable-file" },
                suggestions: Vec::new(),
                related_locations: Vec::new(),
            }),
        }
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, _: &Summary) -> String {
        "\n]}\n".to_owned()
    }
}

fn diagnostic<'a>(path: &'a str, checked: &'a Checked, finding: &'a Finding) -> Diagnostic<'a> {
    let location = |span| Location { path, range: Some(range(&checked.source, span)) };
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    Diagnostic {
        message,
        location: location(finding.span),
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info | Severity::Style => "INFO",
        },
        code: Code { value: finding.meta.code },
        suggestions: suggestion(&checked.source, finding).into_iter().collect(),
        related_locations: finding
            .labels
            .iter()
            .map(|it| Related { message: &it.message, location: location(it.span) })
            .collect(),
    }
}

/// The fix, if it is complete. Each suggestion is alone, so all edits become one.
fn suggestion(source: &Source, finding: &Finding) -> Option<Suggestion> {
    let fix = finding.fix.as_ref().filter(|it| it.applicability != Applicability::Suggest)?;
    let mut span = Span { start: fix.edits.first()?.span.start, end: fix.edits.last()?.span.end };
    let (whole, mut text) = (span, String::new());
    for edit in &fix.edits {
        text += source.slice(Span { start: span.start, end: edit.span.start });
        text += &edit.text;
        span.start = edit.span.end;
    }
    Some(Suggestion { range: range(source, whole), text })
}

fn range(source: &Source, span: Span) -> Range {
    let position = |offset| {
        let line = source.line(offset);
        Position { line, column: offset - source.line_span(line).start + 1 }
    };
    Range { start: position(span.start), end: position(span.end) }
}
