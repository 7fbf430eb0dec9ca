//! `codeclimate`: an issue per finding, each ended by a NUL byte, and `gitlab`: the same issues in one array.
//! Sources: <https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md> and
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use serde::Serialize;

use super::{Outcome, Report, Summary, json};
use crate::lint::{Category, Severity};
use crate::source::hash;
use crate::source::{Source, Span};

/// The `codeclimate` format.
pub(super) struct CodeClimate;

/// The `gitlab` format.
pub(super) struct Gitlab;

#[derive(Serialize)]
struct Issue<'a> {
    r#type: &'a str,
    check_name: &'a str,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content<'a>>,
    categories: [&'a str; 1],
    location: Location<'a>,
    severity: &'a str,
    fingerprint: String,
}

#[derive(Serialize)]
struct Content<'a> {
    body: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
    lines: Lines,
}

#[derive(Serialize)]
struct Positions {
    begin: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl Report for CodeClimate {
    fn file(&self, outcome: Outcome<'_>) -> String {
        issues(outcome).iter().map(|it| json::write(it) + "\0").collect()
    }
}

impl Report for Gitlab {
    fn start(&self) -> String {
        "[\n".to_owned()
    }

    fn file(&self, outcome: Outcome<'_>) -> String {
        json::items(issues(outcome))
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, _: &Summary) -> String {
        "\n]\n".to_owned()
    }
}

fn issues(outcome: Outcome<'_>) -> Vec<Issue<'_>> {
    let path = outcome.path;
    let checked = match outcome.result {
        Ok(checked) => checked,
        Err(error) => return vec![unreadable(path, error.reason())],
    };
    let findings = checked.findings.iter().zip(super::fingerprints(path, checked));
    let issue = findings.map(|(finding, fingerprint)| Issue {
        r#type: "issue",
        check_name: finding.meta.code,
        description: finding.message.clone(),
        content: finding.help.as_deref().map(|body| Content { body }),
        categories: [category(finding.meta.category)],
        location: location(path, &checked.source, finding.span),
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "minor",
            Severity::Style => "info",
        },
        fingerprint,
    });
    issue.collect()
}

/// A file that could not be read, as an issue: the formats have no other place for it.
fn unreadable(path: &str, reason: String) -> Issue<'_> {
    let position = || Position { line: 1, column: 1 };
    Issue {
        r#type: "issue",
        check_name: "unreadable-file",
        fingerprint: hash(&format!("{path}\0{reason}")),
        description: reason,
        content: None,
        categories: ["Bug Risk"],
        location: Location {
            path,
            positions: Positions { begin: position(), end: position() },
            lines: Lines { begin: 1, end: 1 },
        },
        severity: "blocker",
    }
}

fn location<'a>(path: &'a str, source: &Source, span: Span) -> Location<'a> {
    let position = |offset| {
        let at = source.position(offset);
        Position { line: at.line, column: at.column }
    };
    let (begin, end) = (position(span.start), position(span.end));
    let lines = Lines { begin: begin.line, end: end.line };
    Location { path, positions: Positions { begin, end }, lines }
}

/// The nearest of the categories that the specification allows.
fn category(category: Category) -> &'static str {
    match category {
        Category::Security => "Security",
        Category::Layers | Category::Measured | Category::Cache | Category::Context => {
            "Performance"
        }
        Category::Stages | Category::Metadata => "Clarity",
        Category::BaseImage | Category::Packages => "Compatibility",
        Category::Syntax | Category::Shell => "Bug Risk",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_those_of_the_specification() {
        for (ours, theirs) in [
            (Category::Security, "Security"),
            (Category::Layers, "Performance"),
            (Category::Measured, "Performance"),
            (Category::Cache, "Performance"),
            (Category::Context, "Performance"),
            (Category::Stages, "Clarity"),
            (Category::Metadata, "Clarity"),
            (Category::BaseImage, "Compatibility"),
            (Category::Packages, "Compatibility"),
            (Category::Syntax, "Bug Risk"),
            (Category::Shell, "Bug Risk"),
        ] {
            assert_eq!(category(ours), theirs);
        }
    }
}
