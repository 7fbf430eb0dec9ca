//! One pattern of a .dockerignore, as BuildKit reads it.
//! Source: runs of BuildKit, of the classic builder and of buildah over one tree (`fixtures/contexts/ignore.tsv`), and
//! <https://docs.docker.com/build/concepts/context/#dockerignore-files>.

use crate::escape::is_live;
use crate::source::fits;

/// A pattern over whole paths from the root of the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

/// A part of a pattern between slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Component {
    /// Plain text.
    Name(Box<str>),
    /// `*text`
    Ending(Box<str>),
    /// `text*`
    Start(Box<str>),
    /// `*`
    Any,
    /// Other wildcards.
    Glob(Glob),
    /// `**/`: folders, or none.
    Folders,
    /// `**` at the end: all that is below.
    Rest,
}

/// Wildcards over one name, without slashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Glob(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    One(char),
    /// `?`: one character but `/`.
    Any,
    /// `[…]`, its ranges in order and apart from each other.
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

/// The pattern of a .dockerignore, or the source of a COPY, that means this very path. What cannot be in its own line
/// (line breaks, blanks at the ends, what a terminal obeys) becomes a `?`, which means any one character.
pub fn pattern_of(path: &str) -> String {
    let last = path.chars().count().saturating_sub(1);
    let mut pattern = String::with_capacity(path.len());
    for (at, character) in path.chars().enumerate() {
        match character {
            it if is_live(it) || (it.is_whitespace() && (at == 0 || at == last)) => {
                pattern.push('?');
            }
            '*' | '?' | '[' | '\\' => pattern.extend(['\\', character]),
            '#' | '!' if at == 0 => pattern.extend(['\\', character]),
            it => pattern.push(it),
        }
    }
    pattern
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

    /// What is between its slashes; none if a `**` in it is not its own component, or a class may be a slash.
    pub(super) fn components(&self) -> Option<Vec<Component>> {
        let mut found = Vec::new();
        let mut current = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            match part {
                Part::One('/') => found.push(Component::of(std::mem::take(&mut current))?),
                Part::Folders if !current.is_empty() => return None,
                Part::Folders if found.last() == Some(&Component::Folders) => {}
                Part::Folders => found.push(Component::Folders),
                Part::Anything if current.is_empty() && at + 1 == self.parts.len() => {
                    found.push(Component::Rest);
                    return Some(found);
                }
                Part::Anything => return None,
                Part::Class { .. } if part.takes('/') => return None,
                other => current.push(other.clone()),
            }
        }
        found.push(Component::of(current)?);
        Some(found)
    }

    /// How much work it is to hold it against a path.
    pub(super) fn cost(&self, path: &str) -> u64 {
        1 + (self.parts.len() * path.len()) as u64 / 8
    }

    /// Whether the pattern describes this very path. The time is in proportion to the product of both lengths.
    pub(super) fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        // At which places of the path the parts so far can end.
        let mut ends = vec![false; path.len() + 1];
        ends[0] = true;
        let mut next = vec![false; path.len() + 1];
        for part in &self.parts {
            part.step(&path, &ends, &mut next);
            std::mem::swap(&mut ends, &mut next);
            if !ends.contains(&true) {
                return false;
            }
        }
        ends[path.len()]
    }
}

impl Component {
    /// None for nothing at all.
    fn of(parts: Vec<Part>) -> Option<Self> {
        let text = |parts: &[Part]| -> Option<Box<str>> {
            let letters = parts.iter().map(|it| match it {
                Part::One(character) => Some(*character),
                _ => None,
            });
            letters.collect::<Option<String>>().map(String::into_boxed_str)
        };
        Some(match parts.as_slice() {
            [] => return None,
            [Part::Star] => Self::Any,
            [Part::Star, rest @ ..] if let Some(text) = text(rest) => Self::Ending(text),
            [rest @ .., Part::Star] if let Some(text) = text(rest) => Self::Start(text),
            all => match text(all) {
                Some(text) => Self::Name(text),
                None => Self::Glob(Glob(parts)),
            },
        })
    }
}

impl Glob {
    /// Wildcards over one name as COPY reads them; none if they are malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.chars().peekable();
        let mut parts = Vec::new();
        while let Some(character) = rest.next() {
            parts.push(match character {
                '*' => Part::Star,
                '?' => Part::Any,
                '[' => class(&mut rest)?,
                '\\' => Part::One(rest.next()?),
                other => Part::One(other),
            });
        }
        Some(Self(parts))
    }

    /// Whether it describes a name; `work` grows by at most the product of both lengths.
    pub fn matches(&self, name: &str, work: &mut u64) -> bool {
        let is_star = |it: &Part| matches!(it, Part::Star);
        fits(&self.0, name.chars(), is_star, Part::takes, work)
    }
}

