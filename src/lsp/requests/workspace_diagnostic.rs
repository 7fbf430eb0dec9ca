//! `workspace/diagnostic`: the findings of all Dockerfiles of the open folders.

use std::collections::HashMap;
use std::sync::PoisonError;

use gen_lsp_types::{
    FullDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::lsp::client::Client;
use crate::lsp::diagnostics;
use crate::lsp::dispatch::Failure;
use crate::lsp::document::Document;
use crate::lsp::engine::Engine;
use crate::lsp::workspace::documents;
use crate::source::hash;

pub(in crate::lsp) fn answer(
    engine: &Engine,
    client: &Client,
    open: &[Document],
    params: &WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReport, Failure> {
    let known: HashMap<String, String> =
        params.previous_result_ids.iter().map(|it| (it.uri.0.clone(), it.value.clone())).collect();
    let changes = engine.changes();
    if let Some(report) = unchanged(engine, changes, &known) {
        return Ok(report);
    }
    engine.forget();
    let mut items = Vec::new();
    let mut survey = Vec::new();
    for (document, version) in documents(engine, client, open)? {
        let checked = engine.check(&document)?;
        let found = checked.map(|it| diagnostics::of(&document, client, &it)).unwrap_or_default();
        let result_id = hash(&serde_json::to_string(&found).unwrap_or_default());
        survey.push((document.uri.clone(), version, result_id.clone()));
        items.push(match known.get(&document.uri) == Some(&result_id) {
            true => same(document.uri, version, result_id),
            false => WorkspaceDocumentDiagnosticReport::WorkspaceFullDocumentDiagnosticReport(
                WorkspaceFullDocumentDiagnosticReport {
                    uri: Uri(document.uri),
                    version,
                    full_document_diagnostic_report: FullDocumentDiagnosticReport {
                        result_id: Some(result_id),
                        items: found,
                    },
                },
            ),
        });
    }
    *engine.survey.lock().unwrap_or_else(PoisonError::into_inner) = Some((changes, survey));
    Ok(WorkspaceDiagnosticReport { items })
}

/// The answer where nothing has changed since the last one, and the client still has that: clients ask every few seconds.
fn unchanged(
    engine: &Engine,
    changes: u64,
    known: &HashMap<String, String>,
) -> Option<WorkspaceDiagnosticReport> {
    let survey = engine.survey.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, list) = survey.as_ref().filter(|it| it.0 == changes)?;
    let item = |(uri, version, id): &(String, Option<i32>, String)| {
        (known.get(uri) == Some(id)).then(|| same(uri.clone(), *version, id.clone()))
    };
    Some(WorkspaceDiagnosticReport { items: list.iter().map(item).collect::<Option<_>>()? })
}

fn same(uri: String, version: Option<i32>, result_id: String) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::WorkspaceUnchangedDocumentDiagnosticReport(
        WorkspaceUnchangedDocumentDiagnosticReport {
            uri: Uri(uri),
            version,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        },
    )
}
