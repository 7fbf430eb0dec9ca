//! The only door to the shell crates: RUN text to commands with places, and ShellCheck's findings.

mod bounds;
mod codes;
mod command;
mod compound;
mod convert;
mod dialect;
mod directives;
mod extra;
mod features;
mod filter;
mod kept;
mod lint;
mod nested;
mod reader;
mod uses;
mod view;
mod walk;
mod word;
mod wrappers;

pub use bounds::{Bound, LintBudget, MOST_TEXTS, is_guarded};
pub use codes::{ShellCode, ShellSeverity, code, codes};
pub use command::*;
pub use dialect::ShellState;
pub use features::{EVERY_SH, Feature, Program, features, is_of_shells};
pub use kept::KeptLints;
pub use lint::{CodeSet, LintSettings, ShellFinding, ShellFix, Variables, lint};
pub use uses::{Use, is_name, uses_in};
pub use view::{SwallowingComment, View};

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

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
    /// What was too much to be read or checked, if anything was.
    pub beyond: Option<Bound>,
    /// What linting it may cost.
    units: u64,
    /// `((` that does not start arithmetic but a subshell in a subshell.
    double_parens: Vec<Span>,
    /// The statements of all its lists, for comments that apply to the one below them.
    tops: Vec<Span>,
    /// The tree, for the linter.
    parsed: Option<Arc<ParseResult>>,
    /// Set once the linter has failed on it.
    linter_failed: OnceLock<()>,
}

impl<'s> Script<'s> {
    /// Reads shell text. For cmd, only the commands are read, which are in the same rows of `&&`; other dialects than
    /// those of Bourne shells have none. Never fails: what cannot be read leaves `complete` false.
    pub fn parse(mut view: View<'s>, dialect: Dialect) -> Self {
        let mut reader = Reader::new();
        let mut subshells = Vec::new();
        let mut parsed = None;
        if dialect.is_bourne() || dialect == Dialect::Cmd {
            parsed = reader.script(&view.text, view.base);
            subshells = std::mem::take(&mut reader.double_parens);
        }
        if !subshells.is_empty() {
            view.open_double_parens(&subshells);
            reader = Reader::new();
            parsed = reader.script(&view.text, view.base);
        }
        let parsed = parsed.map(Arc::new);
        let Reader { commands, mut pipes, complete, beyond, units, tops, .. } = reader;
        let own = bounds::of_script(&view.text, commands.len(), complete);
        let units = units.saturating_add(own);
        if dialect == Dialect::Cmd {
            pipes.clear();
        }
        let double_parens = subshells.into_iter().map(|range| view.span(range)).collect();
        Self {
            dialect,
            view,
            commands,
            pipes,
            complete,
            beyond,
            units,
            double_parens,
            tops,
            parsed,
            linter_failed: OnceLock::new(),
        }
    }

    /// A text that is not read, because its file has too many of them.
    pub fn unread(view: View<'s>, dialect: Dialect) -> Self {
        Self {
            dialect,
            view,
            commands: Vec::new(),
            pipes: Vec::new(),
            complete: false,
            beyond: Some(Bound::Texts),
            units: 0,
            double_parens: Vec::new(),
            tops: Vec::new(),
            parsed: None,
            linter_failed: OnceLock::new(),
        }
    }

    /// Whether it is too much to be read: it says nothing then.
    pub fn is_unread(&self) -> bool {
        self.beyond.is_some_and(|it| it != Bound::Checks) && self.commands.is_empty()
    }

    /// What was too much to be read or checked, or made the linter fail so far.
    pub fn bound(&self) -> Option<Bound> {
        self.beyond.or(self.linter_failed.get().map(|()| Bound::LinterFault))
    }

    /// How many simple commands hadolint counts: all whose name is literal, those in substitutions too, but
    /// not those in nested scripts.
    pub fn command_count(&self) -> usize {
        let mut last = None;
        self.commands
            .iter()
            .filter(|command| !command.inside.nested_script)
            .filter(|command| !command.name.is_empty() || !command.wrappers.is_empty())
            .filter(|command| last.replace(command.span) != Some(command.span))
            .count()
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
        let Reader { commands, pipes, complete, beyond, .. } = reader;
        let view = View::empty(span.start);
        Self {
            dialect: Dialect::Sh,
            view,
            commands,
            pipes,
            complete,
            beyond,
            units: 0,
            double_parens: Vec::new(),
            tops: Vec::new(),
            parsed: None,
            linter_failed: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests;
