//! Messages to the client: a thread writes them, so that a slow client does not stop the server.

use std::io::Write;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded};
use gen_lsp_types::MessageType;
use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// How many messages wait to be written. Then the server waits too: memory stays bounded with a client that reads nothing.
const MOST_WAITING: usize = 256;

/// A client that reads nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(300);

/// So long the end of a session waits for the client to read the last messages.
const REST: Duration = Duration::from_secs(2);

/// Where messages go.
#[derive(Debug)]
pub(super) struct Outbox {
    sender: Option<Sender<Message>>,
    writer: Option<JoinHandle<()>>,
    asked: i32,
    is_open: bool,
}

impl Outbox {
    /// Writes to that output from now on.
    pub(super) fn start(mut output: impl Write + Send + 'static) -> Self {
        let (sender, inbox) = bounded::<Message>(MOST_WAITING);
        let writer = thread::spawn(move || {
            for message in inbox {
                if message.write(&mut output).is_err() {
                    return;
                }
            }
        });
        Self { sender: Some(sender), writer: Some(writer), asked: 0, is_open: true }
    }

    fn send(&mut self, message: Message) {
        let sent = self.sender.as_ref().map(|it| it.send_timeout(message, PATIENCE));
        self.is_open &= matches!(sent, Some(Ok(())));
    }

    /// Whether anybody still reads.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, response: Response) {
        self.send(Message::Response(response));
    }

    /// Notifies the client.
    pub(super) fn notify(&mut self, method: &str, params: Value) {
        let method = method.to_owned();
        self.send(Message::Notification(Notification { method, params }));
    }

    /// Asks the client for something. What it answers is of no interest.
    pub(super) fn ask(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let id = RequestId::from(format!("layerwise-{}", self.asked));
        self.send(Message::Request(Request { id, method: method.to_owned(), params }));
    }

    /// Writes a line into the client's log.
    pub(super) fn log(&mut self, text: &str) {
        self.notify("window/logMessage", json!({ "type": MessageType::Info, "message": text }));
    }

    /// Shows a person that something has to be done.
    pub(super) fn show(&mut self, text: &str) {
        self.notify("window/showMessage", json!({ "type": MessageType::Error, "message": text }));
    }

    /// Waits until all is written, but not for a client that reads nothing more.
    pub(super) fn finish(&mut self) {
        self.sender = None;
        let end = Instant::now() + REST;
        while self.writer.as_ref().is_some_and(|it| !it.is_finished()) && Instant::now() < end {
            thread::sleep(Duration::from_millis(1));
        }
    }
}
