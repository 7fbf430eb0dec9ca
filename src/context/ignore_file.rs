//! .dockerignore: which paths of the build context a build does not see.

use super::matcher::{Live, Matcher};
use super::pattern::Pattern;

/// The patterns of a .dockerignore, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreFile {
    patterns: Vec<Line>,
    matcher: Matcher,
}

/// One pattern of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub(super) number: u32,
    /// The pattern as it is read: cleaned, without `!` and a `/` at its start.
    pub(super) name: String,
    /// Whether it is written with a `/` or `.` at its start: it is meant for the root.
    pub(super) is_rooted: bool,
    /// Whether a `!` is before it.
    pub(super) restores: bool,
    /// Whether it is one of those that stand for all there is.
    is_all: bool,
}

/// What the patterns say about a folder of the context, and what they may still say about what is in it.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The pattern that decides about the folder itself, by index.
    pub(super) line: Option<u32>,
    live: Live,
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
        let (mut patterns, mut matcher) = (Vec::new(), Matcher::new());
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
            let is_rooted = name.starts_with(['/', '.']) && name.contains('/');
            let name = clean(name);
            let name = if name.len() > 1 { name.trim_start_matches('/') } else { &name };
            let pattern = Pattern::parse(name).ok_or_else(malformed)?;
            matcher.add(pattern, number_of(&patterns), restores);
            patterns.push(Line {
                number,
                name: name.to_owned(),
                is_rooted,
                restores,
                is_all: matches!(name, "*" | "**" | "**/*"),
            });
        }
        Ok(Self { patterns, matcher })
    }

    /// Whether a file or folder of the context is left out: the last pattern decides that matches it or a folder above it.
    /// The path is from the root of the context, with `/` and without `.` and `..`.
    pub fn excludes(&self, path: &str) -> bool {
        let mut work = 0;
        let folder =
            folders_of(path).fold(self.root(), |it, path| self.enter(&it, path, &mut work));
        self.leaves_out(self.line_of(&folder, path, &mut work))
    }

    /// What holds in the root of the context.
    pub fn root(&self) -> Standing {
        Standing { line: None, live: self.matcher.root() }
    }

    /// The pattern, by index, that decides about a path in a folder; `work` grows by what that takes.
    pub fn line_of(&self, folder: &Standing, path: &str, work: &mut u64) -> Option<u32> {
        if self.matcher.is_done(&folder.live) {
            return folder.line;
        }
        self.matcher.last(&folder.live, path, work).max(folder.line)
    }

    /// What holds in a folder of a folder.
    pub fn enter(&self, folder: &Standing, path: &str, work: &mut u64) -> Standing {
        let name = path.rsplit('/').next().unwrap_or(path);
        Standing {
            line: self.line_of(folder, path, work),
            live: self.matcher.enter(&folder.live, name, work),
        }
    }

    /// What holds in a folder, which is the root or in the folder `above`; none if nothing in it gets through. Without an
    /// ignore file everything does.
    pub fn open(
        ignore: Option<&Self>,
        above: &Standing,
        path: &str,
        work: &mut u64,
    ) -> Option<Standing> {
        let Some(ignore) = ignore else { return Some(Standing::default()) };
        let inside = if path.is_empty() { ignore.root() } else { ignore.enter(above, path, work) };
        ignore.lets_through(&inside).then_some(inside)
    }

    /// Whether a decision leaves the path out.
    pub fn leaves_out(&self, line: Option<u32>) -> bool {
        self.line(line).is_some_and(|it| !it.restores)
    }

    /// The line of a decision.
    pub(super) fn line(&self, line: Option<u32>) -> Option<&Line> {
        self.patterns.get(line? as usize)
    }

    /// Whether something in the folder may not be left out.
    pub fn lets_through(&self, folder: &Standing) -> bool {
        !self.leaves_out(folder.line) || self.matcher.may_restore(&folder.live, folder.line)
    }

    /// The lines in order.
    pub(super) fn lines(&self) -> &[Line] {
        &self.patterns
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

fn number_of(patterns: &[Line]) -> u32 {
    u32::try_from(patterns.len()).unwrap_or(u32::MAX)
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
        assert_eq!(IgnoreFile::parse("\u{feff}# a\n\n"), IgnoreFile::parse(""));
    }
}
