//! `sarif`: the Static Analysis Results Interchange Format 2.1.0, which GitHub code scanning and editors read.
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! The results come first and the rules last, since only then it is known which of them found something.

use std::borrow::Cow;

use serde::Serialize;

use super::{Outcome, Report, Summary, json, page};
use crate::lint::{Applicability, Category, Finding, Fix, Meta, Severity};
use crate::session::Checked;
use crate::source::{Source, Span};

/// The `sarif` format.
pub(super) struct Sarif;

/// The schema, as the standard names it.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject<'a> {
    rule_id: &'a str,
    level: &'a str,
    message: Message<'a>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<ResultProperties<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    text: Cow<'a, str>,
}

impl<'a> From<&'a str> for Message<'a> {
    fn from(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    /// What a link in the message of the result points at.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "layerwise/v2")]
    v2: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixObject<'a> {
    description: Message<'a>,
    artifact_changes: [ArtifactChange<'a>; 1],
    properties: FixProperties<'a>,
}

#[derive(Serialize)]
struct FixProperties<'a> {
    applicability: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Message<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultProperties<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    also: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_saved: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layers_saved: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reruns_saved: Option<u32>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    semantic_version: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    name: &'a str,
    short_description: Message<'a>,
    full_description: Message<'a>,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration<'a>,
    properties: RuleProperties<'a>,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration<'a> {
    level: &'a str,
}

#[derive(Serialize)]
struct RuleProperties<'a> {
    tags: Vec<&'a str>,
    #[serde(rename = "problem.severity")]
    severity: &'a str,
    /// From 0.1 to 10, for rules about security: GitHub then shows them as such.
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    level: &'a str,
    message: Message<'a>,
    locations: [Location<'a>; 1],
}

impl Report for Sarif {
    fn start(&self) -> String {
        format!(
            "{{\"$schema\": \"{SCHEMA}\",\n \"version\": \"2.1.0\",\n \"runs\": [{{\n\
             \"columnKind\": \"unicodeCodePoints\",\n\"results\": [\n"
        )
    }

    fn file(&self, outcome: Outcome<'_>) -> String {
        let Ok(checked) = outcome.result else { return String::new() };
        let findings = checked.findings.iter().zip(super::fingerprints(outcome.path, checked));
        json::items(findings.map(|(finding, print)| result(outcome.path, checked, finding, print)))
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, summary: &Summary) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let rules = summary.codes.values().map(|it| rule(it.meta)).collect();
        let tool = Tool {
            driver: Driver { name: "layerwise", version, semantic_version: version, rules },
        };
        let failed = summary.failed.iter().map(|it| notification("error", &it.path, &it.reason));
        let noted = summary.noted.iter().map(|it| notification("note", &it.path, &it.message));
        let invocation = Invocation {
            execution_successful: summary.failed.is_empty(),
            tool_execution_notifications: failed.chain(noted).collect(),
        };
        format!(
            "\n],\n\"invocations\": [{}],\n\"tool\": {}\n}}]}}\n",
            json::write(&invocation),
            json::write(&tool)
        )
    }
}

fn result<'a>(
    path: &str,
    checked: &'a Checked,
    finding: &'a Finding,
    fingerprint: String,
) -> ResultObject<'a> {
    let source = &checked.source;
    let related = finding.labels.iter().enumerate().map(|(index, it)| Location {
        id: Some(index + 1),
        ..location(path, source, it.span, Some(&it.message))
    });
    let impact = finding.impact.unwrap_or_default();
    let has_properties = !finding.also.is_empty() || finding.impact.is_some();
    ResultObject {
        rule_id: finding.meta.code,
        level: level(finding.severity),
        message: Message { text: Cow::Owned(story(finding)) },
        locations: [location(path, source, finding.span, None)],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints { v2: fingerprint },
        fixes: finding.fix.iter().filter_map(|it| fix(path, source, it)).collect(),
        properties: has_properties.then_some(ResultProperties {
            also: &finding.also,
            bytes_saved: impact.bytes,
            layers_saved: impact.layers,
            reruns_saved: impact.reruns.and_then(|it| it.saved),
        }),
    }
}

