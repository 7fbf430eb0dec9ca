//! `check --diff-base`: only what a change brings, compared with a commit of the same repository.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::baseline::key;
use crate::cache::git::{Repository, first_parents};
use crate::cache::{Id, Kind, Objects, find};
use crate::context::{Contexts, with_slashes};
use crate::error::Error;
use crate::lint::Finding;
use crate::session::{Checked, Input, Origin, check_at};
use crate::source::Source;

/// Texts whose changed parts have more pairs of lines are not compared line by line: all lines of that part count as changed.
const MOST_PAIRS: usize = 100_000_000;

/// The state that a run is compared with.
pub(super) struct Since {
    root: PathBuf,
    /// The folder of the commit.
    tree: Id,
    /// What each file was, by the name of the input; those of other repositories are not there.
    files: HashMap<String, Was>,
    /// How many findings were left out.
    unchanged: AtomicUsize,
    /// How many files belong to another repository, or to none.
    foreign: usize,
}

/// What a file was.
enum Was {
    /// The same.
    Same,
    /// Not there.
    Absent,
    /// Another text.
    Text(Vec<u8>),
}

impl Since {
    /// Finds the commit: where `revision` and `HEAD` have one in common, the newest such commit, as for a pull request; otherwise
    /// that of `revision` itself, as in a clone without history.
    ///
    /// # Errors
    /// There is no repository, no such commit, or it cannot be read.
    pub(super) fn open(revision: &str, inputs: &[Input]) -> Result<Self, Error> {
        let wrong = |reason: String| Error::Usage(format!("`--diff-base {revision}`: {reason}"));
        let first = inputs.iter().find_map(Input::path).and_then(Path::parent);
        let first = first.filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let repository = Repository::open(first).map_err(wrong)?;
        let root =
            repository.root.clone().ok_or_else(|| wrong("the repository is bare".to_owned()))?;
        let missing = |reason: String| {
            let help = "; in a shallow clone, fetch it first: `git fetch --depth=1 origin BRANCH` and `--diff-base FETCH_HEAD`";
            wrong(format!("{reason}{}", if repository.is_shallow { help } else { "" }))
        };
        let named = repository.resolve(revision).map_err(missing)?;
        let head = repository.resolve("HEAD").map_err(wrong)?;
        let base = repository.merge_base(named, head).unwrap_or(named);
        let (commits, _) = first_parents(&repository, base, 1, None).map_err(|it| missing(it.0))?;
        let tree =
            commits.first().map(|it| it.tree).ok_or_else(|| missing("it is missing".to_owned()))?;
        let mut files = HashMap::new();
        for input in inputs {
            let Some(path) = input.path().and_then(|path| inside(&root, path)) else { continue };
            let now = match &input.origin {
                Origin::File(path) => std::fs::read(path).ok(),
                _ => None,
            };
            files.insert(input.name.clone(), was(&repository, tree, &path, now.as_deref()));
        }
        let foreign = inputs.len() - files.len();
        Ok(Self { root, tree, files, unchanged: AtomicUsize::new(0), foreign })
    }

    /// Leaves out the findings that were there before, unless the change touches a line of theirs or the ignore file that
    /// causes them.
    pub(super) fn filter(&self, input: &Input, checked: &mut Checked, contexts: &Contexts) {
        let before = checked.findings.len();
        match self.files.get(&input.name) {
            // It is in another repository.
            None => return checked.findings.clear(),
            Some(Was::Absent) => {}
            Some(Was::Same) => checked.findings.retain(|it| self.has_new_cause(it)),
            Some(Was::Text(old)) => self.keep_new(old, input, checked, contexts),
        }
        self.unchanged.fetch_add(before - checked.findings.len(), Ordering::Relaxed);
    }

    fn keep_new(&self, old: &[u8], input: &Input, checked: &mut Checked, contexts: &Contexts) {
        let old = Source::from_bytes(checked.source.name.clone(), old.to_vec());
        let touched = touched_lines(&old.text, &checked.source.text);
        let old = check_at(old, &input.settings, input.place(), contexts);
        let mut known: HashMap<(String, String), usize> = HashMap::new();
        for finding in &old.findings {
            *known.entry(key(&old, finding)).or_default() += 1;
        }
        let source = &checked.source;
        let is_touched = |finding: &Finding| {
            let mut spans =
                std::iter::once(finding.span).chain(finding.labels.iter().map(|it| it.span));
            spans.any(|span| {
                let end = span.end.saturating_sub(1).max(span.start);
                let mut lines = source.line(span.start)..=source.line(end);
                lines.any(|line| touched.get(line as usize - 1).copied().unwrap_or(false))
            })
        };
        let keeps: Vec<bool> = checked
            .findings
            .iter()
            .map(|finding| {
                if is_touched(finding) || self.has_new_cause(finding) {
                    return true;
                }
                match known.get_mut(&key(checked, finding)) {
                    Some(left) if *left > 0 => {
                        *left -= 1;
                        false
                    }
                    _ => true,
                }
            })
            .collect();
        let mut keeps = keeps.into_iter();
        checked.findings.retain(|_| keeps.next().unwrap_or(true));
    }

