//! The word at a place of a text.

use crate::source::Span;

/// The characters around a place that belong to one word.
pub(super) fn word_at(text: &str, offset: u32, belongs: impl Fn(char) -> bool) -> Span {
    let offset = (offset as usize).min(text.len());
    let Some(before) = text.get(..offset) else { return Span::new(offset, offset) };
    let start = before.len()
        - before.chars().rev().take_while(|it| belongs(*it)).map(char::len_utf8).sum::<usize>();
    let after = text.get(offset..).unwrap_or_default();
    let end =
        offset + after.chars().take_while(|it| belongs(*it)).map(char::len_utf8).sum::<usize>();
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::word_at;
    use crate::source::Span;

    #[test]
    fn words_reach_to_both_sides() {
        let word = |at| word_at("a=DL3008,é", at, char::is_alphanumeric);
        assert_eq!(word(4), Span::new(2, 8));
        assert_eq!(word(8), Span::new(2, 8));
        assert_eq!(word(99), Span::new(9, 11));
        assert_eq!(word(10), Span::new(10, 10), "inside a character there is nothing");
    }
}
