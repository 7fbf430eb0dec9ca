//! One pattern of a .dockerignore, as BuildKit reads it.
//! Source: runs of BuildKit, of the classic builder and of buildah over one tree (`fixtures/contexts/ignore.tsv`), and
//! <https://docs.docker.com/build/concepts/context/#dockerignore-files>.

/// A pattern over whole paths from the root of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    One(char),
    /// `?`: one character but `/`.
    Any,
    /// `[…]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// `*`: characters but `/`.
    Star,
    /// `**/` inside a pattern: folders, or none.
    Folders,
    /// `**` at the end, or before plain text at the start: anything.
    Anything,
}

impl Pattern {
    /// Reads a pattern that is already cleaned; none if it is malformed, which makes a build fail.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.chars().peekable();
        let mut parts = Vec::new();
        while let Some(character) = rest.next() {
            parts.push(match character {
                '*' if rest.next_if_eq(&'*').is_some() => {
                    let has_slash = rest.next_if_eq(&'/').is_some();
                    let is_plain = !rest.clone().any(|it| "*?[\\".contains(it));
                    match rest.peek() {
                        None => Part::Anything,
                        // `**x` is what ends in `x`, but only if the rest is plain.
                        Some(_) if parts.is_empty() && is_plain && !has_slash => Part::Anything,
                        Some(_) => Part::Folders,
                    }
                }
                '*' => Part::Star,
                '?' => Part::Any,
                '[' => class(&mut rest)?,
                '\\' => Part::One(rest.next()?),
                other => Part::One(other),
            });
        }
        Some(Self { parts })
    }

    /// Whether the pattern describes this very path. The time is in proportion to the product of both lengths.
    pub(super) fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        // At which places of the path the parts so far can end.
        let mut ends = vec![false; path.len() + 1];
        ends[0] = true;
        for part in &self.parts {
            ends = part.step(&path, &ends);
        }
        ends[path.len()]
    }
}

impl Part {
    fn step(&self, path: &[char], before: &[bool]) -> Vec<bool> {
        let mut after = vec![false; before.len()];
        let mut reached = false;
        for (at, &ends) in before.iter().enumerate() {
            match self {
                Self::Star => {
                    reached = ends || reached && path[at - 1] != '/';
                    after[at] = reached;
                }
                Self::Anything => {
                    reached |= ends;
                    after[at] = reached;
                }
                Self::Folders => {
                    after[at] = ends || reached && path[at - 1] == '/';
                    reached |= ends;
                }
                _ if ends && path.get(at).is_some_and(|it| self.takes(*it)) => after[at + 1] = true,
                _ => {}
            }
        }
        after
    }

    fn takes(&self, character: char) -> bool {
        match self {
            Self::One(it) => *it == character,
            Self::Any => character != '/',
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&character)) != *negated
            }
            Self::Star | Self::Folders | Self::Anything => false,
        }
    }
}

/// The rest of a class behind its `[`. Only `^` negates; `!` is a character like others.
fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Part> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        let low = match rest.next()? {
            ']' if !ranges.is_empty() => return Some(Part::Class { negated, ranges }),
            // A class holds at least one character, and a bare `-` or `]` is none.
            ']' | '-' => return None,
            '\\' => rest.next()?,
            other => other,
        };
        let high = match rest.next_if_eq(&'-') {
            None => low,
            Some(_) => match rest.next()? {
                '\\' => rest.next()?,
                ']' | '-' => return None,
                other => other,
            },
        };
        ranges.push((low, high));
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn matches(pattern: &str, path: &str) -> bool {
        Pattern::parse(pattern).is_some_and(|it| it.matches(path))
    }

    #[test]
    fn stars_stop_at_slashes_and_double_ones_do_not() {
        assert!(matches("*.md", "a.md") && !matches("*.md", "a/b.md"));
        assert!(matches("a/**/b", "a/b") && matches("a/**/b", "a/x/y/b"));
        assert!(!matches("a/**/b", "a/xb"));
        assert!(matches("**dir", "xdir") && !matches("**/dir", "xdir"));
        assert!(matches("foo**", "foobar/x") && matches("**", "a/b"));
        assert!(matches("dir/**", "dir/a/b") && !matches("dir/**", "dir"));
    }

    #[test]
    fn malformed_patterns_are_none() {
        for text in ["[", "[a", "[]a]", "a\\", "[a-]", "[^]"] {
            assert_eq!(Pattern::parse(text), None, "{text}");
        }
    }

    #[test]
    fn many_stars_are_no_trap() {
        assert!(!matches(&"*a".repeat(500), &"a".repeat(499)));
    }
}
