//! The only door to the shell crates: RUN text to commands with places, and ShellCheck's findings.

mod codes;
mod command;
mod dialect;
mod extra;
mod filter;
mod lint;
mod nested;
mod reader;
mod view;
mod walk;
mod word;
mod wrappers;

pub use codes::{ShellCode, ShellSeverity, code, codes};
pub use command::*;
pub use dialect::ShellState;
pub use lint::{CodeSet, LintSettings, ShellFinding, lint};
pub use view::View;

use std::borrow::Cow;
use std::sync::Arc;

use shuck_parser::parser::ParseResult;

use crate::source::Span;
use nested::Origin;
use reader::{Around, Reader, Simple};

/// A shell text, read once.
#[derive(Debug, Clone)]
pub struct Script<'s> {
    /// The shell it is for.
    pub dialect: Dialect,
    /// Its text.
    pub view: View<'s>,
    /// Its simple commands in the order of the text, those in nested constructs too.
    pub commands: Vec<Command>,
    /// Its pipes in the order of the text, those in nested constructs too.
    pub pipes: Vec<Pipe>,
    /// Whether the text could be read to its end.
    pub complete: bool,
    /// The tree, for the linter.
    parsed: Option<Arc<ParseResult>>,
}

impl<'s> Script<'s> {
    /// Reads shell text. A dialect that is no Bourne shell's has no commands. Never fails: what cannot be
    /// read leaves `complete` false.
    pub fn parse(view: View<'s>, dialect: Dialect) -> Self {
        let mut reader = Reader::new();
        let parsed = dialect.is_bourne().then(|| Arc::new(reader.script(&view.text, view.base)));
        let Reader { commands, pipes, complete, .. } = reader;
        Self { dialect, view, commands, pipes, complete, parsed }
    }

    /// Reads an exec form: one command whose words are the decoded strings with their places (and, behind
    /// `sh -c`, the commands of that text).
    pub fn from_words(words: &[(Cow<'_, str>, Span)]) -> Self {
        let words = words.iter().map(|(text, span)| ShellWord {
            text: text.clone().into_owned(),
            is_static: true,
            quoted: true,
            span: *span,
        });
        let simple =
            Simple { words: words.collect(), assignments: Vec::new(), redirects: Vec::new() };
        let span = simple.words.first().map_or(Span::default(), |word| word.span);
        let mut reader = Reader::new();
        reader.command(simple, "", Origin::Json(span), &Around::top());
        reader.nested();
        let Reader { commands, pipes, complete, .. } = reader;
        let view = View::empty(span.start);
        Self { dialect: Dialect::Sh, view, commands, pipes, complete, parsed: None }
    }
}

#[cfg(test)]
mod tests;
