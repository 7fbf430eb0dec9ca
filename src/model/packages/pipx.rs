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
    cache: Cache { folders: pip::FOLDERS, ..Cache::NONE },
    commands: Commands { removes: &["uninstall"], ..Commands::NONE },
    ..Description::NONE
};
