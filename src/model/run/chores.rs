//! What kind of work a RUN does, as far as joining it to its neighbour is concerned.

use crate::model::installs::cleanups::{cleans, refreshes, upgrades};
use crate::model::installs::manifests::Inputs;
use crate::model::{Install, Manager, Model};
use crate::shell::Command;

/// What kind of work a RUN does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chore {
    /// Only quick changes of files, accounts and settings.
    Setup,
    /// Only named packages of one manager, and quick changes.
    Packages(Manager),
    /// Anything else: builds, downloads, installs from a manifest, unknown programs.
    Other,
}

/// Commands that are quick and need nothing from outside the image. Sorted.
const QUICK: &[&str] = &[
    ":",
    "[",
    "a2disconf",
    "a2dismod",
    "a2dissite",
    "a2enconf",
    "a2enmod",
    "a2ensite",
    "add-apt-repository",
    "addgroup",
    "adduser",
    "apt-mark",
    "awk",
    "cat",
    "chgrp",
    "chmod",
    "chown",
    "chpasswd",
    "chsh",
    "cp",
    "debconf-set-selections",
    "dpkg-divert",
    "dpkg-reconfigure",
    "echo",
    "export",
    "grep",
    "groupadd",
    "groupmod",
    "ldconfig",
    "ln",
    "locale-gen",
    "localedef",
    "mkdir",
    "mv",
    "passwd",
    "perl",
    "phpenmod",
    "printf",
    "rm",
    "rmdir",
    "sed",
    "set",
    "setcap",
    "tee",
    "test",
    "touch",
    "true",
    "update-alternatives",
    "update-ca-certificates",
    "update-locale",
    "update-rc.d",
    "useradd",
    "userdel",
    "usermod",
];

/// A RUN of more commands than this is not a chore, whatever they are.
const MOST_COMMANDS: usize = 100;

impl Model<'_> {
    /// What kind of work a RUN does.
    pub fn chore(&self, run: usize) -> Chore {
        let mut manager = None;
        let script = &self.runs[run].script;
        if !script.complete || script.commands.is_empty() || script.commands.len() > MOST_COMMANDS {
            return Chore::Other;
        }
        for (index, command) in script.commands.iter().enumerate() {
            let install = self.install_of(run, index);
            let its = match install {
                Some(install)
                    if self.inputs(install) == Inputs::Named && !has_other_root(command) =>
                {
                    Some(install.manager)
                }
                Some(_) => return Chore::Other,
                None => match upkeep(command) {
                    Some(manager) => Some(manager),
                    None if QUICK.contains(&command.name.as_str()) && !command.inside.looped => {
                        None
                    }
                    None => return Chore::Other,
                },
            };
            if manager.is_some() && its.is_some() && manager != its {
                return Chore::Other;
            }
            manager = manager.or(its);
        }
        manager.map_or(Chore::Setup, Chore::Packages)
    }

    /// Whether a RUN installs, upgrades or removes packages of the system; `yum clean all` and `apt-get update` do not.
    pub fn changes_packages(&self, run: usize) -> bool {
        let commands = &self.runs[run].script.commands;
        self.removes_packages(run)
            || commands.iter().any(|it| upgrades(it).is_some())
            || (0..commands.len()).any(|it| self.install_of(run, it).is_some())
    }

    /// The command of an install in short: `apt-get install`, `npm ci`, `yarn`.
    pub fn install_name(&self, install: &Install) -> String {
        let command = &self.runs[install.run].script.commands[install.command];
        // In a JSON array the words are in quotes.
        let verb = self.doc.source.slice(install.verb).trim_matches(['"', '\'']);
        // `clean` is not what an install is about.
        let next = install.packages.iter().find(|it| verb == "clean" && !it.text.contains(':'));
        let verb = next.map_or(verb, |it| it.text.as_str());
        if install.verb == command.name_span || verb.is_empty() {
            return command.name.clone();
        }
        let before = command.args.iter().take_while(|word| word.span.start < install.verb.start);
        let shown = || install.manager.installs.iter().filter(|it| it.names_prefix);
        let prefix =
            before.filter(|word| shown().any(|it| it.prefix.contains(&word.text.as_str())));
        let words = std::iter::once(command.name.as_str());
        // `python3 -m pip install`.
        let module = command.args.first().filter(|it| it.text == "-m").map(|it| it.text.as_str());
        let prefix = prefix.map(|word| word.text.as_str());
        let words = words.chain(module).chain(prefix).chain([verb]);
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Whether an install goes into a root or its own folder, with its own database.
fn has_other_root(command: &Command) -> bool {
    ["installroot", "root", "target", "prefix"].iter().any(|it| command.has_flag(it))
        || matches!(command.name.as_str(), "pip" | "pip3") && command.has_flag("t")
}

/// The manager that a command only refreshes, upgrades or cleans.
fn upkeep(command: &Command) -> Option<Manager> {
    // Where it is not known how installs read, nobody knows what the command does.
    let system =
        Manager::of_program(&command.name).filter(|it| it.is_system() && !it.installs.is_empty());
    refreshes(command).or_else(|| cleans(command)).or(system)
}

#[cfg(test)]
mod tests {
    use super::QUICK;

    #[test]
    fn the_table_is_sorted() {
        assert!(QUICK.is_sorted());
    }
}
