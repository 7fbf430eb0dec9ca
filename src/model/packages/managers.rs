//! The package managers: each is what its file says about it.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::OnceLock;

use super::Description;
use crate::model::Model;
use crate::shell::Command;

/// A package manager: its description, which it can be read as.
#[derive(Clone, Copy)]
pub struct Manager(&'static Description);

impl Manager {
    /// The manager of a description, of which there is one.
    pub(super) const fn of(description: &'static Description) -> Self {
        Self(description)
    }

    /// What is known about it.
    pub fn about(self) -> &'static Description {
        self.0
    }

    /// The manager to which a program belongs.
    pub fn of_program(program: &str) -> Option<Self> {
        static PROGRAMS: OnceLock<Vec<(&'static str, Manager)>> = OnceLock::new();
        let programs = PROGRAMS.get_or_init(|| {
            let all = Self::ALL.iter();
            let mut found: Vec<_> =
                all.flat_map(|it| it.programs.iter().map(|name| (*name, *it))).collect();
            found.sort_unstable_by_key(|it| it.0);
            found
        });
        programs.binary_search_by_key(&program, |it| it.0).ok().map(|at| programs[at].1)
    }

    /// Whether it manages the packages of the system, in one file that says what is installed and that each install rewrites.
    pub fn is_system(self) -> bool {
        self.system.is_some()
    }

    /// Whether a program belongs to a manager of the system's packages.
    pub fn is_system_program(program: &str) -> bool {
        Self::of_program(program).is_some_and(Self::is_system)
    }

    /// Whether a package is one by which some manager upgrades itself.
    pub fn is_itself(package: &str) -> bool {
        Self::ALL.iter().any(|it| it.itself.contains(&package))
    }

    /// Whether a package is a manager that base images bring.
    pub fn is_replaced(package: &str) -> bool {
        Self::ALL.iter().any(|it| it.replaced.contains(&package))
    }

    /// The name that its family shares.
    pub fn family(self) -> &'static str {
        if self.family.is_empty() { self.name } else { self.family }
    }

    /// The folders of the cache for a home folder, those of other versions too.
    pub(in crate::model) fn cache_folders(self, home: &str) -> Vec<String> {
        let folders = self.cache.folders.iter().map(|it| it.path);
        let known = folders.chain(self.cache.others.iter().copied());
        known
            .flat_map(|path| {
                let own = path.strip_prefix("/root").map(|rest| format!("{home}{rest}"));
                std::iter::once(path.to_owned()).chain(own)
            })
            .collect()
    }

    /// The folders for cache mounts, for root.
    pub fn mounted_folders(self) -> impl Iterator<Item = &'static str> {
        let own = self.0.mounts.targets;
        let caches = if own.is_empty() { self.0.cache.folders } else { &[] };
        own.iter().copied().chain(caches.iter().map(|it| it.path))
    }

    /// What an install leaves in its cache.
    pub fn left(self) -> &'static str {
        let kept = self.cache.folders.first().map_or("cache", |it| it.what);
        self.cache.left.unwrap_or(kept)
    }

    /// Whether an install's own options switch the cache off or move it, or leave nothing to fetch.
    pub fn is_avoided_by(self, command: &Command) -> bool {
        self.cache.avoided_by.iter().any(|name| command.has_flag(name))
            || (self.cache.is_avoided)(command)
    }
}

impl Model<'_> {
    /// The name of a manager as one of its commands in a RUN has it: `tdnf` is not `dnf` to who reads it.
    pub fn manager_name(&self, run: usize, manager: Manager) -> &str {
        let by_program = manager.system.as_ref().is_some_and(|it| it.is_known_by_program);
        let mut commands = self.runs[run].script.commands.iter().map(|it| it.name.as_str());
        let own = commands.find(|it| by_program && manager.programs.contains(it));
        own.unwrap_or(manager.name)
    }
}

impl Deref for Manager {
    type Target = Description;

    fn deref(&self) -> &Description {
        self.0
    }
}

impl PartialEq for Manager {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Manager {}

impl Hash for Manager {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.0).hash(state);
    }
}

impl PartialOrd for Manager {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Manager {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(other.name)
    }
}

impl std::fmt::Debug for Manager {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}
