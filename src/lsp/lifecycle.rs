//! `initialize` and `initialized`.

use std::sync::Arc;

use gen_lsp_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, InitializeResult,
    Registration, RegistrationParams, ServerInfo,
};
use lsp_server::{RequestId, Response};
use serde_json::{Value, json};

use super::capabilities;
use super::client::Client;
use super::server::{Phase, Server};

/// What the findings in a Dockerfile depend on besides its own text.
const WATCHED: &[&str] = &[
    "**/{layerwise,.layerwise}.{yaml,yml}",
    "**/{hadolint,.hadolint}.{yaml,yml}",
    "**/*.dockerignore",
    "**/.dockerignore",
    "**/{Dockerfile,Containerfile}*",
    "**/*.{Dockerfile,dockerfile,Containerfile,containerfile}",
    "**/{compose,docker-compose}*.{yaml,yml}",
    "**/docker-bake*.{hcl,json}",
    "**/{*.cache,cache}.json",
];

impl Server {
    /// Answers what the server can do.
    pub(super) fn initialize(&mut self, id: RequestId, params: &Value) {
        let client = Client::read(params);
        let result = InitializeResult {
            capabilities: capabilities::of(&client),
            server_info: Some(ServerInfo {
                name: "layerwise".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        };
        self.engine.change_roots(|roots| roots.clone_from(&client.roots));
        self.client = Arc::new(client);
        self.phase = Phase::Running;
        let value = serde_json::to_value(result).unwrap_or_default();
        self.outbox.answer(Response { id, response_result: Ok(value) });
    }

    /// Asks the client to watch files.
    pub(super) fn initialized(&mut self) {
        if !self.client.watches {
            return;
        }
        let watcher = |it: &&str| FileSystemWatcher {
            glob_pattern: GlobPattern::Pattern((*it).to_owned()),
            kind: None,
        };
        let watchers = WATCHED.iter().map(watcher).collect();
        let options = DidChangeWatchedFilesRegistrationOptions { watchers };
        let registration = Registration {
            id: "layerwise-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        self.outbox.ask("client/registerCapability", json!(params));
    }
}
