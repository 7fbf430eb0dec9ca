//! Patterns against the rules of BuildKit, written down once more without any thought of speed.

use layerwise::context::{IgnoreFile, clean, folders_of, has_wildcard, literal_part};
use layerwise::source::wildcard;

/// Patterns, a line of dashes, and paths: which of them are left out is what the reference says.
pub(crate) fn ignore(bytes: &[u8]) {
    let (patterns, paths) = super::halves(bytes);
    let read = IgnoreFile::parse(&patterns);
    let lines = reference(&patterns);
    for path in paths.lines().take(20) {
        let _ = literal_part(path);
        let path = clean(path);
        if path == "." || path.starts_with('/') || path.starts_with("..") || path.len() > 200 {
            continue;
        }
        for pattern in patterns.lines().take(20).filter(|it| it.len() < 200) {
            if !has_wildcard(pattern) {
                assert_eq!(wildcard(pattern, &path), pattern == path);
            }
            assert_eq!(wildcard(pattern, &path), is_match(pattern.as_bytes(), path.as_bytes()));
        }
        let Ok(ignore) = &read else { continue };
        let found = ignore.excludes(&path);
        if let Some(lines) = &lines {
            assert_eq!(found, excludes(lines, &path), "{path:?} under {patterns:?}");
        }
    }
}

/// `*` and `?` by trying everything, the answers kept.
fn is_match(pattern: &[u8], text: &[u8]) -> bool {
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    for byte in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match byte {
                b'*' => row[at] || at > 0 && next[at - 1],
                _ => at > 0 && row[at - 1] && (*byte == b'?' || *byte == text[at - 1]),
            };
        }
        row = next;
    }
    row[text.len()]
}

/// What `moby/patternmatcher` makes of a pattern.
enum Kind {
    Exact,
    Prefix,
    Suffix,
    Expression,
}

enum Step {
    One(char),
    Class(bool, Vec<(char, char)>),
    AnyOne,
    Any,
    /// `(.*/)?`
    Folders,
    /// `.*`
    All,
}

struct Line {
    restores: bool,
    text: String,
    kind: Kind,
    steps: Vec<Step>,
}

/// The lines, if they hold nothing in which Go's regular expressions and its paths disagree.
fn reference(text: &str) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    for line in text.strip_prefix('\u{feff}').unwrap_or(text).lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let line = line.trim();
        let (restores, name) = match line.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let name = clean(name);
        let name = if name.len() > 1 { name.trim_start_matches('/') } else { &name };
        lines.push(compile(name, restores)?);
    }
    Some(lines)
}

fn compile(name: &str, restores: bool) -> Option<Line> {
    let mut rest = name.chars().peekable();
    let (mut kind, mut steps) = (Kind::Exact, Vec::new());
    let mut is_first = true;
    while let Some(character) = rest.next() {
        match character {
            '*' if rest.next_if_eq(&'*').is_some() => {
                rest.next_if_eq(&'/');
                if rest.peek().is_none() {
                    if matches!(kind, Kind::Exact) {
                        kind = Kind::Prefix;
                    } else {
                        steps.push(Step::All);
                        kind = Kind::Expression;
                    }
                } else {
                    steps.push(Step::Folders);
                    kind = Kind::Expression;
                }
                if is_first {
                    kind = Kind::Suffix;
                }
            }
            '*' => {
                steps.push(Step::Any);
                kind = Kind::Expression;
            }
            '?' => {
                steps.push(Step::AnyOne);
                kind = Kind::Expression;
            }
            '\\' => {
                let next = rest.next()?;
                // Behind a backslash, letters and digits have a meaning in expressions.
                if next.is_alphanumeric() || next == '/' {
                    return None;
                }
                steps.push(Step::One(next));
                kind = Kind::Expression;
            }
            '[' => {
                let negated = rest.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while rest.next_if_eq(&']').is_none() {
                    let low = rest.next().filter(char::is_ascii_alphanumeric)?;
                    let high = match rest.next_if_eq(&'-') {
                        Some(_) => rest.next().filter(char::is_ascii_alphanumeric)?,
                        None => low,
                    };
                    if low > high {
                        return None;
                    }
                    ranges.push((low, high));
                }
                if ranges.is_empty() {
                    return None;
                }
                steps.push(Step::Class(negated, ranges));
                kind = Kind::Expression;
            }
            // It means something in an expression, and nothing in a path.
            '^' | ']' => return None,
            other => steps.push(Step::One(other)),
        }
        is_first = false;
    }
    Some(Line { restores, text: name.to_owned(), kind, steps })
}

fn excludes(lines: &[Line], path: &str) -> bool {
    let decides = |line: &&Line| folders_of(path).chain([path]).any(|part| matches(line, part));
    lines.iter().rev().find(decides).is_some_and(|line| !line.restores)
}

fn matches(line: &Line, path: &str) -> bool {
    match line.kind {
        Kind::Exact => path == line.text,
        Kind::Prefix => path.starts_with(&line.text[..line.text.len() - 2]),
        Kind::Suffix => {
            let suffix = &line.text[2..];
            path.ends_with(suffix) || suffix.strip_prefix('/').is_some_and(|it| it == path)
        }
        Kind::Expression => {
            let path: Vec<char> = path.chars().collect();
            let mut ends = vec![false; path.len() + 1];
            ends[0] = true;
            for step in &line.steps {
                ends = after(step, &path, &ends);
            }
            ends[path.len()]
        }
    }
}

/// Where a step can end if it starts at one of these places.
fn after(step: &Step, path: &[char], starts: &[bool]) -> Vec<bool> {
    let mut ends = vec![false; starts.len()];
    for start in (0..starts.len()).filter(|it| starts[*it]) {
        let one = |takes: bool| if takes { vec![start + 1] } else { Vec::new() };
        let next = path.get(start);
        let reached: Vec<usize> = match step {
            Step::One(it) => one(next == Some(it)),
            Step::AnyOne => one(next.is_some_and(|it| *it != '/')),
            Step::Class(negated, ranges) => one(next.is_some_and(|it| {
                ranges.iter().any(|(low, high)| (low..=high).contains(&it)) != *negated
            })),
            Step::Any => {
                let length = path[start..].iter().take_while(|it| **it != '/').count();
                (start..=start + length).collect()
            }
            Step::All => (start..=path.len()).collect(),
            Step::Folders => {
                let behind = (start + 1..=path.len()).filter(|it| path[it - 1] == '/');
                std::iter::once(start).chain(behind).collect()
            }
        };
        reached.into_iter().for_each(|it| ends[it] = true);
    }
    ends
}
