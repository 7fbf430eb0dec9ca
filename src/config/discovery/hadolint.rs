//! hadolint's configuration, where hadolint looks for it.

use std::path::{Path, PathBuf};

use super::super::hadolint::{Hadolint, VARIABLES};
use super::Outside;
use super::paths::read;
use crate::context::{Finder, Way, follow_from};
use crate::error::Error;

/// What hadolint's file and variables say.
#[derive(Debug, Default)]
pub struct Found {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// The variables that are set.
    pub variables: Vec<&'static str>,
    /// What they say together.
    pub settings: Hadolint,
}

/// The first file at hadolint's places, over the environment.
pub(super) fn search(found: Finder, outside: Outside) -> Result<Found, Error> {
    let is_there = |path: &PathBuf| {
        // What a link in the project leads to is not looked at before that is known.
        if path.is_absolute() || found == Finder::Anywhere || !path.is_symlink() {
            return path.is_file();
        }
        match follow_from(path, None, path) {
            Way::Inside(path) => path.is_file(),
            Way::Outside => true,
            Way::Nowhere => false,
        }
    };
    let file = places(outside).into_iter().find(is_there);
    // What is in the folder of a person, the person put there.
    let finder = |path: &Path| if path.is_absolute() { Finder::Person } else { found };
    let finder = file.as_deref().map_or(Finder::Search, finder);
    together(file, finder, outside)
}

/// A file that was named, over the environment.
pub(super) fn given(file: &Path, outside: Outside) -> Result<Found, Error> {
    together(Some(file.to_owned()), Finder::Person, outside)
}

/// A file that was named, alone.
///
/// # Errors
/// It cannot be read.
pub fn given_alone(file: &Path, outside: Outside) -> Result<Found, Error> {
    let bytes = read(file, Finder::Person)?;
    let settings = Hadolint::read(file, &bytes, &outside.selector)?;
    Ok(Found { file: Some(file.to_owned()), variables: Vec::new(), settings })
}

fn together(file: Option<PathBuf>, finder: Finder, outside: Outside) -> Result<Found, Error> {
    let variable = |name: &str| (outside.variable)(name)?.into_string().ok();
    let mut settings = Hadolint::of_environment(&variable, &outside.selector);
    if let Some(file) = &file {
        settings.add(Hadolint::read(file, &read(file, finder)?, &outside.selector)?);
    }
    let variables = VARIABLES.iter().copied().filter(|it| (outside.variable)(it).is_some());
    Ok(Found { file, variables: variables.collect(), settings })
}

/// Where hadolint looks for its file, in order.
fn places(outside: Outside) -> Vec<PathBuf> {
    let folder = |name: &str| {
        let value = (outside.variable)(name).map(PathBuf::from);
        value.filter(|path| path.is_absolute())
    };
    let home = folder(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    let settings = if cfg!(windows) {
        folder("XDG_CONFIG_HOME").or_else(|| folder("LOCALAPPDATA"))
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| home.as_ref().map(|home| home.join(".config")))
    };
    let mut places = vec![PathBuf::from(".hadolint")];
    places.extend(settings.map(|it| it.join("hadolint")));
    if let Some(home) = home {
        let names = [".hadolint/hadolint", ".hadolint/config", ".hadolint"];
        places.extend(names.iter().map(|name| home.join(name)));
    }
    let with_ending = |path: &PathBuf| {
        ["yaml", "yml"].map(|ending| {
            let mut path = path.clone().into_os_string();
            path.push(".");
            path.push(ending);
            PathBuf::from(path)
        })
    };
    places.iter().flat_map(with_ending).collect()
}
