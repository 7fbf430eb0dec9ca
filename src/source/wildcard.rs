//! Wildcards of shells and of paths, matched in a time bounded by the product of both lengths.

/// Whether the whole text fits a pattern in which `*` stands for any characters and `?` for one byte.
pub fn wildcard(pattern: &str, text: &str) -> bool {
    super::work::count(1);
    let takes = |it: &u8, byte: u8| *it == b'?' || *it == byte;
    fits(pattern.as_bytes(), text.bytes(), |it| *it == b'*', takes, &mut 0)
}

/// Whether all of a text fits the parts of a pattern: stars, and others that take one character each. `work` grows by the
/// number of steps.
///
/// Only the last star is ever tried again, as what an earlier one took can only have been too much: so nothing is tried
/// twice, however many there are.
pub fn fits<P, C: Copy>(
    pattern: &[P],
    text: impl Iterator<Item = C> + Clone,
    is_star: impl Fn(&P) -> bool,
    takes: impl Fn(&P, C) -> bool,
    work: &mut u64,
) -> bool {
    let (mut at, mut rest) = (0, text);
    // Where the pattern goes on behind the last star, and what that has left of the text.
    let mut star = None;
    loop {
        *work += 1;
        let mut after = rest.clone();
        match (pattern.get(at), after.next()) {
            (None, None) => return true,
            (Some(part), _) if is_star(part) => {
                at += 1;
                star = Some((at, rest.clone()));
            }
            (Some(_), None) => return false,
            (Some(part), Some(character)) if takes(part, character) => {
                at += 1;
                rest = after;
            }
            _ => {
                let Some((behind, left)) = &mut star else { return false };
                left.next();
                (at, rest) = (*behind, left.clone());
            }
        }
    }
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
