//! Settings that do not come from the command line: our own file and hadolint's, read from text and written as
//! text; and which files are read, in which order (`discovery/`).

mod discovery;
mod file;
mod hadolint;
mod layer;
mod origins;
mod sample;
mod schema;
mod write;
mod yaml;

pub use discovery::{
    Found as HadolintFound, NAMES, Outside, Part, Resolver, Scope, Wanted, given_alone,
    path_patterns, without_links,
};
pub use file::{Config, PerPath, check_pattern};
pub use hadolint::{Hadolint, VARIABLES};
pub use layer::{FailOn, Gates, Layer, Settings};
pub use origins::with_origins;
pub use sample::SAMPLE;
pub use schema::schema;
pub use write::write;

use std::path::Path;

use crate::error::Error;
use crate::lint::Selector;
use yaml::Problem;

/// Reads the selector of a rule, or says why there is none. Which rules there are is not known here.
pub type ReadSelector<'a> = &'a dyn Fn(&str) -> Result<Selector, String>;

/// A place in a file, counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    line: u32,
    column: u32,
}

impl Place {
    const START: Self = Self { line: 1, column: 1 };

    /// The place after a text.
    fn after(text: &str) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let last = text.rsplit('\n').next().unwrap_or_default();
        Self {
            line: count(text.matches('\n').count() + 1),
            column: count(last.chars().count() + 1),
        }
    }
}

impl Problem {
    /// The error of that file.
    fn of(self, path: &Path) -> Error {
        let Place { line, column } = self.place;
        Error::Config { path: path.to_owned(), line, column, message: self.message }
    }
}
