//! A session of the language server: every request is answered once, and nothing fails inside.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use layerwise::config::Settings;
use layerwise::error::Error;
use layerwise::lsp::{Ended, Project, serve};
use layerwise::session::{Checked, Input};
use serde_json::{Value, json};

/// A project whose files all have the same settings.
struct Plain(Arc<Settings>);

impl Project for Plain {
    fn settings(&self, _: &Path, _: Option<&Path>) -> Result<Option<Arc<Settings>>, Error> {
        Ok(Some(Arc::clone(&self.0)))
    }

    fn drop_known(&self, _: &str, _: &Settings, _: &mut Checked) -> Result<(), Error> {
        Ok(())
    }

    fn files(&self, _: &Path) -> Result<Vec<Input>, Error> {
        Ok(Vec::new())
    }

    fn forget(&self) {}
}

#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the client sends; it leaves when all its requests are answered.
struct Requests {
    asked: Cursor<Vec<u8>>,
    rest: Cursor<Vec<u8>>,
    wanted: usize,
    output: Output,
}

impl Read for Requests {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.asked.read(buffer)?;
        if count > 0 {
            return Ok(count);
        }
        let end = Instant::now() + Duration::from_secs(30);
        while self.wanted > 0 && Instant::now() < end {
            if answers(&self.output.0.lock().unwrap()).len() >= self.wanted {
                self.wanted = 0;
            } else {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        self.wanted = 0;
        self.rest.read(buffer)
    }
}

const URI: &str = "file:///layerwise-of-a-test/Dockerfile";

const REQUESTS: [&str; 15] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/documentLink",
    "textDocument/semanticTokens/full",
    "textDocument/inlayHint",
    "textDocument/documentSymbol",
    "textDocument/codeAction",
    "textDocument/diagnostic",
];

/// A Dockerfile, a line of dashes, and lines that are sent as they are (JSON), or mean an edit or a request: a letter, four
/// letters for a range, and a text.
pub(crate) fn lsp(bytes: &[u8]) {
    let (dockerfile, lines) = super::halves(bytes);
    let encoding = ["utf-8", "utf-16", "utf-32"][super::number(bytes) % 3];
    let mut client = Client::default();
    client.ask(
        "initialize",
        &json!({"processId": null, "capabilities": {
            "general": {"positionEncodings": [encoding]},
            "textDocument": {"publishDiagnostics": {"relatedInformation": true},
                "codeAction": {"resolveSupport": {"properties": ["edit"]}}},
        }}),
    );
    client.tell("initialized", &json!({}));
    let document =
        json!({"uri": URI, "languageId": "dockerfile", "version": 1, "text": dockerfile});
    client.tell("textDocument/didOpen", &json!({"textDocument": document}));
    for (line, version) in lines.lines().take(30).zip(2..) {
        if line.starts_with('{') {
            client.raw(line);
            continue;
        }
        let mut letters = line.bytes();
        let mut next = || usize::from(letters.next().unwrap_or(b'a').wrapping_sub(b'a') & 0x7f);
        let what = next();
        let start = json!({"line": next() % 26, "character": next()});
        let end = json!({"line": next() % 26, "character": next()});
        let range = json!({"start": start, "end": end});
        let text: String =
            line.chars().skip(5).map(|it| if it == '\u{2}' { '\n' } else { it }).collect();
        if what % 2 == 0 {
            let document = json!({"uri": URI, "version": version});
            let change = json!({"range": range, "text": text});
            client.tell(
                "textDocument/didChange",
                &json!({"textDocument": document, "contentChanges": [change]}),
            );
            continue;
        }
        let params = json!({"textDocument": {"uri": URI}, "position": start, "positions": [start, end], "range": range,
            "newName": text, "context": {"includeDeclaration": true, "diagnostics": []}});
        client.ask(REQUESTS[what / 2 % REQUESTS.len()], &params);
    }
    let before = Client { bytes: Vec::new(), ..client };
    let asked = std::mem::replace(&mut client, before).bytes;
    client.ask("shutdown", &Value::Null);
    client.tell("exit", &Value::Null);
    let output = Output::default();
    let settings = Arc::new(super::check::all_rules());
    let ended = {
        let (asked, rest) = (Cursor::new(asked), Cursor::new(client.bytes));
        let wanted = if client.is_plain { client.last - 1 } else { 0 };
        let wanted = usize::try_from(wanted).unwrap();
        let input = Requests { asked, rest, wanted, output: output.clone() };
        serve(input, output.clone(), Box::new(Plain(settings)))
    };
    let found = answers(&output.0.lock().unwrap());
    if client.is_plain {
        assert_eq!(ended, Ended::InOrder);
        let expected: BTreeMap<i64, usize> = (1..=client.last).map(|id| (id, 1)).collect();
        assert_eq!(found, expected);
    }
}

#[derive(Default)]
struct Client {
    bytes: Vec<u8>,
    last: i64,
    /// Whether all that was sent makes sense.
    is_plain: bool,
}

impl Client {
    fn raw(&mut self, text: &str) {
        self.is_plain = false;
        self.send(text);
    }

    fn send(&mut self, text: &str) {
        self.bytes.extend(format!("Content-Length: {}\r\n\r\n{text}", text.len()).bytes());
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string());
    }

    fn ask(&mut self, method: &str, params: &Value) {
        self.is_plain |= self.last == 0;
        self.last += 1;
        let id = self.last;
        self.send(
            &json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string(),
        );
    }
}

/// How often each request was answered; an answer that something failed inside is a fault.
fn answers(mut output: &[u8]) -> BTreeMap<i64, usize> {
    let mut found = BTreeMap::new();
    while !output.is_empty() {
        // It may be read while the next one is written.
        let Some(end) = output.windows(4).position(|it| it == b"\r\n\r\n") else { break };
        let header = std::str::from_utf8(&output[..end]).unwrap();
        let length: usize =
            header.split_once("Content-Length: ").unwrap().1.trim().parse().unwrap();
        let Some((message, rest)) = output[end + 4..].split_at_checked(length) else { break };
        output = rest;
        let message: Value = serde_json::from_slice(message).unwrap();
        assert_ne!(message["error"]["code"], -32603, "{message}");
        if let (Some(id), true) = (message["id"].as_i64(), message.get("method").is_none()) {
            *found.entry(id).or_default() += 1;
        }
    }
    found
}
