//! `textDocument/diagnostic`: the findings of a document, for clients that ask.

use gen_lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport,
};

use crate::lsp::diagnostics;
use crate::lsp::dispatch::{Ask, Failure};
use crate::source::hash;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReport, Failure> {
    if !ask.engine.is_fresh() {
        ask.engine.forget();
    }
    let checked = ask.engine.check(&ask.document)?;
    let items = checked.map(|it| diagnostics::of(&ask.document, &ask.client, &it));
    let items = items.unwrap_or_default();
    let result_id = hash(&serde_json::to_string(&items).unwrap_or_default());
    if params.previous_result_id.as_ref() == Some(&result_id) {
        return Ok(DocumentDiagnosticReport::RelatedUnchangedDocumentDiagnosticReport(
            RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                    result_id,
                },
            },
        ));
    }
    let full = FullDocumentDiagnosticReport { result_id: Some(result_id), items };
    Ok(DocumentDiagnosticReport::RelatedFullDocumentDiagnosticReport(
        RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: full,
        },
    ))
}
