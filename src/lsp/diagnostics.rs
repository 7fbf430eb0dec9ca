//! Findings as diagnostics.

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Location, Message, Uri,
};
use serde_json::json;

use super::client::Client;
use super::document::Document;
use crate::lint::{Finding, Meta, Severity};
use crate::report;
use crate::session::Checked;

/// Rules about what has no effect: editors fade it out.
const UNNECESSARY: &[&str] = &[
    "DL3001",
    "DL3012",
    "DL3065",
    "DL4003",
    "DL4004",
    "LW001",
    "LW107",
    "LW108",
    "LW303",
    "MultipleInstructionsDisallowed",
    "RedundantTargetPlatform",
    "SC2034",
];

/// Rules about what is out of date: editors strike it through.
const DEPRECATED: &[&str] =
    &["DL4000", "LegacyKeyValueFormat", "MaintainerDeprecated", "SC2006", "SC2186"];

/// The diagnostics of a document, in order of place.
pub(super) fn of(document: &Document, client: &Client, checked: &Checked) -> Vec<Diagnostic> {
    checked.findings.iter().map(|it| diagnostic(document, client, it)).collect()
}

/// One finding.
pub(super) fn diagnostic(document: &Document, client: &Client, finding: &Finding) -> Diagnostic {
    let meta = finding.meta;
    let related = finding.labels.iter().map(|label| DiagnosticRelatedInformation {
        location: Location { uri: Uri(document.uri.clone()), range: document.range(label.span) },
        message: label.message.clone(),
    });
    let related: Vec<_> = related.filter(|_| client.relates).collect();
    let help = finding.help.iter().map(|it| format!("\nhelp: {it}"));
    let reruns = finding.impact.and_then(|it| it.reruns);
    let reruns = reruns.map(|it| format!("\n{}", report::reruns(it))).unwrap_or_default();
    let fix = finding.fix.as_ref().map(|it| it.applicability.name());
    Diagnostic {
        range: document.range(finding.span),
        severity: Some(severity(finding.severity)),
        code: Some(Code::String(meta.code.to_owned())),
        code_description: report::home(meta).map(|it| CodeDescription { href: Uri(it) }),
        source: Some("layerwise".to_owned()),
        message: Message::String(finding.message.clone() + &help.collect::<String>() + &reruns),
        tags: tag(meta).map(|it| vec![it]),
        related_information: (!related.is_empty()).then_some(related),
        data: Some(json!({ "name": meta.name, "also": finding.also, "fix": fix })),
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Info => DiagnosticSeverity::Information,
        Severity::Style => DiagnosticSeverity::Hint,
    }
}

fn tag(meta: &Meta) -> Option<DiagnosticTag> {
    if UNNECESSARY.contains(&meta.code) {
        return Some(DiagnosticTag::Unnecessary);
    }
    DEPRECATED.contains(&meta.code).then_some(DiagnosticTag::Deprecated)
}

#[cfg(test)]
mod tests {
    use super::{DEPRECATED, UNNECESSARY};
    use crate::rules;

    #[test]
    fn tags_are_of_rules_that_exist() {
        for code in UNNECESSARY.iter().chain(DEPRECATED) {
            assert!(rules::catalogue().any(|it| it.code == *code), "{code}");
        }
    }
}
