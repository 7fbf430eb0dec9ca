//! Comments that silence findings: where they are, and what they say.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::apply;
use crate::lint::{Edit, Finding};
use crate::source::{Source, Span};
use crate::syntax::{Dockerfile, ItemKind, parse};

/// Where a comment silences its codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In the instruction of that index.
    Instruction(usize),
    /// In the stage whose FROM has that index.
    Stage(usize),
    /// In the whole file.
    File,
}

/// The edit that silences codes, given as a list with commas. They join a comment of that kind right above.
pub fn silence(doc: &Dockerfile<'_>, reach: Reach, codes: &str) -> Edit {
    let text = &doc.source.text;
    let line_end = doc.source.line_end();
    let (id, verb) = match reach {
        Reach::Instruction(id) => (Some(id), "ignore"),
        Reach::Stage(id) => (Some(id), "stage-ignore"),
        Reach::File => (None, "file-ignore"),
    };
    let opening = format!("# layerwise {verb}=");
    let insert = |at: usize, text: String| Edit { span: Span::new(at, at), text };
    let Some(instruction) = id.and_then(|id| doc.instructions.get(id)) else {
        return insert(after_directives(doc), format!("{opening}{codes}{line_end}"));
    };
    let start = instruction.keyword_span.start as usize;
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let indent: String = text[line..start].chars().filter(|it| matches!(it, ' ' | '\t')).collect();
    if let Some(at) = list_above(text, line, &opening) {
        return insert(at, format!("{codes},"));
    }
    // A byte order mark stays the first thing in the file.
    let at = if indent.is_empty() { start } else { line };
    insert(at, format!("{indent}{opening}{codes}{line_end}"))
}

/// The text with a comment above each instruction that something is found in, and how many of them are new.
pub fn silence_all(source: &Source, findings: &[Finding]) -> (String, usize) {
    let mut codes: BTreeMap<Option<usize>, BTreeSet<&str>> = BTreeMap::new();
    for finding in findings {
        codes.entry(finding.instruction).or_default().insert(finding.meta.code);
    }
    let doc = parse(source);
    let edits = codes.into_iter().map(|(instruction, codes)| {
        let list = codes.into_iter().collect::<Vec<_>>().join(",");
        silence(&doc, instruction.map_or(Reach::File, Reach::Instruction), &list)
    });
    let edits: Vec<Edit> = edits.collect();
    let added = edits.iter().filter(|it| it.text.contains('#')).count();
    (apply(&source.text, edits.iter()), added)
}

/// Where codes can be added to a comment in the line directly above.
fn list_above(text: &str, line: usize, opening: &str) -> Option<usize> {
    let above = text[..line].strip_suffix('\n')?;
    let start = above.rfind('\n').map_or(0, |at| at + 1);
    let is_blank = |it: char| it.is_whitespace() || it == '\u{FEFF}';
    let blanks = above[start..].len() - above[start..].trim_start_matches(is_blank).len();
    let comment = &above[start + blanks..];
    comment.starts_with(opening).then(|| start + blanks + opening.len())
}

/// The first place where a comment can be that is not a parser directive's.
fn after_directives(doc: &Dockerfile<'_>) -> usize {
    let head = doc.items.iter().take_while(|it| {
        matches!(it.kind, ItemKind::ByteOrderMark | ItemKind::Directive(_))
            || it.span.start == 0 && doc.source.slice(it.span).starts_with("#!")
    });
    head.last().map_or(0, |it| it.span.end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::syntax::parse;

    fn silenced(text: &str, reach: Reach) -> String {
        let source = Source::new("Dockerfile", text);
        let edit = silence(&parse(&source), reach, "DL1,DL2");
        super::super::apply(text, [edit].iter())
    }

    #[test]
    fn comments_stand_above_what_they_silence() {
        let text = "# syntax=a\nFROM a\n  RUN b\n";
        assert_eq!(
            silenced(text, Reach::Instruction(1)),
            "# syntax=a\nFROM a\n  # layerwise ignore=DL1,DL2\n  RUN b\n"
        );
        assert_eq!(
            silenced("FROM a\n \tRUN b\n", Reach::Instruction(1)),
            "FROM a\n \t# layerwise ignore=DL1,DL2\n \tRUN b\n"
        );
        assert_eq!(
            silenced(text, Reach::Stage(0)),
            "# syntax=a\n# layerwise stage-ignore=DL1,DL2\nFROM a\n  RUN b\n"
        );
        assert_eq!(
            silenced(text, Reach::File),
            "# syntax=a\n# layerwise file-ignore=DL1,DL2\nFROM a\n  RUN b\n"
        );
    }

    /// Below a byte order mark, directives and a line that makes the file a program.
    #[test]
    fn comments_of_the_file_stand_below_its_head() {
        for (head, rest) in [
            ("\u{FEFF}", "FROM a\n"),
            ("\u{FEFF}# syntax=a\n# escape=`\n", "# a comment\nFROM a\n"),
            ("#!/usr/bin/env dockerfile\n", "FROM a\n"),
            ("#!/usr/bin/env dockerfile\n# syntax=a\n", "FROM a\n"),
            ("", "# a comment\n#! not a program\nFROM a\n"),
            ("", ""),
        ] {
            let text = format!("{head}{rest}");
            let expected = format!("{head}# layerwise file-ignore=DL1,DL2\n{rest}");
            assert_eq!(silenced(&text, Reach::File), expected);
        }
    }

    #[test]
    fn codes_join_a_comment_of_their_kind() {
        let text = "\u{FEFF}# layerwise stage-ignore=X why\r\nFROM a\r\n";
        assert_eq!(
            silenced(text, Reach::Stage(0)),
            "\u{FEFF}# layerwise stage-ignore=DL1,DL2,X why\r\nFROM a\r\n"
        );
        assert_eq!(
            silenced("\u{FEFF}FROM a\r\n", Reach::Instruction(0)),
            "\u{FEFF}# layerwise ignore=DL1,DL2\r\nFROM a\r\n"
        );
    }
}
