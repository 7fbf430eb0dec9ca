//! What stops the tool. What is wrong with a Dockerfile is a finding, not an error.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::escape;

/// Why something could not be done. What is displayed is harmless in a terminal and in a CI log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{}: {}", shown(path), escape::line(reason))]
    Io {
        /// The file, as it was given.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The analysis of a file failed; that is always a fault of this program.
    #[error(
        "{}: internal error: {}; please report this as a bug",
        shown(path),
        escape::line(reason)
    )]
    Internal {
        /// The file, as it was given.
        path: PathBuf,
        /// What the panic said.
        reason: String,
    },
    /// A configuration file is wrong.
    #[error("{}:{line}:{column}: {}", shown(path), escape::line(message))]
    Config {
        /// The file, as it was given or found.
        path: PathBuf,
        /// The line, from 1.
        line: u32,
        /// The column in characters, from 1.
        column: u32,
        /// What is wrong, and what was expected.
        message: String,
    },
    /// An image could not be built or read.
    #[error("{}: {}", escape::line(name), escape::lines(reason))]
    Image {
        /// The image or the Dockerfile, as it was given.
        name: String,
        /// What happened, with the layer and the entry, or the line.
        reason: String,
        /// What made it fail, where that is known and holds nothing that is hidden in the reason.
        #[source]
        cause: Option<Cause>,
    },
    /// The command line makes no sense.
    #[error("{}", escape::line(_0))]
    Usage(String),
}

/// The error of another area that made something fail. Two are equal if they say the same.
#[derive(Debug, Clone)]
pub struct Cause(Arc<dyn std::error::Error + Send + Sync>);

impl Cause {
    /// Keeps an error.
    pub fn new(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Cause {}

impl Error {
    /// What happened to an image.
    pub fn image(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Image { name: name.into(), reason: reason.into(), cause: None }
    }

    /// What happened to an image, in the words of another error.
    pub fn image_of(
        name: impl Into<String>,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        let reason = error.to_string();
        Self::Image { name: name.into(), reason, cause: Some(Cause::new(error)) }
    }

    /// What cannot be, about a file.
    pub fn internal(path: impl Into<PathBuf>, reason: &impl ToString) -> Self {
        Self::Internal { path: path.into(), reason: reason.to_string() }
    }

    /// An error of the system about a file.
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        Self::Io { path: path.to_owned(), reason }
    }

    /// What happened, without the path.
    pub fn reason(&self) -> String {
        match self {
            Self::Io { reason, .. } | Self::Image { reason, .. } => reason.clone(),
            Self::Internal { reason, .. } => {
                format!("internal error: {reason}; please report this as a bug")
            }
            Self::Config { message, .. } | Self::Usage(message) => message.clone(),
        }
    }
}

/// A path in a message.
fn shown(path: &Path) -> String {
    escape::line(&path.display().to_string()).into_owned()
}
