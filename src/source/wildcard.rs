//! Wildcards of shells and of paths, matched in a time bounded by the product of both lengths.

/// Whether the whole text fits a pattern in which `*` stands for any characters and `?` for one byte.
///
/// Only the last `*` is ever tried again, as what an earlier one took can only have been too much: so nothing is tried
/// twice, however many there are.
pub fn wildcard(pattern: &str, text: &str) -> bool {
    super::work::count(1);
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut read) = (0, 0);
    // Where the pattern goes on behind the last `*`, and how much of the text that has taken.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                star = Some((at, read));
            }
            Some(byte) if *byte == b'?' || *byte == text[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((behind, taken)) = star else { return false };
                (at, read) = (behind, taken + 1);
                star = Some((behind, taken + 1));
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::wildcard;

    #[test]
    fn stars_take_any_text_and_question_marks_one_byte() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("a*", "a"),
            ("*a", "aaa"),
            ("a*b*c", "axxbyyc"),
            ("a*bc", "abbbc"),
            ("?*?", "ab"),
            ("**", "x"),
            ("*.tar.*", "x.tar.gz"),
        ] {
            assert!(wildcard(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("a", ""), ("?", ""), ("a*b", "ab c"), ("*a?", "a"), ("a*a", "a")]
        {
            assert!(!wildcard(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_longer() {
        let text = "a".repeat(10_000);
        let pattern = format!("{}b*", "*a".repeat(1_000));
        assert!(!wildcard(&pattern, &text));
    }
}
