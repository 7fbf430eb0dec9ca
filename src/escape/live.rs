//! Which characters and words a terminal, an editor or a CI service would obey.

use std::borrow::Cow;

/// Whether a character does something in place of being seen: controls (C0, DEL, C1), line separators, marks that turn the
/// direction of text, and characters without width, behind which text can hide.
pub fn is_live(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether a character is live at its place in a text.
pub fn is_live_at(text: &str, at: usize, character: char) -> bool {
    match character {
        ':' => is_workflow_command(text, at),
        '#' => is_log_command(text, at),
        it => is_live(it),
    }
}

/// Whether a byte is a character that is live nowhere: most of all texts are such bytes.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b':' | b'#')
}

/// The text with each live character replaced, but for those that are kept; also a colon or a number sign each, where a CI
/// service would read a command.
pub(super) fn replaced(
    text: &str,
    is_kept: impl Fn(char) -> bool,
    replace: impl Fn(char, &mut String),
) -> Cow<'_, str> {
    let mut shown = String::new();
    // All before it is in `shown`.
    let mut done = 0;
    let mut at = 0;
    while let Some(next) = text.as_bytes()[at..].iter().position(|it| !is_plain(*it)) {
        at += next;
        let Some(character) = text[at..].chars().next() else { break };
        if is_live_at(text, at, character) && !is_kept(character) {
            shown.push_str(&text[done..at]);
            replace(character, &mut shown);
            done = at + character.len_utf8();
        }
        at += character.len_utf8();
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[done..]);
    Cow::Owned(shown)
}

/// Whether the colon is the second of a `::` that is not inside a word, such as in `std::fmt`. GitHub Actions reads a command
/// where a line starts with it, and text may be wrapped before it.
/// Source: `ActionCommand` of <https://github.com/actions/runner>.
fn is_workflow_command(text: &str, at: usize) -> bool {
    let before = text[..at].strip_suffix(':');
    before.is_some_and(|it| !it.ends_with(|it: char| it.is_ascii_alphanumeric()))
}

/// Whether the number sign is the second of `##[` or of `##word[`, which Azure Pipelines, TeamCity and older runners of GitHub
/// obey anywhere in a line.
/// Source: `Command` of <https://github.com/microsoft/azure-pipelines-agent>.
fn is_log_command(text: &str, at: usize) -> bool {
    text[..at].ends_with('#')
        && text[at + 1..].trim_start_matches(|it: char| it.is_ascii_alphabetic()).starts_with('[')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> String {
        replaced(text, |_| false, |_, shown| shown.push('!')).into_owned()
    }

    #[test]
    fn commands_are_broken() {
        for (text, expected) in [
            ("::error::x", ":!error::x"),
            ("  ::stop-commands::x", "  :!stop-commands::x"),
            ("a -::x", "a -:!x"),
            ("::::", ":!!!"),
            ("##[error]x", "#![error]x"),
            ("a ##vso[task.x]", "a #!vso[task.x]"),
            ("###[x]", "##![x]"),
        ] {
            assert_eq!(marked(text), expected);
        }
    }

    #[test]
    fn usual_text_stays() {
        for text in ["std::fmt::Write", "a: b:c", "## title", "#[derive]", "é ü 漢字 🇩🇪"]
        {
            assert!(matches!(replaced(text, |_| false, |_, _| {}), Cow::Borrowed(_)), "{text}");
        }
    }
}
