//! `json`: one object for the run, and `jsonl`: one object per finding. The structures here are the contract.

use std::path::Path;

use serde::Serialize;

use super::{Outcome, Report, Summary};
use crate::context::with_slashes;
use crate::escape;
use crate::lint::{Edit, Finding, Meta, Severity};
use crate::session::Checked;
use crate::source::{Source, Span};

/// The version of the format; it changes when a reader of the old one would break.
const VERSION: u32 = 1;

/// The `json` format.
pub(super) struct Json;

/// The `jsonl` format.
pub(super) struct JsonLines;

#[derive(Serialize)]
struct FileObject<'a> {
    path: &'a str,
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    findings: Vec<FindingObject<'a>>,
}

#[derive(Serialize)]
struct LineObject<'a> {
    path: &'a str,
    #[serde(flatten)]
    finding: FindingObject<'a>,
}

#[derive(Serialize)]
pub(super) struct FindingObject<'a> {
    code: &'a str,
    name: &'a str,
    family: &'a str,
    category: &'a str,
    severity: &'a str,
    message: &'a str,
    instruction: Option<InstructionObject>,
    range: RangeObject,
    labels: Vec<LabelObject<'a>>,
    help: Option<&'a str>,
    url: String,
    also: &'a [&'static str],
    fix: Option<FixObject<'a>>,
    impact: Option<ImpactObject>,
}

#[derive(Serialize)]
struct InstructionObject {
    line: u32,
    keyword: String,
}

#[derive(Serialize)]
struct LabelObject<'a> {
    range: RangeObject,
    message: &'a str,
}

#[derive(Serialize)]
struct RangeObject {
    start: PositionObject,
    end: PositionObject,
}

#[derive(Serialize)]
struct PositionObject {
    line: u32,
    column: u32,
    offset: u32,
}

#[derive(Serialize)]
struct FixObject<'a> {
    applicability: &'a str,
    message: &'a str,
    edits: Vec<EditObject<'a>>,
}

#[derive(Serialize)]
pub(super) struct EditObject<'a> {
    range: RangeObject,
    content: &'a str,
}

#[derive(Serialize)]
struct ImpactObject {
    bytes: Option<u64>,
    layers: Option<u32>,
    measured: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reruns: Option<RerunsObject>,
}

/// What `--history` adds.
#[derive(Serialize)]
struct RerunsObject {
    line: u32,
    commits: u32,
    times: u32,
    saved: Option<u32>,
    seconds: u32,
}

#[derive(Serialize)]
struct SummaryObject {
    files: usize,
    findings: usize,
    fixable: usize,
    unsafe_fixable: usize,
    bytes: u64,
    error: usize,
    warning: usize,
    info: usize,
    style: usize,
}

impl Report for Json {
    fn start(&self) -> String {
        format!("{{\"version\": {VERSION},\n \"files\": [\n")
    }

    fn file(&self, outcome: Outcome<'_>) -> String {
        let name = with_slashes(Path::new(outcome.name));
        let path = name.as_str();
        write(&match outcome.result {
            Ok(checked) => FileObject {
                path,
                error: None,
                note: checked.note.as_ref().map(|it| it.message.as_str()),
                findings: findings(checked),
            },
            Err(error) => {
                FileObject { path, error: Some(error.reason()), note: None, findings: Vec::new() }
            }
        })
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, summary: &Summary) -> String {
        let object = SummaryObject {
            files: summary.files,
            findings: summary.findings(),
            fixable: summary.fixable,
            unsafe_fixable: summary.unsafe_fixable,
            bytes: summary.bytes,
            error: summary.count(Severity::Error),
            warning: summary.count(Severity::Warning),
            info: summary.count(Severity::Info),
            style: summary.count(Severity::Style),
        };
        format!("],\n \"summary\": {}}}\n", write(&object))
    }
}

impl Report for JsonLines {
    fn file(&self, outcome: Outcome<'_>) -> String {
        let Ok(checked) = outcome.result else { return String::new() };
        let name = with_slashes(Path::new(outcome.name));
        let lines = findings(checked)
            .into_iter()
            .map(|finding| write(&LineObject { path: &name, finding }) + "\n");
        lines.collect()
    }
}

pub(super) fn findings(checked: &Checked) -> Vec<FindingObject<'_>> {
    checked.findings.iter().map(|finding| object(checked, finding)).collect()
}

fn object<'a>(checked: &'a Checked, finding: &'a Finding) -> FindingObject<'a> {
    let Meta { code, name, family, category, .. } = finding.meta;
    let source = &checked.source;
    FindingObject {
        code,
        name,
        family: family.name(),
        category: category.name(),
        severity: finding.severity.name(),
        message: &finding.message,
        instruction: checked
            .instruction_of(finding)
            .map(|(line, keyword)| InstructionObject { line, keyword }),
        range: range(source, finding.span),
        labels: finding
            .labels
            .iter()
            .map(|it| LabelObject { range: range(source, it.span), message: &it.message })
            .collect(),
        help: finding.help.as_deref(),
        url: super::page_path(*family, code),
        also: &finding.also,
        fix: finding.fix.as_ref().map(|it| FixObject {
            applicability: it.applicability.name(),
            message: &it.title,
            edits: it.edits.iter().map(|it| edit(source, it)).collect(),
        }),
        impact: finding.impact.map(|it| ImpactObject {
            bytes: it.bytes,
            layers: it.layers,
            measured: it.measured,
            reruns: it.reruns.map(|it| RerunsObject {
                line: it.line,
                commits: it.commits,
                times: it.times,
                saved: it.saved,
                seconds: it.seconds,
            }),
        }),
    }
}

pub(super) fn edit<'a>(source: &Source, edit: &'a Edit) -> EditObject<'a> {
    EditObject { range: range(source, edit.span), content: &edit.text }
}

fn range(source: &Source, span: Span) -> RangeObject {
    let position = |offset| {
        let at = source.position(offset);
        PositionObject { line: at.line, column: at.column, offset }
    };
    RangeObject { start: position(span.start), end: position(span.end) }
}

/// Values as the items of an array that goes on over files.
pub(super) fn items<T: Serialize>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|it| write(&it)).collect::<Vec<_>>().join(",\n")
}

/// A value on one line.
pub(super) fn write(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value);
    escape::json(text.expect("structures of strings and numbers can always be written"))
}
