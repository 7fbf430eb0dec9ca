//! How an engine failed.

use std::fmt;

/// Why an engine did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub reason: String,
    /// The last lines that the engine printed.
    pub output: Vec<String>,
    /// The step at which the build failed, in the engine's words.
    pub step: Option<String>,
}

impl Failure {
    /// A failure without output.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), output: Vec::new(), step: None }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        self.output.iter().try_for_each(|line| write!(f, "\n  | {line}"))
    }
}
