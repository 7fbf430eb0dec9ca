//! Why a store cannot be read.

use std::fmt;
use std::path::Path;

use crate::context::Refusal;
use crate::error::Cause;

/// Why a store cannot be read, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    reason: String,
    cause: Option<Cause>,
}

impl Unreadable {
    /// What is wrong with the whole.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), cause: None }
    }

    /// A file or folder that another error keeps from being read.
    pub(super) fn at(
        path: &Path,
        reason: impl fmt::Display,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        let reason = format!("{}: {reason}", path.display());
        Self { reason, cause: Some(Cause::new(error)) }
    }

    /// What the system says of a folder.
    pub(super) fn system(error: std::io::Error) -> Self {
        Self { reason: denied(&error), cause: Some(Cause::new(error)) }
    }

    /// What the system says of a file or folder in a store.
    pub(super) fn system_at(path: &Path, error: std::io::Error) -> Self {
        Self::at(path, denied(&error), error)
    }

    /// A file that is not read.
    pub(super) fn refused(path: &Path, refusal: Refusal) -> Self {
        match refusal {
            Refusal::Failed(error) => Self::system_at(path, error),
            other => Self::new(format!("{}: {}", path.display(), other.reason())),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|it| it as _)
    }
}

/// What an error of the system says of a store.
fn denied(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            "permission denied: stores of the system belong to root".to_owned()
        }
        std::io::ErrorKind::NotFound => "no such folder".to_owned(),
        _ => error.to_string(),
    }
}
