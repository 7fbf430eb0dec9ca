//! pacman, of Arch Linux (pacman(8)): its refreshes and caches. How its installs read is not known here.

use super::Says;
use super::description::{Advice, Cache, CachePath, Commands, Description, Fetches, System};

pub(super) static DESCRIPTION: Description = Description {
    name: "pacman",
    programs: &["pacman"],
    commands: Commands {
        refresh: "-Sy",
        refreshes: &[Says::Cluster("-S", 'y')],
        cleans: &[Says::Cluster("-S", 'c')],
        ..Commands::NONE
    },
    system: Some(System { is_gnu: true, ..System::NONE }),
    cache: Cache {
        folders: &[CachePath { path: "/var/cache/pacman/pkg", what: "packages" }],
        measured: &["var/cache/pacman/"],
        counts: true,
        fetches: Fetches::Never,
        advice: Advice { left: "end the `RUN` with `&& pacman -Scc --noconfirm`", ..Advice::NONE },
        ..Cache::NONE
    },
    ..Description::NONE
};