impl Part {
    /// From the places where the parts so far can end to those where this one can.
    fn step(&self, path: &[char], before: &[bool], after: &mut [bool]) {
        after.fill(false);
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
    }

    fn takes(&self, character: char) -> bool {
        match self {
            Self::One(it) => *it == character,
            Self::Any => character != '/',
            Self::Class { negated, ranges } => {
                let before = ranges.partition_point(|(low, _)| *low <= character);
                let range = before.checked_sub(1).map(|it| ranges[it]);
                range.is_some_and(|(_, high)| character <= high) != *negated
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
            ']' if !ranges.is_empty() => {
                return Some(Part::Class { negated, ranges: united(ranges) });
            }
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

/// Ranges in order, those that overlap as one, so that a look at them takes no longer the more there are.
fn united(mut ranges: Vec<(char, char)>) -> Vec<(char, char)> {
    ranges.retain(|(low, high)| low <= high);
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let overlaps = next.0 <= kept.1;
        kept.1 = if overlaps { kept.1.max(next.1) } else { kept.1 };
        overlaps
    });
    ranges
}

#[cfg(test)]
mod tests {
    use super::{Glob, Pattern, pattern_of};
    use crate::context::IgnoreFile;

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
        for text in ["[", "[a", "[]a]", "a\\", "[a-]", "[^]", "[-a]", "[a--]", "[a-", "[\\"] {
            assert_eq!(Pattern::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_pattern_of_a_path_is_one_line_that_leaves_out_that_path_alone() {
        for (path, pattern) in [
            (".env", ".env"),
            ("a b/c", "a b/c"),
            ("a\nb/.env", "a?b/.env"),
            ("#a", "\\#a"),
            ("!a", "\\!a"),
            ("a#b!", "a#b!"),
            (" a\t", "?a?"),
            ("a*[b]?\\c", "a\\*\\[b]\\?\\\\c"),
            ("\u{1b}[31m\u{202e}x", "?\\[31m?x"),
        ] {
            assert_eq!(pattern_of(path), pattern);
            let ignored = IgnoreFile::parse(&pattern_of(path));
            assert!(ignored.is_ok_and(|it| it.excludes(path) && !it.excludes("ab")), "{path}");
        }
    }

    #[test]
    fn wildcards_over_names_give_up_in_time() {
        let matches = |glob: &str, name: &str| {
            let mut work = 0;
            let found = Glob::parse(glob).is_some_and(|it| it.matches(name, &mut work));
            assert!(work <= ((glob.len() + 1) * (name.len() + 1)) as u64, "{glob} {work}");
            found
        };
        assert!(matches("a*b?c", "axxbyc") && matches("*a*", "bab") && matches("[^a]x", "ñx"));
        assert!(
            !matches("a*b", "abx") && !matches("?", "") && matches("**", "") && matches("", "")
        );
        assert!(!matches(&"*a".repeat(60), &"a".repeat(59)) && !matches("a\\*", "ab"));
    }

    #[test]
    fn components_are_what_stands_between_slashes() {
        let names = |text: &str| {
            let components = Pattern::parse(text).and_then(|it| it.components());
            components.map(|it| it.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>().join(" "))
        };
        let short = |text: &str| names(text).unwrap_or_else(|| "whole".to_owned());
        assert_eq!(short("a/*/**/*.md"), "Name(\"a\") Any Folders Ending(\".md\")");
        assert_eq!(short("**/x*/**"), "Folders Start(\"x\") Rest");
        assert_eq!(short("**"), "Rest");
        for text in ["a**b", "**dir", "foo**", "[^a]x", "a[.-0]"] {
            assert_eq!(short(text), "whole", "{text}");
        }
    }

    #[test]
    fn classes_are_sets() {
        for (class, members, others) in [
            ("[ca-b]", "abc", "d"),
            ("[a-fd-zb]", "abfgz", "A"),
            ("[z-a]", "", "amz"),
            ("[^z-a]", "amz", ""),
            ("[^a-cb-e]", "fz", "abcde"),
            ("[\\]\\-x]", "]-x", "a"),
        ] {
            assert!(members.chars().all(|it| matches(class, &it.to_string())), "{class}");
            assert!(!others.chars().any(|it| matches(class, &it.to_string())), "{class}");
        }
    }

    #[test]
    fn many_stars_are_no_trap() {
        assert!(!matches(&"*a".repeat(500), &"a".repeat(499)));
    }
}
