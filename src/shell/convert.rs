//! The shell crates' words, assignments and redirections to ours, with their places.

use shuck_ast::{self as ast, BuiltinCommand, RedirectTarget};

use super::nested::Origin;
use super::walk::Walker;
use super::word::Resolved;
use super::{Assignment, Redirect, ShellWord};
use crate::source::Span;

impl Walker<'_> {
    pub(super) fn assignment(&self, assignment: &ast::Assignment) -> Option<Assignment> {
        let ast::AssignmentValue::Scalar(word) = &assignment.value else { return None };
        let name = assignment.target.name.as_str().to_owned();
        let span = self.place(assignment.span);
        Some(Assignment { name, value: self.word_at(word.span), span })
    }

    pub(super) fn redirect(&self, redirect: &ast::Redirect) -> Redirect {
        let fd = redirect.fd.and_then(|fd| u32::try_from(fd).ok());
        let span = self.place(redirect.span);
        let raw = self.raw(redirect.span);
        let sign = raw.trim_start_matches(|it: char| it.is_ascii_digit());
        let operator = operator(sign);
        let target = match &redirect.target {
            RedirectTarget::Word(_) => {
                let target = sign[operator.len()..].trim_start_matches([' ', '\t', '\\', '\n']);
                let start = redirect.span.end.offset().saturating_sub(target.len());
                Resolved::read(target).at(self.range(start, redirect.span.end.offset()))
            }
            RedirectTarget::Heredoc(heredoc) => self.word_at(heredoc.delimiter.span),
        };
        Redirect { operator, fd, target, span }
    }

    /// A word that the tree has no span for, looked for from `start` on.
    pub(super) fn find_name(&self, name: &str, start: usize) -> ShellWord {
        let rest = self.text.get(start..).unwrap_or("");
        let start = rest.find(name).map_or(start, |length| start + length);
        Resolved::read(name).at(self.range(start, start + name.len()))
    }

    pub(super) fn word_at(&self, span: ast::Span) -> ShellWord {
        let (start, end) = self.trimmed(span.start.offset(), span.end.offset());
        let raw = self.text.get(start..end).unwrap_or("");
        Resolved::read(raw).at(self.range(start, end))
    }

    pub(super) fn raw(&self, span: ast::Span) -> &str {
        let (start, end) = self.trimmed(span.start.offset(), span.end.offset());
        self.text.get(start..end).unwrap_or("")
    }

    pub(super) fn place(&self, span: ast::Span) -> Span {
        let (start, end) = self.trimmed(span.start.offset(), span.end.offset());
        self.range(start, end)
    }

    /// The range without continuations before it, inside the text and of whole characters.
    pub(super) fn trimmed(&self, start: usize, end: usize) -> (usize, usize) {
        let end = self.text.ceil_char_boundary(end);
        let start = self.text.floor_char_boundary(start.min(end));
        let raw = &self.text[start..end];
        (start + raw.len() - raw.trim_start_matches("\\\n").len(), end)
    }

    #[allow(clippy::cast_possible_truncation, reason = "a text is as long as a part of the file")]
    pub(super) fn range(&self, start: usize, end: usize) -> Span {
        let end = self.text.ceil_char_boundary(end);
        let start = self.text.floor_char_boundary(start.min(end));
        match self.origin {
            Origin::At(base) => Span { start: base + start as u32, end: base + end as u32 },
            Origin::Within(span) | Origin::Json(span) => span,
        }
    }
}

/// The operator at the start of a redirection.
fn operator(raw: &str) -> &'static str {
    ["&>>", "<<<", "<<-", "&>", ">>", "<<", ">&", "<&", ">|", "<>", ">", "<"]
        .into_iter()
        .find(|sign| raw.starts_with(sign))
        .unwrap_or("")
}

/// A builtin's name, assignments, words and place.
pub(super) fn builtin(
    command: &BuiltinCommand,
) -> (&'static str, &[ast::Assignment], Vec<&ast::Word>, ast::Span) {
    let (name, first, rest, assignments, span) = match command {
        BuiltinCommand::Break(it) => ("break", &it.depth, &it.extra_args, &it.assignments, it.span),
        BuiltinCommand::Continue(it) => {
            ("continue", &it.depth, &it.extra_args, &it.assignments, it.span)
        }
        BuiltinCommand::Return(it) => {
            ("return", &it.code, &it.extra_args, &it.assignments, it.span)
        }
        BuiltinCommand::Exit(it) => ("exit", &it.code, &it.extra_args, &it.assignments, it.span),
    };
    (name, assignments, first.iter().chain(rest).collect(), span)
}
