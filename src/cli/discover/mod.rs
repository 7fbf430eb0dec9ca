//! Paths to the files that are checked.

mod ignored;
mod names;
mod walk;

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::config::Settings;
use crate::context::{Finder, is_named_outside, shown_path};
use crate::error::Error;
use crate::session::{Input, Origin};

/// What was found at the paths of the command line.
#[derive(Debug, Default)]
pub(super) struct Discovered {
    /// What to check, in order.
    pub(super) inputs: Vec<Input>,
    /// What people should know of what is not checked.
    pub(super) remarks: Vec<String>,
    /// Whether standard input was given and is left out.
    pub(super) leaves_out_stdin: bool,
}

/// How far a search goes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reach {
    /// How files that are found are read.
    pub(super) finder: Finder,
    /// Whether `.gitignore` and `.ignore` count for nothing.
    pub(super) no_ignore: bool,
}

/// What configuration says of files.
pub(super) trait Choice {
    /// The settings of a file; none if it is to be left out. `searched` is the folder below which it was found, if it
    /// was not named.
    fn settings(
        &mut self,
        path: &Path,
        searched: Option<&Path>,
    ) -> Result<Option<Arc<Settings>>, Error>;

    /// Whether some files below a folder are checked whatever their names are.
    fn includes_any(&mut self, _folder: &Path) -> Result<bool, Error> {
        Ok(false)
    }

    /// Whether a file that was found below a folder is checked whatever its name is.
    fn includes(&mut self, _path: &Path, _searched: &Path) -> Result<bool, Error> {
        Ok(false)
    }
}

/// No configuration: everything has the default settings.
pub(super) struct Everything;

impl Choice for Everything {
    fn settings(&mut self, _: &Path, _: Option<&Path>) -> Result<Option<Arc<Settings>>, Error> {
        Ok(Some(Arc::default()))
    }
}

/// Finds what to check: files as they are given, folders with all that is below them, `-` as standard input.
/// A file that is met twice is checked once.
pub(super) fn discover(
    paths: &[PathBuf],
    stdin_name: &str,
    reach: Reach,
    choice: &mut dyn Choice,
) -> Result<Discovered, Error> {
    let mut found = Discovered::default();
    let mut seen = HashSet::new();
    for path in paths {
        let is_stdin = path.as_os_str() == "-";
        let place = if is_stdin { Path::new(stdin_name) } else { path };
        if reach.finder == Finder::Search && place != Path::new("-") && is_named_outside(place) {
            // Not even settings are looked for where it leads.
            if seen.insert(plain(path))
                && let Some(settings) = choice.settings(Path::new("-"), None)?
            {
                let reason = "a link out of the project, not read; `--allow-outside` allows it";
                let error = Error::Io { path: place.to_owned(), reason: reason.to_owned() };
                found.inputs.push(Input { settings, ..input(place, Origin::Failed(error)) });
            }
        } else if is_stdin {
            if seen.insert(PathBuf::from("-")) {
                match choice.settings(Path::new(stdin_name), None)? {
                    None => found.leaves_out_stdin = true,
                    Some(settings) => {
                        let stdin = input(Path::new(stdin_name), Origin::Stdin);
                        found.inputs.push(Input { settings, ..stdin });
                    }
                }
            }
        } else if path.is_dir() {
            let below = walk::below(path, reach, choice)?;
            let searched: Arc<Path> = Arc::from(path.as_path());
            if below.is_empty() {
                found.remarks.push(format!("{}: no Dockerfiles found", shown_path(path)));
            }
            for (place, problem) in below.list {
                match choice.settings(&place, Some(path))? {
                    Some(settings) if seen.insert(plain(&place)) => {
                        let origin = problem.map_or(Origin::File(place.clone()), Origin::Failed);
                        let searched = Some(Arc::clone(&searched));
                        let input = input(&place, origin);
                        found.inputs.push(Input { settings, searched, ..input });
                    }
                    _ => {}
                }
            }
            found.remarks.extend(below.remarks);
        } else if seen.insert(plain(path))
            && let Some(settings) = choice.settings(path, None)?
        {
            found.inputs.push(Input { settings, ..input(path, Origin::File(path.clone())) });
        }
    }
    Ok(found)
}

fn input(path: &Path, origin: Origin) -> Input {
    let name = shown_path(path);
    Input { name, origin, settings: Arc::default(), searched: None }
}

/// The path without `.` components, to compare paths.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|it| *it != Component::CurDir).collect()
}
