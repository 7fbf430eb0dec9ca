//! Reading a word from left to right.

use std::ops::Range;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::character::complete::{anychar, char, one_of};
use nom::combinator::{recognize, value};
use nom::{IResult, Parser};

use super::{Fault, FaultKind, MAX_DEPTH, Mode};
use crate::syntax::ast::{Part, Var};
use crate::syntax::text::Mapped;

/// The parts read so far.
#[derive(Debug, Default)]
pub(super) struct Sink {
    pub(super) parts: Vec<Part>,
    /// Up to where the outermost text was read without fault.
    pub(super) mark: usize,
    /// Whether a modifier passed that is none.
    pub(super) lenient: bool,
}

impl Sink {
    /// Adds what was read into a sink of its own, so that a fault in it leaves nothing behind.
    fn append(&mut self, inside: Self) {
        self.lenient |= inside.lenient;
        for part in inside.parts {
            match part {
                Part::Text(text) => self.text(&text),
                Part::Var(_) => self.parts.push(part),
            }
        }
    }

    /// Adds literal text.
    pub(super) fn text(&mut self, text: &str) {
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }
}

/// Reads one word.
pub(super) struct Reader<'a, 't, 's> {
    /// The text in which the word stands.
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
            sink.parts.push(Part::Var(var));
            return Ok(after);
        }
        match name(&rest[1..]) {
            Ok((after, name)) => {
                let var = Var { name: name.to_owned(), ..self.var(rest, after) };
                sink.parts.push(Part::Var(var));
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
        let (mut operand, mut replacement) = (Sink::default(), Sink::default());
        let (after, op) = if let Some(after) = behind.strip_prefix('}') {
            (after, None)
        } else {
            let (start, op) = self.modifier(behind, sink)?;
            let raw = matches!(op, "#" | "##" | "%" | "%%" | "/" | "//");
            let after = if op.starts_with('/') {
                let second = self.close(rest, start, Some('/'), raw, depth, &mut operand)?;
                self.close(rest, second, Some('}'), raw, depth, &mut replacement)?
            } else {
                self.close(rest, start, Some('}'), raw, depth, &mut operand)?
            };
            if raw && bad_pattern(&operand.parts) {
                return Err(self.fault_at(
                    start,
                    start.len() - after.len() - 1,
                    FaultKind::PatternEscape,
                ));
            }
            (after, Some(op))
        };
        let var = Var {
            name: name.to_owned(),
            op,
            operand: operand.parts,
            replacement: replacement.parts,
            ..self.var(rest, after)
        };
        Ok((after, var))
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

    fn modifier(&self, rest: &'a str, sink: &mut Sink) -> Result<(&'a str, &'static str), Fault> {
        if let Ok(found) = modifier(rest) {
            return Ok(found);
        }
        let colon = rest.starts_with(':');
        let length: usize = rest.chars().take(1 + usize::from(colon)).map(char::len_utf8).sum();
        if self.mode.lenient && colon && !rest[1..].starts_with(['#', '%']) {
            sink.lenient = true;
            return Ok((&rest[length..], ":-"));
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

/// Text up to a character, which may be missing: (what follows, the text).
fn till(special: impl Fn(char) -> bool, rest: &str) -> (&str, &str) {
    let found: IResult<&str, &str> = take_till(special).parse(rest);
    found.unwrap_or((rest, ""))
}

/// An escape character outside of quotes: the next one is literal, a last one means nothing.
fn escaped<'a>(rest: &'a str, raw: bool, sink: &mut Sink) -> &'a str {
    let escape: IResult<&str, char> = anychar(rest);
    let Ok((rest, escape)) = escape else { return rest };
    if raw {
        sink.text(escape.encode_utf8(&mut [0; 4]));
    }
    let length = rest.chars().next().map_or(0, char::len_utf8);
    sink.text(&rest[..length]);
    &rest[length..]
}

/// An escape character in double quotes counts only before a quote, a dollar sign or itself.
fn escaped_in_quotes<'a>(rest: &'a str, escape: char, raw: bool, sink: &mut Sink) -> &'a str {
    let inside = &rest[escape.len_utf8()..];
    let protects = inside.starts_with(['"', '$', escape]);
    if raw || (!protects && !inside.is_empty()) {
        sink.text(&rest[..escape.len_utf8()]);
    }
    let length = if protects { inside.chars().next().map_or(0, char::len_utf8) } else { 0 };
    sink.text(&inside[..length]);
    &inside[length..]
}

/// The name of a variable: digits, one special parameter, or letters, digits and underscores.
fn name(text: &str) -> IResult<&str, &str> {
    alt((
        take_while1(|c: char| c.is_ascii_digit()),
        recognize(one_of("@*#?-$!")),
        take_while1(|c: char| c.is_alphanumeric() || c == '_'),
    ))
    .parse(text)
}

fn modifier(text: &str) -> IResult<&str, &'static str> {
    alt((
        value(":-", tag(":-")),
        value(":+", tag(":+")),
        value(":?", tag(":?")),
        value("-", char('-')),
        value("+", char('+')),
        value("?", char('?')),
        value("##", tag("##")),
        value("#", char('#')),
        value("%%", tag("%%")),
        value("%", char('%')),
        value("//", tag("//")),
        value("/", char('/')),
    ))
    .parse(text)
}

/// Whether a pattern has a backslash before something that needs none.
fn bad_pattern(parts: &[Part]) -> bool {
    let [Part::Text(pattern)] = parts else { return false };
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && !matches!(characters.next(), Some('*' | '?' | '\\' | '}' | '/')) {
            return true;
        }
    }
    false
}
