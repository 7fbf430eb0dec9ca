//! What one configuration file, and those that it extends, say about the files below its folder.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use ignore::gitignore::Gitignore;

use super::super::file::Config;
use super::super::layer::{Layer, Settings};
use super::paths::{read, shown};
use super::patterns::{matches, patterns};
use crate::context::{Finder, Way, follow_from};
use crate::error::Error;
use crate::lint::{Date, Selector};

/// What holds below a folder.
pub struct Scope {
    /// The file it comes from, if there is one.
    pub file: Option<PathBuf>,
    /// The folder that patterns are relative to.
    folder: PathBuf,
    /// What the file says, with what it extends.
    pub config: Config,
    /// The same, file by file; what counts less comes first.
    parts: Vec<Part>,
    exclude: Option<Gitignore>,
    include: Option<Gitignore>,
    per_path: Vec<Gitignore>,
    /// What holds above the folder: its `exclude` holds here too.
    outer: Option<Rc<Scope>>,
    /// The settings, by which entries of `per-path` apply.
    made: RefCell<HashMap<Vec<bool>, Arc<Settings>>>,
}

/// What one source of settings says.
#[derive(Debug, Clone)]
pub struct Part {
    /// What people know it by.
    pub source: String,
    /// What it says.
    pub layer: Layer,
}

/// What is reported about a file that a configuration file names.
const OUTSIDE: &str = "is outside the project; `--allow-outside` allows it";

/// How files are read: those that a file extends are in its project, which is all below `border` outside of a repository,
/// or anywhere if there is none.
pub(super) struct Reader<'a> {
    pub(super) finder: Finder,
    pub(super) border: Option<&'a Path>,
    pub(super) selector: fn(&str) -> Result<Selector, String>,
}

fn leads_out(file: &Path, border: Option<&Path>, path: &Path) -> bool {
    border.is_some_and(|it| follow_from(file, Some(it), path) == Way::Outside)
}

fn is_inside(file: &Path, path: &Path) -> bool {
    matches!(follow_from(file, None, path), Way::Inside(_))
}

/// How many files may extend each other in a row.
const MOST_EXTENDED: usize = 16;

impl Scope {
    /// What holds where no file of ours does.
    pub(super) fn of(config: Config, file: Option<PathBuf>) -> Self {
        let source = file.iter().map(|it| it.display().to_string());
        let parts = source.map(|source| Part { source, layer: config.layer.clone() }).collect();
        Self {
            file,
            folder: PathBuf::new(),
            config,
            parts,
            exclude: None,
            include: None,
            per_path: Vec::new(),
            outer: None,
            made: RefCell::default(),
        }
    }

    /// Reads a file and those that it extends.
    pub(super) fn read(
        file: &Path,
        reader: &Reader<'_>,
        folder: PathBuf,
        outer: Option<Rc<Self>>,
    ) -> Result<Self, Error> {
        let mut chain = Vec::new();
        load(file, reader, &mut Vec::new(), &mut chain)?;
        let parts = chain.iter().map(|(path, config)| Part {
            source: path.display().to_string(),
            layer: config.layer.clone(),
        });
        let parts = parts.collect();
        let config = chain.into_iter().map(|(_, it)| it).reduce(|mut below, over| {
            below.add(over);
            below
        });
        let config = config.unwrap_or_default();
        let built = |list: &[String]| {
            patterns(list).map_err(|reason| Error::Io { path: shown(file), reason })
        };
        let list = |list: &[String]| (!list.is_empty()).then(|| built(list)).transpose();
        Ok(Self {
            file: Some(shown(file)),
            folder,
            exclude: list(&config.exclude)?,
            include: list(&config.include)?,
            per_path: config
                .per_path
                .iter()
                .map(|it| built(&it.paths))
                .collect::<Result<_, _>>()?,
            outer,
            config,
            parts,
            made: RefCell::default(),
        })
    }

    /// The file that leaves a file out, if this one or one above does.
    pub(super) fn excluded_by(&self, path: &Path) -> Option<String> {
        if self.exclude.as_ref().is_some_and(|it| matches(it, &self.folder, path)) {
            return Some(self.source());
        }
        self.outer.as_ref().and_then(|outer| outer.excluded_by(path))
    }

