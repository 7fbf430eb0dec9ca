//! What stops the tool. What is wrong with a Dockerfile is a finding, not an error.

use std::path::{Path, PathBuf};

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file, as it was given.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The analysis of a file failed; that is always a fault of this program.
    #[error("{}: internal error: {reason}; please report this as a bug", path.display())]
    Internal {
        /// The file, as it was given.
        path: PathBuf,
        /// What the panic said.
        reason: String,
    },
    /// A configuration file is wrong.
    #[error("{}:{line}:{column}: {message}", path.display())]
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
    #[error("{name}: {reason}")]
    Image {
        /// The image or the Dockerfile, as it was given.
        name: String,
        /// What happened, with the layer and the entry, or the line.
        reason: String,
    },
    /// The command line makes no sense.
    #[error("{0}")]
    Usage(String),
}

impl Error {
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
