//! Text that was meant as a JSON array and is none, so that the builder takes it as written.

use crate::model::Model;
use crate::source::Span;
use crate::syntax::{Form, Healthcheck, Instruction, Kind, Text};

/// Such a text and its first fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonSlip {
    /// The instruction, by index.
    pub instruction: usize,
    /// The whole text.
    pub text: Span,
    /// The fault.
    pub span: Span,
    /// What is wrong.
    pub slip: Slip,
    /// The array that was meant; none where that is not plain.
    pub meant: Option<String>,
}

/// What keeps a text from being a JSON array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    /// A comma before the `]`.
    TrailingComma,
    /// No comma between two strings.
    MissingComma,
    /// Quotes that are not double quotes.
    Quotes,
    /// A word without quotes.
    Bare,
    /// The `]` is missing.
    Unclosed,
    /// Something follows the `]`.
    TextBehind,
}

impl Model<'_> {
    /// The texts of CMD, ENTRYPOINT, HEALTHCHECK, RUN and VOLUME, and the sources of COPY and ADD that are arrays but for a
    /// slip.
    pub fn json_slips(&self) -> Vec<JsonSlip> {
        self.doc.instructions.iter().filter_map(slip_of).collect()
    }
}

fn slip_of(instruction: &Instruction<'_>) -> Option<JsonSlip> {
    let text = match &instruction.kind {
        Kind::Cmd(Form::Shell(text))
        | Kind::Entrypoint(Form::Shell(text))
        | Kind::Healthcheck(Healthcheck::Cmd(_, Form::Shell(text))) => text,
        Kind::Run(run) => match &run.form {
            Form::Shell(text) => text,
            Form::Json(_) => return None,
        },
        Kind::Volume(words) if words.first()?.text.starts_with('[') => &instruction.body,
        Kind::Copy(it) | Kind::Add(it) if !it.json => &instruction.body,
        _ => return None,
    };
    let is_run = matches!(instruction.kind, Kind::Run(_));
    let (range, slip, meant) = read(&text.value, is_run)?;
    let (whole, span) = (text.span, place(text, range));
    Some(JsonSlip { instruction: instruction.id, text: whole, span, slip, meant })
}

fn place(text: &Text<'_>, range: std::ops::Range<usize>) -> Span {
    text.span_of(range)
}

/// The first slip of an array, its place, and the array as JSON; none where it is JSON, or no array. `[ "$a" ]` in a RUN is a
/// test.
fn read(text: &str, is_run: bool) -> Option<(std::ops::Range<usize>, Slip, Option<String>)> {
    let inner = text.strip_prefix('[')?;
    if !inner.trim_start().starts_with(is_quote) || is_run && inner.starts_with([' ', '\t']) {
        return None;
    }
    let mut slip = None;
    let mut note = |range: std::ops::Range<usize>, it: Slip| {
        slip.get_or_insert((range, it));
    };
    let mut items: Vec<&str> = Vec::new();
    let mut rest = inner.trim_start();
    let at = |rest: &str| text.len() - rest.len();
    let closed = loop {
        let start = at(rest);
        let Some(first) = rest.chars().next() else { break false };
        if first == ']' {
            break true;
        }
        let item = item(rest)?;
        items.push(item.text);
        let end = start + item.length;
        if let Some(slip) = item.slip {
            note(start..end, slip);
        }
        rest = text[end..].trim_start();
        match rest.chars().next() {
            Some(',') => {
                let comma = at(rest);
                rest = rest[1..].trim_start();
                if rest.starts_with(']') {
                    note(comma..comma + 1, Slip::TrailingComma);
                }
            }
            Some(']') | None => {}
            Some(next) if is_quote(next) => note(start..end, Slip::MissingComma),
            // Words between the strings: a test, or shell text.
            Some(_) => return None,
        }
    };
    if closed {
        let behind = rest[1..].trim_start();
        if !behind.is_empty() {
            // What follows is a comment, or shell text that uses the brackets as a test.
            if !behind.starts_with('#') {
                return None;
            }
            note(at(behind)..text.len(), Slip::TextBehind);
        }
    } else {
        note(text.trim_end().len() - 1..text.trim_end().len(), Slip::Unclosed);
    }
    let (range, slip) = slip?;
    // Of what is not closed, or has bare words, nobody knows where it should end; and a comment is not to be lost.
    let sure = !matches!(slip, Slip::Unclosed | Slip::Bare | Slip::TextBehind)
        && items.iter().all(|it| !it.contains(['"', '\\', '\n']));
    let strings: Vec<String> = items.iter().map(|it| format!("\"{it}\"")).collect();
    Some((range, slip, sure.then(|| format!("[{}]", strings.join(", ")))))
}

