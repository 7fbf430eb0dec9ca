//! Paths to the files that are checked.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;

use crate::config::Settings;
use crate::error::Error;
use crate::session::{Input, Origin};

/// What was found at the paths of the command line.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    /// What to check, in order.
    pub(super) inputs: Vec<Input>,
    /// Folders without a Dockerfile.
    pub(super) empty: Vec<PathBuf>,
}

/// Finds what to check: files as they are given, folders with all that is below them, `-` as standard input.
/// A file that is met twice is checked once. `settings` tells those of a file, or that it is to be left out;
/// it also hears in which folder the file was found by searching.
pub(super) fn discover(
    paths: &[PathBuf],
    stdin_name: &str,
    mut settings: impl FnMut(&Path, Option<&Path>) -> Result<Option<Arc<Settings>>, Error>,
) -> Result<Discovered, Error> {
    let mut found = Discovered::default();
    let mut seen = HashSet::new();
    let mut add =
        |inputs: &mut Vec<Input>, mut input: Input, searched: Option<&Path>| -> Result<(), Error> {
            let (path, is_new) = match &input.origin {
                Origin::File(path) => (path.as_path(), seen.insert(plain(path))),
                Origin::Stdin => (Path::new(&input.name), seen.insert(PathBuf::from("-"))),
                Origin::Failed(_) => {
                    inputs.push(input);
                    return Ok(());
                }
            };
            if is_new && let Some(settings) = settings(path, searched)? {
                input.searched = searched.map(Arc::from);
                input.settings = settings;
                inputs.push(input);
            }
            Ok(())
        };
    for path in paths {
        if path.as_os_str() == "-" {
            add(&mut found.inputs, input(stdin_name.to_owned(), Origin::Stdin), None)?;
        } else if path.is_dir() {
            let mut any = false;
            for input in below(path) {
                any = true;
                add(&mut found.inputs, input, Some(path))?;
            }
            if !any {
                found.empty.push(path.clone());
            }
        } else {
            add(&mut found.inputs, file(path), None)?;
        }
    }
    Ok(found)
}

fn input(name: String, origin: Origin) -> Input {
    Input { name, origin, settings: Arc::default(), searched: None }
}

fn file(path: &Path) -> Input {
    input(path.to_string_lossy().into_owned(), Origin::File(path.to_owned()))
}

/// The path without `.` components, to compare paths.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|it| *it != Component::CurDir).collect()
}

/// The Dockerfiles below a folder, by path. Hidden folders are entered (`.devcontainer` holds Dockerfiles),
/// those of version control are not; links are not followed, so that no file is met twice.
fn below(folder: &Path) -> impl Iterator<Item = Input> + use<'_> {
    let mut walk = WalkBuilder::new(folder);
    walk.hidden(false).require_git(false).sort_by_file_name(Ord::cmp);
    walk.filter_entry(|entry| {
        !matches!(entry.file_name().to_str(), Some(".git" | ".hg" | ".svn" | ".jj"))
    });
    walk.build().filter_map(move |entry| match entry {
        Err(error) => Some(failed(folder, &error)),
        Ok(entry) => {
            let is_file = entry.file_type().is_some_and(|it| it.is_file());
            let name = entry.file_name().to_str()?;
            if !is_file || !is_dockerfile(name) {
                return None;
            }
            // `.` is the default, and nobody wants to read `./` before every name.
            let path = entry.path();
            let path = if folder == Path::new(".") {
                path.strip_prefix(".").unwrap_or(path)
            } else {
                path
            };
            Some(file(path))
        }
    })
}

/// A folder that could not be read.
fn failed(folder: &Path, error: &ignore::Error) -> Input {
    let mut path = folder;
    let mut inner = error;
    while let ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } = inner {
        if let ignore::Error::WithPath { path: place, .. } = inner {
            path = place;
        }
        inner = err;
    }
    let error = match inner {
        ignore::Error::Io(io) => Error::io(path, io),
        other => Error::Io { path: path.to_owned(), reason: other.to_string() },
    };
    input(path.to_string_lossy().into_owned(), Origin::Failed(error))
}

/// Names that begin like a Dockerfile's but are something else: ignore lists, templates that another program
/// turns into Dockerfiles, texts about them, and what editors and version control leave behind.
const NOT_DOCKERFILES: &[&str] = &[
    "bak",
    "containerignore",
    "dockerignore",
    "erb",
    "hbs",
    "html",
    "j2",
    "jinja",
    "jinja2",
    "md",
    "mustache",
    "orig",
    "rej",
    "rst",
    "swp",
    "template",
    "tmpl",
    "tpl",
    "txt",
];

/// Whether a file of that name in a folder is taken for a Dockerfile: `Dockerfile`, `Dockerfile.*`,
/// `*.Dockerfile`, `Dockerfile-*`, and the same with `Containerfile`, in any case.
fn is_dockerfile(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if NOT_DOCKERFILES.contains(&extension) || name.ends_with('~') {
        return false;
    }
    ["dockerfile", "containerfile"].iter().any(|word| {
        extension == *word
            || name.strip_prefix(word).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('.') || rest.starts_with('-')
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "Dockerfile",
            "dockerfile",
            "DOCKERFILE",
            "Dockerfile.dev",
            "Dockerfile-prod",
            "app.Dockerfile",
            "app.dockerfile",
            "Containerfile",
            "Containerfile.arm64",
            "x.containerfile",
        ] {
            assert!(is_dockerfile(name), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            ".dockerignore",
            "Dockerfile.j2",
            "Dockerfile.md",
            "Dockerfile~",
            "dockerfiles",
            "docker-compose.yml",
            "mydockerfile",
        ] {
            assert!(!is_dockerfile(name), "{name}");
        }
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(NOT_DOCKERFILES.is_sorted());
    }
}
