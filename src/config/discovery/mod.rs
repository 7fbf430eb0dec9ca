//! Which settings a file has: the caller's over those of the nearest configuration file.

mod hadolint;
mod paths;
mod patterns;
mod scope;

pub use hadolint::{Found, given_alone};
pub use paths::without_links;
pub use patterns::path_patterns;
pub use scope::{Part, Scope};

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use ignore::gitignore::Gitignore;

use super::file::{Config, check_pattern};
use super::layer::{Layer, Settings};
use crate::context::{Finder, border};
use crate::error::Error;
use crate::lint::Selector;
use paths::shown;
use scope::Reader;

/// What configuration depends on and is not known here.
#[derive(Clone, Copy)]
pub struct Outside {
    /// Reads the selector of a rule, or says why there is none.
    pub selector: fn(&str) -> Result<Selector, String>,
    /// The value of a variable of the environment.
    pub variable: fn(&str) -> Option<OsString>,
}

/// Which configuration files count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Wanted {
    /// The nearest one in or above the folder of each file; hadolint's where there is none.
    #[default]
    Nearest,
    /// This one for all files.
    File(PathBuf),
    /// None.
    Nothing,
}

/// Finds the settings of files. Each folder is looked at once.
pub struct Resolver {
    /// What the command line says.
    over: Layer,
    /// What holds for all files alike: `--config` and `--no-config`.
    fixed: Option<Rc<Scope>>,
    /// What holds where no file of ours is found, once it is needed.
    fallback: Option<Rc<Scope>>,
    /// What hadolint's files and variables say, once it is needed.
    hadolint: Option<Found>,
    /// How files that are found are read.
    finder: Finder,
    outside: Outside,
    /// The folder above which none is looked at, for the scopes that are known.
    border: Option<PathBuf>,
    /// The folder that the border was found for.
    borders_of: Option<PathBuf>,
    /// The scope of a folder, by the path without links; none if neither it nor one above has a file.
    scopes: HashMap<PathBuf, Option<Rc<Scope>>>,
    /// Folders as they are given: without links, and with what holds there.
    folders: HashMap<PathBuf, (PathBuf, Rc<Scope>)>,
    /// The folder that is searched: as it is given, and without links.
    searched: Option<(PathBuf, PathBuf)>,
    /// What the command line leaves out, and the working directory.
    exclude: Option<(Gitignore, PathBuf)>,
    /// Whether what is left out is left out also where it is named.
    force_exclude: bool,
}

/// The names of our file, in the order of the documentation.
pub const NAMES: [&str; 4] =
    ["layerwise.yaml", ".layerwise.yaml", "layerwise.yml", ".layerwise.yml"];

/// How many folders are kept in mind. Files come folder by folder, so the memory of a run over very many need
/// not grow with them.
const MOST_FOLDERS: usize = 4096;

impl Resolver {
    /// What `over` says, over files that are still to be found.
    ///
    /// # Errors
    /// The file that is wanted cannot be read.
    pub fn new(
        over: Layer,
        wanted: Wanted,
        finder: Finder,
        outside: Outside,
    ) -> Result<Self, Error> {
        let mut resolver = Self {
            over,
            fixed: None,
            fallback: None,
            hadolint: None,
            finder,
            outside,
            border: None,
            borders_of: None,
            scopes: HashMap::new(),
            folders: HashMap::new(),
            searched: None,
            exclude: None,
            force_exclude: false,
        };
        resolver.fixed = match wanted {
            Wanted::Nearest => None,
            Wanted::File(path) => Some(Rc::new(resolver.given(&path)?)),
            Wanted::Nothing => Some(Rc::new(Scope::of(Config::default(), None))),
        };
        Ok(resolver)
    }

    /// How files that are found are read.
    pub fn finder(&self) -> Finder {
        self.finder
    }

    /// What hadolint's files and variables say, if they were needed.
    pub fn hadolint(&self) -> Option<&Found> {
        self.hadolint.as_ref()
    }

