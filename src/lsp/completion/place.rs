//! What is at a place that is being written, whatever is still missing there.

use crate::source::Span;
use crate::syntax::{Dockerfile, Instruction, Keyword, Kind};

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A comment, up to the cursor; whether it is in the block at the top of the file.
    Comment(String, bool),
    /// The first word of an instruction, or of one that ONBUILD wraps.
    Keyword(String, bool),
    /// The name of a variable, behind `$` or `${`, and the instruction.
    Variable(String, usize),
    /// A word behind the keyword.
    Argument(Argument),
}

/// A word behind the keyword, up to the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lsp) struct Argument {
    /// The instruction, by index.
    pub(in crate::lsp) instruction: usize,
    /// Its keyword, or that of the one that it wraps.
    pub(in crate::lsp) keyword: Keyword,
    /// The word.
    pub(in crate::lsp) word: String,
    /// The words between the keyword and this one.
    pub(in crate::lsp) before: Vec<String>,
    /// Whether one of them is not a flag.
    pub(in crate::lsp) has_operands: bool,
}

/// Finds out where the cursor is; none where nothing can be proposed.
pub(super) fn at(doc: &Dockerfile<'_>, offset: u32) -> Option<Place> {
    let around = Around::at(doc, offset)?;
    let trimmed = around.line.trim_start();
    if around.is_comment() {
        let is_first = doc.instructions.first().is_none_or(|it| offset <= it.span.start);
        return Some(Place::Comment(trimmed.to_owned(), is_first));
    }
    let Some((instruction, written)) = around.instruction else {
        let is_word = trimmed.chars().all(|it| it.is_ascii_alphabetic());
        return is_word.then(|| Place::Keyword(trimmed.to_owned(), false));
    };
    if let Some(name) = variable(written) {
        return Some(Place::Variable(name.to_owned(), instruction.id));
    }
    if around.in_heredoc { None } else { word(doc, instruction, written) }
}

/// The word behind the keyword at a place, also where it is a variable.
pub(in crate::lsp) fn argument_at(doc: &Dockerfile<'_>, offset: u32) -> Option<Argument> {
    let around = Around::at(doc, offset).filter(|it| !it.in_heredoc && !it.is_comment())?;
    let (instruction, written) = around.instruction?;
    match word(doc, instruction, written)? {
        Place::Argument(argument) => Some(argument),
        _ => None,
    }
}

/// What is around a place.
struct Around<'d> {
    /// Its line up to it.
    line: &'d str,
    /// The instruction that it is in, and that up to it.
    instruction: Option<(&'d Instruction<'d>, &'d str)>,
    /// Whether it is in the body of a heredoc.
    in_heredoc: bool,
}

impl<'d> Around<'d> {
    fn at(doc: &'d Dockerfile<'d>, offset: u32) -> Option<Self> {
        let before = doc.source.text.get(..offset as usize)?;
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let started = doc.instructions.partition_point(|it| it.keyword_span.start <= offset);
        let instruction = started.checked_sub(1).map(|at| &doc.instructions[at]);
        let instruction = instruction.filter(|it| reaches(doc, it, line));
        let in_heredoc = instruction.is_some_and(|it| in_heredoc(it, offset));
        let written = |it: &'d Instruction<'d>| (it, &before[it.keyword_span.start as usize..]);
        Some(Self { line: &before[line..], instruction: instruction.map(written), in_heredoc })
    }

    fn is_comment(&self) -> bool {
        self.line.trim_start().starts_with('#') && !self.in_heredoc
    }
}

/// The last word of an instruction that is written up to a place.
fn word(doc: &Dockerfile<'_>, instruction: &Instruction<'_>, written: &str) -> Option<Place> {
    let mut words: Vec<String> = Vec::new();
    // Of a continued instruction only the signs that continue it are not words.
    let is_blank = |it: char| it.is_whitespace();
    for word in written.split(is_blank).filter(|it| !it.is_empty() && *it != doc.escape.to_string())
    {
        words.push(word.to_owned());
    }
    let word = if written.ends_with(is_blank) { String::new() } else { words.pop()? };
    if words.is_empty() {
        let is_word = word.chars().all(|it| it.is_ascii_alphabetic());
        return is_word.then_some(Place::Keyword(word, false));
    }
    let mut keyword = instruction.keyword;
    words.remove(0);
    if keyword == Keyword::Onbuild {
        if words.is_empty() {
            return Some(Place::Keyword(word, true));
        }
        keyword = Keyword::parse(&words.remove(0));
    }
    let has_operands = words.iter().any(|it| !it.starts_with("--"));
    let instruction = instruction.id;
    Some(Place::Argument(Argument { instruction, keyword, word, before: words, has_operands }))
}

