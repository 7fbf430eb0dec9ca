//! What belongs to an install besides itself: fetching the index, upgrading, and clearing the cache away again.

use crate::model::files::paths::{covers, variables_in};
use crate::model::packages::{has_letter, says};
use crate::model::{Deletion, Install, Manager, Model};
use crate::shell::{Command, Connector};
use crate::source::work;

/// The manager whose package index the command fetches.
pub fn refreshes(command: &Command) -> Option<Manager> {
    work::count(1);
    let manager = Manager::of_program(&command.name)?;
    says(command, manager.commands.refreshes).then_some(manager)
}

/// The system's manager with which the command upgrades or removes packages.
pub fn upgrades(command: &Command) -> Option<Manager> {
    let manager = Manager::of_program(&command.name).filter(|it| it.is_system())?;
    let verb = command.verb()?.text.as_str();
    let commands = &manager.commands;
    let fits = commands.upgrades.contains(&verb) || commands.changes.contains(&verb);
    (fits && !simulates(command)).then_some(manager)
}

/// Whether a command of apt only says what it would do.
pub fn simulates(command: &Command) -> bool {
    let long = ["simulate", "just-print", "dry-run", "recon", "no-act"];
    has_letter(command, 's') || long.iter().any(|flag| command.has_flag(flag))
}

/// The manager whose cache the command clears with the manager's own words.
pub fn cleans(command: &Command) -> Option<Manager> {
    work::count(1);
    let manager = Manager::of_program(&command.name)?;
    says(command, manager.commands.cleans).then_some(manager)
}

/// Whether it is not known what a command does, or its name says that it cleans up.
pub(in crate::model) fn may_clean(command: &Command) -> bool {
    work::count(1);
    let name = command.name.as_str();
    if name.is_empty() {
        return command.assignments.is_empty();
    }
    let says_so = ["clean", "purge", "tidy", "slim"].iter().any(|it| name.contains(it));
    // What a pipe gives a shell is an installer.
    let shell = matches!(name, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "." | "source")
        && command.connector != Connector::Pipe
        && command.operands().any(|it| !it.text.ends_with("/activate"));
    let builds = matches!(name, "autogen.sh" | "bootstrap.sh" | "configure.sh" | "buildconf.sh");
    says_so || shell || name == "trap" || (name.ends_with(".sh") && !builds)
}

impl Model<'_> {
    /// Whether a RUN clears the manager's cache after one of its commands.
    pub fn cleared_in(&self, run: usize, manager: Manager, after: usize) -> bool {
        let facts = self.cache_facts(run, manager);
        facts.unwrap_or_else(|| self.find_cache_facts_of(run, manager)).is_cleared_after(after)
    }

    /// Whether a deletion takes the manager's cache away, or may do so because nobody knows its path.
    pub fn clears(&self, deletion: &Deletion, manager: Manager) -> bool {
        let path = deletion.path.as_str();
        let home = self.home(self.runs[deletion.run].id());
        let folders = manager.cache_folders(&home);
        if path.contains(['$', '`']) {
            return self.may_clear(deletion, manager, &folders);
        }
        folders.iter().any(|folder| {
            let in_other_home = folder.strip_prefix("/root").is_some_and(|rest| {
                path.starts_with("/home/") && path.contains(rest.trim_end_matches('/'))
            });
            covers(path, folder)
                || empties(path, folder)
                || in_other_home
                || (!manager.cache.counts_whole && covers(folder, path))
        })
    }

    /// Whether a deletion whose path the build decides may take the cache away.
    fn may_clear(&self, deletion: &Deletion, manager: Manager, folders: &[String]) -> bool {
        let path = deletion.path.as_str();
        let own = manager.cache.variables;
        let told = ["cache", "lists", "pkgs"].iter().any(|it| path.contains(it));
        if told || variables_in(path).any(|name| own.contains(&name)) {
            return true;
        }
        if !path.starts_with(['$', '`']) {
            return false;
        }
        let tail = path.split_once('/').map_or("", |it| it.1).trim_end_matches(['*', '/']);
        if tail.is_empty() {
            let command = &self.runs[deletion.run].script.commands[deletion.command];
            return command.inside.looped || path.ends_with('*');
        }
        folders.iter().any(|folder| folder.ends_with(&format!("/{tail}")))
    }

    /// Whether a command belongs to an install as its upkeep: it fetches the same manager's index, clears its cache, sets
    /// it up or upgrades the manager itself. Such a command needs no sources and goes wherever the install goes.
    pub fn is_housekeeping_of(&self, run: usize, command: usize, install: &Install) -> bool {
        let Some(it) = self.runs.get(run).and_then(|it| it.script.commands.get(command)) else {
            return false;
        };
        let manager = install.manager;
        if refreshes(it) == Some(manager) && self.install_of(run, command).is_none()
            || cleans(it) == Some(manager)
        {
            return true;
        }
        let mut deletions = self.deletions_of(run).iter().filter(|it| it.command == command);
        if it.is("rm") || it.is("find") {
            let first = deletions.next();
            return first.is_some_and(|it| self.clears(it, manager))
                && deletions.all(|it| self.clears(it, manager));
        }
        let sets = it.is("corepack") || it.verb().is_some_and(|verb| verb.text == "config");
        if sets && (it.is("corepack") || it.name.starts_with(manager.name)) {
            return true;
        }
        let renews = |name: &str| name == manager.name || Manager::is_itself(name);
        self.install_of(run, command).is_some_and(|it| {
            !it.packages.is_empty() && it.packages.iter().all(|it| renews(&it.name))
        })
    }
}