    /// Leaves out what matches these patterns too, and with `force` also where it is named.
    ///
    /// # Errors
    /// One is not a pattern, or they are too many.
    pub fn leave_out(&mut self, exclude: &[String], force: bool) -> Result<(), Error> {
        for pattern in exclude {
            check_pattern(pattern)
                .map_err(|reason| Error::Usage(format!("`--exclude {pattern}`: {reason}")))?;
        }
        let folder = || without_links(Path::new("."));
        self.exclude = match exclude {
            [] => None,
            _ => Some((
                patterns::patterns(exclude)
                    .map_err(|it| Error::Usage(format!("`--exclude`: {it}")))?,
                folder(),
            )),
        };
        self.force_exclude = force;
        Ok(())
    }

    /// The file of `--config`; hadolint's is known by its name.
    fn given(&mut self, path: &Path) -> Result<Scope, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.trim_start_matches('.').starts_with("hadolint") {
            let found = hadolint::given(path, self.outside)?;
            let config = Config { layer: found.settings.layer.clone(), ..Config::default() };
            self.hadolint = Some(found);
            return Ok(Scope::of(config, Some(path.to_owned())));
        }
        let folder = path.parent().map_or(PathBuf::new(), without_links);
        let border = (self.finder == Finder::Search).then(|| without_links(Path::new(".")));
        let reader = Reader {
            finder: Finder::Person,
            border: border.as_deref(),
            selector: self.outside.selector,
        };
        Scope::read(path, &reader, folder, None)
    }

    /// The folder of a file without links, and what holds there.
    fn place(
        &mut self,
        path: &Path,
        searched: Option<&Path>,
    ) -> Result<(PathBuf, Rc<Scope>), Error> {
        let parent = path.parent().unwrap_or(Path::new(""));
        let name = path.file_name().unwrap_or_default();
        if !self.folders.contains_key(parent) {
            if self.folders.len() >= MOST_FOLDERS {
                self.folders.clear();
                self.scopes.clear();
            }
            let folder = match searched {
                Some(root) => self.below(root, parent),
                None => without_links(parent),
            };
            let scope = self.of_folder(&folder, searched)?;
            self.folders.insert(parent.to_owned(), (folder, scope));
        }
        let (folder, scope) = &self.folders[parent];
        Ok((folder.join(name), Rc::clone(scope)))
    }

    /// What says that a file is left out, if anything does.
    fn left_out_by(&self, full: &Path, scope: &Scope) -> Option<String> {
        let given = self.exclude.as_ref();
        if given.is_some_and(|(patterns, folder)| patterns::matches(patterns, folder, full)) {
            return Some("--exclude".to_owned());
        }
        scope.excluded_by(full)
    }

    /// Where the settings of a named file come from, what counts less first; and what leaves it out, if anything does.
    ///
    /// # Errors
    /// A configuration file cannot be read.
    pub fn origins(&mut self, path: &Path) -> Result<(Vec<Part>, Option<String>), Error> {
        let (full, scope) = self.place(path, None)?;
        let mut parts = scope.parts_of(&full);
        if let Some(found) = self.hadolint.as_ref().filter(|it| !it.variables.is_empty()) {
            let names = found.variables.iter().map(|it| format!(", {it}")).collect::<String>();
            parts.iter_mut().for_each(|it| it.source.push_str(&names));
        }
        Ok((parts, self.left_out_by(&full, &scope)))
    }

    /// The path without links of a folder that was found below another. Searching follows no links, so only the
    /// folder where it began can have some; asking the system for each folder takes longer than to read a file.
    fn below(&mut self, root: &Path, folder: &Path) -> PathBuf {
        let (_, real) = match self.searched.take() {
            Some(known) if known.0 == root => self.searched.insert(known),
            _ => self.searched.insert((root.to_owned(), without_links(root))),
        };
        // Below `.` names are shown without it.
        real.join(folder.strip_prefix(root).unwrap_or(folder))
    }

    /// What holds in a folder, given without links.
    ///
    /// # Errors
    /// A configuration file cannot be read.
    pub fn of_folder(
        &mut self,
        folder: &Path,
        searched: Option<&Path>,
    ) -> Result<Rc<Scope>, Error> {
        if let Some(scope) = &self.fixed {
            return Ok(Rc::clone(scope));
        }
        if let Some(scope) = self.nearest(folder, searched)? {
            return Ok(scope);
        }
        if let Some(scope) = &self.fallback {
            return Ok(Rc::clone(scope));
        }
        let found = hadolint::search(self.finder, self.outside)?;
        let config = Config { layer: found.settings.layer.clone(), ..Config::default() };
        let scope = Rc::new(Scope::of(config, found.file.clone()));
        self.fallback = Some(Rc::clone(&scope));
        self.hadolint = Some(found);
        Ok(scope)
    }

    /// The scope of the nearest file of ours, from the folder upwards.
    fn nearest(
        &mut self,
        folder: &Path,
        searched: Option<&Path>,
    ) -> Result<Option<Rc<Scope>>, Error> {
        if self.finder == Finder::Search {
            self.keep_within(folder, searched);
        }
        let known = folder.ancestors().find_map(|it| self.scopes.get(it).map(|scope| (it, scope)));
        let (top, mut scope) = match known {
            Some((known, scope)) => (Some(known), scope.clone()),
            None => (None, None),
        };
        let border = self.border.as_deref();
        let reader = Reader { finder: self.finder, border, selector: self.outside.selector };
        let is_inside = |it: &&Path| border.is_none_or(|border| it.starts_with(border));
        let new = folder.ancestors().take_while(|it| Some(*it) != top).take_while(is_inside);
        let new: Vec<&Path> = new.collect();
        for folder in new.into_iter().rev() {
            if let Some(file) = own_file(folder)? {
                scope = Some(Rc::new(Scope::read(&file, &reader, folder.to_owned(), scope)?));
            }
            self.scopes.insert(folder.to_owned(), scope.clone());
        }
        Ok(scope)
    }

    /// Looks at no folder above the project of a folder: its repository, or without one the working directory or what was
    /// searched.
    fn keep_within(&mut self, folder: &Path, searched: Option<&Path>) {
        // All that is found below one folder has its border.
        let start = match (searched, &self.searched) {
            (Some(_), Some((_, real))) => real.clone(),
            _ => folder.to_owned(),
        };
        if self.borders_of.as_ref() == Some(&start) {
            return;
        }
        let here = std::env::current_dir().ok().filter(|it| start.starts_with(it));
        let border = border(&start, here.as_deref());
        if self.border.as_ref() != Some(&border) {
            self.scopes.clear();
            self.border = Some(border);
        }
        self.borders_of = Some(start);
    }

    /// The settings of a file; none if it is left out. `searched` is the folder below which it was found, if it was not
    /// named.
    ///
    /// # Errors
    /// A configuration file cannot be read.
    pub fn settings_of(
        &mut self,
        path: &Path,
        searched: Option<&Path>,
    ) -> Result<Option<Arc<Settings>>, Error> {
        let (full, scope) = self.place(path, searched)?;
        let may_be_left_out = searched.is_some() || self.force_exclude && path != Path::new("-");
        let is_left_out = may_be_left_out && self.left_out_by(&full, &scope).is_some();
        Ok((!is_left_out).then(|| scope.settings(&full, &self.over)))
    }

    /// Whether some files below a folder are checked whatever their names are.
    ///
    /// # Errors
    /// A configuration file cannot be read.
    pub fn includes_below(&mut self, folder: &Path) -> Result<bool, Error> {
        let folder = without_links(folder);
        let scope = self.of_folder(&folder, None)?;
        Ok(scope.has_includes() && self.left_out_by(&folder, &scope).is_none())
    }

    /// Whether a file that was found below a folder is checked whatever its name is.
    ///
    /// # Errors
    /// A configuration file cannot be read.
    pub fn includes_file(&mut self, path: &Path, searched: &Path) -> Result<bool, Error> {
        let (full, scope) = self.place(path, Some(searched))?;
        Ok(scope.includes(&full))
    }
}

/// Our file in a folder. Of two nobody would know which one counts.
fn own_file(folder: &Path) -> Result<Option<PathBuf>, Error> {
    let paths = NAMES.iter().map(|name| folder.join(name));
    let mut found = paths.filter(|path| path.symlink_metadata().is_ok_and(|it| !it.is_dir()));
    let (first, second) = (found.next(), found.next());
    match (&first, second) {
        (Some(first), Some(second)) => Err(Error::Usage(format!(
            "both {} and {} exist; remove one",
            shown(first).display(),
            shown(&second).display()
        ))),
        _ => Ok(first),
    }
}
