//! The wording of syntax errors: quoting pieces of the file, and guessing what was meant.

use super::ast::SyntaxError;
use crate::escape::short_code_span;
use crate::source::Span;

/// How many characters of the file a message shows at most.
const MAX_QUOTED: usize = 24;

/// Makes an error.
pub(super) fn error(
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> SyntaxError {
    SyntaxError { span, message: message.into(), help: Some(help.into()) }
}

/// A piece of the file between backticks, shortened where it is long. As in Markdown there are more of them where it
/// holds some itself.
pub(super) fn code(text: &str) -> String {
    let shown = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    // One more than is shown says that there is more.
    let text: String = text.chars().take(MAX_QUOTED + 1).map(shown).collect();
    short_code_span(&text, MAX_QUOTED)
}

/// A message without its pieces of code.
pub(super) fn without_code(message: &str) -> String {
    let (mut kept, mut rest) = (String::new(), message);
    while let Some(at) = rest.find('`') {
        let (text, code) = rest.split_at(at);
        kept.push_str(text);
        let inner = code.trim_start_matches('`');
        let fence = code.len() - inner.len();
        rest = after_fence(inner, fence).unwrap_or(inner);
    }
    kept + rest
}

/// What follows the next run of backticks of a length.
fn after_fence(mut text: &str, fence: usize) -> Option<&str> {
    loop {
        text = &text[text.find('`')?..];
        let rest = text.trim_start_matches('`');
        if text.len() - rest.len() == fence {
            return Some(rest);
        }
        text = rest;
    }
}

/// The candidate nearest to `word`, if it is near: fewer than three letters differ.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter(|candidate| word.len().abs_diff(candidate.len()) < 3)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance < 3 && distance < candidate.len().max(2) - 1)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The help for a word that is none of the candidates.
pub(super) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    prefix: &str,
    otherwise: &str,
) -> String {
    match nearest(word, candidates) {
        Some(candidate) => format!("did you mean `{prefix}{candidate}`?"),
        None => otherwise.to_owned(),
    }
}

/// How many letters have to be added, left out or changed, whatever their case.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().map(|c| c.to_ascii_lowercase()).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in right.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found() {
        assert_eq!(nearest("FORM", ["FROM", "RUN"]), Some("FROM"));
        assert_eq!(nearest("copyy", ["COPY", "RUN"]), Some("COPY"));
        assert_eq!(nearest("apt-get", ["ADD", "CMD"]), None);
    }

    #[test]
    fn what_a_message_quotes_can_be_taken_out() {
        for quoted in ["a", "`", "``", "a`b", "`a``b```", "a ` b"] {
            let message = format!("stage {} is `x`, not {}", code(quoted), code("`y"));
            assert_eq!(without_code(&message), "stage  is , not ", "{message}");
        }
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(without_code(&format!("{} is `x`", code(""))), " is ");
        assert_eq!(without_code("an `open one"), "an open one");
    }

    #[test]
    fn long_pieces_are_shortened() {
        assert_eq!(code("abc"), "`abc`");
        assert_eq!(code(&"x".repeat(90)).chars().count(), MAX_QUOTED + 3);
    }
}
