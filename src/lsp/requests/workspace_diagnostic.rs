//! `workspace/diagnostic`: the findings of all Dockerfiles of the open folders.

use std::collections::HashMap;

use gen_lsp_types::{
    FullDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::context::absolute;
use crate::lsp::client::Client;
use crate::lsp::diagnostics;
use crate::lsp::dispatch::Failure;
use crate::lsp::document::Document;
use crate::lsp::engine::Engine;
use crate::lsp::uri;
use crate::session;

/// Larger files are checked when they are opened.
const MOST_BYTES: usize = 1 << 20;

pub(in crate::lsp) fn answer(
    engine: &Engine,
    client: &Client,
    open: &[Document],
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReport, Failure> {
    engine.forget();
    let mut documents: Vec<(Document, Option<i32>)> =
        open.iter().map(|it| (it.clone(), Some(it.version))).collect();
    for root in engine.roots() {
        for input in engine.project.files(&engine.shown_root(&root))? {
            let Some(path) = input.path().map(absolute) else { continue };
            let is_known = documents.iter().any(|it| it.0.path.as_ref() == Some(&path));
            let Some(source) = input.read().ok().filter(|_| !is_known) else { continue };
            if source.text.len() <= MOST_BYTES {
                let uri = uri::from_path(&path);
                documents.push((Document::new(uri, source.text, 0, client.encoding), None));
            }
        }
    }
    let known: HashMap<String, String> =
        params.previous_result_ids.into_iter().map(|it| (it.uri.0, it.value)).collect();
    let mut items = Vec::new();
    for (document, version) in documents {
        let checked = engine.check(&document)?;
        let found = checked.map(|it| diagnostics::of(&document, client, &it)).unwrap_or_default();
        let result_id = session::hash(&serde_json::to_string(&found).unwrap_or_default());
        let is_known = known.get(&document.uri) == Some(&result_id);
        let uri = Uri(document.uri);
        items.push(if is_known {
            WorkspaceDocumentDiagnosticReport::WorkspaceUnchangedDocumentDiagnosticReport(
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                        result_id,
                    },
                },
            )
        } else {
            WorkspaceDocumentDiagnosticReport::WorkspaceFullDocumentDiagnosticReport(
                WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version,
                    full_document_diagnostic_report: FullDocumentDiagnosticReport {
                        result_id: Some(result_id),
                        items: found,
                    },
                },
            )
        });
    }
    Ok(WorkspaceDiagnosticReport { items })
}
