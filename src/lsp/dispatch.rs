//! Requests: who answers which, in the pool, on a snapshot.

use std::sync::Arc;

use lsp_server::{ErrorCode, RequestId, Response, ResponseError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Client;
use super::document::Document;
use super::engine::{Engine, caught};
use super::requests as to;
use super::server::{Done, Server};
use crate::config::Settings;
use crate::error::Error;
use crate::model::Model;
use crate::source::Source;
use crate::syntax;

/// More requests at once are refused.
const MOST_PENDING: usize = 256;

/// A request with all that its answer is made of.
pub(super) struct Ask {
    pub(super) engine: Arc<Engine>,
    pub(super) client: Arc<Client>,
    pub(super) document: Document,
    params: Value,
}

/// An answer.
pub(super) type Answer = Result<Value, Failure>;

/// Why there is none.
#[derive(Debug)]
pub(super) struct Failure(ResponseError);

/// An answer to send, and what it was made of where that matters.
pub(super) struct Answered {
    id: RequestId,
    answer: Answer,
}

type Handler = fn(&Ask) -> Answer;

/// Who answers.
fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "textDocument/diagnostic" => |ask| ask.with(to::diagnostic::answer),
        "textDocument/codeAction" => |ask| ask.with(to::code_action::answer),
        "codeAction/resolve" => |ask| ask.with(to::code_action_resolve::answer),
        "textDocument/hover" => |ask| ask.with(to::hover::answer),
        "textDocument/completion" => |ask| ask.with(to::completion::answer),
        "textDocument/definition" => |ask| ask.with(to::definition::answer),
        "textDocument/references" => |ask| ask.with(to::references::answer),
        "textDocument/documentHighlight" => |ask| ask.with(to::document_highlight::answer),
        "textDocument/prepareRename" => |ask| ask.with(to::rename::prepare),
        "textDocument/rename" => |ask| ask.with(to::rename::answer),
        "textDocument/foldingRange" => |ask| ask.with(to::folding_range::answer),
        "textDocument/selectionRange" => |ask| ask.with(to::selection_range::answer),
        "textDocument/documentLink" => |ask| ask.with(to::document_link::answer),
        "textDocument/semanticTokens/full" => |ask| ask.with(to::semantic_tokens::answer),
        "textDocument/semanticTokens/full/delta" => {
            |ask| ask.with(to::semantic_tokens_delta::answer)
        }
        "textDocument/semanticTokens/range" => |ask| ask.with(to::semantic_tokens_range::answer),
        "textDocument/signatureHelp" => |ask| ask.with(to::signature_help::answer),
        "textDocument/prepareCallHierarchy" => |ask| ask.with(to::prepare_call_hierarchy::answer),
        "callHierarchy/incomingCalls" => |ask| ask.with(to::call_hierarchy_incoming::answer),
        "callHierarchy/outgoingCalls" => |ask| ask.with(to::call_hierarchy_outgoing::answer),
        "textDocument/codeLens" => |ask| ask.with(to::code_lens::answer),
        "textDocument/inlayHint" => |ask| ask.with(to::inlay_hint::answer),
        "textDocument/documentSymbol" => |ask| ask.with(to::document_symbol::answer),
        // What the tests compare with the client's text.
        #[cfg(test)]
        "test/text" => |ask| {
            ask.with(|ask, at: &gen_lsp_types::TextDocumentPositionParams| {
                let offset = ask.document.offset(at.position);
                Ok(json!({ "text": *ask.document.text, "offset": offset }))
            })
        },
        _ => return None,
    })
}

impl Ask {
    /// Reads the parameters and answers.
    fn with<P: DeserializeOwned, R: Serialize>(
        &self,
        answer: impl FnOnce(&Self, &P) -> Result<R, Failure>,
    ) -> Answer {
        let params = serde_json::from_value(self.params.clone())
            .map_err(|error| Failure::new(ErrorCode::InvalidParams, error.to_string()))?;
        let result = answer(self, &params)?;
        serde_json::to_value(result)
            .map_err(|error| Failure::new(ErrorCode::InternalError, error.to_string()))
    }

    /// The settings of the document; the defaults where it is left out or they cannot be read.
    fn settings(&self) -> Arc<Settings> {
        self.engine.job(&self.document).ok().flatten().map(|it| it.settings).unwrap_or_default()
    }

