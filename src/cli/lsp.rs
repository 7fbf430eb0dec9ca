//! `layerwise lsp`: the language server, on standard input and output.

use std::collections::HashMap;
use std::io::{BufWriter, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::args::LspArgs;
use super::baseline::Baseline;
use super::discover::{Choice, Reach, discover};
use super::settings::{ConfigFlags, finder};
use super::{FINDINGS, Outcome, SUCCESS};
use crate::config::{Layer, Settings};
use crate::context::read_written_file;
use crate::error::Error;
use crate::lsp::{self, Ended, Project};
use crate::report::{Measurement, Replayed};
use crate::session::{Checked, Input};

/// Runs it until the client leaves.
pub(super) fn run(args: &LspArgs) -> Outcome {
    // What cannot hold for any file is said at once.
    args.files.resolver(Layer::default())?;
    let files = Files { flags: args.files.clone(), ..Files::default() };
    Ok(match lsp::serve(stdin(), BufWriter::new(stdout()), Box::new(files)) {
        Ended::InOrder => SUCCESS,
        Ended::Otherwise => FINDINGS,
    })
}

/// A file, and the folder in whose depths it was found.
type Place = (PathBuf, Option<PathBuf>);

/// What was read next to Dockerfiles, or that there is nothing.
type Results<T> = Mutex<HashMap<PathBuf, Option<Arc<T>>>>;

/// Files on the disk, found as `check` finds them.
#[derive(Default)]
struct Files {
    flags: ConfigFlags,
    settings: Mutex<HashMap<Place, Option<Arc<Settings>>>>,
    baselines: Mutex<HashMap<PathBuf, Arc<Baseline>>>,
    replays: Results<Replayed>,
    measurements: Results<Measurement>,
}

impl Files {
    /// Reads a result next to a Dockerfile, unless it is known: `NAME.RESULT`, or else `RESULT`.
    fn beside<T>(
        &self,
        known: &Results<T>,
        path: &Path,
        result: &str,
        read: fn(&[u8]) -> Option<T>,
    ) -> Option<Arc<T>> {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(path) {
            return found.clone();
        }
        let own = path.file_name().and_then(|it| it.to_str()).map(|it| format!("{it}.{result}"));
        let mut names = own.into_iter().chain([result.to_owned()]);
        let found = names.find_map(|name| {
            let path = path.with_file_name(name);
            read(&read_written_file(&path, finder(self.flags.allow_outside)).ok()?)
        });
        let found = found.map(Arc::new);
        known.insert(path.to_owned(), found.clone());
        found
    }
}

impl Project for Files {
    fn settings(
        &self,
        path: &Path,
        searched: Option<&Path>,
    ) -> Result<Option<Arc<Settings>>, Error> {
        let place = (path.to_owned(), searched.map(Path::to_owned));
        let mut known = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(settings) = known.get(&place) {
            return Ok(settings.clone());
        }
        let settings = self.flags.resolver(Layer::default())?.settings(path, searched)?;
        known.insert(place, settings.clone());
        Ok(settings)
    }

    fn drop_known(
        &self,
        name: &str,
        settings: &Settings,
        checked: &mut Checked,
    ) -> Result<(), Error> {
        let Some(path) = &settings.baseline else { return Ok(()) };
        let mut known = self.baselines.lock().unwrap_or_else(PoisonError::into_inner);
        let baseline = match known.get(path) {
            Some(baseline) => Arc::clone(baseline),
            None => {
                let baseline = Arc::new(Baseline::read(path, finder(self.flags.allow_outside))?);
                known.insert(path.clone(), Arc::clone(&baseline));
                baseline
            }
        };
        drop(known);
        baseline.filter(name, checked);
        Ok(())
    }

    fn files(&self, folder: &Path) -> Result<Vec<Input>, Error> {
        let mut resolver = self.flags.resolver(Layer::default())?;
        let reach = Reach { finder: resolver.finder(), no_ignore: false };
        Ok(discover(&[folder.to_owned()], "-", reach, &mut resolver)?.inputs)
    }

    fn replayed(&self, path: &Path) -> Option<Arc<Replayed>> {
        self.beside(&self.replays, path, "cache.json", Replayed::read)
    }

    fn measured(&self, path: &Path) -> Option<Arc<Measurement>> {
        self.beside(&self.measurements, path, "measure.json", Measurement::read)
    }

    fn forget(&self) {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.baselines.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.replays.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.measurements.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
