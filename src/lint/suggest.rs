//! Words that were probably meant.

/// ` (did you mean …?)` with the candidate that is closest to the word, or nothing if none is close.
pub fn did_you_mean<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let word = word.to_lowercase();
    let letters = word.chars().count();
    let limit = (letters / 3).max(1);
    let is_close = |it: &&str| it.chars().count().abs_diff(letters) <= limit;
    let scored = candidates.filter(is_close).map(|it| (distance(&word, &it.to_lowercase()), it));
    match scored.filter(|(score, _)| *score <= limit).min() {
        Some((_, candidate)) => format!(" (did you mean `{candidate}`?)"),
        None => String::new(),
    }
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_word_is_named() {
        let words = ["hadolint", "shellcheck", "DL3008", "DL3009"];
        assert_eq!(did_you_mean("hadlint", words.into_iter()), " (did you mean `hadolint`?)");
        assert_eq!(did_you_mean("dl308", words.into_iter()), " (did you mean `DL3008`?)");
        assert_eq!(did_you_mean("zzz", words.into_iter()), "");
    }
}
