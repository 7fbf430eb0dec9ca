//! A client with its server, and what they have to agree on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufReader, PipeReader, PipeWriter, pipe};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

use super::chance::Chance;
use super::copy::{Copy, position};
use crate::config::Settings;
use crate::context::Contexts;
use crate::error::Error;
use crate::lint::{self, Finding, Severity};
use crate::lsp::{Ended, Project, serve};
use crate::session::{Checked, Input, Place, check_at};
use crate::source::{Source, Span};

/// A project without files.
struct Nothing;

impl Project for Nothing {
    fn settings(&self, _: &Path, _: Option<&Path>) -> Result<Option<Arc<Settings>>, Error> {
        Ok(Some(Arc::default()))
    }

    fn drop_known(&self, _: &str, _: &Settings, _: &mut Checked) -> Result<(), Error> {
        Ok(())
    }

    fn files(&self, _: &Path) -> Result<Vec<Input>, Error> {
        Ok(Vec::new())
    }

    fn forget(&self) {}
}

/// A client with its server, which runs as it does for an editor.
pub(super) struct Session {
    input: PipeWriter,
    output: BufReader<PipeReader>,
    pub(super) server: JoinHandle<Ended>,
    asked: i32,
}

impl Session {
    pub(super) fn start(encoding: &str) -> Self {
        let (their_input, input) = pipe().unwrap();
        let (output, their_output) = pipe().unwrap();
        let server = thread::spawn(|| serve(their_input, their_output, Box::new(Nothing)));
        let output = BufReader::new(output);
        let mut session = Self { input, output, server, asked: 0 };
        let capabilities = json!({ "general": { "positionEncodings": [encoding] },
            "textDocument": { "publishDiagnostics": { "relatedInformation": true } } });
        session.ask("initialize", json!({ "capabilities": capabilities }));
        session.notify("initialized", json!({}));
        session
    }

    pub(super) fn notify(&mut self, method: &str, params: Value) {
        let method = method.to_owned();
        Message::Notification(Notification { method, params }).write(&mut self.input).unwrap();
    }

    /// Asks, and waits for the answer.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let (id, method) = (self.asked.into(), method.to_owned());
        let request = Request { id, method, params };
        let id = request.id.clone();
        Message::Request(request).write(&mut self.input).unwrap();
        loop {
            if let Message::Response(it) = self.next()
                && it.id == id
            {
                return it.response_result.unwrap();
            }
        }
    }

    pub(super) fn next(&mut self) -> Message {
        Message::read(&mut self.output).unwrap().unwrap()
    }

    pub(super) fn change(&mut self, copy: &Copy, changes: &[Value]) {
        let document = json!({ "uri": copy.uri, "version": copy.version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    /// Compares the texts, and what a position by chance means.
    pub(super) fn compare_text(
        &mut self,
        copy: &Copy,
        chance: &mut Chance,
        encoding: &str,
        after: &str,
    ) {
        let offset = copy.between(chance.below(copy.text.len() + 1));
        let place = position(&copy.text, offset, encoding);
        let document = json!({ "uri": copy.uri });
        let params = json!({ "textDocument": document, "position": place });
        let theirs = self.ask("test/text", params);
        assert_eq!(theirs["text"], copy.text, "{after}");
        assert_eq!(theirs["offset"], offset, "{place} {after}:\n{:?}", copy.text);
    }

    /// Waits for the diagnostics of the newest text and compares them; gives how many there are.
    pub(super) fn compare_diagnostics(
        &mut self,
        copy: &Copy,
        encoding: &str,
        after: &str,
    ) -> usize {
        let diagnostics = loop {
            if let Message::Notification(Notification { method, params }) = self.next()
                && method == "textDocument/publishDiagnostics"
                && params["uri"] == copy.uri
                && params["version"] == copy.version
            {
                break params["diagnostics"].clone();
            }
        };
        let sent: Vec<Value> = diagnostics.as_array().unwrap().iter().map(sent).collect();
        assert_eq!(sent, expected(&copy.text, encoding), "{after}:\n{:?}", copy.text);
        sent.len()
    }
}

/// What the client has to be sent about a text: code, severity, place, message, and places of labels.
fn expected(text: &str, encoding: &str) -> Vec<Value> {
    let source = Source::new("-", text);
    let contexts = Contexts::default();
    let mut checked = check_at(source, &Settings::default(), Place::default(), &contexts);
    lint::fold(&mut checked.findings);
    let at = |offset: u32| position(text, offset as usize, encoding);
    let range = |span: Span| json!({ "start": at(span.start), "end": at(span.end) });
    let of = |it: &Finding| {
        let severity = match it.severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Info => 3,
            Severity::Style => 4,
        };
        let help = it.help.as_ref().map(|it| format!("\nhelp: {it}")).unwrap_or_default();
        let labels = it.labels.iter().map(|it| json!([range(it.span), it.message]));
        let labels: Vec<Value> = labels.collect();
        json!([it.meta.code, severity, range(it.span), it.message.clone() + &help, labels])
    };
    checked.findings.iter().map(of).collect()
}

fn sent(it: &Value) -> Value {
    let related = it["relatedInformation"].as_array().cloned().unwrap_or_default();
    let label = |it: &Value| json!([it["location"]["range"], it["message"]]);
    let labels: Vec<Value> = related.iter().map(label).collect();
    json!([it["code"], it["severity"], it["range"], it["message"], labels])
}
