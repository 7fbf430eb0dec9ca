//! Shell text inside a word: `sh -c '…'`, `su -c '…'`, `eval '…'`.

use super::ShellWord;
use super::wrappers::base_name;
use crate::source::Span;

/// Where a text is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin {
    /// Byte for byte at this offset of the file.
    At(u32),
    /// A JSON array: words have the places of their strings.
    Json(Span),
    /// Somewhere in this place: escapes keep the bytes apart.
    Within(Span),
}

/// A text to be read as a script.
pub(super) struct Nested {
    /// `sh`, `bash`, `su`, `eval` …
    pub(super) wrapper: String,
    /// The text.
    pub(super) text: String,
    /// Its place.
    pub(super) origin: Origin,
    /// Whether its substitutions run here and not outside of the quotes.
    pub(super) literal: bool,
}

/// The script that a command is given in one of its words.
pub(super) fn find(words: &[ShellWord], text: &str, origin: Origin) -> Option<Nested> {
    let (first, rest) = words.split_first()?;
    let name = base_name(&first.text);
    if name == "eval" {
        return evaluated(rest, text, origin);
    }
    let word = match name {
        "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "mksh" => command_string(rest)?,
        "su" | "runuser" => after_option(rest)?,
        _ => return None,
    };
    let (text, origin, literal) = inner(word, text, origin);
    Some(Nested { wrapper: name.to_owned(), text, origin, literal })
}

/// The first operand, if one of the options before it is `-c`.
fn command_string(words: &[ShellWord]) -> Option<&ShellWord> {
    let mut given = false;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let text = word.text.as_str();
        if text == "--" {
            at += 1;
            break;
        }
        let Some(cluster) = text.strip_prefix(['-', '+']).filter(|it| !it.is_empty()) else {
            break;
        };
        at += 1;
        match cluster.strip_prefix('-') {
            Some("rcfile" | "init-file") => at += 1,
            Some(_) => {}
            None => {
                given |= text.starts_with('-') && cluster.contains('c');
                at += cluster.chars().filter(|letter| matches!(letter, 'o' | 'O')).count();
            }
        }
    }
    words.get(at).filter(|_| given)
}

/// The value of `-c` or `--command`.
fn after_option(words: &[ShellWord]) -> Option<&ShellWord> {
    let is_option = |word: &ShellWord| {
        word.text == "--command"
            || (word.text.starts_with('-')
                && !word.text.starts_with("--")
                && word.text.ends_with('c'))
    };
    let at = words.iter().position(is_option)?;
    words.get(at + 1)
}

fn evaluated(words: &[ShellWord], text: &str, origin: Origin) -> Option<Nested> {
    let (text, origin, literal) = match words {
        [] => return None,
        [word] => inner(word, text, origin),
        [first, .., last] => {
            let joined: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
            let within = Origin::Within(first.span.cover(last.span));
            (joined.join(" "), within, words.iter().all(|word| word.is_static))
        }
    };
    Some(Nested { wrapper: "eval".to_owned(), text, origin, literal })
}

/// A word's content and its place, which is exact where no escape is in it.
fn inner(word: &ShellWord, text: &str, origin: Origin) -> (String, Origin, bool) {
    let content = word.text.clone();
    match origin {
        Origin::Json(_) if word.span.len() as usize == content.len() + 2 => {
            (content, Origin::At(word.span.start + 1), true)
        }
        Origin::At(base) => {
            let start = word.span.start.saturating_sub(base) as usize;
            let raw = text.get(start..start + word.span.len() as usize).unwrap_or("");
            match literal(raw) {
                Some((inner, skipped)) => {
                    let literal = word.is_static || raw.starts_with('\'');
                    (inner.to_owned(), Origin::At(word.span.start + skipped), literal)
                }
                None => (content, Origin::Within(word.span), word.is_static),
            }
        }
        Origin::Json(_) => (content, Origin::Within(word.span), true),
        Origin::Within(span) => (content, Origin::Within(span), word.is_static),
    }
}

/// The text between the quotes where the shell takes it as it is written, and the length of the opening quote.
fn literal(raw: &str) -> Option<(&str, u32)> {
    for quote in ['\'', '"'] {
        if let Some(inner) = raw.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            let escaped = quote == '"' && inner.replace("\\\n", "").contains('\\');
            return (!inner.contains(quote) && !escaped).then_some((inner, 1));
        }
    }
    (!raw.contains(['\'', '"', '\\'])).then_some((raw, 0))
}
