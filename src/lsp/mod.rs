//! The language server: editors get the findings of `check` while a Dockerfile is written, and its fixes.
//!
//! One thread reads messages, one writes them, and the main loop in between owns all state and never waits for a check:
//! what takes time runs in a pool on a snapshot of the document. What comes back is sent only if the document is still
//! the one it was made of.

mod actions;
mod capabilities;
mod client;
mod completion;
mod diagnostics;
mod dispatch;
mod document;
mod engine;
mod lifecycle;
mod names;
mod notifications;
mod outbox;
mod position;
mod project;
#[cfg(test)]
mod random_edits;
mod reference;
mod requests;
mod schedule;
mod server;
mod signatures;
mod uri;
mod wire;
mod words;
mod workspace;

use std::io::{Read, Write};

pub use project::Project;

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The client said `shutdown`, then `exit`.
    InOrder,
    /// The client is gone, or said `exit` only.
    Otherwise,
}

/// Serves one client until it leaves.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    project: Box<dyn Project>,
) -> Ended {
    let (inbox, budget) = wire::read_all(input);
    let outbox = outbox::Outbox::start(output);
    server::Server::new(outbox, project).run(&inbox, &budget)
}
