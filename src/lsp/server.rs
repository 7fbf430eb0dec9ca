//! The main loop: it owns what is known of the client and its documents, and never waits for a check.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, never, select, unbounded};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde_json::Value;

use super::Ended;
use super::client::Client;
use super::dispatch::Answered;
use super::document::Document;
use super::engine::Engine;
use super::outbox::Outbox;
use super::project::Project;
use super::schedule::{Checks, Verdict};
use super::wire::{Budget, Incoming};
use crate::session::STACK_BYTES;

/// How many messages are handled before checks are started: what comes at once is checked once.
const MOST_AT_ONCE: usize = 1000;

/// Where the session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing was said yet.
    New,
    /// `initialize` was answered.
    Running,
    /// `shutdown` was answered.
    Leaving,
}

/// What comes back from the pool.
pub(super) enum Done {
    /// A check.
    Checked(Verdict),
    /// A request.
    Answered(Answered),
}

/// An open document, and what is to be done about it.
pub(super) struct Open {
    pub(super) document: Document,
    pub(super) checks: Checks,
}

/// All state of a session.
pub(super) struct Server {
    pub(super) phase: Phase,
    pub(super) client: Arc<Client>,
    pub(super) engine: Arc<Engine>,
    pub(super) outbox: Outbox,
    pub(super) documents: HashMap<String, Open>,
    /// Requests in the pool.
    pub(super) pending: HashMap<RequestId, Option<u64>>,
    pub(super) revision: u64,
    pub(super) pool: Option<ThreadPool>,
    /// One thread for the checks of the document that is being written: it uses the memory of the last one again, which
    /// another thread could not.
    checker: Option<ThreadPool>,
    /// Whether that thread is busy.
    is_checking: Arc<AtomicBool>,
    pub(super) done: Sender<Done>,
    results: Receiver<Done>,
    pub(super) ended: Option<Ended>,
    /// What a person was shown already.
    pub(super) shown: Option<String>,
}

impl Server {
    pub(super) fn new(outbox: Outbox, project: Box<dyn Project>) -> Self {
        let (done, results) = unbounded();
        let threads = std::thread::available_parallelism().map_or(2, |it| it.get().clamp(2, 8));
        let pool =
            |threads| ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK_BYTES).build();
        Self {
            phase: Phase::New,
            client: Arc::default(),
            engine: Arc::new(Engine::new(project)),
            outbox,
            documents: HashMap::new(),
            pending: HashMap::new(),
            revision: 0,
            pool: pool(threads).ok(),
            checker: pool(1).ok(),
            is_checking: Arc::default(),
            done,
            results,
            ended: None,
            shown: None,
        }
    }

    /// Runs until the client leaves.
    pub(super) fn run(mut self, inbox: &Receiver<Incoming>, budget: &Budget) -> Ended {
        while self.ended.is_none() && self.outbox.is_open() {
            let timer = match self.next_recheck() {
                Some(at) => crossbeam_channel::at(at),
                None => never(),
            };
            select! {
                recv(inbox) -> incoming => match incoming {
                    Ok(incoming) => self.receive(incoming, budget),
                    Err(_) => break,
                },
                recv(self.results) -> done => done.into_iter().for_each(|it| self.finish(it)),
                recv(timer) -> _ => self.recheck(Instant::now()),
            }
            for _ in 0..MOST_AT_ONCE {
                let Ok(incoming) = inbox.try_recv() else { break };
                self.receive(incoming, budget);
            }
            while let Ok(done) = self.results.try_recv() {
                self.finish(done);
            }
            self.start_checks();
        }
        self.outbox.finish();
        self.ended.unwrap_or(Ended::Otherwise)
    }

    fn receive(&mut self, incoming: Incoming, budget: &Budget) {
        if self.ended.is_some() {
            return;
        }
        match incoming {
            Incoming::Message(message, size) => {
                budget.fetch_sub(size, Ordering::Relaxed);
                match message {
                    Message::Request(request) => self.request(request),
                    Message::Notification(notification) => self.notification(notification),
                    // Nothing that is asked of the client needs its answer.
                    Message::Response(_) => {}
                }
            }
            Incoming::Broken(reason) => self.outbox.log(&format!("layerwise: {reason}")),
        }
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => self.initialize(id, &params),
            (Phase::New, _) => {
                let text = "the first request has to be `initialize`";
                self.refuse(id, ErrorCode::ServerNotInitialized, text);
            }
            (Phase::Running, "initialize") => {
                self.refuse(id, ErrorCode::InvalidRequest, "`initialize` was already received");
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::Leaving;
                self.outbox.answer(Response { id, response_result: Ok(Value::Null) });
            }
            (Phase::Running, _) => self.dispatch(id, &method, params),
            (Phase::Leaving, _) => {
                self.refuse(id, ErrorCode::InvalidRequest, "the server is shutting down");
            }
        }
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match (self.phase, method.as_str()) {
            (phase, "exit") => {
                let in_order = phase == Phase::Leaving;
                self.ended = Some(if in_order { Ended::InOrder } else { Ended::Otherwise });
            }
            (Phase::Running, _) => self.notified(&method, params),
            _ => {}
        }
    }

    /// Answers that something cannot be done.
    pub(super) fn refuse(&mut self, id: RequestId, code: ErrorCode, text: &str) {
        self.outbox.answer(Response::new_err(id, code as i32, text.to_owned()));
    }

    fn finish(&mut self, done: Done) {
        match done {
            Done::Checked(verdict) => self.publish(verdict),
            Done::Answered(answered) => self.answer(answered),
        }
    }

    /// Does something in the pool.
    pub(super) fn spawn(&self, work: impl FnOnce() -> Done + Send + 'static) {
        self.spawn_in(self.pool.as_ref(), work);
    }

    /// Does a check: in the thread for checks, or in the pool while that is busy.
    pub(super) fn spawn_check(&self, work: impl FnOnce() -> Done + Send + 'static) {
        if self.is_checking.swap(true, Ordering::AcqRel) {
            return self.spawn(work);
        }
        let is_checking = Arc::clone(&self.is_checking);
        self.spawn_in(self.checker.as_ref(), move || {
            let done = work();
            is_checking.store(false, Ordering::Release);
            done
        });
    }

    fn spawn_in(&self, pool: Option<&ThreadPool>, work: impl FnOnce() -> Done + Send + 'static) {
        let done = self.done.clone();
        let work = move || drop(done.send(work()));
        match pool {
            Some(pool) => pool.spawn(work),
            // The system gives no threads.
            None => work(),
        }
    }

    /// When the next document is to be looked at again.
    fn next_recheck(&self) -> Option<Instant> {
        self.documents.values().filter_map(|it| it.checks.again_at()).min()
    }
}

/// How long a document rests before files around it are read again.
pub(super) const REST: Duration = Duration::from_millis(300);
