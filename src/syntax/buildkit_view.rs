//! A file as BuildKit's own parser sees it, so that both can be compared.
//!
//! It knows nothing of what an instruction means: after the flags there are words, and each keyword has its
//! way to split them. `tests/parser.rs` and the comparison with BuildKit's parser are behind it.

use serde::Serialize;

use super::ast::{Dockerfile, Flag, Heredoc, Instruction, ItemKind, Keyword, Kind};
use super::instruction::{health_split, legacy_pair};
use super::json_form::{self, Json};
use super::split;
use super::text::Mapped;
use crate::source::{Encoding, Source, Span};

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AstView {
    /// The name of the file as it was given.
    pub path: String,
    /// Its instructions in order.
    pub instructions: Vec<AstInstruction>,
    /// What BuildKit would refuse.
    pub errors: Vec<AstError>,
}

/// An instruction; for ONBUILD, `json` and `value` are those of the wrapped one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AstInstruction {
    /// As it is written.
    pub keyword: String,
    /// The keyword of the instruction that ONBUILD wraps, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_keyword: Option<String>,
    /// The flags with their dashes, quotes removed.
    pub flags: Vec<String>,
    /// Whether the arguments are a JSON array.
    pub json: bool,
    /// The words, before expansion.
    pub value: Vec<String>,
    /// 1-based.
    pub start_line: u32,
    /// 1-based; the last line of a heredoc or continuation.
    pub end_line: u32,
    /// The heredocs in order.
    pub heredocs: Vec<AstHeredoc>,
}

/// A heredoc.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AstHeredoc {
    /// The delimiter.
    pub name: String,
    /// The body as written in the file.
    pub content: String,
}

/// Something that BuildKit would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AstError {
    /// 1-based.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

/// The file as BuildKit's parser sees it.
pub fn ast_json(doc: &Dockerfile<'_>) -> AstView {
    if let Encoding::Invalid(_) = doc.source.encoding {
        // Bytes that are not UTF-8 are shown as replacement characters, as Go does it.
        let text = String::from_utf8_lossy(doc.source.bytes()).into_owned();
        let source = Source::new(doc.source.name.clone(), text);
        return ast_json(&super::parse(&source));
    }
    let errors = doc.errors.iter().map(|error| AstError {
        line: doc.source.line(error.span.start),
        message: error.message.clone(),
    });
    let instructions = doc.items.iter().filter_map(|item| match item.kind {
        ItemKind::Instruction(index) => Some(view(doc, doc.instructions.get(index)?, item.span)),
        _ => None,
    });
    AstView {
        path: doc.source.name.clone(),
        instructions: instructions.collect(),
        errors: errors.collect(),
    }
}

fn view(doc: &Dockerfile<'_>, instruction: &Instruction<'_>, lines: Span) -> AstInstruction {
    let source = doc.source;
    let inner = match &instruction.kind {
        Kind::Onbuild(inner) => Some(&**inner),
        _ => None,
    };
    let (json, value) = match inner {
        Some(inner) => words(doc, inner),
        None if instruction.keyword == Keyword::Onbuild => (false, Vec::new()),
        None => words(doc, instruction),
    };
    let content = |heredoc: &Heredoc<'_>| AstHeredoc {
        name: heredoc.name.to_string(),
        content: source.slice(heredoc.body).to_owned(),
    };
    AstInstruction {
        keyword: instruction.word.to_string(),
        sub_keyword: inner.map(|inner| inner.word.to_string()),
        flags: instruction.flags.iter().map(flag).collect(),
        json,
        value,
        start_line: source.line(lines.start),
        end_line: source.line(lines.end.saturating_sub(1).max(lines.start)),
        heredocs: inner.unwrap_or(instruction).heredocs.iter().map(content).collect(),
    }
}

/// Flags as BuildKit reads them, byte by byte: what is not ASCII comes out as one character for each byte.
fn flag(flag: &Flag<'_>) -> String {
    let text = match &flag.value {
        Some(value) => format!("--{}={}", flag.name, value.text),
        None => format!("--{}", flag.name),
    };
    if text.is_ascii() { text } else { text.bytes().map(char::from).collect() }
}

