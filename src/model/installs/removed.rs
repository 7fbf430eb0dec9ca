//! Packages that a RUN removes again, found once for all installs of the RUN.

use std::collections::HashMap;

use crate::model::{Install, Manager, Model};

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

impl Model<'_> {
    /// The packages that a RUN removes.
    pub fn removals_in(&self, run: usize) -> Removals<'_> {
        let mut found = Removals::default();
        for (index, command) in self.runs[run].script.commands.iter().enumerate() {
            let verb = command.verb().map_or("", |word| word.text.as_str());
            let removes =
                || Manager::of_program(&command.name).map_or(&[][..], |it| it.commands.removes);
            if verb == "autoremove" {
                found.unneeded = Some(index);
            } else if removes().contains(&verb) {
                found.last.extend(command.operands().map(|it| (it.text.as_str(), index)));
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
        assert_eq!(removed("dnf install -y a b && dnf erase -y b && dnf erase -y a"), ["a", "b"]);
    }

    #[test]
    fn what_nothing_else_needs_may_be_removed() {
        let text = "apt-get install -y a && apt-get autoremove -y && apt-get install -y b";
        assert_eq!(removed(text), ["a"]);
    }
}
