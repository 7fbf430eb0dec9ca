//! What the client notifies the server of.

use std::sync::Arc;

use gen_lsp_types::{
    DidChangeTextDocumentParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams,
};
use lsp_server::RequestId;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::document::Document;
use super::schedule::Checks;
use super::server::{Open, Server};
use super::uri;

impl Server {
    /// Takes note of what is said.
    pub(super) fn notified(&mut self, method: &str, params: Value) {
        match method {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => self.read(method, params, Self::opened),
            "textDocument/didChange" => self.read(method, params, Self::changed),
            "textDocument/didClose" => self.read(method, params, Self::closed),
            "textDocument/didSave" => self.read(method, params, |server, it| server.saved(&it)),
            "workspace/didChangeWatchedFiles" => self.check_all_again(),
            "workspace/didChangeWorkspaceFolders" => {
                self.read(method, params, |server, it| server.moved(&it));
            }
            "workspace/didChangeConfiguration" => {
                Arc::make_mut(&mut self.client)
                    .configure(params.get("settings").unwrap_or(&Value::Null));
            }
            "$/cancelRequest" => {
                let id = params.get("id").cloned().unwrap_or_default();
                if let Ok(id) = serde_json::from_value::<RequestId>(id) {
                    self.cancel(id);
                }
            }
            // A client that wants to know more of what happens here, or something that nobody needs to know.
            _ => {}
        }
    }

    fn read<P: DeserializeOwned>(
        &mut self,
        method: &str,
        params: Value,
        then: impl FnOnce(&mut Self, P),
    ) {
        match serde_json::from_value(params) {
            Ok(params) => then(self, params),
            Err(error) => self.outbox.log(&format!("layerwise: `{method}`: {error}")),
        }
    }

    fn next_revision(&mut self) -> u64 {
        self.engine.note_change();
        self.revision += 1;
        self.revision
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let it = params.text_document;
        let mut document = Document::new(it.uri.0, it.text, it.version, self.client.encoding);
        document.revision = self.next_revision();
        if !self.engine.is_fresh() {
            self.engine.forget();
        }
        let mut checks = Checks::default();
        checks.want();
        self.documents.insert(document.uri.clone(), Open { document, checks });
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let revision = self.next_revision();
        let id = params.text_document;
        let uri = id.text_document_identifier.uri.0;
        let Some(open) = self.documents.get_mut(&uri) else {
            return self.outbox.log(&format!("layerwise: {uri} changed but is not open"));
        };
        open.document.apply(params.content_changes);
        (open.document.version, open.document.revision) = (id.version, revision);
        open.checks.want();
    }

    fn closed(&mut self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri.0;
        self.engine.note_change();
        self.engine.tokens.forget(&uri);
        if self.documents.remove(&uri).is_some() && !self.client.pulls {
            self.push(&uri, None, &[]);
        }
    }

    fn saved(&mut self, params: &DidSaveTextDocumentParams) {
        if let Some(open) = self.documents.get_mut(&params.text_document.uri.0) {
            self.engine.forget();
            self.engine.note_change();
            open.checks.want();
        }
    }

    fn moved(&mut self, params: &DidChangeWorkspaceFoldersParams) {
        let removed: Vec<_> =
            params.event.removed.iter().filter_map(|it| uri::to_path(&it.uri.0)).collect();
        let added = params.event.added.iter().filter_map(|it| uri::to_path(&it.uri.0));
        self.engine.change_roots(|roots| {
            roots.retain(|it| !removed.contains(it));
            roots.extend(added);
        });
        self.check_all_again();
    }
}
