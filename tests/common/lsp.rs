//! A client of the language server: it talks to the program through its standard input and output.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Nothing takes longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client and its server.
pub(crate) struct Client {
    pub(crate) child: Child,
    pub(crate) input: Option<ChildStdin>,
    inbox: Receiver<Value>,
    /// What came in and was not asked for yet.
    waiting: Vec<Value>,
    last: i64,
    pub(crate) folder: PathBuf,
}

/// What editors can do as a rule.
pub(crate) fn capabilities() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true },
            "codeAction": { "resolveSupport": { "properties": ["edit"] } },
            "completion": { "completionItem": { "snippetSupport": true } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        },
        "workspace": { "workspaceEdit": { "documentChanges": true } },
    })
}

impl Client {
    /// Starts the server in a folder, before anything is said.
    pub(crate) fn spawn(folder: &Path) -> Self {
        let program = assert_cmd::cargo::cargo_bin("layerwise");
        let mut child = Command::new(program)
            .arg("lsp")
            .current_dir(folder)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, inbox) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        let folder = folder.canonicalize().unwrap();
        Self { child, input, inbox, waiting: Vec::new(), last: 0, folder }
    }

    /// Starts the server in a folder, which is the workspace.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::with(folder, &capabilities())
    }

    /// The same with other capabilities.
    pub(crate) fn with(folder: &Path, capabilities: &Value) -> Self {
        let mut client = Self::spawn(folder);
        client.initialize(capabilities);
        client
    }

    /// Says hello; gives what the server can do.
    pub(crate) fn initialize(&mut self, capabilities: &Value) -> Value {
        let root = self.uri("");
        let folders = json!([{ "uri": root, "name": "root" }]);
        let params = json!({ "processId": null, "rootUri": root, "workspaceFolders": folders,
            "capabilities": capabilities });
        let result = self.request("initialize", &params);
        self.notify("initialized", &json!({}));
        result
    }

    /// The name of a file of the workspace.
    pub(crate) fn uri(&self, name: &str) -> String {
        let folder = self.folder.display();
        if name.is_empty() { format!("file://{folder}") } else { format!("file://{folder}/{name}") }
    }

    /// Sends any bytes.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and does not wait; gives its number.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> i64 {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The whole answer to a request.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        self.wait(|it| it["id"] == id && it.get("method").is_none())
    }

    /// The result of a request.
    pub(crate) fn request(&mut self, method: &str, params: &Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The code and the text of the error that a request meets.
    pub(crate) fn refusal(&mut self, method: &str, params: &Value) -> (i64, String) {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        let error = &answer["error"];
        (error["code"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
    }

    /// The next message that is as wanted.
    pub(crate) fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&wanted) {
            return self.waiting.remove(at);
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = self.inbox.recv_timeout(left).expect("the server says nothing");
            if wanted(&message) {
                return message;
            }
            self.waiting.push(message);
        }
    }

    /// What came in so far and was not asked for.
    pub(crate) fn unasked(&mut self) -> Vec<Value> {
        self.waiting.extend(self.inbox.try_iter());
        std::mem::take(&mut self.waiting)
    }

    /// Opens a document of the workspace; gives its name.
    pub(crate) fn open(&mut self, name: &str, text: &str) -> String {
        let uri = self.uri(name);
        self.open_uri(&uri, text);
        uri
    }

    pub(crate) fn open_uri(&mut self, uri: &str, text: &str) {
        let document =
            json!({ "uri": uri, "languageId": "dockerfile", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    /// Replaces the text of a document.
    pub(crate) fn replace(&mut self, uri: &str, version: i64, text: &str) {
        self.change(uri, version, &json!([{ "text": text }]));
    }

    pub(crate) fn change(&mut self, uri: &str, version: i64, changes: &Value) {
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", &params);
    }

    /// The diagnostics of a version of a document, which have to come.
    pub(crate) fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let is_it = |it: &Value| {
            let params = &it["params"];
            it["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        };
        self.wait(is_it)["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// Leaves as the protocol says; gives the exit code.
    pub(crate) fn leave(mut self) -> i32 {
        assert_eq!(self.request("shutdown", &Value::Null), Value::Null);
        self.notify("exit", &Value::Null);
        self.child.wait().unwrap().code().unwrap()
    }

    /// Is gone; gives the exit code.
    pub(crate) fn die(mut self) -> i32 {
        self.input = None;
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// A range of the protocol.
pub(crate) fn range(from: (u32, u32), to: (u32, u32)) -> Value {
    let at = |(line, character)| json!({ "line": line, "character": character });
    json!({ "start": at(from), "end": at(to) })
}

/// A document and a place in it.
pub(crate) fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}
