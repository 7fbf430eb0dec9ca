//! Text inside Markdown, as GitHub and GitLab render it.

use super::line;

/// One line of a cell: code spans stay, all other text means itself. Nothing in it is a link, a mention or a tag.
pub fn markdown(text: &str) -> String {
    let text = line(text);
    let mut escaped = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('`') {
        plain(&rest[..at], &mut escaped);
        rest = &rest[at..];
        let length = rest.len() - rest.trim_start_matches('`').len();
        // Only a run of the same length ends a code span.
        if length == 1
            && let Some(end) = next_single(&rest[1..])
        {
            let (code, after) = rest.split_at(1 + end + 1);
            // Tables are cut into cells before code is looked for.
            escaped.push_str(&code.replace('|', "\\|"));
            rest = after;
        } else {
            escaped.push_str(&"\\`".repeat(length));
            rest = &rest[length..];
        }
    }
    plain(rest, &mut escaped);
    escaped
}

/// A code span, whose fence is longer than any run of backticks in the text.
pub fn markdown_code(text: &str) -> String {
    code_span(&line(text))
}

/// A text between backticks, which are more than it has in a row anywhere.
pub fn code_span(text: &str) -> String {
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Renderers take one blank away from both ends.
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// The start of a text as a code span of at most `most` characters and three more. Backticks, whose fence grows with them, may
/// leave less of it.
pub fn short_code_span(text: &str, most: usize) -> String {
    let mut kept = most;
    loop {
        let span = match text.char_indices().nth(kept) {
            Some((end, _)) => code_span(&format!("{}…", &text[..end])),
            None => code_span(text),
        };
        if kept == 0 || span.chars().count() <= most + 3 {
            return span;
        }
        kept -= 1;
    }
}

/// A block of lines as they are, whose fence is longer than any run of backticks in them.
pub fn markdown_block(text: &str) -> String {
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// Where the next run of backticks that is one long is.
fn next_single(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_tick = |at: usize| bytes.get(at) == Some(&b'`');
    (0..bytes.len())
        .find(|&at| is_tick(at) && !is_tick(at + 1) && (at == 0 || !is_tick(at - 1)))
        // Nothing between the two: they are one run.
        .filter(|at| *at > 0)
}

/// Text without backticks.
fn plain(text: &str, escaped: &mut String) {
    for word in text.split_inclusive(' ') {
        let name = word.trim_end_matches(' ');
        if !name.is_empty() && is_found(name) {
            escaped.push_str(&markdown_code(name).replace('|', "\\|"));
            escaped.push_str(&word[name.len()..]);
            continue;
        }
        for character in word.chars() {
            if "\\*_[]<>~#|&$".contains(character) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
}

/// Whether renderers make a link of a word, wherever it is: an address, a mention, an issue.
fn is_found(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let is_issue = word.split('#').skip(1).any(|it| it.starts_with(|it: char| it.is_ascii_digit()));
    word.contains('@') || word.contains("://") || word.contains("www.") || is_issue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_stay() {
        assert_eq!(markdown("use `a|b` and `<c>` now"), "use `a\\|b` and `<c>` now");
        assert_eq!(markdown("`a``b`"), "`a``b`");
        assert_eq!(markdown_code("a"), "`a`");
        assert_eq!(markdown_code("a``b"), "```a``b```");
        assert_eq!(markdown_code("`a"), "`` `a ``");
    }

    #[test]
    fn short_spans_stay_short() {
        for (text, expected) in [
            ("", "``"),
            ("abcdef", "`abcdef`"),
            ("abcdefg", "`abcdef…`"),
            ("a`b", "``a`b``"),
            // One character more than fits, because of the fences.
            ("a`bcdef", "``a`bc…``"),
            ("``````", "`` `… ``"),
            ("é````x", "``é`…``"),
        ] {
            assert_eq!(short_code_span(text, 6), expected, "{text}");
            assert!(expected.chars().count() <= 9, "{expected}");
        }
    }

    #[test]
    fn text_is_no_markup() {
        for (text, expected) in [
            ("[x](//e.io)<b>", "\\[x\\](//e.io)\\<b\\>"),
            // The run of three ends no span that one backtick starts.
            ("`[x](u)```", "\\`\\[x\\](u)\\`\\`\\`"),
            ("``[x](u)`", "\\`\\`\\[x\\](u)\\`"),
            ("`a`[x](u)`b`", "`a`\\[x\\](u)`b`"),
            ("a`b", "a\\`b"),
            ("&#x202e;", "\\&\\#x202e;"),
            ("see https://e.io now", "see `https://e.io` now"),
            ("ask @team, #12", "ask `@team,` `#12`"),
            ("a\u{202e}\n| b", "a\\\\u{202e}\\\\n\\| b"),
        ] {
            assert_eq!(markdown(text), expected, "{text}");
        }
    }
}
