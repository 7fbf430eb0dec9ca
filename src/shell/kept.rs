//! What the linter found in shell texts before: while a file is edited, most of its texts stay as they are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use shuck_linter::Diagnostic;

/// Findings in texts that were linted, shared by the checks that may meet the same texts again.
#[derive(Debug, Default)]
pub struct KeptLints(Mutex<Generations>);

/// What is asked for stays; what is not is dropped when so much else was asked for.
#[derive(Debug, Default)]
struct Generations {
    new: HashMap<Key, Found>,
    /// Those of the generation before.
    old: HashMap<Key, Found>,
    /// The bytes of the texts of the new one.
    bytes: usize,
}

/// None if the linter failed on the text.
type Found = Option<Arc<[Diagnostic]>>;

/// The number of the linter's settings, and the text.
type Key = (u32, Box<str>);

/// A generation has no more bytes of text.
const MOST_BYTES: usize = 512 << 10;

/// What an entry takes besides its text, as a rule.
const ENTRY: usize = 256;

impl KeptLints {
    /// What is found in a text with settings of that number; `lint` finds it if that is not known.
    pub(super) fn find(
        &self,
        settings: u32,
        text: &str,
        lint: impl FnOnce() -> Option<Vec<Diagnostic>>,
    ) -> Found {
        let key = (settings, text.into());
        if let Some(found) = self.change(|it| it.take(&key)) {
            return found;
        }
        let found: Found = lint().map(Into::into);
        self.change(|it| it.insert(key, found.clone()));
        found
    }

    fn change<T>(&self, change: impl FnOnce(&mut Generations) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Generations {
    fn take(&mut self, key: &Key) -> Option<Found> {
        if let Some(found) = self.new.get(key) {
            return Some(found.clone());
        }
        let (key, found) = self.old.remove_entry(key)?;
        self.insert(key, found.clone());
        Some(found)
    }

    fn insert(&mut self, key: Key, found: Found) {
        let size = key.1.len() + found.as_ref().map_or(0, |it| it.len()) * ENTRY + ENTRY;
        if self.bytes + size > MOST_BYTES {
            self.old = std::mem::take(&mut self.new);
            self.bytes = 0;
        }
        if size <= MOST_BYTES {
            self.bytes += size;
            self.new.insert(key, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_text_is_linted_once_for_each_setting() {
        let (kept, count) = (KeptLints::default(), Cell::new(0));
        let find = |settings, text: &str| {
            kept.find(settings, text, || {
                count.set(count.get() + 1);
                Some(Vec::new())
            });
            count.get()
        };
        assert_eq!(
            [find(1, "a"), find(1, "a"), find(2, "a"), find(1, "b"), find(2, "a")],
            [1, 1, 2, 3, 3]
        );
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let kept = KeptLints::default();
        let is_known = |text: &str| {
            let mut known = true;
            kept.find(0, text, || {
                known = false;
                Some(Vec::new())
            });
            known
        };
        let others = MOST_BYTES / ENTRY;
        is_known("often");
        is_known("once");
        for number in 0..3 * others {
            is_known(&number.to_string());
            assert!(number % 100 != 0 || is_known("often"), "{number}");
        }
        assert!(!is_known("once"));
        assert!(kept.0.lock().is_ok_and(|it| it.new.len() + it.old.len() <= 2 * others));
        // What is larger than a generation is not kept.
        let large = "x".repeat(MOST_BYTES);
        assert!(!is_known(&large) && !is_known(&large));
    }
}
