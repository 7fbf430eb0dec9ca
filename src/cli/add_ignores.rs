//! `check --add-ignores`: comments that silence all that is found today, so that only what is new is reported.

use std::collections::{BTreeMap, BTreeSet};

use crate::context::Contexts;
use crate::session::{self, Checked, Input};
use crate::source::{Encoding, Source};
use crate::syntax::{ItemKind, parse};

/// A finding can hide another; more than a few layers of them there are not.
const MAX_ROUNDS: usize = 8;

/// How a comment of ours begins.
const IGNORE: &str = "# layerwise ignore=";
const FILE_IGNORE: &str = "# layerwise file-ignore=";

/// The text with a comment above each instruction that something is found in, and the number of comments. An error says
/// why that cannot be done; then the file has to stay as it is.
pub(super) fn silenced(
    source: Source,
    input: &Input,
    contexts: &Contexts,
) -> Result<(String, usize), String> {
    let check = |source| session::check_at(source, &input.settings, input.place(), contexts);
    if source.encoding != Encoding::Utf8 {
        return Err("it is not UTF-8 text, so no comments can be written into it".to_owned());
    }
    let mut checked = check(source);
    let directives = |source: &Source| {
        let doc = parse(source);
        doc.directives.iter().map(|it| (it.key.clone(), it.value.to_owned())).collect::<Vec<_>>()
    };
    let before = directives(&checked.source);
    let mut comments = 0;
    for _ in 0..MAX_ROUNDS {
        if checked.findings.is_empty() {
            break;
        }
        let (text, added) = with_comments(&checked);
        comments += added;
        let name = checked.source.name.clone();
        checked = check(Source::new(name, text));
    }
    if let Some(finding) = checked.findings.first() {
        return Err(format!("{} cannot be silenced by a comment", finding.meta.code));
    }
    if directives(&checked.source) != before {
        return Err("its parser directives would change".to_owned());
    }
    Ok((checked.source.text, comments))
}

/// The text with one more round of comments.
fn with_comments(checked: &Checked) -> (String, usize) {
    let text = &checked.source.text;
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut insertions: BTreeMap<usize, String> = BTreeMap::new();
    let mut codes: BTreeMap<Option<usize>, BTreeSet<&str>> = BTreeMap::new();
    for finding in &checked.findings {
        codes.entry(finding.instruction).or_default().insert(finding.meta.code);
    }
    let mut added = 0;
    for (instruction, codes) in codes {
        let list = codes.into_iter().collect::<Vec<_>>().join(",");
        let start = instruction.and_then(|id| checked.keywords.get(id)).map(|it| it.start as usize);
        match start {
            Some(start) => {
                let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
                let indent: String =
                    text[line..start].chars().filter(|it| matches!(it, ' ' | '\t')).collect();
                match list_above(text, line) {
                    Some(at) => *insertions.entry(at).or_default() += &format!("{list},"),
                    None => {
                        // A byte order mark stays the first thing in the file.
                        let line = if indent.is_empty() { start } else { line };
                        let comment = format!("{indent}{IGNORE}{list}{line_end}");
                        *insertions.entry(line).or_default() += &comment;
                        added += 1;
                    }
                }
            }
            None => {
                let comment = format!("{FILE_IGNORE}{list}{line_end}");
                insertions
                    .entry(after_directives(&checked.source))
                    .or_default()
                    .insert_str(0, &comment);
                added += 1;
            }
        }
    }
    let mut result = String::with_capacity(text.len() + insertions.len() * 40);
    let mut at = 0;
    for (offset, insertion) in insertions {
        result.push_str(&text[at..offset]);
        result.push_str(&insertion);
        at = offset;
    }
    result.push_str(&text[at..]);
    (result, added)
}

/// Where codes can be added to a comment of ours in the line directly above.
fn list_above(text: &str, line: usize) -> Option<usize> {
    let above = text[..line].strip_suffix('\n')?;
    let start = above.rfind('\n').map_or(0, |at| at + 1);
    let blanks = above[start..].len() - above[start..].trim_start().len();
    let comment = &above[start + blanks..];
    comment.starts_with(IGNORE).then(|| start + blanks + IGNORE.len())
}

/// The first place where a comment can stand that is no parser directive's.
fn after_directives(source: &Source) -> usize {
    let doc = parse(source);
    let head = doc.items.iter().take_while(|it| {
        matches!(it.kind, ItemKind::ByteOrderMark | ItemKind::Directive(_))
            || it.span.start == 0 && source.slice(it.span).starts_with("#!")
    });
    head.last().map_or(0, |it| it.span.end as usize)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::session::Origin;

    fn silence(text: &str) -> String {
        let input = Input {
            name: "-".to_owned(),
            origin: Origin::Stdin,
            settings: Arc::default(),
            searched: None,
        };
        let source = Source::new("Dockerfile", text);
        let result = silenced(source, &input, &Contexts::default());
        result.map_or_else(|error| format!("error: {error}"), |(text, _)| text)
    }

    #[test]
    fn each_instruction_gets_one_comment() {
        assert_eq!(
            silence("# syntax=docker/dockerfile:1\nFROM debian:latest\n  MAINTAINER me\nUSER a\n"),
            "# syntax=docker/dockerfile:1\n# layerwise ignore=DL3007\nFROM debian:latest\n  \
             # layerwise ignore=DL4000\n  MAINTAINER me\nUSER a\n"
        );
    }

    #[test]
    fn codes_join_a_comment_that_is_there() {
        assert_eq!(
            silence("FROM debian:12\n# layerwise ignore=DL3002 why\nUSER root\nCMD a\n"),
            "FROM debian:12\n# layerwise ignore=DL3002 why\nUSER root\n# layerwise ignore=DL3025\nCMD a\n"
        );
        assert_eq!(
            silence("FROM debian:12 # x\n# layerwise ignore=SC2086 why\nMAINTAINER me\n"),
            "# layerwise ignore=LW000\nFROM debian:12 # x\n# layerwise ignore=DL4000,SC2086 why\nMAINTAINER me\n"
        );
    }

    #[test]
    fn line_ends_and_marks_stay() {
        assert_eq!(
            silence("\u{FEFF}FROM debian:latest\r\nUSER a"),
            "\u{FEFF}# layerwise ignore=DL3007\r\nFROM debian:latest\r\nUSER a"
        );
        assert_eq!(silence("FROM scratch\nCOPY a /b\n"), "FROM scratch\nCOPY a /b\n");
    }
}