/// Whether an instruction goes on in the line that starts there.
fn reaches(doc: &Dockerfile<'_>, instruction: &Instruction<'_>, line: usize) -> bool {
    let end = instruction.span.end as usize;
    if line <= end {
        return true;
    }
    // What is continued and not written yet.
    let between = doc.source.text.get(end.saturating_sub(1)..line).unwrap_or_default();
    between.trim_end() == doc.escape.to_string() && between.matches('\n').count() == 1
}

fn in_heredoc(instruction: &Instruction<'_>, offset: u32) -> bool {
    let list = match &instruction.kind {
        Kind::Onbuild(inner) => &inner.heredocs,
        _ => &instruction.heredocs,
    };
    list.iter().any(|it| Span { start: it.body.start, end: it.body.end }.contains_offset(offset))
}

/// The name behind `$` or `${` at the end of a text.
fn variable(text: &str) -> Option<&str> {
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let rest = text.trim_end_matches(is_name);
    let dollar = rest.strip_suffix('{').unwrap_or(rest).strip_suffix('$')?;
    let is_literal = dollar.ends_with(['\\', '$']);
    (!is_literal).then(|| &text[rest.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::syntax::parse;

    /// The place of the `^` in a text.
    fn place(text: &str) -> Option<Place> {
        let offset = u32::try_from(text.find('^').unwrap_or(0)).unwrap_or(0);
        let source = Source::new("Dockerfile", text.replace('^', ""));
        at(&parse(&source), offset)
    }

    fn words(text: &str) -> String {
        match place(text) {
            Some(Place::Argument(it)) => {
                format!("{} {:?} {}", it.keyword.name(), it.before, it.word)
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_first_word_is_a_keyword() {
        let keyword = |word: &str, wrapped| Some(Place::Keyword(word.to_owned(), wrapped));
        assert_eq!(place("^"), keyword("", false));
        assert_eq!(place("FROM a\nRU^\n"), keyword("RU", false));
        assert_eq!(place("FROM a\n  ^"), keyword("", false));
        assert_eq!(place("FROM a\nONBUILD C^"), keyword("C", true));
        assert_eq!(place("FROM a\n\n^\nRUN x\n"), keyword("", false));
    }

    #[test]
    fn words_are_those_before_the_cursor() {
        assert_eq!(words("FROM ^"), "FROM [] ");
        assert_eq!(words("FROM a\nCOPY --from=x --li^ a b\n"), "COPY [\"--from=x\"] --li");
        assert_eq!(words("FROM a\nCOPY a \\\n  b^"), "COPY [\"a\"] b");
        assert_eq!(words("FROM a\nRUN a \\\n  ^"), "RUN [\"a\"] ");
        assert_eq!(words("FROM a\nONBUILD COPY --^"), "COPY [] --");
    }

    #[test]
    fn comments_and_variables_are_told_apart() {
        let comment = |text: &str, first| Some(Place::Comment(text.to_owned(), first));
        assert_eq!(place("# syn^tax"), comment("# syn", true));
        assert_eq!(place("FROM a\nRUN a \\\n# x^\n b\n"), comment("# x", false));
        let variable = |name: &str| Some(Place::Variable(name.to_owned(), 1));
        assert_eq!(place("FROM a\nRUN x ${A^"), variable("A"));
        assert_eq!(place("FROM a\nRUN <<E\n# $B^\nE\n"), variable("B"));
        assert_eq!(words("FROM a\nUSER \\$B^"), "USER [] \\$B");
        assert_eq!(place("FROM a\nRUN <<E\n# B^\nE\n"), None);
    }
}
