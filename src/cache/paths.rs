//! Where the Dockerfile and its ignore file were at a commit: files that were renamed are followed.

use super::builder::Builder;
use super::tree::{Entry, Id, Kind, Lack, Objects, find};

/// Folders deeper than this are not searched for a file that was renamed.
const MOST_DEPTH: usize = 8;

/// More entries are not looked at for that.
const MOST_ENTRIES: usize = 50_000;

/// Finds the path that a Dockerfile had before a commit: `tree` has nothing at `path`, and the later tree has `newer`
/// there. None if no file that is gone later is much like it.
///
/// # Errors
/// A folder is missing or broken.
pub(super) fn older_path(
    objects: &dyn Objects,
    tree: Id,
    later: Id,
    newer: Id,
) -> Result<Option<String>, Lack> {
    let mut found = Vec::new();
    let mut left = MOST_ENTRIES;
    candidates(objects, tree, "", &mut left, &mut found)?;
    let text = |id| objects.content(id).map(|it| String::from_utf8_lossy(&it).into_owned());
    let new = text(newer)?;
    let mut best: Option<(f64, String)> = None;
    for (path, entry) in found {
        if find(objects, later, &path)?.is_some() {
            continue;
        }
        let share = if entry.id == newer { 1.0 } else { likeness(&text(entry.id)?, &new) };
        if share >= 0.5 && best.as_ref().is_none_or(|it| it.0 < share) {
            best = Some((share, path));
        }
    }
    Ok(best.map(|it| it.1))
}

/// The paths of files that are called as Dockerfiles are.
pub fn dockerfiles(objects: &dyn Objects, tree: Id) -> Vec<String> {
    let (mut found, mut left) = (Vec::new(), MOST_ENTRIES);
    // What cannot be read has none.
    let _ = candidates(objects, tree, "", &mut left, &mut found);
    found.sort_by_key(|(path, _)| path.matches('/').count());
    found.into_iter().map(|it| it.0).collect()
}

fn candidates(
    objects: &dyn Objects,
    folder: Id,
    path: &str,
    left: &mut usize,
    found: &mut Vec<(String, Entry)>,
) -> Result<(), Lack> {
    if path.matches('/').count() > MOST_DEPTH {
        return Ok(());
    }
    for entry in objects.folder(folder)?.iter() {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return Ok(());
        }
        let path = super::select::below(path, &entry.name);
        if entry.kind == Kind::Folder {
            candidates(objects, entry.id, &path, left, found)?;
        } else if entry.kind == Kind::File && is_dockerfile(&entry.name) {
            found.push((path, entry.clone()));
        }
    }
    Ok(())
}

fn is_dockerfile(name: &str) -> bool {
    let lower = name.to_lowercase();
    let is_one = ["dockerfile", "containerfile"].iter().any(|it| lower.contains(it));
    is_one && !lower.ends_with("ignore")
}

/// The share of lines that two texts have in common.
fn likeness(one: &str, other: &str) -> f64 {
    let lines = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        lines.sort_unstable();
        lines
    };
    let (one, other) = (lines(one), lines(other));
    let common = one.iter().filter(|it| other.binary_search(it).is_ok()).count();
    common as f64 / one.len().max(other.len()).max(1) as f64
}

/// Where a builder looks for its ignore file, the first one first.
pub fn ignore_places(dockerfile: &str, context: &str, builder: Builder) -> Vec<String> {
    let inside = |name: &str| super::select::below(context, name);
    let beside = |end: &str| format!("{dockerfile}.{end}");
    match builder {
        Builder::Buildkit => vec![beside("dockerignore"), inside(".dockerignore")],
        Builder::Classic => vec![inside(".dockerignore")],
        Builder::Buildah => vec![
            beside("containerignore"),
            beside("dockerignore"),
            inside(".containerignore"),
            inside(".dockerignore"),
        ],
    }
}

/// The ignore file that a builder takes, if there is one.
///
/// # Errors
/// A folder is missing or broken.
pub(super) fn ignore_file(
    objects: &dyn Objects,
    tree: Id,
    dockerfile: &str,
    context: &str,
    builder: Builder,
) -> Result<Option<(String, Entry)>, Lack> {
    for place in ignore_places(dockerfile, context, builder) {
        let found = find(objects, tree, &place)?.filter(|it| it.kind == Kind::File);
        if let Some(entry) = found {
            return Ok(Some((place, entry)));
        }
    }
    Ok(None)
}
