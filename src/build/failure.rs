//! How an engine failed.

use std::fmt;

use crate::error::Cause;

/// Why an engine did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub reason: String,
    /// The last lines that the engine printed.
    pub output: Vec<String>,
    /// The step at which the build failed, in the engine's words.
    pub step: Option<String>,
    /// What made it fail, if that was not the engine.
    pub cause: Option<Cause>,
}

impl Failure {
    /// A failure without output.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), output: Vec::new(), step: None, cause: None }
    }

    /// A failure that another error made.
    pub(super) fn because(
        reason: impl Into<String>,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self { cause: Some(Cause::new(error)), ..Self::new(reason) }
    }

    /// Another error in its own words.
    pub(super) fn of(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::because(error.to_string(), error)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|it| it as _)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        self.output.iter().try_for_each(|line| write!(f, "\n  | {line}"))
    }
}
