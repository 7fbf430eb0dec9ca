//! `layerwise cache --explain`: why a build missed its cache, from logs, commits and manifests.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::args::CacheArgs;
use super::place::Place;
use super::work_tree::WorkTree;
use super::{change, record};
use crate::cache::git::Commit;
use crate::cache::log::{self, Build};
use crate::cache::manifest::{MARK, Manifest};
use crate::cache::{
    Asked, Builder, Explanation, History, Inspect, MadeTree, Objects, State, explain, states,
};
use crate::cli::output::style;
use crate::cli::{Outcome, SUCCESS};
use crate::error::Error;
use crate::report::{CacheReport, Explained};

/// Larger manifests and records are not read.
const MOST_BYTES: u64 = 256 << 20;

/// Runs it.
pub(super) fn run(args: &CacheArgs, paths: &[PathBuf]) -> Outcome {
    let given = Given::read(paths)?;
    given.check(args)?;
    let (old, new) = given.builds();
    let builder = new.map_or_else(|| given.builder(args), |it| it.form.builder());
    let asked = Asked {
        old,
        new,
        states: None,
        is_git: false,
        known_args: args.build.build_arg.iter().map(|it| it.0.clone()).collect(),
        inspects: given.inspects.first().zip(given.inspects.get(1)),
        builder,
    };
    let mut found = Found { dockerfile: given.dockerfile(args), ..Found::default() };
    let range = args.revs.clone().or_else(|| given.revisions(args));
    if let Some(range) = &range {
        of_commits(args, range, builder, &asked, &mut found)?;
    } else if given.manifests.is_empty() {
        found.explanation = explain(&asked).map_err(Error::Usage)?;
    } else {
        of_manifests(args, &given, builder, &asked, &mut found)?;
    }
    given.remark(&mut found.explanation);
    let history = History::default();
    let context = args.context.as_ref().unwrap_or(&args.folder);
    let (old, new) = given.names();
    let explained = Explained {
        explanation: &found.explanation,
        old: &old,
        new: &new,
        states: found.states.as_ref().map(|it| (it.0.as_str(), it.1.as_str())),
    };
    let report = CacheReport {
        builder,
        dockerfile: &found.dockerfile,
        context: &crate::context::with_slashes(context),
        target: args.build.target.as_deref(),
        history: &history,
        change: None,
        orders: &[],
        text: None,
        explained: Some(explained),
    };
    super::write(args, &report.write(args.format, style(args.color.color, args.output.is_none())))?;
    Ok(SUCCESS)
}

/// What came out.
#[derive(Default)]
struct Found {
    explanation: Explanation,
    dockerfile: String,
    /// What was compared: commits or manifests.
    states: Option<(String, String)>,
}

/// Compares two commits, or a commit with the work tree.
fn of_commits(
    args: &CacheArgs,
    range: &str,
    builder: Builder,
    asked: &Asked<'_>,
    found: &mut Found,
) -> Result<(), Error> {
    let place = Place::find(args)?;
    let request = crate::cache::Request { builder, ..super::request(args, &place)? };
    let (old, new) = change::ends(args, &place, range)?;
    let name = |it: &Commit| it.id.to_string();
    let names = (name(&old), new.as_ref().map_or_else(|| "the working tree".to_owned(), name));
    let tree;
    let (objects, new): (&dyn Objects, Commit) = match new {
        Some(new) => (&place.repository, new),
        None => {
            let read = WorkTree::read(&place.repository, &old).map_err(Error::Usage)?;
            tree = read.0;
            (&tree, read.1)
        }
    };
    let both = states(objects, &[new, old], &request);
    let both: Result<Vec<State>, String> = both.into_iter().rev().collect();
    let both = both.map_err(|it| Error::Usage(format!("`{}`: {it}", place.dockerfile)))?;
    let asked =
        Asked { states: Some((&both[0], &both[1], objects)), is_git: true, ..asked.clone() };
    found.explanation = explain(&asked).map_err(Error::Usage)?;
    found.dockerfile.clone_from(&place.dockerfile);
    found.states = Some(names);
    Ok(())
}

/// Compares two manifests, or a manifest with the files on the disk.
fn of_manifests(
    args: &CacheArgs,
    given: &Given,
    builder: Builder,
    asked: &Asked<'_>,
    found: &mut Found,
) -> Result<(), Error> {
    let mut tree = MadeTree::default();
    let mut state = |(path, manifest): &(PathBuf, Manifest)| {
        let state = manifest.state(builder, &mut tree);
        state.map_err(|reason| Error::Io { path: path.clone(), reason })
    };
    let old = state(&given.manifests[0])?;
    let (new, name) = match given.manifests.get(1) {
        Some(it) => (state(it)?, shown(&it.0)),
        None => {
            let mut options = given.manifests[0].1.options();
            for (name, value) in &args.build.build_arg {
                options.build_args.retain(|it| it.0 != *name);
                options.build_args.push((name.clone(), value.clone()));
            }
            options.target = args.build.target.clone().or(options.target);
            let manifest = record::of_disk(args, builder, options)?;
            (
                state(&(PathBuf::from("the files on the disk"), manifest))?,
                "the files on the disk".to_owned(),
            )
        }
    };
    let asked = Asked { states: Some((&old, &new, &tree)), ..asked.clone() };
    found.explanation = explain(&asked).map_err(Error::Usage)?;
    found.states = Some((shown(&given.manifests[0].0), name));
    Ok(())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The files that were named, by what they are; the older one of each kind first.
#[derive(Default)]
struct Given {
    logs: Vec<(PathBuf, Vec<Build>)>,
    manifests: Vec<(PathBuf, Manifest)>,
    inspects: Vec<Inspect>,
}

impl Given {
    fn read(paths: &[PathBuf]) -> Result<Self, Error> {
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
                    "it has no step of a build, and is not a manifest of `--record`: what is needed is what \
                     `docker build --progress plain`, `--progress rawjson`, the classic builder or buildah prints"
                        .to_owned(),
                ));
            }
            given.logs.push((path.clone(), builds));
        }
        Ok(given)
    }

    /// Whether there is enough to compare.
    fn check(&self, args: &CacheArgs) -> Result<(), Error> {
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
    fn builds(&self) -> (Option<&Build>, Option<&Build>) {
        let last = |at: usize| self.logs.get(at).map(|it| it.1.as_slice());
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

    fn builder(&self, args: &CacheArgs) -> Builder {
        self.manifests.last().and_then(|it| it.1.builder()).unwrap_or(args.builder)
    }

    fn dockerfile(&self, args: &CacheArgs) -> String {
        let named = args.file.as_ref().map(|it| crate::context::with_slashes(it));
        let recorded = self.manifests.last().map(|it| it.1.dockerfile().to_owned());
        named.or(recorded).unwrap_or_else(|| "Dockerfile".to_owned())
    }

    /// The commits of records, if this repository has them.
    fn revisions(&self, args: &CacheArgs) -> Option<String> {
        let (old, new) = self.inspects.first().zip(self.inspects.get(1))?;
        let (old, new) = old.revision().zip(new.revision())?;
        let repository = Place::find(args).ok()?.repository;
        let is_here = |it: &str| repository.resolve(it).is_ok();
        (self.manifests.is_empty() && is_here(old) && is_here(new)).then(|| format!("{old}..{new}"))
    }

    /// What the two builds are called.
    fn names(&self) -> (String, String) {
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
    fn remark(&self, found: &mut Explanation) {
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
