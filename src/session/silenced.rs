//! Comments that silence all that is found in a file today, so that only what is new is reported.

use super::{Input, check_at};
use crate::context::Contexts;
use crate::fix::silence_all;
use crate::source::{Encoding, Source};
use crate::syntax::parse;

/// A finding can hide another; more than a few layers of them there are not.
const MAX_ROUNDS: usize = 8;

/// The text with a comment above each instruction that something is found in, and the number of comments. An error says
/// why that cannot be done; then the file has to stay as it is.
pub fn silenced(
    source: Source,
    input: &Input,
    contexts: &Contexts,
) -> Result<(String, usize), String> {
    let check = |source| check_at(source, &input.settings, input.place(), contexts);
    if source.encoding != Encoding::Utf8 {
        return Err("the file is not UTF-8 text, so comments cannot be written into it".to_owned());
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
        let (text, added) = silence_all(&checked.source, &checked.findings);
        comments += added;
        let name = checked.source.name.clone();
        checked = check(Source::new(name, text));
    }
    if let Some(finding) = checked.findings.first() {
        return Err(format!("a comment cannot suppress {}", finding.meta.code));
    }
    if directives(&checked.source) != before {
        return Err("a comment would change its parser directives".to_owned());
    }
    Ok((checked.source.text, comments))
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
