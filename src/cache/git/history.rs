//! The commits of a branch, by the first parent of each: what was on the branch, one after another.

use super::Repository;
use crate::cache::tree::{Id, Lack};

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its identity.
    pub id: Id,
    /// Its folder.
    pub tree: Id,
    /// What it is made of.
    pub parents: Vec<Id>,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The first line of its message.
    pub subject: String,
}

/// Why there are no older commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// As many as were asked for.
    Limit,
    /// The first commit of the project.
    Beginning,
    /// The clone has no more.
    Shallow,
    /// A commit is missing or broken.
    Broken(String),
}

/// The commits from `start` back, the newest first, and why they end.
///
/// # Errors
/// The first one cannot be read.
pub fn first_parents(
    repository: &Repository,
    start: Id,
    most: usize,
    since: Option<i64>,
) -> Result<(Vec<Commit>, End), Lack> {
    let mut found = vec![super::commit(repository, start)?];
    loop {
        if found.len() >= most {
            return Ok((found, End::Limit));
        }
        let Some(parent) = found.last().and_then(|it| it.parents.first().copied()) else {
            return Ok((found, End::Beginning));
        };
        match super::commit(repository, parent) {
            Ok(commit) if since.is_some_and(|it| commit.time < it) => {
                return Ok((found, End::Limit));
            }
            Ok(commit) => found.push(commit),
            Err(_) if repository.is_shallow => return Ok((found, End::Shallow)),
            Err(lack) => return Ok((found, End::Broken(lack.0))),
        }
    }
}
