//! Splitting text into words: at blanks only, or with an eye on quotes and escapes.

use std::ops::Range;

use nom::bytes::complete::{take_till, take_while};
use nom::sequence::preceded;
use nom::{IResult, Parser};

/// Whether BuildKit's parser separates words at this character. Other white space is part of a word.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// The words between blanks; quotes mean nothing.
pub(super) fn blanks(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (after, word) = blank_word(rest).ok().filter(|(_, word)| !word.is_empty())?;
        rest = after;
        let end = text.len() - after.len();
        Some(end - word.len()..end)
    })
}

fn blank_word(text: &str) -> IResult<&str, &str> {
    preceded(take_while(is_blank), take_till(is_blank)).parse(text)
}

/// The words of ENV, LABEL and ARG: quotes hold blanks together and stay in the word. A last escape
/// character is dropped.
pub(super) fn quoted(text: &str, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let (after, dropped) = quoted_word(rest, escape);
        let end = text.len() - after.len();
        if end - dropped > start {
            words.push(start..end - dropped);
        }
        rest = after.trim_start();
    }
    words
}

/// What follows the word at the start of `text`, and how many of its last bytes are dropped.
fn quoted_word(text: &str, escape: char) -> (&str, usize) {
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match quote {
            None if character.is_whitespace() => return (&text[at..], 0),
            None if matches!(character, '\'' | '"') => quote = Some(character),
            Some(open) if character == open => quote = None,
            Some('\'') => {}
            _ if character == escape && characters.next().is_none() => {
                return ("", escape.len_utf8());
            }
            _ => {}
        }
    }
    ("", 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        quoted(text, '\\').into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(words(r#" a="b c"  d='e f'g "#), [r#"a="b c""#, "d='e f'g"]);
        assert_eq!(words(r"a\ b \'c d"), [r"a\ b", r"\'c", "d"]);
        assert_eq!(words("'a b"), ["'a b"]);
    }

    #[test]
    fn a_last_escape_character_is_dropped() {
        assert_eq!(words("a \\"), ["a"]);
        assert_eq!(words("\"a\\"), ["\"a"]);
        assert_eq!(words("'a\\"), ["'a\\"]);
    }

    #[test]
    fn blanks_do_not_heed_quotes() {
        let text = "\"a b\"\t\u{a0}c";
        assert_eq!(
            blanks(text).map(|range| &text[range]).collect::<Vec<_>>(),
            ["\"a", "b\"", "\u{a0}c"]
        );
    }
}
