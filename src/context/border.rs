//! The border of a project: the repository that a file is in, or without one the folder that was searched, or that of the
//! file.
//!
//! Links are followed one by one and never looked at behind the border: not even whether something is there is asked.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::folders::{full, repository};

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// To this place in the project, which has no links in its path.
    Inside(PathBuf),
    /// Out of the project.
    Outside,
    /// To nothing, or round in a circle.
    Nowhere,
}

/// More links on one way lead round in a circle.
const MOST_LINKS: usize = 40;

/// The root of the project that a folder is in, with the links that its own path has.
pub fn border(folder: &Path, searched: Option<&Path>) -> PathBuf {
    let folder = full(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let given = || searched.map(full).filter(|it| folder.starts_with(it));
    repository(&folder).map(Path::to_owned).or_else(given).unwrap_or_else(|| folder.clone())
}

/// Whether a path that was named leads out of the project by a link. Outside of a repository, a folder that is named is a
/// project, wherever it is.
pub fn is_named_outside(path: &Path) -> bool {
    let (way, in_repository) = follow_named(path);
    way == Way::Outside && (in_repository || !path.is_dir())
}

/// Where a file that was named leads, and whether it is in a repository. A folder that is a link below the working directory
/// is none where a project begins.
fn follow_named(file: &Path) -> (Way, bool) {
    let folder = full(folder_of(file));
    let mut start = folder.clone();
    if let Ok(here) = std::env::current_dir()
        && let Ok(below) = folder.strip_prefix(&here)
    {
        start = here;
        for name in below {
            if start.join(name).is_symlink() {
                break;
            }
            start.push(name);
        }
    }
    let file = file.file_name().map_or(folder.clone(), |name| folder.join(name));
    (follow(&border(&start, None), &file), repository(&start).is_some())
}

/// Where a path leads that belongs to the project of a file.
pub fn follow_from(file: &Path, searched: Option<&Path>, path: &Path) -> Way {
    let root = border(folder_of(file), searched);
    // Where `..` leads is seen on the way, unless the path begins elsewhere.
    if let Ok(path) = std::path::absolute(path)
        && path.starts_with(&root)
    {
        return follow(&root, &path);
    }
    let folder = full(folder_of(path));
    follow(&root, &path.file_name().map_or(folder.clone(), |name| folder.join(name)))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Where an absolute path leads in the project with that root.
fn follow(root: &Path, path: &Path) -> Way {
    let Ok(real) = root.canonicalize() else { return Way::Nowhere };
    let below = |path: &Path| -> Option<VecDeque<OsString>> {
        let rest = path.strip_prefix(root).or_else(|_| path.strip_prefix(&real)).ok()?;
        Some(rest.iter().map(OsString::from).collect())
    };
    let Some(mut rest) = below(path) else { return Way::Outside };
    let (mut at, mut links) = (real.clone(), 0);
    while let Some(name) = rest.pop_front() {
        match Path::new(&name).components().next() {
            None | Some(Component::CurDir) => continue,
            Some(Component::ParentDir) if at == real => return Way::Outside,
            Some(Component::ParentDir) => {
                at.pop();
                continue;
            }
            Some(_) => at.push(&name),
        }
        let target = match at.read_link() {
            Ok(target) => target,
            Err(error) if error.kind() == ErrorKind::NotFound => return Way::Nowhere,
            // It is not a link.
            Err(_) => continue,
        };
        links += 1;
        if links > MOST_LINKS {
            return Way::Nowhere;
        }
        at.pop();
        let mut way = if target.is_absolute() {
            let Some(way) = below(&target) else { return Way::Outside };
            at.clone_from(&real);
            way
        } else {
            target.iter().map(OsString::from).collect()
        };
        way.append(&mut rest);
        rest = way;
    }
    Way::Inside(at)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_up_to_the_border() {
        let top = tempfile::tempdir().unwrap();
        let top = top.path().canonicalize().unwrap();
        let root = top.join("p");
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::create_dir_all(top.join("q")).unwrap();
        for file in ["p/a/file", "p/.git", "q/file"] {
            std::fs::write(top.join(file), "").unwrap();
        }
        let link = |target: &str, name: &str| symlink(target, root.join(name)).unwrap();
        link("a/file", "near");
        link("../../a/file", "a/b/up");
        link(root.join("a/b").to_str().unwrap(), "whole");
        link("whole/up", "chain");
        link("../q/file", "out");
        link("/etc/passwd", "far");
        link("a", "folder");
        link("../q", "other");
        link("circle", "circle");
        link("nothing", "lost");
        let way = |path: &str| follow_from(&root.join("x"), None, &root.join(path));
        let file = Way::Inside(root.join("a/file"));
        for name in ["a/file", "near", "a/b/up", "chain", "folder/file", "whole/up", "./a/./file"] {
            assert_eq!(way(name), file, "{name}");
        }
        for name in ["out", "far", "other/file", "other/nothing", "../q/file"] {
            assert_eq!(way(name), Way::Outside, "{name}");
        }
        for name in ["circle", "lost", "a/nothing"] {
            assert_eq!(way(name), Way::Nowhere, "{name}");
        }
        // A project that is known by a link to it.
        symlink(&root, top.join("alias")).unwrap();
        let alias = top.join("alias");
        assert_eq!(follow_from(&alias.join("x"), None, &alias.join("whole/up")), file);
    }
}