/// An element of an array.
struct Item<'t> {
    text: &'t str,
    /// How long it is with its quotes, in bytes.
    length: usize,
    slip: Option<Slip>,
}

/// The element at the start of a text; none if there is none, or it does not end.
fn item(text: &str) -> Option<Item<'_>> {
    let first = text.chars().next()?;
    if !is_quote(first) {
        let length = text.find([',', ']', ' ', '\t']).unwrap_or(text.len());
        return (length > 0).then(|| Item {
            text: &text[..length],
            length,
            slip: Some(Slip::Bare),
        });
    }
    let closes = |it: char| match first {
        '"' | '\'' => it == first,
        '‘' | '’' => matches!(it, '‘' | '’'),
        _ => matches!(it, '“' | '”'),
    };
    let body = &text[first.len_utf8()..];
    let (length, last) = string_end(body, closes)?;
    Some(Item {
        text: &body[..length],
        length: first.len_utf8() + length + last,
        slip: (first != '"').then_some(Slip::Quotes),
    })
}

fn is_quote(it: char) -> bool {
    matches!(it, '"' | '\'' | '“' | '‘' | '”' | '’')
}

/// Where a string ends, and how long its closing quote is.
fn string_end(body: &str, closes: impl Fn(char) -> bool) -> Option<(usize, usize)> {
    let mut characters = body.char_indices();
    while let Some((at, it)) = characters.next() {
        if closes(it) {
            return Some((at, it.len_utf8()));
        }
        if it == '\\' {
            characters.next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Slip, read};

    /// The words at fault and the slip.
    fn slip(text: &str) -> Option<(&str, Slip)> {
        read(text, false).map(|(range, slip, _)| (&text[range], slip))
    }

    #[test]
    fn slips_are_told_by_their_kind() {
        assert_eq!(slip("[\"a\", \"b\",]"), Some((",", Slip::TrailingComma)));
        assert_eq!(slip("[\"a\" \"b\"]"), Some(("\"a\"", Slip::MissingComma)));
        assert_eq!(slip("['a', 'b']"), Some(("'a'", Slip::Quotes)));
        assert_eq!(slip("[“a”, “b”]"), Some(("“a”", Slip::Quotes)));
        assert_eq!(slip("[\"a\", b]"), Some(("b", Slip::Bare)));
        assert_eq!(slip("[\"a\", \"b\""), Some(("\"", Slip::Unclosed)));
        assert_eq!(slip("[\"a\"] # note"), Some(("# note", Slip::TextBehind)));
    }

    #[test]
    fn the_array_that_was_meant_is_given() {
        let meant = |text| read(text, false).and_then(|it| it.2);
        assert_eq!(meant("['a b', 'c' ]").as_deref(), Some("[\"a b\", \"c\"]"));
        assert_eq!(meant("[\"a\",]").as_deref(), Some("[\"a\"]"));
        assert_eq!(meant("['a\"b']"), None);
        assert_eq!(meant("[\"a\", b]"), None);
        assert_eq!(meant("[\"a\"] # note"), None);
    }

    #[test]
    fn tests_and_arrays_are_no_slips() {
        for text in
            ["[\"a\"]", "[]", "[ -f x ]", "[ \"$a\" = b ]", "[ \"a\" ] && b", "[a, b]", "a", ""]
        {
            assert_eq!(slip(text), None, "{text}");
        }
        assert_eq!(read("[ 'a' ]", true), None);
        assert_eq!(read("['a', 'b']", true).map(|it| it.1), Some(Slip::Quotes));
    }
}