    /// Looks at what the document means.
    pub(super) fn with_model<T>(&self, look: impl FnOnce(&Model<'_>) -> T) -> T {
        let source = Source::new(self.document.uri.as_str(), self.document.text.as_str());
        let doc = syntax::parse(&source);
        look(&Model::build(&doc, &self.settings().build))
    }
}

impl Failure {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(ResponseError { code: code as i32, message: message.into(), data: None })
    }

    /// What was asked for cannot be done.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::RequestFailed, message)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::refused(error.to_string())
    }
}

impl Server {
    /// Gives a request to the pool.
    pub(super) fn dispatch(&mut self, id: RequestId, method: &str, params: Value) {
        if self.pending.len() >= MOST_PENDING || self.pending.contains_key(&id) {
            return self.refuse(id, ErrorCode::RequestFailed, "too many requests at once");
        }
        match method {
            "workspace/diagnostic" => {
                return self.ask_workspace(id, params, to::workspace_diagnostic::answer);
            }
            "workspace/symbol" => {
                return self.ask_workspace(id, params, to::workspace_symbol::answer);
            }
            _ => {}
        }
        let Some(handler) = handler(method) else {
            let text = format!("`{method}` is not supported");
            return self.refuse(id, ErrorCode::MethodNotFound, &text);
        };
        let at = |path: &str| params.pointer(path).and_then(Value::as_str);
        let uri = at("/textDocument/uri").or_else(|| at("/data/uri")).or_else(|| at("/item/uri"));
        let Some(open) = uri.and_then(|it| self.documents.get(it)) else {
            let text = format!("{} is not open", uri.unwrap_or("the document"));
            return self.refuse(id, ErrorCode::InvalidParams, &text);
        };
        let document = open.document.clone();
        // What was found in a text that is gone must not be shown.
        let revision = (method == "textDocument/diagnostic").then_some(document.revision);
        self.pending.insert(id.clone(), revision);
        let (engine, client) = (self.engine.clone(), self.client.clone());
        let name = document.uri.clone();
        let ask = Ask { engine, client, document, params };
        self.spawn(move || {
            let answer = caught(&name, || handler(&ask)).unwrap_or_else(|panic| {
                Err(Failure::new(ErrorCode::InternalError, panic.to_string()))
            });
            Done::Answered(Answered { id, answer })
        });
    }

    /// Gives a request about all Dockerfiles of the open folders to the pool.
    fn ask_workspace<P: DeserializeOwned + 'static, R: Serialize + 'static>(
        &mut self,
        id: RequestId,
        params: Value,
        handler: fn(&Engine, &Client, &[Document], &P) -> Result<R, Failure>,
    ) {
        self.pending.insert(id.clone(), None);
        let (engine, client) = (self.engine.clone(), self.client.clone());
        let open: Vec<Document> = self.documents.values().map(|it| it.document.clone()).collect();
        self.spawn(move || {
            let answer = || {
                let params = serde_json::from_value(params)
                    .map_err(|error| Failure::new(ErrorCode::InvalidParams, error.to_string()))?;
                let report = handler(&engine, &client, &open, &params)?;
                serde_json::to_value(report)
                    .map_err(|error| Failure::new(ErrorCode::InternalError, error.to_string()))
            };
            let answer = caught("the workspace", answer).unwrap_or_else(|panic| {
                Err(Failure::new(ErrorCode::InternalError, panic.to_string()))
            });
            Done::Answered(Answered { id, answer })
        });
    }

    /// Sends an answer, unless the request was cancelled.
    pub(super) fn answer(&mut self, answered: Answered) {
        let Answered { id, answer } = answered;
        let Some(revision) = self.pending.remove(&id) else { return };
        let is_newest = |it: u64| self.documents.values().any(|open| open.document.revision == it);
        let response_result = match (answer, revision) {
            (_, Some(revision)) if !is_newest(revision) => Err(ResponseError {
                code: ErrorCode::ServerCancelled as i32,
                message: "the text has changed".to_owned(),
                data: Some(json!({ "retriggerRequest": true })),
            }),
            (Ok(value), _) => Ok(value),
            (Err(Failure(error)), _) => Err(error),
        };
        self.outbox.answer(Response { id, response_result });
    }

    /// Answers a request that nobody wants answered any more; the result of it is dropped.
    pub(super) fn cancel(&mut self, id: RequestId) {
        if self.pending.remove(&id).is_some() {
            self.refuse(id, ErrorCode::RequestCanceled, "cancelled");
        }
    }
}
