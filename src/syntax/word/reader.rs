//! Reading a word from left to right.

use std::ops::Range;

use super::pieces::{Sink, bad_pattern, escaped, escaped_in_quotes, modifier, name, till};
use super::{Fault, FaultKind, MAX_DEPTH, Mode};
use crate::syntax::ast::{Part, Var};
use crate::syntax::text::Mapped;

/// Reads one word.
pub(super) struct Reader<'a, 't, 's> {
    /// The text in which the word is.
    pub(super) text: &'t Mapped<'s>,
    /// The word.
    pub(super) word: &'a str,
    /// Where it starts in the text.
    pub(super) start: usize,
    /// How it is read.
    pub(super) mode: Mode,
}

impl<'a> Reader<'a, '_, '_> {
    /// Reads up to the character `stop`, which is consumed, or to the end where there is none.
    pub(super) fn until(
        &self,
        mut rest: &'a str,
        stop: Option<char>,
        raw: bool,
        depth: usize,
        sink: &mut Sink,
    ) -> Result<&'a str, Fault> {
        let Mode { escape, quotes, .. } = self.mode;
        let special = |c: char| {
            Some(c) == stop || c == escape || c == '$' || (quotes && matches!(c, '\'' | '"'))
        };
        loop {
            let (after, plain) = till(special, rest);
            sink.text(plain);
            rest = after;
            if depth == 0 && stop.is_none() {
                sink.mark = self.word.len() - rest.len();
            }
            let Some(next) = rest.chars().next() else { break };
            if Some(next) == stop {
                return Ok(&rest[next.len_utf8()..]);
            }
            rest = match next {
                '$' => self.dollar(rest, depth, sink)?,
                '\'' if quotes => self.single(rest, sink)?,
                '"' if quotes => self.double(rest, raw, depth, sink)?,
                _ => escaped(rest, raw, sink),
            };
        }
        match stop {
            None => Ok(rest),
            Some('/') => Err(self.fault(self.word.len()..self.word.len(), FaultKind::Slash)),
            Some(_) => Err(self.fault(self.word.len()..self.word.len(), FaultKind::Brace)),
        }
    }

    pub(super) fn single(&self, rest: &'a str, sink: &mut Sink) -> Result<&'a str, Fault> {
        let inside = &rest[1..];
        let Some(end) = inside.find('\'') else {
            return Err(self.fault_at(rest, 1, FaultKind::Quote('\'')));
        };
        sink.text(&inside[..end]);
        Ok(&inside[end + 1..])
    }

    pub(super) fn double(
        &self,
        opened: &'a str,
        raw: bool,
        depth: usize,
        sink: &mut Sink,
    ) -> Result<&'a str, Fault> {
        let escape = self.mode.escape;
        let mut rest = &opened[1..];
        let mut inside = Sink::default();
        loop {
            let (after, plain) = till(|c| c == '"' || c == '$' || c == escape, rest);
            inside.text(plain);
            let Some(next) = after.chars().next() else {
                return Err(self.fault_at(opened, 1, FaultKind::Quote('"')));
            };
            rest = match next {
                '"' => {
                    sink.append(inside);
                    return Ok(&after[1..]);
                }
                '$' => self.dollar(after, depth, &mut inside)?,
                _ => escaped_in_quotes(after, escape, raw, &mut inside),
            };
        }
    }

    pub(super) fn dollar(
        &self,
        rest: &'a str,
        depth: usize,
        sink: &mut Sink,
    ) -> Result<&'a str, Fault> {
        if rest[1..].starts_with('{') {
            let (after, var) = self.braced(rest, depth, sink)?;
            sink.parts.push(Part::Var(Box::new(var)));
            return Ok(after);
        }
        match name(&rest[1..]) {
            Ok((after, name)) => {
                let var = Var { name: name.to_owned(), ..self.var(rest, after) };
                sink.parts.push(Part::Var(Box::new(var)));
                Ok(after)
            }
            Err(_) => {
                sink.text("$");
                Ok(&rest[1..])
            }
        }
    }

    fn braced(
        &self,
        rest: &'a str,
        depth: usize,
        sink: &mut Sink,
    ) -> Result<(&'a str, Var), Fault> {
        let inside = &rest[2..];
        if inside.starts_with(['{', '}', ':']) {
            return Err(self.fault_at(rest, 3, FaultKind::Substitution));
        }
        if depth >= MAX_DEPTH {
            return Err(self.fault_at(rest, 2, FaultKind::Depth));
        }
        let (behind, name) = name(inside).unwrap_or((inside, ""));
        if behind.is_empty() {
            return Err(self.fault_at(rest, rest.len(), FaultKind::Brace));
        }
        let mut var = Var { name: name.to_owned(), ..self.var(rest, rest) };
        let after = match behind.strip_prefix('}') {
            Some(after) => after,
            None => self.substitution(rest, behind, depth, &mut var, sink)?,
        };
        var.span = self.var(rest, after).span;
        Ok((after, var))
    }

    /// Reads the modifier and the operands of the variable that starts at `opened`.
    fn substitution(
        &self,
        opened: &'a str,
        rest: &'a str,
        depth: usize,
        var: &mut Var,
        sink: &mut Sink,
    ) -> Result<&'a str, Fault> {
        let (mut operand, mut replacement) = (Sink::default(), Sink::default());
        let (start, op) = self.modifier(opened, rest, sink)?;
        let raw = matches!(op, "#" | "##" | "%" | "%%" | "/" | "//");
        let after = if op.starts_with('/') {
            let second = self.close(opened, start, Some('/'), raw, depth, &mut operand)?;
            self.close(opened, second, Some('}'), raw, depth, &mut replacement)?
        } else {
            self.close(opened, start, Some('}'), raw, depth, &mut operand)?
        };
        if raw && bad_pattern(&operand.parts) {
            let length = start.len() - after.len() - 1;
            return Err(self.fault_at(start, length, FaultKind::PatternEscape));
        }
        (var.op, var.operand, var.replacement) = (Some(op), operand.parts, replacement.parts);
        Ok(after)
    }

    /// Reads an operand; what never ends is the fault of the `${` at the start of `opened`.
    fn close(
        &self,
        opened: &'a str,
        rest: &'a str,
        stop: Option<char>,
        raw: bool,
        depth: usize,
        sink: &mut Sink,
    ) -> Result<&'a str, Fault> {
        self.until(rest, stop, raw, depth + 1, sink).map_err(|fault| {
            if fault.range.is_empty() {
                let length = 2 + name(&opened[2..]).map_or(0, |(_, name)| name.len());
                return self.fault_at(opened, length, fault.kind);
            }
            fault
        })
    }

    fn modifier(
        &self,
        opened: &str,
        rest: &'a str,
        sink: &mut Sink,
    ) -> Result<(&'a str, &'static str), Fault> {
        if let Ok(found) = modifier(rest) {
            return Ok(found);
        }
        let colon = rest.starts_with(':');
        let length: usize = rest.chars().take(1 + usize::from(colon)).map(char::len_utf8).sum();
        if self.mode.lenient && colon && !rest[1..].starts_with(['#', '%']) {
            sink.lenient = true;
            return Ok((&rest[length..], ":-"));
        }
        if rest.starts_with(|c: char| matches!(c, '"' | '\'') || c.is_whitespace()) {
            return Err(self.fault_at(opened, opened.len() - rest.len(), FaultKind::Brace));
        }
        Err(self.fault_at(rest, length, FaultKind::Modifier))
    }

    fn var(&self, rest: &str, after: &str) -> Var {
        let at = self.start + self.word.len() - rest.len();
        Var {
            name: String::new(),
            span: self.text.span(at..at + rest.len() - after.len()),
            op: None,
            operand: Vec::new(),
            replacement: Vec::new(),
        }
    }

    /// A fault at the first `length` bytes of `rest`.
    fn fault_at(&self, rest: &str, length: usize, kind: FaultKind) -> Fault {
        let start = self.word.len() - rest.len();
        self.fault(start..start + length.min(rest.len()), kind)
    }

    fn fault(&self, range: Range<usize>, kind: FaultKind) -> Fault {
        Fault { range: self.start + range.start..self.start + range.end, kind }
    }
}
