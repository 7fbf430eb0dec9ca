//! Findings to bytes: one file a format, each with output structures of its own that do not change with the code.

mod catalogue;
mod concise;
mod excerpt;
mod json;
pub mod page;
mod statistics;
mod style;
mod summary;
mod terminal;

pub use catalogue::{json_list, text_list};
pub use statistics::statistics;
pub use style::{Style, plural};
pub use summary::Summary;

use crate::error::Error;
use crate::lint::Family;
use crate::session::Checked;

/// The formats of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Each finding with the lines it is about
    Full,
    /// One line a finding: `path:line:column: severity CODE message`
    Concise,
    /// One object with all files
    Json,
    /// One object a finding, one a line
    Jsonl,
}

/// What became of one file.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'a> {
    /// The name, as it was given.
    pub name: &'a str,
    /// The findings, or why there are none.
    pub result: Result<&'a Checked, &'a Error>,
}

/// A format. A report is `start`, then what `file` gives of each file (with `separator` between those that
/// are not empty), then `end`. `file` runs in several threads, so it holds no state.
pub trait Report: Sync {
    /// What comes first.
    fn start(&self) -> String {
        String::new()
    }
    /// One file.
    fn file(&self, outcome: Outcome<'_>) -> String;
    /// What stands between two files.
    fn separator(&self) -> &'static str {
        ""
    }
    /// What comes last.
    fn end(&self, summary: &Summary) -> String {
        let _ = summary;
        String::new()
    }
}

impl Format {
    /// The report of this format.
    pub fn report(self, style: Style) -> Box<dyn Report> {
        match self {
            Self::Full => Box::new(terminal::Full(style)),
            Self::Concise => Box::new(concise::Concise(style)),
            Self::Json => Box::new(json::Json),
            Self::Jsonl => Box::new(json::JsonLines),
        }
    }

    /// Whether it is for people, who like to hear how it went.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// Whether the report itself says which files could not be read.
    pub fn tells_errors(self) -> bool {
        matches!(self, Self::Json)
    }
}

/// The documentation page of a rule, as a path in the project.
pub fn page_path(family: Family, code: &str) -> String {
    match family {
        Family::Shellcheck => "docs/rules/shellcheck.md".to_owned(),
        _ => format!("docs/rules/{code}.md"),
    }
}