    /// Whether some files are checked whatever their names are.
    pub(super) fn has_includes(&self) -> bool {
        self.include.is_some()
    }

    /// Whether a file is checked whatever its name is.
    pub(super) fn includes(&self, path: &Path) -> bool {
        self.include.as_ref().is_some_and(|it| matches(it, &self.folder, path))
    }

    fn source(&self) -> String {
        self.file.as_ref().map(|it| it.display().to_string()).unwrap_or_default()
    }

    fn applies(&self, path: &Path) -> Vec<bool> {
        self.per_path.iter().map(|it| matches(it, &self.folder, path)).collect()
    }

    /// What is said about a file, what counts less first.
    pub(super) fn parts_of(&self, path: &Path) -> Vec<Part> {
        let mut parts = self.parts.clone();
        for (entry, applies) in self.config.per_path.iter().zip(self.applies(path)) {
            if applies {
                let source = format!("{}, per-path {}", self.source(), entry.paths.join(" "));
                parts.push(Part { source, layer: entry.layer.clone() });
            }
        }
        parts
    }

    /// The settings of a file, with those of the command line over them.
    pub(super) fn settings(&self, path: &Path, over: &Layer) -> Arc<Settings> {
        let applies = self.applies(path);
        let mut made = self.made.borrow_mut();
        if let Some(settings) = made.get(&applies) {
            return Arc::clone(settings);
        }
        let mut layer = self.config.layer.clone();
        let entries = self.config.per_path.iter().zip(&applies);
        entries.filter(|(_, applies)| **applies).for_each(|(entry, _)| layer.add(&entry.layer));
        layer.add(over);
        let mut settings = layer.settings();
        settings.lint.today = today();
        let settings = Arc::new(settings);
        made.insert(applies, Arc::clone(&settings));
        settings
    }
}

/// The day in UTC, if the clock of the system is right enough to know it.
fn today() -> Option<Date> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().map(|it| Date::of_seconds(it.as_secs()))
}

/// Reads a file after the one that it extends. `way` are the files that led here.
fn load(
    file: &Path,
    reader: &Reader<'_>,
    way: &mut Vec<PathBuf>,
    chain: &mut Vec<(PathBuf, Config)>,
) -> Result<(), Error> {
    let Reader { finder, border, selector } = *reader;
    let name = shown(file);
    let mut config = Config::read(&name, &read(file, finder)?, &selector)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    if let Some(baseline) = config.layer.baseline.take() {
        let path = folder.join(&baseline);
        if leads_out(file, border, &path) {
            let reason = format!("`baseline: {}` {OUTSIDE}", baseline.display());
            return Err(Error::Io { path: name, reason });
        }
        config.layer.baseline = Some(shown(&path));
    }
    way.push(file.canonicalize().unwrap_or_else(|_| file.to_owned()));
    if let Some(base) = config.extends.take() {
        let fail = |why: &str| {
            let reason = format!("`extends: {base}` {why}");
            Err(Error::Io { path: name.clone(), reason })
        };
        // What is not configuration is not read: its lines would be in the errors.
        if !base.ends_with(".yaml") && !base.ends_with(".yml") {
            return fail("does not end with .yaml or .yml");
        }
        if leads_out(file, border, &folder.join(&base)) {
            return fail(OUTSIDE);
        }
        let Ok(path) = folder.join(&base).canonicalize() else {
            return fail("does not exist");
        };
        if way.contains(&path) {
            return fail("forms a cycle");
        }
        if way.len() >= MOST_EXTENDED {
            return fail("exceeds the limit of nested `extends`");
        }
        // Nothing of a file is quoted that whoever wrote this one may not read.
        let is_foreign = finder != Finder::Person && !is_inside(&name, &path);
        load(&path, reader, way, chain).map_err(|error| match error {
            Error::Config { .. } if is_foreign => Error::Io {
                path: shown(&path),
                reason: "not a valid configuration file; details are hidden because it is outside the project".to_owned(),
            },
            other => other,
        })?;
    }
    chain.push((name, config));
    Ok(())
}