/// Whether a wildcard takes all files of a folder, or nearly: `/var/lib/apt/lists/*_*`.
fn empties(pattern: &str, folder: &str) -> bool {
    pattern.rsplit_once('/').is_some_and(|(parent, last)| {
        let depth = |path: &str| path.split('/').filter(|it| !it.is_empty()).count();
        last.contains('*') && depth(parent) == depth(folder) && covers(parent, folder)
    })
}

#[cfg(test)]
mod tests {
    use super::{cleans, refreshes, upgrades};
    use crate::model::Manager;
    use crate::model::tests::of;

    #[test]
    fn the_managers_own_words_fetch_and_clear() {
        let text = "FROM a\nRUN apt-get -qq update; apk add -U x; dnf clean all; apt-get clean; \
                    apt-get install -yU x; apt-get install -oDpkg::Use-Pty=0 x; apt distclean\n";
        of(text, |model| {
            let commands = &model.runs[0].script.commands;
            let fetched: Vec<_> = commands.iter().map(refreshes).collect();
            let (apt, apk) = (Some(Manager::APT), Some(Manager::APK));
            assert_eq!(fetched, [apt, apk, None, None, apt, None, None]);
            let cleared: Vec<_> = commands.iter().map(cleans).collect();
            assert_eq!(cleared, [None, None, Some(Manager::DNF), None, None, None, apt]);
        });
    }

    #[test]
    fn upgrades_are_those_that_change_something() {
        let text = "FROM a\nRUN apt-get upgrade -y; apt-get -s upgrade; apk upgrade; yum update; apk add x\n";
        of(text, |model| {
            let found: Vec<_> = model.runs[0].script.commands.iter().map(upgrades).collect();
            let (apt, apk, dnf) = (Some(Manager::APT), Some(Manager::APK), Some(Manager::DNF));
            assert_eq!(found, [apt, None, apk, dnf, None]);
        });
    }

    #[test]
    fn upkeep_belongs_to_its_install() {
        let upkeep = |line: &str| {
            of(&format!("FROM a\nRUN {line}\n"), |model| {
                let install = model.installs.last().expect("there is an install");
                let commands = 0..model.runs[0].script.commands.len();
                let others = commands.filter(|it| *it != install.command);
                others.map(|it| model.is_housekeeping_of(0, it, install)).collect::<Vec<_>>()
            })
        };
        for line in [
            "npm ci && npm cache clean --force",
            "npm ci && rm -rf /root/.npm",
            "npm config set fund false && npm ci",
            "apt-get update && apt-get install -y x",
            "pip install --upgrade pip setuptools && pip install -r r.txt",
            "corepack enable && yarn install",
            "find /var/lib/apt/lists -type f -delete && apt-get install x",
        ] {
            assert_eq!(upkeep(line), [true], "{line}");
        }
        for line in ["make && npm ci", "npm ci && rm -rf /app/src", "pip install x && npm ci"] {
            assert_eq!(upkeep(line), [false], "{line}");
        }
        assert_eq!(upkeep("rm -rf /root/.npm /app && npm ci"), [false]);
    }
}
