//! What an install reads, as the managers' files decide it.

use super::{Install, Package};
use crate::model::Model;
use crate::shell::Command;

/// What an install reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reads {
    /// What its words name, if they name packages.
    Named,
    /// The manifests of its project.
    Manifests,
    /// These files.
    Files(Vec<String>),
    /// The files that `-r` and its like name, as with pip.
    Requirements,
    /// The sources themselves, or it is not known.
    Unknown,
}

/// An install, to say what it reads.
#[derive(Debug)]
pub struct Reading<'a, 's> {
    /// The model of the file.
    pub model: &'a Model<'s>,
    /// The install.
    pub install: &'a Install,
    /// Its command.
    pub command: &'a Command,
}

impl Reading<'_, '_> {
    /// Packages that are named, or the manifests of the project if the manager has any.
    pub fn by_default(&self) -> Reads {
        match self.install.manager.project {
            Some(_) => Reads::Manifests,
            None => self.named(),
        }
    }

    /// The packages that are named; where there are none, nobody knows.
    pub fn named(&self) -> Reads {
        if self.install.packages.is_empty() { Reads::Unknown } else { Reads::Named }
    }

    /// The manifests; where packages are named, nobody knows.
    pub fn without_packages(&self) -> Reads {
        if self.install.packages.is_empty() { Reads::Manifests } else { Reads::Unknown }
    }

    /// The files that the install names in place of packages.
    pub fn files(&self) -> Reads {
        let packages = &self.install.packages;
        if packages.is_empty() || !packages.iter().all(|it| it.is_static) {
            return Reads::Unknown;
        }
        Reads::Files(packages.iter().map(|it| it.text.clone()).collect())
    }

    /// Whether it has one of these options, given without dashes.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.command.has_flag(name))
    }

    /// Whether one of its operands is this.
    pub fn operand(&self, name: &str) -> bool {
        self.command.operands().any(|word| word.text == name)
    }

    /// Whether one of its words is one of these.
    pub fn word(&self, words: &[&str]) -> bool {
        self.command.args.iter().any(|it| words.contains(&it.text.as_str()))
    }

    /// Whether it installs a program by its name, which `is_name` recognizes.
    pub fn installs_a_tool(&self, is_name: fn(&Package) -> bool) -> bool {
        let packages = &self.install.packages;
        self.install.verb_name == "install"
            && !packages.is_empty()
            && packages
                .iter()
                .all(|it| it.is_static && !it.text.starts_with(['.', '/']) && is_name(it))
    }
}
