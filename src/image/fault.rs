//! What is wrong with an image: which layer, which entry, what.

use std::fmt;
use std::io;

use crate::error::Cause;

/// Why an image could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The part at fault, such as `layer 3 (sha256:…)` or `manifest.json`.
    pub part: Option<String>,
    /// The entry of the layer at which it was seen.
    pub entry: Option<String>,
    /// What is wrong and what to do.
    pub reason: String,
    /// What made it fail, if another area did.
    pub cause: Option<Cause>,
}

/// What the image module returns.
pub type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    /// A fault of the whole.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { part: None, entry: None, reason: reason.into(), cause: None }
    }

    /// A fault of the whole that another error made.
    pub fn because(
        reason: impl Into<String>,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self { cause: Some(Cause::new(error)), ..Self::new(reason) }
    }

    /// A fault at an entry.
    pub fn at(entry: &[u8], reason: impl Into<String>) -> Self {
        Self { entry: Some(super::show(entry)), ..Self::new(reason) }
    }

    /// The fault, of that part of the image.
    #[must_use]
    pub fn in_part(mut self, part: impl Into<String>) -> Self {
        self.part.get_or_insert(part.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(part) = &self.part {
            write!(f, "{part}: ")?;
        }
        if let Some(entry) = &self.entry {
            write!(f, "entry `{entry}`: ")?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|it| it as _)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::UnexpectedEof => "ends too early: it was cut off".to_owned(),
            io::ErrorKind::NotFound => "no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        Self::because(reason, error)
    }
}
