//! Foreign text made harmless: one function for each language that output is written in.
//!
//! Names of files, texts of Dockerfiles, tags, labels and IDs are written by whoever made them. A terminal must not obey
//! them, a CI service must not take them for commands, and a browser must not take them for markup. Nothing is left
//! out: what is live is shown as an escape, such as `\u{1b}`.

mod live;
mod markdown;

use std::borrow::Cow;

use live::replaced;
pub use live::{is_live, is_live_at};
pub use markdown::{code_span, markdown, markdown_block, markdown_code, short_code_span};

/// Text inside a line of a terminal or of a CI log: it cannot break the line.
pub fn line(text: &str) -> Cow<'_, str> {
    replaced(text, |_| false, show)
}

/// Text of several lines for a terminal or a CI log: its line breaks stay.
pub fn lines(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A line of a file for a terminal, without its line end: tabs stay.
pub fn source(text: &str) -> Cow<'_, str> {
    replaced(text, |it| it == '\t', show)
}

/// A unified diff for a terminal: tabs and line ends stay.
pub fn diff(text: &str) -> String {
    let shown = text.split_inclusive('\n').map(|whole| {
        let body = whole.strip_suffix('\n').unwrap_or(whole);
        let body = body.strip_suffix('\r').unwrap_or(body);
        source(body).into_owned() + &whole[body.len()..]
    });
    shown.collect()
}

/// The message of a workflow command.
/// Source: <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>.
pub fn log_data(text: &str) -> String {
    line(text).replace('%', "%25")
}

/// A property of a workflow command.
pub fn log_property(text: &str) -> String {
    replaced(text, |it| it == ':', show).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

/// JSON that is written already: what is live in its strings becomes an escape of JSON, so that readers get it as it was.
pub fn json(written: String) -> String {
    // Live characters are in strings only, but for line breaks and tabs between the values.
    let is_kept = |it: char| matches!(it, '\n' | '\t' | '\r');
    let escape = |it: char, text: &mut String| {
        for unit in it.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    };
    match replaced(&written, is_kept, escape) {
        Cow::Borrowed(_) => written,
        Cow::Owned(text) => text,
    }
}

/// JSON for a `script` element of a page: nothing in it can end the element that it is in.
pub fn html_json(written: &str) -> String {
    written.replace('<', "\\u003c")
}

/// Text for an element or an attribute of XML. Readers get it as it was, but for characters that XML 1.0 cannot hold.
/// Source: <https://www.w3.org/TR/xml/#charsets>.
pub fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped += &format!("&#{};", u32::from(character)),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => show(character, &mut escaped),
            it => escaped.push(it),
        }
    }
    let reference =
        |it: char, text: &mut String| text.push_str(&format!("&#x{:x};", u32::from(it)));
    match replaced(&escaped, |_| false, reference) {
        Cow::Borrowed(_) => escaped,
        Cow::Owned(text) => text,
    }
}

/// One word of a command line that is suggested for a POSIX shell.
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "_-./:@%+,=".contains(it);
    if !text.is_empty() && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    if !text.chars().any(is_live) {
        return Cow::Owned(format!("'{}'", text.replace('\'', "'\\''")));
    }
    let mut quoted = "$'".to_owned();
    for character in text.chars() {
        match character {
            '\'' | '\\' => quoted.extend(['\\', character]),
            it if is_live(it) => {
                let mut bytes = [0; 4];
                let bytes = it.encode_utf8(&mut bytes).bytes();
                quoted.extend(bytes.map(|byte| format!("\\{byte:03o}")));
            }
            it => quoted.push(it),
        }
    }
    Cow::Owned(quoted + "'")
}

/// What people see of a live character.
pub fn seen(character: char) -> String {
    let mut text = String::new();
    show(character, &mut text);
    text
}

fn show(character: char, text: &mut String) {
    match character {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        it => text.extend(it.escape_unicode()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_lines() {
        assert_eq!(line("plain – ü 😀"), "plain – ü 😀");
        assert_eq!(
            line("a\x1b[31m\r\n\tb\u{9b}\u{7f}\u{202e}\u{200b}"),
            "a\\u{1b}[31m\\r\\n\\tb\\u{9b}\\u{7f}\\u{202e}\\u{200b}"
        );
        assert_eq!(lines("a\n::b::c\r\nd\x07"), "a\n:\\u{3a}b::c\nd\\u{7}");
        assert_eq!(source("\ta\u{2066}"), "\ta\\u{2066}");
        assert_eq!(diff("-a\x1b\r\n+\tb\r\n \r c"), "-a\\u{1b}\r\n+\tb\r\n \\r c");
    }

    #[test]
    fn json_is_read_as_it_was() {
        for text in ["\u{202e}\u{9b}\u{7f}\u{e0041}\n", "##vso[x]", "::error::", "plain"] {
            let written = json(serde_json::Value::from(text).to_string());
            assert!(!written.chars().any(is_live), "{written}");
            assert_eq!(serde_json::from_str::<String>(&written).ok().as_deref(), Some(text));
        }
    }

    #[test]
    fn xml_has_references() {
        assert_eq!(xml("<a b=\"c\">&\n"), "&lt;a b=&quot;c&quot;&gt;&amp;&#10;");
        assert_eq!(xml("\x1b\u{85}\u{202e}\u{ffff}"), "\\u{1b}&#x85;&#x202e;\\u{ffff}");
        assert_eq!(xml("##[error]x"), "#&#x23;[error]x");
    }

    #[test]
    fn workflow_commands_have_one_line() {
        assert_eq!(log_data("50%\n::error::x\x1b"), "50%25\\n:\\u{3a}error::x\\u{1b}");
        assert_eq!(log_property("a:,%\r::b"), "a%3A%2C%25\\r%3A%3Ab");
    }

    #[test]
    fn shell_words_are_one_word() {
        assert_eq!(shell_word("sha256:0a"), "sha256:0a");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("a b;$(c)'"), "'a b;$(c)'\\'''");
        assert_eq!(shell_word("a\n'\\\u{202e}"), "$'a\\012\\'\\\\\\342\\200\\256'");
    }
}
