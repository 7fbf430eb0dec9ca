//! Packages that a RUN removes again, found once for all installs of the RUN.

use std::collections::HashMap;

use crate::model::{Install, Manager, Model};
use crate::shell::{Command, ShellWord};

/// The packages that the commands of a RUN remove.
#[derive(Debug, Clone, Default)]
pub struct Removals<'m> {
    /// The last command that names each.
    last: HashMap<&'m str, usize>,
    /// The last command that removes whatever nothing else needs.
    unneeded: Option<usize>,
}

impl Removals<'_> {
    /// Whether a package of an install of the RUN is removed after it.
    pub fn take(&self, install: &Install, package: &str) -> bool {
        let last = self.last.get(package).copied().max(self.unneeded);
        last.is_some_and(|it| it > install.command)
    }
}

/// What a command removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// The packages that it names.
    Named,
    /// What nothing else needs.
    Unneeded,
}

/// What a command of a package manager removes; none if it removes no packages.
pub fn removal(command: &Command) -> Option<Removal> {
    removed_by(command, command.verb()?)
}

/// The same if this word is its verb.
pub(in crate::model) fn removed_by(command: &Command, verb: &ShellWord) -> Option<Removal> {
    let commands = &Manager::of_program(&command.name)?.commands;
    let has = |verbs: &[&str]| verbs.contains(&verb.text.as_str());
    match () {
        () if has(commands.removes) => Some(Removal::Named),
        () if has(commands.removes_unneeded) => Some(Removal::Unneeded),
        () => None,
    }
}

impl Model<'_> {
    /// The packages that a RUN removes.
    pub fn removals_in(&self, run: usize) -> Removals<'_> {
        let mut found = Removals::default();
        for (index, command) in self.runs[run].script.commands.iter().enumerate() {
            match removal(command) {
                Some(Removal::Unneeded) => found.unneeded = Some(index),
                Some(Removal::Named) => {
                    found.last.extend(command.operands().map(|it| (it.text.as_str(), index)));
                }
                None => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// Which of the packages of a RUN's installs the RUN removes again.
    fn removed(commands: &str) -> Vec<String> {
        of(&format!("FROM debian:12\nRUN {commands}\n"), |model| {
            let removals = model.removals_in(0);
            let packages = model.installs.iter().flat_map(|install| {
                install.packages.iter().filter(|it| removals.take(install, &it.name))
            });
            packages.map(|it| it.name.clone()).collect()
        })
    }

    #[test]
    fn what_a_later_command_names_is_removed() {
        assert_eq!(removed("apt-get install -y a b && make && apt-get purge -y a"), ["a"]);
        assert_eq!(removed("apk add a b; apk del b; apk add b"), ["b"]);
        assert_eq!(removed("apt-get remove a && apt-get install -y a"), [""; 0]);
        assert_eq!(removed("npm install -g a b && a && npm uninstall -g a"), ["a"]);
        assert_eq!(removed("pip install a b && pip uninstall -y b"), ["b"]);
        assert_eq!(removed("dnf install -y a b && dnf erase -y b && dnf erase -y a"), ["a", "b"]);
    }

    #[test]
    fn what_nothing_else_needs_may_be_removed() {
        let text = "apt-get install -y a && apt-get autoremove -y && apt-get install -y b";
        assert_eq!(removed(text), ["a"]);
        let text = "dnf install -y a && dnf autoremove -y";
        assert_eq!(removed(text), ["a"]);
        let text = "npm install -g a && npm autoremove";
        assert_eq!(removed(text), [""; 0]);
    }
}
