//! When documents are checked: at once after an edit, one check a document at a time, always of the newest text.

use std::time::Instant;

use gen_lsp_types::Diagnostic;
use serde_json::{Value, json};

use super::diagnostics;
use super::server::{Done, Open, REST, Server};
use crate::error::Error;

/// What is to be done about one document.
#[derive(Debug, Default)]
pub(super) struct Checks {
    /// Whether its newest text still has to be checked.
    wanted: bool,
    /// Whether a check runs.
    running: bool,
    /// When it is to be checked again with what is on the disk by then.
    again: Option<Instant>,
}

/// The result of a check.
pub(super) struct Verdict {
    uri: String,
    revision: u64,
    is_fresh: bool,
    result: Result<Option<Vec<Diagnostic>>, Error>,
}

impl Checks {
    /// The text has changed.
    pub(super) fn want(&mut self) {
        self.wanted = true;
        self.again = None;
    }

    /// When it is to be checked again.
    pub(super) fn again_at(&self) -> Option<Instant> {
        self.again
    }
}

impl Server {
    /// Starts the checks that are wanted.
    pub(super) fn start_checks(&mut self) {
        if self.client.pulls {
            return;
        }
        let mut jobs = Vec::new();
        for open in self.documents.values_mut() {
            if open.checks.wanted && !open.checks.running {
                (open.checks.wanted, open.checks.running) = (false, true);
                jobs.push(open.document.clone());
            }
        }
        for document in jobs {
            let (engine, client) = (self.engine.clone(), self.client.clone());
            self.spawn_check(move || {
                let is_fresh = engine.is_fresh();
                let checked = engine.check(&document);
                let of = |it: &_| diagnostics::of(&document, &client, it);
                let result = checked.map(|it| it.as_ref().map(of));
                let (uri, revision) = (document.uri, document.revision);
                Done::Checked(Verdict { uri, revision, is_fresh, result })
            });
        }
    }

    /// Sends what a check found, unless the text is another by now.
    pub(super) fn publish(&mut self, verdict: Verdict) {
        let Verdict { uri, revision, is_fresh, result } = verdict;
        let Some(open) = self.documents.get_mut(&uri) else { return };
        open.checks.running = false;
        if open.document.revision != revision {
            return;
        }
        if !is_fresh && !open.checks.wanted {
            open.checks.again = Some(Instant::now() + REST);
        }
        let version = open.document.version;
        match result {
            Ok(found) => {
                self.shown = None;
                self.push(&uri, Some(version), &found.unwrap_or_default());
            }
            Err(error) => {
                self.push(&uri, Some(version), &[]);
                self.complain(&error);
            }
        }
    }

    /// Sends diagnostics.
    pub(super) fn push(&mut self, uri: &str, version: Option<i32>, found: &[Diagnostic]) {
        let mut params = json!({ "uri": uri, "diagnostics": found });
        if let Some(version) = version {
            params["version"] = version.into();
        }
        self.outbox.notify("textDocument/publishDiagnostics", params);
    }

    /// Shows a person why nothing is checked, once until something is checked again.
    pub(super) fn complain(&mut self, error: &Error) {
        let text = format!("layerwise: {error}");
        if self.shown.as_ref() != Some(&text) {
            self.outbox.show(&text);
            self.shown = Some(text);
        }
    }

    /// Checks documents again that have rested, with what is on the disk now.
    pub(super) fn recheck(&mut self, now: Instant) {
        let due = |it: &Open| it.checks.again.is_some_and(|at| at <= now);
        if self.documents.values().any(due) {
            self.engine.forget();
            self.documents.values_mut().filter(|it| due(it)).for_each(|it| it.checks.want());
        }
    }

    /// Files have changed: all documents are checked again.
    pub(super) fn check_all_again(&mut self) {
        self.engine.note_change();
        self.engine.forget();
        self.documents.values_mut().for_each(|it| it.checks.want());
        if self.client.pulls && self.client.refreshes {
            self.outbox.ask("workspace/diagnostic/refresh", Value::Null);
        }
    }
}
