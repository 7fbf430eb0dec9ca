//! Which Dockerfile each commit has: the file of one name, or what it was called before.

use super::git::Commit;
use super::history::Request;
use super::paths::older_path;
use super::tree::{Id, Kind, Lack, Objects, find};

/// A Dockerfile at a commit: its path and its content.
pub(super) type Version = Result<Option<(String, Id)>, Lack>;

/// Where the Dockerfile is at each commit.
pub(super) fn versions(
    objects: &dyn Objects,
    commits: &[Commit],
    request: &Request,
) -> Vec<Version> {
    let mut path = request.dockerfile.clone();
    let mut found: Vec<Version> = Vec::with_capacity(commits.len());
    for (at, commit) in commits.iter().enumerate() {
        let version = file_at(objects, commit.tree, &path).and_then(|it| {
            if let Some(id) = it {
                return Ok(Some((path.clone(), id)));
            }
            let Some(Ok(Some((_, newer)))) = found.last() else { return Ok(None) };
            let Some(older) = older_path(objects, commit.tree, commits[at - 1].tree, *newer)?
            else {
                return Ok(None);
            };
            path = older;
            Ok(file_at(objects, commit.tree, &path)?.map(|it| (path.clone(), it)))
        });
        found.push(version);
    }
    found
}

/// The content of a file; a link is followed once.
fn file_at(objects: &dyn Objects, tree: Id, path: &str) -> Result<Option<Id>, Lack> {
    let Some(entry) = find(objects, tree, path)? else { return Ok(None) };
    if entry.kind != Kind::Link {
        return Ok((entry.kind == Kind::File).then_some(entry.id));
    }
    let target = objects.content(entry.id)?;
    let folder = path.rsplit_once('/').map_or("", |it| it.0);
    let full = crate::context::clean(&format!("{folder}/{}", String::from_utf8_lossy(&target)));
    let found = find(objects, tree, full.trim_start_matches('/'))?;
    Ok(found.filter(|it| it.kind == Kind::File).map(|it| it.id))
}