    /// Whether the ignore file behind a finding about the build context has changed.
    fn has_new_cause(&self, finding: &Finding) -> bool {
        finding.causes.iter().any(|cause| {
            let mut parts = cause.split('\0');
            let (folder, patterns) =
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let patterns = match patterns {
                "" => Path::new(folder).join(".dockerignore"),
                file => PathBuf::from(file),
            };
            let Ok(path) = patterns.strip_prefix(&self.root) else { return false };
            // A reader of git objects belongs to one thread.
            let Ok(repository) = Repository::open(&self.root) else { return true };
            let now = std::fs::read(&patterns).ok();
            match was(&repository, self.tree, &with_slashes(path), now.as_deref()) {
                Was::Same => false,
                Was::Absent => now.is_some(),
                Was::Text(_) => true,
            }
        })
    }

    /// What was left out, for people.
    pub(super) fn remarks(&self) -> Vec<String> {
        let count = |number: usize, one: &str, more: &str| match number {
            0 => None,
            1 => Some(format!("note: 1 {one}")),
            n => Some(format!("note: {n} {more}")),
        };
        [
            count(
                self.unchanged.load(Ordering::Relaxed),
                "finding that the change does not touch is not reported",
                "findings that the change does not touch are not reported",
            ),
            count(
                self.foreign,
                "file is not in the repository of `--diff-base`: its findings are not reported",
                "files are not in the repository of `--diff-base`: their findings are not reported",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A path from the root of a repository, if it belongs to this one and not to one inside it.
fn inside(root: &Path, path: &Path) -> Option<String> {
    let full = path.canonicalize().or_else(|_| std::path::absolute(path)).ok()?;
    let inside = full.strip_prefix(root).ok()?;
    let mut above = full.ancestors().skip(1).take_while(|it| *it != root);
    if above.any(|it| it.join(".git").exists()) {
        return None;
    }
    Some(with_slashes(inside))
}

/// What a file was in the folder of a commit. What cannot be read there counts as absent, so that all of it is reported.
fn was(repository: &Repository, tree: Id, path: &str, now: Option<&[u8]>) -> Was {
    let entry = find(repository, tree, path).ok().flatten();
    let Some(entry) = entry.filter(|it| it.kind == Kind::File) else { return Was::Absent };
    if now.is_some_and(|now| Repository::blob_id(now) == Some(entry.id)) {
        return Was::Same;
    }
    repository.content(entry.id).map_or(Was::Absent, |old| Was::Text(old.to_vec()))
}

/// For each line of the new text, whether it is new or changed.
fn touched_lines(old: &str, new: &str) -> Vec<bool> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let end = old[start..]
        .iter()
        .rev()
        .zip(new[start..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (old, middle) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let mut touched = vec![false; new.len()];
    if old.len().saturating_mul(middle.len()) > MOST_PAIRS {
        touched[start..start + middle.len()].fill(true);
        return touched;
    }
    for op in capture_diff_slices(Algorithm::Myers, old, middle) {
        if !matches!(op, DiffOp::Equal { .. }) {
            let range = op.new_range();
            touched[start + range.start..start + range.end].fill(true);
        }
    }
    touched
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_new_or_changed_are_touched() {
        let lines = |old: &str, new: &str| -> Vec<usize> {
            let touched = touched_lines(old, new);
            (1..=touched.len()).filter(|line| touched[line - 1]).collect()
        };
        for (old, new, expected) in [
            ("", "", &[][..]),
            ("a\nb\nc\n", "a\nb\nc\n", &[]),
            ("a\nb\nc", "a\nb\nc\n", &[]),
            ("", "a\nb\n", &[1, 2]),
            ("a\nb\nc\n", "a\nx\nc\n", &[2]),
            ("a\nb\nc\n", "a\nc\n", &[]),
            ("a\nc\n", "a\nb\nb\nc\n", &[2, 3]),
            ("a\nb\nc\nd\n", "x\nb\nc\ny\n", &[1, 4]),
            ("a\r\nb\r\n", "a\nb\n", &[]),
        ] {
            assert_eq!(lines(old, new), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn long_texts_without_a_common_line_are_touched_as_a_whole() {
        let text = |word: &str| format!("first\n{}last\n", format!("{word}\n").repeat(11_000));
        let touched = touched_lines(&text("a"), &text("b"));
        assert_eq!(
            (touched[0], touched[1], touched[11_000], touched[11_001]),
            (false, true, true, false)
        );
    }
}