/// Whether the arguments are a JSON array, and the words.
fn words(doc: &Dockerfile<'_>, instruction: &Instruction<'_>) -> (bool, Vec<String>) {
    let text = &*instruction.body.value;
    if text.is_empty() && instruction.keyword != Keyword::Unknown {
        return (false, Vec::new());
    }
    let pick = |range: std::ops::Range<usize>| text[range].to_owned();
    let quoted = || split::quoted(text, doc.escape).into_iter().map(pick);
    match instruction.keyword {
        Keyword::Unknown | Keyword::Onbuild => (false, vec![String::new()]),
        Keyword::Add | Keyword::Copy | Keyword::Volume => {
            array(text).unwrap_or_else(|| (false, split::blanks(text).map(pick).collect()))
        }
        Keyword::Expose | Keyword::From => (false, split::blanks(text).map(pick).collect()),
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => {
            array(text).unwrap_or_else(|| (false, vec![text.to_owned()]))
        }
        Keyword::Arg => (false, quoted().collect()),
        Keyword::Env | Keyword::Label => (false, pairs(text, quoted().collect())),
        Keyword::Healthcheck => healthcheck(text),
        Keyword::Maintainer | Keyword::Stopsignal | Keyword::User | Keyword::Workdir => {
            (false, vec![text.to_owned()])
        }
    }
}

fn array(text: &str) -> Option<(bool, Vec<String>)> {
    let mapped = Mapped::verbatim(text, 0..text.len());
    match json_form::parse(text, &mapped, 0..text.len()) {
        Json::Strings(strings) => {
            Some((true, strings.iter().map(|string| string.text.as_str().to_owned()).collect()))
        }
        _ => None,
    }
}

fn pairs(text: &str, words: Vec<String>) -> Vec<String> {
    if words.first().is_some_and(|word| word.contains('=')) {
        let halves = |word: &String| {
            let (key, value) = word.split_once('=').unwrap_or((word, ""));
            [key.to_owned(), value.to_owned()]
        };
        return words.iter().flat_map(halves).collect();
    }
    let pair = legacy_pair(text);
    pair.map_or(words, |(key, value)| vec![text[key].to_owned(), text[value].to_owned()])
}

fn healthcheck(text: &str) -> (bool, Vec<String>) {
    let (end, start) = health_split(text);
    let kind = text[..end].to_owned();
    let command = &text[start..];
    match array(command) {
        Some((_, words)) => (true, std::iter::once(kind).chain(words).collect()),
        None if command.is_empty() => (false, vec![kind]),
        None => (false, vec![kind, command.to_owned()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(bool, Vec<String>)> {
        let source = Source::from_bytes("", text.as_bytes().to_vec());
        ast_json(&super::super::parse(&source))
            .instructions
            .into_iter()
            .map(|it| (it.json, it.value))
            .collect()
    }

    #[test]
    fn each_keyword_has_its_words() {
        let text =
            "FROM a AS b\nENV a b c\nLABEL d=e 'f g'=\nHEALTHCHECK CMD x  y\nFOO bar\nUSER a b\n";
        let found: Vec<_> = values(text).into_iter().map(|(_, words)| words.join("|")).collect();
        assert_eq!(found, ["a|AS|b", "a|b c", "d|e|'f g'|", "CMD|x  y", "", "a b"]);
    }

    #[test]
    fn onbuild_shows_what_it_wraps() {
        let source = Source::new("p", "ONBUILD run [\"a\"]\nonbuild\n");
        let view = ast_json(&super::super::parse(&source));
        assert_eq!(view.instructions[0].keyword, "ONBUILD");
        assert_eq!(view.instructions[0].sub_keyword.as_deref(), Some("run"));
        assert_eq!(values("ONBUILD run [\"a\"]\n"), [(true, vec!["a".to_owned()])]);
        assert_eq!(view.instructions[1].sub_keyword, None);
    }

    #[test]
    fn invalid_bytes_are_replaced() {
        let source = Source::from_bytes("p", b"FROM x\nUSER \xE9\xE8\n".to_vec());
        let view = ast_json(&super::super::parse(&source));
        assert_eq!(view.instructions[1].value, ["\u{FFFD}\u{FFFD}"]);
    }
}
