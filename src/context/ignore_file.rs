//! .dockerignore: which paths of the build context a build does not see.

use super::pattern::Pattern;
use super::tree::Entry;

/// The patterns of a .dockerignore, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IgnoreFile {
    patterns: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Its number in the file, from 1.
    number: u32,
    /// The pattern as it is read: cleaned, without `!` and a `/` at its start.
    name: String,
    pattern: Pattern,
    /// Whether a `!` stands before it.
    restores: bool,
    /// Whether it is one of those that stand for all there is.
    is_all: bool,
}

/// A pattern that makes a build fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Its line, from 1.
    pub line: u32,
    /// Its text.
    pub pattern: String,
}

impl IgnoreFile {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// The first malformed pattern: a build fails at it.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut patterns = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let trimmed = line.trim();
            // A comment begins in the first column; behind blanks a `#` is the start of a name.
            if line.starts_with('#') || trimmed.is_empty() {
                continue;
            }
            let (restores, name) = match trimmed.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, trimmed),
            };
            let malformed = || Malformed { line: number, pattern: trimmed.to_owned() };
            if name.is_empty() {
                return Err(malformed());
            }
            let name = clean(name);
            let name = if name.len() > 1 { name.trim_start_matches('/') } else { &name };
            patterns.push(Line {
                number,
                name: name.to_owned(),
                pattern: Pattern::parse(name).ok_or_else(malformed)?,
                restores,
                is_all: matches!(name, "*" | "**" | "**/*"),
            });
        }
        Ok(Self { patterns })
    }

    /// Whether a file or folder of the context is left out: the last pattern decides that matches it or a folder above it.
    /// The path is from the root of the context, with `/` and without `.` and `..`.
    pub fn excludes(&self, path: &str) -> bool {
        let paths: Vec<&str> = folders_of(path).chain([path]).collect();
        let matches = |line: &&Line| paths.iter().any(|path| line.pattern.matches(path));
        self.patterns.iter().rev().find(matches).is_some_and(|line| !line.restores)
    }

    /// Whether what an earlier call of [`Self::verdict`] decided leaves the path out.
    pub(super) fn leaves_out(&self, verdict: Option<usize>) -> bool {
        verdict.is_some_and(|it| !self.patterns[it].restores)
    }

    /// The line that decides about a path, given the one that decides about its folder: the same as [`Self::excludes`]
    /// finds, without looking at the folders above again.
    pub(super) fn verdict(&self, path: &str, of_folder: Option<usize>) -> Option<usize> {
        let after = of_folder.map_or(0, |it| it + 1);
        let own = self.patterns[after..].iter().rposition(|it| it.pattern.matches(path));
        own.map(|it| after + it).or(of_folder)
    }

    /// Whether some pattern brings back what another leaves out.
    pub fn has_exceptions(&self) -> bool {
        self.patterns.iter().any(|it| it.restores)
    }

    /// Whether a pattern leaves out all that is in the root.
    pub fn excludes_all(&self) -> bool {
        self.patterns.iter().any(|it| it.is_all && !it.restores)
    }
}

/// A line of a .dockerignore that does not do what it seems to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// Its number, from 1.
    pub line: u32,
    /// Its pattern, with its `!`.
    pub pattern: String,
    /// What is odd.
    pub kind: OddKind,
}

/// What is odd about a line of a .dockerignore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OddKind {
    /// A later line decides about all that it matches; that line's number.
    Overridden(u32),
    /// It matches nothing, while a path of its name lies deeper; that path.
    OnlyInRoot(String),
}

impl IgnoreFile {
    /// The lines that do nothing in a context with those entries although they look as if they did. Lines with `!` are
    /// looked at only where there are few entries.
    pub(super) fn odd_lines(&self, entries: &[Entry]) -> Vec<Odd> {
        const FEW: usize = 20_000;
        let mut found = Vec::new();
        for (index, line) in self.patterns.iter().enumerate() {
            let kind = if line.restores && entries.len() <= FEW {
                self.overriding(index, entries).map(OddKind::Overridden)
            } else if !line.restores && !line.name.contains(['/', '*', '?', '[', '\\']) {
                let in_root = entries.iter().any(|it| it.path == line.name);
                let named =
                    |it: &&Entry| !it.ignored && it.path.rsplit('/').next() == Some(&line.name);
                let deeper = if in_root { None } else { entries.iter().find(named) };
                deeper.map(|it| OddKind::OnlyInRoot(it.path.clone()))
            } else {
                None
            };
            if let Some(kind) = kind {
                let pattern = format!("{}{}", if line.restores { "!" } else { "" }, line.name);
                found.push(Odd { line: line.number, pattern, kind });
            }
        }
        found
    }

    /// The number of a line below that of a `!` which leaves out all that it would bring back.
    fn overriding(&self, index: usize, entries: &[Entry]) -> Option<u32> {
        let hits = |line: &Line, path: &str| {
            folders_of(path).chain([path]).any(|it| line.pattern.matches(it))
        };
        let matched: Vec<&str> = entries
            .iter()
            .map(|it| it.path.as_str())
            .filter(|it| hits(&self.patterns[index], it))
            .collect();
        let mut later = self.patterns[index + 1..].iter().filter(|it| !it.restores);
        let over = later.find(|line| matched.iter().all(|it| hits(line, it)))?;
        (!matched.is_empty()).then_some(over.number)
    }
}

/// The folders above a path, the outermost first; not the root.
pub fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// A path without `.`, empty and undone components, and without a `/` at its end.
pub fn clean(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => drop(parts.pop()),
            ".." if is_rooted => {}
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    match (is_rooted, joined.as_str()) {
        (true, _) => format!("/{joined}"),
        (false, "") => ".".to_owned(),
        (false, _) => joined,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    /// Answers of a real engine: which files of one tree a build did not see. The file says how it was made.
    #[test]
    fn engines_agree() {
        let table = include_str!("../../fixtures/contexts/ignore.tsv");
        let mut lines = table.lines().filter(|it| !it.starts_with("## "));
        let files: Vec<&str> = lines.next().unwrap().split('\t').collect();
        let mut count = 0;
        for line in lines {
            let (patterns, excluded) = line.split_once('\t').unwrap();
            let ignore = IgnoreFile::parse(&patterns.replace('|', "\n")).unwrap();
            let found: Vec<&str> =
                files.iter().copied().filter(|file| ignore.excludes(file)).collect();
            assert_eq!(found.join("|"), excluded, "{patterns}");
            count += 1;
        }
        assert!(count >= 60, "{count}");
    }

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in [
            ("a/./b//c/", "a/b/c"),
            ("a/../b", "b"),
            ("../a", "../a"),
            ("a/..", "."),
            ("", "."),
            ("/", "/"),
            ("/../a/", "/a"),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }

    #[test]
    fn malformed_lines_are_named() {
        let wrong = |text: &str| IgnoreFile::parse(text).unwrap_err();
        assert_eq!(wrong("a\n!\n"), Malformed { line: 2, pattern: "!".to_owned() });
        assert_eq!(wrong("# a\n[\n").line, 2);
        assert_eq!(IgnoreFile::parse("\u{feff}# a\n\n"), Ok(IgnoreFile::default()));
    }
}