/// All there is to say, since readers show the message and no more: what is wrong, what to do, what it saves, and links to
/// the other places.
fn story(finding: &Finding) -> String {
    let plain = |text: &str| page::sentence(&text.replace('[', "\\[").replace(']', "\\]"));
    let help = finding.help.iter().flat_map(|it| it.lines());
    let mut sentences: Vec<String> = vec![plain(&finding.message)];
    sentences.extend(help.map(plain));
    sentences.extend(super::savings(finding).iter().map(|it| page::sentence(it)));
    let links = finding.labels.iter().enumerate().map(|(index, label)| {
        format!("[{}]({})", label.message.replace(['[', ']'], ""), index + 1)
    });
    let links: Vec<String> = links.collect();
    if !links.is_empty() {
        sentences.push(format!("See: {}.", links.join(", ")));
    }
    sentences.join(" ")
}

/// A fix; what has to be completed by hand is none in a format whose readers apply it.
fn fix<'a>(path: &str, source: &Source, fix: &'a Fix) -> Option<FixObject<'a>> {
    let applicability = fix.applicability;
    let replacements = fix.edits.iter().map(|edit| Replacement {
        deleted_region: region(source, edit.span),
        inserted_content: Message::from(edit.text.as_str()),
    });
    (applicability != Applicability::Suggest).then(|| FixObject {
        description: Message::from(fix.title.as_str()),
        artifact_changes: [ArtifactChange {
            artifact_location: ArtifactLocation { uri: uri(path) },
            replacements: replacements.collect(),
        }],
        properties: FixProperties { applicability: applicability.name() },
    })
}

fn rule(meta: &Meta) -> Rule<'_> {
    let security = meta.is_about_security();
    let tags = [meta.family.name(), meta.category.name()].into_iter();
    let more = security && meta.category != Category::Security;
    Rule {
        id: meta.code,
        name: meta.name,
        short_description: Message::from(meta.summary),
        full_description: Message::from(meta.why),
        help: Help {
            text: page::terminal(meta, None, super::Style::default()),
            markdown: page::markdown(meta, None),
        },
        help_uri: super::home(meta),
        default_configuration: Configuration { level: level(meta.severity) },
        properties: RuleProperties {
            tags: tags.chain(more.then_some("security")).collect(),
            security_severity: security.then_some(match meta.severity {
                Severity::Error => "8.0",
                Severity::Warning => "5.5",
                Severity::Info => "3.0",
                Severity::Style => "1.0",
            }),
            severity: match meta.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info | Severity::Style => "recommendation",
            },
        },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Style => "note",
    }
}

fn location<'a>(path: &str, source: &Source, span: Span, text: Option<&'a str>) -> Location<'a> {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(path) },
            region: Some(region(source, span)),
        },
        message: text.map(Message::from),
        id: None,
    }
}

fn region(source: &Source, span: Span) -> Region {
    let (start, end) = (source.position(span.start), source.position(span.end));
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// What a run says about a file that it could not check, or not all of it.
fn notification<'a>(level: &'a str, path: &str, text: &'a str) -> Notification<'a> {
    Notification {
        level,
        message: Message::from(text),
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(path) },
                region: None,
            },
            message: None,
            id: None,
        }],
    }
}

/// A path of this system as a URI reference: relative stays relative.
fn uri(path: &str) -> String {
    reference(path, cfg!(windows))
}

/// A path, of Windows or not, as a URI reference.
fn reference(path: &str, windows: bool) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let has_drive = windows && path.as_bytes().get(1) == Some(&b':');
    let mut uri = match path.starts_with('/') {
        true => "file://".to_owned(),
        false if has_drive => "file:///".to_owned(),
        false => String::new(),
    };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b'\\' if windows => uri.push('/'),
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn paths_become_references() {
        for (path, windows, expected) in [
            ("./a/Dockerfile", false, "a/Dockerfile"),
            ("/a b/Dockerfile", false, "file:///a%20b/Dockerfile"),
            ("a:b/é#?%.x~", false, "a%3Ab/%C3%A9%23%3F%25.x~"),
            ("../a", false, "../a"),
            (r"a\b", false, "a%5Cb"),
            (r"C:\a b\Dockerfile", true, "file:///C%3A/a%20b/Dockerfile"),
            (r"a\Dockerfile", true, "a/Dockerfile"),
            ("ab:c", true, "ab%3Ac"),
        ] {
            assert_eq!(reference(path, windows), expected);
        }
    }
}
