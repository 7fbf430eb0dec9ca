//! The commit that two branches have in common, from which a change is counted.

use std::collections::{BinaryHeap, HashSet};

use super::Repository;
use crate::cache::tree::Id;

/// More commits are not looked at.
const MOST_COMMITS: usize = 200_000;

impl Repository {
    /// The newest commit that is in the history of both.
    ///
    /// # Errors
    /// There is none, or the clone does not have it.
    pub fn merge_base(&self, one: Id, other: Id) -> Result<Id, String> {
        let mut known = HashSet::new();
        self.walk(one, |id| {
            known.insert(id);
            false
        });
        self.walk(other, |id| known.contains(&id)).ok_or_else(|| {
            "the two have no commit in common, or the clone does not have it".to_owned()
        })
    }

    /// Goes through a history, the newest first, until `look` says that it was found.
    fn walk(&self, start: Id, mut look: impl FnMut(Id) -> bool) -> Option<Id> {
        let mut open = BinaryHeap::from([(i64::MAX, start)]);
        let mut seen = HashSet::from([start]);
        while let Some((_, id)) = open.pop() {
            if look(id) {
                return Some(id);
            }
            let Ok(commit) = super::commit(self, id) else { continue };
            for parent in commit.parents {
                if seen.len() < MOST_COMMITS && seen.insert(parent) {
                    let time = super::commit(self, parent).map_or(0, |it| it.time);
                    open.push((time, parent));
                }
            }
        }
        None
    }
}
