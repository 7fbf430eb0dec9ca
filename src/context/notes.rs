//! What there is to say of Dockerfiles and contexts that were not looked at as a whole.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::disk::lock;

/// What is said, by path. What is reported about one takes no room of another.
#[derive(Debug, Default)]
pub(super) struct Notes(Mutex<BTreeMap<PathBuf, Said>>);

/// What is reported about one path.
#[derive(Debug, Default)]
struct Said {
    reasons: Vec<Cow<'static, str>>,
    /// The hashes of what more there is, which is only counted: a run may say the same several times.
    more: HashSet<u64>,
}

/// More is not reported about one path.
const MOST_REASONS: usize = 4;

/// More paths are not listed.
const MOST_PATHS: usize = 20;

impl Notes {
    /// Says something of a path, once.
    pub(super) fn add(&self, path: &Path, reason: impl Into<Cow<'static, str>>) {
        let reason = reason.into();
        let mut notes = lock(&self.0);
        let said = notes.entry(path.to_owned()).or_default();
        match said.reasons.len() {
            _ if said.reasons.contains(&reason) => {}
            MOST_REASONS => drop(said.more.insert(hash(&reason))),
            _ => said.reasons.push(reason),
        }
    }

    /// All of it, in words for people.
    pub(super) fn texts(&self) -> Vec<String> {
        let notes = lock(&self.0);
        let of_one = |(path, said): (&PathBuf, &Said)| {
            let path = path.display().to_string();
            let reasons = said.reasons.iter().map(|it| format!("{path} {it}"));
            let more = match said.more.len() {
                0 => None,
                1 => Some(format!("{path} has 1 more such place that was not checked completely")),
                n => Some(format!(
                    "{path} has {n} more such places that were not checked completely"
                )),
            };
            reasons.chain(more).collect::<Vec<_>>()
        };
        let mut texts: Vec<String> = notes.iter().take(MOST_PATHS).flat_map(of_one).collect();
        match notes.len().saturating_sub(MOST_PATHS) {
            0 => {}
            1 => texts.push("1 more file or folder was not checked completely".to_owned()),
            n => texts.push(format!("{n} more files and folders were not checked completely")),
        }
        texts
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_path_takes_no_room_of_another() {
        let notes = Notes::default();
        for n in (0..100).chain(0..100) {
            notes.add(Path::new("a"), format!("is bad in line {n}"));
        }
        notes.add(Path::new("b"), "is bad");
        notes.add(Path::new("b"), "is bad");
        let expected = [
            "a is bad in line 0",
            "a is bad in line 1",
            "a is bad in line 2",
            "a is bad in line 3",
            "a has 96 more such places that were not checked completely",
            "b is bad",
        ];
        assert_eq!(notes.texts(), expected);
        for n in 0..30 {
            notes.add(Path::new(&format!("c{n}")), "is bad");
        }
        let texts = notes.texts();
        assert_eq!((texts.len(), texts[5].as_str()), (24 + 1, "b is bad"));
        assert_eq!(texts[24], "12 more files and folders were not checked completely");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let last = |paths: usize, reasons: usize| {
            let notes = Notes::default();
            for (path, reason) in (0..paths).flat_map(|it| (0..reasons).map(move |n| (it, n))) {
                notes.add(Path::new(&format!("{path:02}")), format!("is bad in line {reason}"));
            }
            notes.texts().pop().unwrap_or_default()
        };
        assert_eq!(last(20, 1), "19 is bad in line 0");
        assert_eq!(last(21, 1), "1 more file or folder was not checked completely");
        assert_eq!(last(22, 1), "2 more files and folders were not checked completely");
        assert_eq!(last(1, 4), "00 is bad in line 3");
        assert_eq!(last(1, 5), "00 has 1 more such place that was not checked completely");
    }
}
