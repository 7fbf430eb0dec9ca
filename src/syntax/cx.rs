//! What the grammars share: the escape character, the errors, and how a word is made.

use std::ops::Range;

use super::ast::{Part, SyntaxError, Word};
use super::message::{code, error};
use super::text::Mapped;
use super::word::{self, FaultKind, Mode};
use crate::source::Span;

/// What the parts of the parser share.
#[derive(Debug)]
pub(super) struct Cx {
    /// The escape character in force.
    pub(super) escape: char,
    /// What was found wrong so far.
    pub(super) errors: Vec<SyntaxError>,
}

impl Cx {
    /// A word that the builder expands.
    pub(super) fn word<'s>(&mut self, text: &Mapped<'s>, range: Range<usize>) -> Word<'s> {
        let mode = Mode { escape: self.escape, quotes: true, lenient: false };
        let parts = word::parse(text, range.clone(), mode);
        if let Some(fault) = parts.fault {
            self.fault(fault.kind, text.str(fault.range.clone()), text.span(fault.range));
        }
        let text = text.slice(range);
        Word { text: text.value, span: text.span, parts: parts.list }
    }

    /// A word that is taken as it is.
    pub(super) fn literal<'s>(&mut self, text: &Mapped<'s>, range: Range<usize>) -> Word<'s> {
        let text = text.slice(range);
        let parts = match &*text.value {
            "" => Vec::new(),
            value => vec![Part::Text(value.to_owned())],
        };
        Word { text: text.value, span: text.span, parts }
    }

    /// Records an error.
    pub(super) fn refuse(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.errors.push(error(span, message, help));
    }

    pub(super) fn fault(&mut self, kind: FaultKind, text: &str, span: Span) {
        let escape = self.escape;
        let (message, help) = match kind {
            FaultKind::Quote(quote) => (
                format!("quote `{quote}` is never closed"),
                format!("close it, or write `{escape}{quote}` for the character itself"),
            ),
            FaultKind::Brace => {
                (format!("variable {} lacks its `}}`", code(text)), "add the `}`".to_owned())
            }
            FaultKind::Slash => (
                format!("pattern of {} lacks its second `/`", code(text)),
                "write `${name/pattern/replacement}`".to_owned(),
            ),
            FaultKind::Substitution => (
                format!("{} does not name a variable", code(text)),
                format!("name a variable, or write `{escape}$` for a dollar sign"),
            ),
            FaultKind::Modifier => (
                format!("variable modifier {} does not exist", code(text)),
                "the builder knows `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` `//`"
                    .to_owned(),
            ),
            FaultKind::PatternEscape => (
                format!("pattern {} escapes a character that needs no escape", code(text)),
                "a backslash can escape only `*`, `?`, `}`, `/` and itself".to_owned(),
            ),
            FaultKind::Depth => (
                "variables are nested too deeply".to_owned(),
                "move the inner default to a separate `ARG`".to_owned(),
            ),
        };
        self.refuse(span, message, help);
    }
}
