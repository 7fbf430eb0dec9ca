//! pipx, which installs programs written in Python.

use super::description::{Cache, Commands, Description};
use super::{Grammar, VersionStyle, pip};

pub(super) static DESCRIPTION: Description = Description {
    name: "pipx",
    programs: &["pipx"],
    installs: &[Grammar {
        verbs: &["install"],
        value_flags: pip::FLAGS,
        version: VersionStyle::Pep440,
        ..Grammar::NONE
    }],
    pins: pip::is_pinned,
    commands: Commands { removes: &["uninstall"], ..Commands::NONE },
    cache: Cache { folders: pip::FOLDERS, ..Cache::NONE },
    ..Description::NONE
};
