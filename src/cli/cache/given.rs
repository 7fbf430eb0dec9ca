//! What `--explain` is given: logs, manifests and records of builds, each recognized by what is in it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::args::CacheArgs;
use super::place::Place;
use crate::cache::log::{self, Build};
use crate::cache::manifest::{MARK, Manifest};
use crate::cache::{Builder, Explanation, Inspect};
use crate::error::Error;

/// Larger manifests and records are not read.
const MOST_BYTES: u64 = 256 << 20;

/// The files that were named, by what they are; the older one of each kind first.
#[derive(Default)]
pub(super) struct Given {
    pub(super) logs: Vec<(PathBuf, Vec<Build>)>,
    pub(super) manifests: Vec<(PathBuf, Manifest)>,
    pub(super) inspects: Vec<Inspect>,
}

impl Given {
    /// Reads them.
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut given = Self::default();
        for path in paths {
            let fails = |reason: String| Error::Io { path: path.clone(), reason };
            if path.is_dir() {
                return Err(fails(
                    "it is a folder; `--context` names that of the build".to_owned(),
                ));
            }
            let file = File::open(path).map_err(|it| Error::io(path, &it))?;
            let mut reader = BufReader::with_capacity(64 << 10, file);
            let start = reader.fill_buf().map_err(|it| Error::io(path, &it))?;
            let text = String::from_utf8_lossy(start).into_owned();
            if start.is_empty() {
                return Err(fails("it is empty".to_owned()));
            }
            if matches!(start, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
                return Err(fails(
                    "it is in UTF-16, as `>` of Windows PowerShell writes it; save it as UTF-8"
                        .to_owned(),
                ));
            }
            let is_object = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
            let is_manifest = is_object && text.contains(MARK);
            if is_manifest || (is_object && text.contains("\"NumTotalSteps\"")) {
                let mut bytes = Vec::new();
                reader
                    .take(MOST_BYTES)
                    .read_to_end(&mut bytes)
                    .map_err(|it| Error::io(path, &it))?;
                match Inspect::read(&bytes).filter(|_| !is_manifest) {
                    Some(found) => given.inspects.push(found),
                    None => {
                        let found = Manifest::read(&bytes).map_err(fails)?;
                        given.manifests.push((path.clone(), found));
                    }
                }
                continue;
            }
            let builds = log::read(reader).map_err(|it| Error::io(path, &it))?;
            if builds.is_empty() {
                return Err(fails(
                    "it is neither a build log nor a manifest of `--record`; a build log is the output of `docker build` \
                     with `--progress plain` or `rawjson`, of the classic builder, or of buildah"
                        .to_owned(),
                ));
            }
            given.logs.push((path.clone(), builds));
        }
        Ok(given)
    }

    /// Whether there is enough to compare.
    pub(super) fn check(&self, args: &CacheArgs) -> Result<(), Error> {
        let usage = |text: &str| Err(Error::Usage(text.to_owned()));
        if self.logs.len() > 2 || self.manifests.len() > 2 || self.inspects.len() > 2 {
            return usage(
                "`--explain` compares two builds: more than two files of a kind are named",
            );
        }
        if !self.manifests.is_empty() && args.revs.is_some() {
            return usage("either `--revs` or manifests say what was built, not both");
        }
        let has_states = args.revs.is_some() || !self.manifests.is_empty();
        match (self.logs.len(), self.manifests.len()) {
            (0, 0) if args.revs.is_none() => usage(
                "records of builds have no steps: add the logs, as `docker buildx history logs` prints them",
            ),
            (1, _) if !has_states => usage(
                "one log alone does not say what changed: add the log of the build before it, `--revs` or a manifest",
            ),
            _ => Ok(()),
        }
    }

    /// The logs' builds to compare: where a log has several, those that have most in common.
    pub(super) fn builds(&self) -> (Option<&Build>, Option<&Build>) {
        /// More builds of a log are not compared.
        const MOST: usize = 50;
        let last = |at: usize| self.logs.get(at).map(|it| &it.1[it.1.len().saturating_sub(MOST)..]);
        match (last(0), last(1)) {
            (Some(old), Some(new)) => {
                let pairs = new.iter().flat_map(|new| old.iter().map(move |old| (old, new)));
                let best = pairs.max_by_key(|(old, new)| in_common(old, new));
                (best.map(|it| it.0), best.map(|it| it.1))
            }
            (Some(new), None) => (None, new.last()),
            _ => (None, None),
        }
    }

    /// Whose cache it is, where no log says it.
    pub(super) fn builder(&self, args: &CacheArgs) -> Builder {
        self.manifests.last().and_then(|it| it.1.builder()).unwrap_or(args.builder)
    }

    /// What the Dockerfile is called.
    pub(super) fn dockerfile(&self, args: &CacheArgs) -> String {
        let named = args.file.as_ref().map(|it| crate::context::with_slashes(it));
        let recorded = self.manifests.last().map(|it| it.1.dockerfile().to_owned());
        named.or(recorded).unwrap_or_else(|| "Dockerfile".to_owned())
    }

    /// The commits of records, if this repository has them.
    pub(super) fn revisions(&self, args: &CacheArgs) -> Option<String> {
        let (old, new) = self.inspects.first().zip(self.inspects.get(1))?;
        let (old, new) = old.revision().zip(new.revision())?;
        let repository = Place::find(args).ok()?.repository;
        let is_here = |it: &str| repository.resolve(it).is_ok();
        (self.manifests.is_empty() && is_here(old) && is_here(new)).then(|| format!("{old}..{new}"))
    }

    /// What the two builds are called.
    pub(super) fn names(&self) -> (String, String) {
        let log = |at: usize| self.logs.get(at).map(|it| shown(&it.0));
        let manifest = |at: usize| self.manifests.get(at).map(|it| shown(&it.0));
        let (old, new) = match self.logs.len() {
            2 => (log(0), log(1)),
            1 => (manifest(0), log(0)),
            _ => (manifest(0), manifest(1)),
        };
        let or = |name: Option<String>, what: &str| name.unwrap_or_else(|| what.to_owned());
        (or(old, "the build before"), or(new, "the files on the disk"))
    }

    /// What is to be said about the logs themselves.
    pub(super) fn remark(&self, found: &mut Explanation) {
        let (old, new) = self.builds();
        let kept = [old.filter(|_| self.logs.len() > 1), new];
        for (at, (path, builds)) in self.logs.iter().enumerate() {
            let build = if self.logs.len() > 1 { kept[at] } else { new };
            let Some(build) = build else { continue };
            let partial = build.partial.iter().map(|it| format!("{}: {it}", shown(path)));
            found.partial.extend(partial);
            if builds.len() > 1 {
                let number = builds.iter().position(|it| std::ptr::eq(it, build));
                found.notes.push(format!(
                    "{} has {} builds; number {} is compared",
                    shown(path),
                    builds.len(),
                    number.unwrap_or_default() + 1
                ));
            }
        }
    }
}

/// How many steps of two builds have the same text.
fn in_common(old: &Build, new: &Build) -> usize {
    /// More steps are not compared.
    const MOST: usize = 500;
    let texts: std::collections::HashSet<&str> =
        old.steps.iter().take(MOST).map(|it| it.text.as_str()).collect();
    new.steps.iter().take(MOST).filter(|it| texts.contains(it.text.as_str())).count()
}

/// A path in a message.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
