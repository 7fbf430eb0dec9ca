//! hadolint's configuration: where hadolint looks for it, and what is said about it.

use std::path::{Path, PathBuf};

use super::flags::selector;
use super::settings::read;
use crate::config::{Hadolint, VARIABLES};
use crate::context::{Finder, Way, follow_from};
use crate::error::Error;

/// What hadolint's file and variables say.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The file, if there is one.
    pub(super) file: Option<PathBuf>,
    /// The variables that are set.
    pub(super) variables: Vec<&'static str>,
    /// What they say together.
    pub(super) settings: Hadolint,
}

/// The first file at hadolint's places, over the environment.
pub(super) fn search(found: Finder) -> Result<Found, Error> {
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
    let file = places().into_iter().find(is_there);
    // What is in the folder of a person, the person put there.
    let finder = |path: &Path| if path.is_absolute() { Finder::Person } else { found };
    let finder = file.as_deref().map_or(Finder::Search, finder);
    together(file, finder)
}

/// A file that was named, over the environment.
pub(super) fn given(file: &Path) -> Result<Found, Error> {
    together(Some(file.to_owned()), Finder::Person)
}

/// A file alone.
pub(super) fn only(file: &Path) -> Result<Found, Error> {
    let settings = Hadolint::read(file, &read(file, Finder::Person)?, &|word| selector(word))?;
    Ok(Found { file: Some(file.to_owned()), variables: Vec::new(), settings })
}

fn together(file: Option<PathBuf>, finder: Finder) -> Result<Found, Error> {
    let variable = |name: &str| std::env::var(name).ok();
    let mut settings = Hadolint::of_environment(&variable, &|word| selector(word));
    if let Some(file) = &file {
        settings.add(Hadolint::read(file, &read(file, finder)?, &|word| selector(word))?);
    }
    let variables = VARIABLES.iter().copied().filter(|it| std::env::var_os(it).is_some());
    Ok(Found { file, variables: variables.collect(), settings })
}

/// Where hadolint looks for its file, in order.
fn places() -> Vec<PathBuf> {
    let folder = |name: &str| {
        let value = std::env::var_os(name).map(PathBuf::from);
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

/// What we call one of hadolint's formats; none if we have nothing like it.
pub(super) fn format(name: &str) -> Option<&'static str> {
    Some(match name {
        "tty" => "full",
        "json" => "json",
        "checkstyle" => "checkstyle",
        "codeclimate" => "codeclimate",
        "gitlab_codeclimate" => "gitlab",
        "gnu" => "gnu",
        "sonarqube" => "sonarqube",
        "sarif" => "sarif",
        "junit" => "junit",
        _ => return None,
    })
}

impl Found {
    /// What a person should hear about it.
    pub(super) fn notes(&self, chose_rules: bool, chose_format: bool) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(file) = &self.file {
            notes.push(format!(
                "note: using settings from {}; layerwise config --from-hadolint converts them to layerwise.yaml",
                file.display()
            ));
            if !chose_rules {
                let same =
                    "--profile strict --select hadolint,shellcheck reports what hadolint does";
                notes.push(format!("note: {same}; the default profile reports less"));
            }
        }
        notes.extend(self.settings.notes.iter().map(|note| format!("note: {note}")));
        if !chose_format {
            notes.extend(self.formats_left_out());
        }
        notes
    }

    /// Formats that have no counterpart.
    fn formats_left_out(&self) -> impl Iterator<Item = String> {
        use clap::ValueEnum;
        let known = |name: &str| {
            format(name).is_some_and(|it| crate::report::Format::from_str(it, true).is_ok())
        };
        let unknown = self.settings.formats.iter().filter(move |name| !known(name));
        unknown
            .map(|name| format!("note: no equivalent of hadolint's format `{name}`; see --format"))
    }
}
