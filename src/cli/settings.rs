//! What the flags say about configuration files, and what those files say about the files that are found.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::common_args::When;
use super::discover::Choice;
use super::hadolint;
use crate::config::{Layer, Outside, Resolver, Settings, Wanted};
use crate::context::Finder;
use crate::error::Error;
use crate::report::Format;
use crate::session::selector;

/// Flags about configuration files.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigFlags {
    /// Use this configuration file for all files [default: the nearest layerwise.yaml in or above the folder of each file]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,

    /// Use no configuration file
    #[arg(long)]
    pub(super) no_config: bool,

    /// Follow links out of the project, and read configuration above it
    /// [default: read nothing outside the repository or the given folder]
    #[arg(long, help_heading = "Files")]
    pub(super) allow_outside: bool,
}

impl ConfigFlags {
    /// Finds settings as the flags say, with those of the command line over them.
    pub(super) fn resolver(&self, over: Layer) -> Result<Resolver, Error> {
        let wanted = match &self.config {
            Some(path) => Wanted::File(path.clone()),
            None if self.no_config => Wanted::Nothing,
            None => Wanted::Nearest,
        };
        Resolver::new(over, wanted, finder(self.allow_outside), OUTSIDE)
    }
}

/// The rules of this program, and the environment that it runs in.
pub(super) const OUTSIDE: Outside = Outside { selector, variable: |name| std::env::var_os(name) };

/// How files are read that are found.
pub(super) fn finder(allow_outside: bool) -> Finder {
    if allow_outside { Finder::Anywhere } else { Finder::Search }
}

/// The format that hadolint's settings ask for.
pub(super) fn format(resolver: &Resolver) -> Option<Format> {
    let names = resolver.hadolint().into_iter().flat_map(|it| &it.settings.formats);
    names.filter_map(|name| Format::from_str(hadolint::format(name)?, true).ok()).next()
}

/// Whether to colour, hadolint's settings honoured.
pub(super) fn color(resolver: &Resolver, color: When) -> When {
    let never = resolver.hadolint().is_some_and(|it| it.settings.no_color);
    if never && color == When::Auto { When::Never } else { color }
}

impl Choice for Resolver {
    fn settings(
        &mut self,
        path: &Path,
        searched: Option<&Path>,
    ) -> Result<Option<Arc<Settings>>, Error> {
        self.settings_of(path, searched)
    }

    fn includes_any(&mut self, folder: &Path) -> Result<bool, Error> {
        self.includes_below(folder)
    }

    fn includes(&mut self, path: &Path, searched: &Path) -> Result<bool, Error> {
        self.includes_file(path, searched)
    }
}
