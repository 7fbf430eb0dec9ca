//! What a shell word says once its quotes are gone.

use super::ShellWord;
use crate::source::Span;

/// A word's text without quotes and escapes; expansions stay as they are written.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) text: String,
    dynamic: bool,
    quoted: bool,
    /// Whether no shell would read it: a group such as `!(a|b` or a `${` in it is never closed, or a bracket is
    /// where none can be, as in `a?b(c`.
    broken: bool,
}

/// Whether no shell would read a raw word, although the parser did: it lets the end of the text close a group or a
/// `${`, so that such a word takes in all that follows it, and it takes a bracket in any pattern for a group.
pub(super) fn is_broken(raw: &str) -> bool {
    let brackets = raw.bytes().zip(raw.bytes().skip(1));
    let has_group = raw.starts_with('(') || brackets.clone().any(|it| it.1 == b'(' && it.0 != b'$');
    (has_group || raw.contains("${")) && Resolved::read(raw).broken
}

impl Resolved {
    /// Reads the raw text of one word.
    pub(super) fn read(raw: &str) -> Self {
        let mut resolved = Self::default();
        if raw.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'=' | b':')
        }) {
            raw.clone_into(&mut resolved.text);
            return resolved;
        }
        resolved.dynamic = raw.starts_with('~');
        resolved.unquoted(raw);
        resolved
    }

    /// The word at its place.
    pub(super) fn at(self, span: Span) -> ShellWord {
        ShellWord { text: self.text, is_static: !self.dynamic, quoted: self.quoted, span }
    }

    fn unquoted(&mut self, raw: &str) {
        let mut rest = raw;
        let mut brackets = false;
        let mut before = ' ';
        while let Some(character) = rest.chars().next() {
            let is_group = character == '(' && matches!(before, '@' | '?' | '*' | '+' | '!');
            before = character;
            let used = match character {
                '(' if is_group || is_array(&raw[..raw.len() - rest.len()]) => self.group(rest),
                '(' => {
                    self.broken = true;
                    self.text.push('(');
                    1
                }
                '\\' => self.escaped(rest),
                '\'' => self.single_quoted(rest),
                '"' => self.double_quoted(rest),
                '$' if rest[1..].starts_with('\'') => self.ansi_quoted(rest),
                '$' if rest[1..].starts_with('"') => 1,
                '$' | '`' => self.expansion(rest),
                '<' | '>' if rest[1..].starts_with('(') => self.expansion(rest),
                _ => {
                    brackets |= character == '[';
                    self.dynamic |= matches!(character, '*' | '?')
                        || (character == ']' && brackets)
                        || (character == '{' && has_brace_list(rest));
                    self.text.push(character);
                    character.len_utf8()
                }
            };
            rest = &rest[used..];
        }
    }

    fn escaped(&mut self, rest: &str) -> usize {
        match rest[1..].chars().next() {
            Some('\n') => 2,
            Some(next) => {
                self.quoted = true;
                self.text.push(next);
                1 + next.len_utf8()
            }
            None => {
                self.text.push('\\');
                1
            }
        }
    }

    fn single_quoted(&mut self, rest: &str) -> usize {
        self.quoted = true;
        let length = rest[1..].find('\'').unwrap_or(rest.len() - 1);
        // Inside single quotes, `\⏎` can only be what is left of a continuation.
        self.text.push_str(&rest[1..=length].replace("\\\n", ""));
        (length + 2).min(rest.len())
    }

    fn double_quoted(&mut self, rest: &str) -> usize {
        self.quoted = true;
        let mut at = 1;
        while let Some(character) = rest[at..].chars().next() {
            at += match character {
                '"' => return at + 1,
                '\\' => match rest[at + 1..].chars().next() {
                    Some('\n') => 2,
                    Some(next @ ('"' | '\\' | '$' | '`')) => {
                        self.text.push(next);
                        2
                    }
                    _ => {
                        self.text.push('\\');
                        1
                    }
                },
                '$' | '`' => self.expansion(&rest[at..]),
                _ => {
                    self.text.push(character);
                    character.len_utf8()
                }
            };
        }
        at
    }

    /// `$'…'`: the common escapes are resolved.
    fn ansi_quoted(&mut self, rest: &str) -> usize {
        self.quoted = true;
        let mut at = 2;
        while let Some(character) = rest[at..].chars().next() {
            at += character.len_utf8();
            match character {
                '\'' => return at,
                '\\' => {
                    let Some(next) = rest[at..].chars().next() else { break };
                    at += next.len_utf8();
                    match next {
                        'n' => self.text.push('\n'),
                        't' => self.text.push('\t'),
                        'r' => self.text.push('\r'),
                        '\\' | '\'' | '"' => self.text.push(next),
                        _ => self.text.extend(['\\', next]),
                    }
                }
                _ => self.text.push(character),
            }
        }
        at
    }

    /// A group of patterns, which ends at its bracket, as quotes mean nothing to the parser there.
    fn group(&mut self, rest: &str) -> usize {
        let (mut depth, mut characters) = (0_usize, rest.char_indices());
        let mut end = rest.len();
        let already = self.broken;
        self.broken = true;
        while let Some((at, character)) = characters.next() {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                '\\' => drop(characters.next()),
                _ => {}
            }
            if depth == 0 {
                (end, self.broken) = (at + 1, already);
                break;
            }
        }
        self.dynamic = true;
        self.text.push_str(&rest[..end]);
        end
    }

    /// Copies an expansion as it is written; a `$` before anything else is literal.
    fn expansion(&mut self, rest: &str) -> usize {
        let length = expansion_length(rest);
        self.dynamic |= length > 1;
        // Quotes may hide a bracket from us that the shell sees.
        let count = |text| rest.matches(text).count();
        let opens = count("${") > count("}") || count("$(") > count(")") || count("`") % 2 == 1;
        self.broken |= length == rest.len() && rest.starts_with("${") && opens;
        self.text.push_str(&rest[..length]);
        length
    }
}

