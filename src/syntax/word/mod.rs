//! The grammar inside a word: quotes, escapes and variables, as the builder expands them.
//!
//! `$name`, `${name}` and `${name<modifier>operand}`; an operand is a word again, which is why its depth is
//! bounded. What cannot be read is kept as literal text next to the fault.

mod pieces;
mod reader;

use std::ops::Range;

use super::ast::Part;
use super::text::Mapped;
use pieces::Sink;
use reader::Reader;

/// How deep variables may be in the operands of variables.
const MAX_DEPTH: usize = 64;

/// Why a word cannot be expanded, and where in the text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) range: Range<usize>,
    pub(super) kind: FaultKind,
}

/// Why a word cannot be expanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// A quote that does not end.
    Quote(char),
    /// A `${` that does not end.
    Brace,
    /// A `${name/pattern` without its second slash.
    Slash,
    /// `${}`, `${{` or `${:`.
    Substitution,
    /// A modifier that is none.
    Modifier,
    /// A backslash in a pattern before a character that needs none.
    PatternEscape,
    /// More than [`MAX_DEPTH`] variables in each other.
    Depth,
}

/// How a text is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    /// The escape character.
    pub(super) escape: char,
    /// Whether quotes are syntax; they are not in the body of a heredoc.
    pub(super) quotes: bool,
    /// Whether an unknown modifier after a colon passes, as it does where heredocs are looked for.
    pub(super) lenient: bool,
}

/// What a word consists of; with a fault, up to that and then the rest as text.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) list: Vec<Part>,
    pub(super) fault: Option<Fault>,
}

/// Reads a range of `text` as one word.
pub(super) fn parse(text: &Mapped<'_>, range: Range<usize>, mode: Mode) -> Parts {
    let word = text.str(range.clone());
    let reader = Reader { text, word, start: range.start, mode };
    let mut sink = Sink::default();
    let fault = reader.until(word, None, false, 0, &mut sink).err();
    if fault.is_some() {
        sink.text(&word[sink.mark..]);
    }
    Parts { list: sink.parts, fault }
}

/// Skips one quoted text or variable at the start of `rest`, as the search for heredocs does; says what
/// follows and whether a variable with an operand was in it.
pub(super) fn skip(rest: &str, mode: Mode) -> Result<(&str, bool), Fault> {
    let text = Mapped::verbatim("", 0..0);
    let reader = Reader { text: &text, word: rest, start: 0, mode };
    let mut sink = Sink::default();
    let after = match rest.chars().next() {
        Some('\'') => reader.single(rest, &mut sink)?,
        Some('"') => reader.double(rest, false, 0, &mut sink)?,
        _ => reader.dollar(rest, 0, &mut sink)?,
    };
    let operand = |part: &Part| matches!(part, Part::Var(var) if var.op.is_some());
    Ok((after, sink.lenient || sink.parts.iter().any(operand)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    const MODE: Mode = Mode { escape: '\\', quotes: true, lenient: false };

    fn read(word: &str) -> Parts {
        parse(&Mapped::verbatim(word, 0..word.len()), 0..word.len(), MODE)
    }

    fn shown(parts: &[Part]) -> String {
        parts.iter().map(show).collect()
    }

    fn show(part: &Part) -> String {
        match part {
            Part::Text(text) => text.clone(),
            Part::Var(var) => {
                let op = var.op.unwrap_or_default();
                let (operand, replacement) = (shown(&var.operand), shown(&var.replacement));
                format!("<{}{op}{operand}|{replacement}>", var.name)
            }
        }
    }

    fn fault(word: &str) -> Option<(FaultKind, &str)> {
        read(word).fault.map(|fault| (fault.kind, &word[fault.range]))
    }

    #[test]
    fn quotes_and_escapes_are_resolved() {
        assert_eq!(shown(&read(r#"a"b\"\\"c'd\'e\ f\"#).list), r#"ab"\cd\e f"#);
        assert_eq!(shown(&read(r#""\a\$x""#).list), r"\a$x");
    }

    #[test]
    fn variables_have_names_and_places() {
        assert_eq!(shown(&read("$a1_b-${c}$12x$@$$").list), "<a1_b|>-<c|><12|>x<@|><$|>");
        assert_eq!(shown(&read("$ $. '$x'").list), "$ $. $x");
        let parts = read("a\"$b\"").list;
        let Part::Var(var) = &parts[1] else { panic!("no variable") };
        assert_eq!(var.span, Span::new(2, 4));
    }

    #[test]
    fn modifiers_take_words() {
        assert_eq!(shown(&read("${a:-b$c}${d+'}'}").list), "<a:-b<c|>|><d+}|>");
        assert_eq!(shown(&read("${a##*/}${b%.*}").list), "<a##*/|><b%.*|>");
        assert_eq!(shown(&read(r"${a/x\/y/z}${b//-/_}").list), r"<a/x\/y|z><b//-|_>");
        assert_eq!(shown(&read("${a?}").list), "<a?|>");
    }

    #[test]
    fn faults_point_at_their_cause() {
        assert_eq!(fault("a${b"), Some((FaultKind::Brace, "${b")));
        assert_eq!(fault("a${b:-c"), Some((FaultKind::Brace, "${b")));
        assert_eq!(fault("\"${b\""), Some((FaultKind::Brace, "${b")));
        assert_eq!(fault("${b/c}"), Some((FaultKind::Slash, "${b")));
        assert_eq!(fault("x${}"), Some((FaultKind::Substitution, "${}")));
        assert_eq!(fault("${x:=y}"), Some((FaultKind::Modifier, ":=")));
        assert_eq!(fault("${x:0:1}"), Some((FaultKind::Modifier, ":0")));
        assert_eq!(fault("${x^^}"), Some((FaultKind::Modifier, "^")));
        assert_eq!(fault("a'b"), Some((FaultKind::Quote('\''), "'")));
        assert_eq!(fault("a\"b"), Some((FaultKind::Quote('"'), "\"")));
        assert_eq!(fault(r"${x#\a}"), Some((FaultKind::PatternEscape, r"\a")));
        assert_eq!(fault("${x:-$y}"), None);
    }

    #[test]
    fn what_stands_before_a_fault_is_kept() {
        assert_eq!(shown(&read("$a-${b").list), "<a|>-${b");
        assert_eq!(shown(&read("a\"$b ${c").list), "a\"$b ${c");
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}{}", "${a:-".repeat(60), "}".repeat(60));
        assert_eq!(fault(&deep), None);
        let deep = "${a:-".repeat(100_000);
        assert_eq!(fault(&deep).map(|(kind, _)| kind), Some(FaultKind::Depth));
    }
}
