//! Shell, user and working directory in force at each instruction.

use super::{Base, Scopes, Stage};
use crate::shell::Dialect;
use crate::syntax::{Dockerfile, Kind};

/// What is in force just before an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The shell for shell forms.
    pub shell: ShellInForce,
    /// What USER said last in this stage or the stages it is built on; none where only the base image decides.
    pub user: Option<String>,
    /// The working directory, absolute, where it is known; none where the base image or a variable decides.
    pub workdir: Option<String>,
}

/// The shell for shell forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellInForce {
    /// Its dialect.
    pub dialect: Dialect,
    /// The words of the SHELL instruction; empty where none is in force.
    pub words: Vec<String>,
}

impl ShellInForce {
    /// Whether a pipe fails when any of its commands fails: an option `-o pipefail` of the SHELL instruction.
    pub fn pipefail(&self) -> bool {
        let mut pairs = self.words.windows(2);
        pairs.any(|it| it[0].starts_with('-') && it[0].contains('o') && it[1] == "pipefail")
    }
}

impl State {
    /// What holds at the start of a stage on an image.
    fn initial() -> Self {
        let shell = ShellInForce { dialect: Dialect::Sh, words: Vec::new() };
        Self { shell, user: None, workdir: None }
    }
}

/// Finds the state before each instruction.
pub(super) fn find(doc: &Dockerfile<'_>, stages: &[Stage<'_>], scopes: &Scopes) -> Vec<State> {
    let mut states = Vec::with_capacity(doc.instructions.len());
    let mut at_end: Vec<State> = Vec::with_capacity(stages.len());
    let mut now = State::initial();
    let mut started = 0;
    for instruction in &doc.instructions {
        match &instruction.kind {
            Kind::From(_) => {
                if started > 0 {
                    at_end.push(now.clone());
                }
                states.push(State::initial());
                now = match stages.get(started).map(|stage| &stage.base) {
                    Some(Base::Stage(base)) => {
                        at_end.get(*base).cloned().unwrap_or_else(State::initial)
                    }
                    Some(Base::Scratch) => {
                        State { workdir: Some("/".to_owned()), ..State::initial() }
                    }
                    _ => State::initial(),
                };
                started += 1;
                continue;
            }
            _ => states.push(now.clone()),
        }
        match &instruction.kind {
            Kind::Shell(words) => {
                let words: Vec<String> = words.iter().map(|word| word.text.to_string()).collect();
                let names: Vec<&str> = words.iter().map(String::as_str).collect();
                now.shell = ShellInForce { dialect: Dialect::from_shell_words(&names), words };
            }
            Kind::User(word) => now.user = Some(scopes.resolve(instruction.id, word).text),
            Kind::Workdir(word) => {
                let to = scopes.resolve(instruction.id, word);
                now.workdir = if to.certain || !to.text.contains("${") {
                    join(now.workdir.as_deref(), &to.text)
                } else {
                    None
                };
            }
            _ => {}
        }
    }
    states
}

/// The absolute path of `path` seen from `directory`, `.` and `..` resolved; none where that is not known.
pub(super) fn join(directory: Option<&str>, path: &str) -> Option<String> {
    let full =
        if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", directory?) };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}