/// Whether a bracket after this start of a word opens an array: `x=(a b)`, or its value alone.
fn is_array(start: &str) -> bool {
    start.is_empty()
        || start.ends_with('=')
            && start.starts_with(|it: char| it == '_' || it.is_ascii_alphabetic())
}

/// Whether `rest`, which starts with `{`, starts a brace expansion.
fn has_brace_list(rest: &str) -> bool {
    let Some(end) = rest.find('}') else { return false };
    let inner = &rest[1..end];
    inner.contains(',') || inner.contains("..")
}

/// How long the expansion at the start of `rest` is.
pub(super) fn expansion_length(rest: &str) -> usize {
    let mut characters = rest.chars();
    match (characters.next(), characters.next()) {
        (Some('`'), _) => closing_backtick(rest),
        (Some('$' | '<' | '>'), Some('(')) => closing(rest, 1, b'(', b')'),
        (Some('$'), Some('{')) => closing(rest, 1, b'{', b'}'),
        (Some('$'), Some('[')) => closing(rest, 1, b'[', b']'),
        (Some('$'), Some(next)) if next.is_ascii_alphabetic() || next == '_' => {
            let name = rest[1..].find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
            name.map_or(rest.len(), |length| length + 1)
        }
        (Some('$'), Some('0'..='9' | '@' | '*' | '#' | '?' | '-' | '$' | '!')) => 2,
        _ => 1,
    }
}

fn closing_backtick(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'`' => return at + 1,
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

/// Just after the bracket that closes the one at `open`; quotes inside are skipped.
fn closing(rest: &str, open: usize, left: u8, right: u8) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at, mut quote) = (0_usize, open, None);
    while at < bytes.len() {
        let byte = bytes[at];
        match quote {
            _ if byte == b'\\' && quote != Some(b'\'') => at += 1,
            Some(open) if byte == open => quote = None,
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            None if byte == left => depth += 1,
            None if byte == right => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> (String, bool, bool) {
        let word = Resolved::read(raw).at(Span::at(0));
        (word.text, word.is_static, word.quoted)
    }

    #[test]
    fn quotes_and_escapes_are_resolved() {
        assert_eq!(read(r#"a\ b"x\"y\d"'z w'"#), ("a bx\"y\\dz w".into(), true, true));
        assert_eq!(read(r"$'a\nb\'c'"), ("a\nb'c".into(), true, true));
        assert_eq!(read("a\\\nb'c\\\nd'"), ("abcd".into(), true, true));
    }

    #[test]
    fn expansions_stay_as_they_are_written() {
        assert_eq!(
            read("$A-${B:-'}'}\"$(c \")\")\""),
            ("$A-${B:-'}'}$(c \")\")".into(), false, true)
        );
        assert_eq!(read("`a \\`b\\``"), ("`a \\`b\\``".into(), false, false));
        assert_eq!(read("cost$"), ("cost$".into(), true, false));
    }

    #[test]
    fn globs_and_braces_are_dynamic() {
        for raw in ["/tmp/*", "a?", "[ab]c", "{a,b}", "~/x"] {
            assert!(!read(raw).1, "{raw}");
        }
        for raw in ["[", "'/tmp/*'", "{}", "a\\*", "]"] {
            assert!(read(raw).1, "{raw}");
        }
    }

    #[test]
    fn groups_of_patterns_end_at_their_bracket() {
        assert_eq!(read("a!(b|@(c))d\\e"), ("a!(b|@(c))de".into(), false, true));
        let words = ["a!(b|c", "?(", "*(a(b)", "+(a\\)", "@('(')", "\"a\"b*(c d"];
        for raw in words.into_iter().chain([
            "a${b",
            "${b:-c d",
            "\"${b",
            "${a:-${b}",
            "${b c $(d}",
            "a${b `c}",
        ]) {
            assert!(is_broken(raw), "{raw}");
        }
        for raw in
            ["-?-on(c |6 a", "?x(c)", "!(a)(", "a\\!b(", "x=(a", "?=(b)", "x=(a)(", "?a(b)@(c)"]
        {
            assert!(is_broken(raw), "{raw}");
        }
        let words = [
            "a!(b)",
            "!",
            "'!('",
            "$(a",
            "a\\!b\\(",
            "a\"!(\"",
            "x=(a)",
            "_x+=(a b)",
            "(a b)",
            "<(a)",
        ];
        let closed = [
            "${b}",
            "\\${b",
            "'${b'",
            "${a:-${b}}",
            "\"${a:-it's}\"",
            "$b{",
            "${a:-$(b)}",
            "${a:-`b`}",
        ];
        for raw in words.into_iter().chain(closed) {
            assert!(!is_broken(raw), "{raw}");
        }
    }

    #[test]
    fn broken_words_are_read_to_their_end() {
        for raw in ["'", "\"", "$'", "\\", "$(", "`", "${", "\"$", "'é", "\"\\é"] {
            let _ = read(raw);
        }
    }
}
