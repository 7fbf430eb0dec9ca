//! `layerwise cache --record`: a manifest of what a build takes, from the disk or from a commit.

use std::path::{Path, PathBuf};

use super::args::CacheArgs;
use super::disk;
use super::place::{NAMES, Place};
use crate::cache::git::{Repository, first_parents};
use crate::cache::manifest::{FileRecord, Manifest, Recorded, Text, is_wanted};
use crate::cache::{Builder, Entry, Id, Kind, Objects, find, ignore_places};
use crate::cli::{Outcome, SUCCESS};
use crate::context::{Finder, IgnoreFile, Refusal, Standing, read_side_file, with_slashes};
use crate::error::Error;
use crate::model::BuildOptions;

/// Runs it.
pub(super) fn run(args: &CacheArgs, to: &Path) -> Outcome {
    let manifest = match &args.branch {
        Some(name) => of_commit(args, name)?,
        None => of_disk(args, args.builder, super::options(args))?,
    };
    let text = manifest.write().map_err(|it| Error::internal(to, &it))?;
    let mut output = crate::cli::output::Output::open(Some(to).filter(|it| *it != Path::new("-")))?;
    let _ = output.write(&text);
    output.finish()?;
    Ok(SUCCESS)
}

/// The project as it is on the disk.
pub(super) fn of_disk(
    args: &CacheArgs,
    builder: Builder,
    options: BuildOptions,
) -> Result<Manifest, Error> {
    let folder = args.context.as_ref().unwrap_or(&args.folder);
    let fails = |reason: String| Error::Io { path: folder.clone(), reason };
    if !folder.is_dir() {
        return Err(fails("no such folder".to_owned()));
    }
    let file = match &args.file {
        Some(file) => file.clone(),
        None => {
            let mut named = NAMES.iter().map(|it| folder.join(it));
            named
                .find(|it| it.is_file())
                .ok_or_else(|| fails("it has no Dockerfile; `-f` names another file".to_owned()))?
        }
    };
    let text = |path: &Path, finder: Finder| {
        let refused = |it: Refusal| Error::Io { path: path.to_owned(), reason: it.reason() };
        let bytes = read_side_file(path, finder).map_err(refused)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok::<_, Error>(Text { path: with_slashes(path), text })
    };
    let named = if args.file.is_some() { Finder::Person } else { Finder::Search };
    let places = ignore_places(&with_slashes(&file), &with_slashes(folder), builder);
    let ignore = places.iter().map(PathBuf::from).find(|it| it.is_file());
    let recorded = Recorded {
        builder,
        dockerfile: text(&file, named)?,
        ignore: ignore.map(|it| text(&it, Finder::Search)).transpose()?,
        options,
        revision: None,
    };
    let of_file = |reason: String| Error::Io { path: file.clone(), reason };
    let wanted = recorded.wanted().map_err(of_file)?;
    let patterns = recorded.patterns().map_err(Error::Usage)?;
    let files = disk::files(folder, patterns.as_ref(), wanted).map_err(fails)?;
    Manifest::new(&recorded, files).map_err(of_file)
}

/// The project at a commit.
fn of_commit(args: &CacheArgs, name: &str) -> Result<Manifest, Error> {
    let place = Place::find(args)?;
    let repository = &place.repository;
    let start = repository.resolve(name).map_err(Error::Usage)?;
    let (commits, _) =
        first_parents(repository, start, 1, None).map_err(|it| Error::Usage(it.0))?;
    let commit = commits.first().ok_or_else(|| Error::Usage("a commit is missing".to_owned()))?;
    let usage = |reason: String| Error::Usage(format!("`{}`: {reason}", place.dockerfile));
    let text = |path: &str| {
        let entry = find(repository, commit.tree, path).map_err(|it| it.0)?;
        let Some(entry) = entry.filter(|it| it.kind == Kind::File) else { return Ok(None) };
        let bytes = repository.content(entry.id).map_err(|it| it.0)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok::<_, String>(Some(Text { path: path.to_owned(), text }))
    };
    let dockerfile = text(&place.dockerfile).map_err(Error::Usage)?;
    let mut ignore = None;
    for path in ignore_places(&place.dockerfile, &place.context, args.builder) {
        ignore = ignore.or(text(&path).map_err(Error::Usage)?);
    }
    let recorded = Recorded {
        builder: args.builder,
        dockerfile: dockerfile.ok_or_else(|| usage(format!("`{name}` does not have it")))?,
        ignore,
        options: super::options(args),
        revision: Some(commit.id.to_string()),
    };
    let wanted = recorded.wanted().map_err(usage)?;
    let patterns = recorded.patterns().map_err(Error::Usage)?;
    let root = find(repository, commit.tree, &place.context).map_err(|it| Error::Usage(it.0))?;
    let root = root.filter(|it| it.kind == Kind::Folder);
    let root = root.ok_or_else(|| usage(format!("no folder `{}`", place.context)))?;
    let mut lister = Lister {
        repository,
        ignore: patterns.as_ref(),
        wanted: &wanted,
        found: Vec::new(),
        work: 0,
    };
    let standing = patterns.as_ref().map_or_else(Standing::default, IgnoreFile::root);
    lister.folder(root.id, "", &standing).map_err(Error::Usage)?;
    Manifest::new(&recorded, lister.found).map_err(usage)
}

/// Lists the files of a commit.
struct Lister<'l> {
    repository: &'l Repository,
    ignore: Option<&'l IgnoreFile>,
    wanted: &'l [String],
    found: Vec<FileRecord>,
    work: u64,
}

impl Lister<'_> {
    fn folder(&mut self, id: Id, path: &str, standing: &Standing) -> Result<(), String> {
        for entry in self.repository.folder(id).map_err(|it| it.0)?.iter() {
            let path = if path.is_empty() {
                entry.name.to_string()
            } else {
                format!("{path}/{}", entry.name)
            };
            // A link may lead anywhere, so all links are kept, and what they lead to if it is a part of the commit.
            let is_kept = is_wanted(&path, self.wanted) || entry.kind == Kind::Link;
            if entry.kind == Kind::Folder {
                self.inside(entry, &path, standing)?;
            } else if is_kept && !self.leaves_out(standing, &path) {
                self.add(entry, path)?;
            }
        }
        Ok(())
    }

    fn leaves_out(&mut self, standing: &Standing, path: &str) -> bool {
        let work = &mut self.work;
        self.ignore.is_some_and(|it| it.leaves_out(it.line_of(standing, path, work)))
    }

    fn inside(&mut self, entry: &Entry, path: &str, standing: &Standing) -> Result<(), String> {
        if !is_wanted(path, self.wanted) {
            return Ok(());
        }
        match IgnoreFile::open(self.ignore, standing, path, &mut self.work) {
            Some(inside) => self.folder(entry.id, path, &inside),
            None => Ok(()),
        }
    }

    fn add(&mut self, entry: &Entry, path: String) -> Result<(), String> {
        let (kind, target) = match entry.kind {
            Kind::Link => {
                let target = self.repository.content(entry.id).map_err(|it| it.0)?;
                ("link", Some(String::from_utf8_lossy(&target).into_owned()))
            }
            Kind::Submodule => ("submodule", None),
            _ => ("file", None),
        };
        self.found.push(FileRecord {
            path,
            kind: kind.to_owned(),
            mode: format!("{:o}", entry.mode),
            id: Some(entry.id.to_string()),
            target,
            owner: None,
            attributes: None,
        });
        Ok(())
    }
}
