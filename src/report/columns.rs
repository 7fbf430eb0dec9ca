//! How many columns of a terminal a text takes, and texts made to fit into a number of them.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Asks for the picture of a character, which is wide.
const PICTURE: char = '\u{fe0f}';

/// A text is cut behind so many characters a column, whatever they take: marks that take none could be millions.
const MARKS: usize = 4;

/// How many columns a text takes at most. Terminals do not agree on characters that are joined to one: they count apart.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// A text of at most so many columns; what is longer ends with `…`.
pub(super) fn fit(text: &str, room: usize) -> Cow<'_, str> {
    if width(text) <= room && text.chars().nth(room * MARKS).is_none() {
        return Cow::Borrowed(text);
    }
    let mut taken = 0;
    let kept = text.chars().take((room * MARKS).saturating_sub(1)).take_while(|it| {
        taken += columns(*it);
        taken < room
    });
    Cow::Owned(kept.collect::<String>() + "…")
}

/// A text of exactly so many columns.
pub(super) fn cell(text: &str, room: usize) -> String {
    let text = fit(text, room);
    let blanks = room.saturating_sub(width(&text));
    text.into_owned() + &" ".repeat(blanks)
}

fn columns(character: char) -> usize {
    if character == PICTURE { 1 } else { character.width().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        for (text, expected) in [
            ("", 0),
            ("abc", 3),
            ("日本", 4),
            ("ＡＢ", 4),
            ("한", 2),
            ("🚀", 2),
            ("é", 1),
            ("e\u{301}", 1),
            ("❤\u{fe0f}", 2),
            ("🇩🇪", 2),
            ("…", 1),
        ] {
            assert_eq!(width(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        for (text, room, expected) in [
            ("abcd", 4, "abcd"),
            ("abcde", 4, "abc…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("日本語", 1, "…"),
            ("a🚀b", 3, "a…"),
            ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}"),
        ] {
            assert_eq!(fit(text, room), expected, "{text} {room}");
            assert_eq!(width(&cell(text, room)), room, "{text} {room}");
        }
        let marks = format!("a{}", "\u{301}".repeat(100));
        assert_eq!(fit(&marks, 5).chars().count(), 5 * MARKS);
    }
}
