//! What package managers leave behind: which commands fetch an index, fill a cache or clear it.

use super::paths::{covers, variables_in};
use super::{Install, Manager, Model, Run};
use crate::shell::Command;
use crate::syntax::MountType;

/// Variables that move a cache elsewhere or switch it off, from the managers' documentation. Where one is set,
/// nothing is known of the cache.
const CACHE_VARIABLES: &[(Manager, &[&str])] = &[
    (Manager::Pip, &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"]),
    (Manager::Pipenv, &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIPENV_CACHE_DIR", "XDG_CACHE_HOME"]),
    (Manager::Poetry, &["POETRY_NO_CACHE", "POETRY_CACHE_DIR", "XDG_CACHE_HOME"]),
    (Manager::Uv, &["UV_NO_CACHE", "UV_CACHE_DIR", "XDG_CACHE_HOME"]),
    (Manager::Conda, &["CONDA_PKGS_DIRS", "MAMBA_PKGS_DIRS"]),
    (Manager::Npm, &["npm_config_cache", "NPM_CONFIG_CACHE"]),
    (Manager::Yarn, &["YARN_CACHE_FOLDER", "npm_config_cache", "YARN_ENABLE_GLOBAL_CACHE"]),
    (Manager::Composer, &["COMPOSER_CACHE_DIR"]),
    (Manager::Cargo, &["CARGO_HOME"]),
];

/// Rough estimates of a package index in bytes, not measurements: they say only how large such an index is about.
/// apt: the lists of Debian's main, updates and security (Ubuntu's are larger). apk: main and community.
const APT_LISTS: u64 = 19_000_000;
const APK_INDEX: u64 = 2_000_000;

/// The manager whose package index the command fetches.
pub fn refreshes(command: &Command) -> Option<Manager> {
    let verb = || command.verb().map_or("", |word| word.text.as_str());
    match command.name.as_str() {
        "apt-get" | "apt" | "aptitude" => {
            command.operands().any(|word| word.text == "update").then_some(Manager::Apt)
        }
        "apk" if verb() == "update" => Some(Manager::Apk),
        "apk" => ["U", "update", "update-cache"]
            .iter()
            .any(|flag| command.has_flag(flag))
            .then_some(Manager::Apk),
        "pacman" => command
            .args
            .iter()
            .any(|word| word.text.starts_with("-S") && word.text.contains('y'))
            .then_some(Manager::Pacman),
        _ => None,
    }
}

/// The manager whose cache the command clears with the manager's own words.
pub fn cleans(command: &Command) -> Option<Manager> {
    let has = |text: &str| command.args.iter().any(|word| word.text == text);
    let (manager, clears) = match command.name.as_str() {
        "apk" => (Manager::Apk, has("cache") && (has("clean") || has("purge"))),
        "yum" | "dnf" | "microdnf" | "tdnf" | "dnf5" => (Manager::Dnf, has("clean")),
        "zypper" => (Manager::Zypper, has("clean") || has("cc")),
        "pacman" => (
            Manager::Pacman,
            command.args.iter().any(|word| word.text.starts_with("-S") && word.text.contains('c')),
        ),
        "pip" | "pip3" | "python" | "python3" => {
            (Manager::Pip, has("cache") && (has("purge") || has("remove")))
        }
        "uv" => (Manager::Uv, has("cache") && (has("clean") || has("prune"))),
        "poetry" => (Manager::Poetry, has("cache") && has("clear")),
        "conda" | "mamba" | "micromamba" => (Manager::Conda, has("clean")),
        "npm" => (Manager::Npm, has("cache") && (has("clean") || has("rm") || has("clear"))),
        "yarn" | "yarnpkg" => (Manager::Yarn, has("cache") && has("clean")),
        "composer" => {
            (Manager::Composer, ["clear-cache", "clearcache", "cc"].iter().any(|it| has(it)))
        }
        _ => return None,
    };
    clears.then_some(manager)
}

impl Manager {
    /// The managers whose caches are looked at. pnpm and bun link their store's files into the project, so the
    /// store costs nothing beside it in one layer; caches of compilers are the matter of multi-stage builds.
    fn cache_counts(self) -> bool {
        matches!(
            self,
            Self::Apt
                | Self::Apk
                | Self::Dnf
                | Self::Zypper
                | Self::Pacman
                | Self::Pip
                | Self::Pipenv
                | Self::Poetry
                | Self::Uv
                | Self::Conda
                | Self::Npm
                | Self::Yarn
                | Self::Composer
                | Self::Cargo
        )
    }

    /// The folders of the cache for a home folder, those of other versions too.
    fn cache_folders(self, home: &str) -> Vec<String> {
        let more: &[&str] = match self {
            Self::Yarn => &["/root/.cache/yarn", "/root/.yarn", "/usr/local/share/.cache"],
            Self::Conda => &["/root/.conda/pkgs", "/opt/miniconda/pkgs", "/root/miniconda3/pkgs"],
            Self::Pipenv => &["/root/.cache/pipenv"],
            Self::Composer => &["/tmp/cache", "/root/.composer"],
            Self::Cargo => &["/root/.cargo/registry", "/usr/local/cargo"],
            Self::Dnf => &["/var/cache/libdnf5", "/root/.cache/libdnf5", "/var/cache/tdnf"],
            _ => &[],
        };
        let known = self.caches().iter().map(|it| it.path).chain(more.iter().copied());
        known
            .flat_map(|path| {
                let own = path.strip_prefix("/root").map(|rest| format!("{home}{rest}"));
                std::iter::once(path.to_owned()).chain(own)
            })
            .collect()
    }

    /// An estimate of the bytes of its package index.
    pub fn index_bytes(self) -> Option<u64> {
        match self {
            Self::Apt => Some(APT_LISTS),
            Self::Apk => Some(APK_INDEX),
            _ => None,
        }
    }
}

/// Finds the commands that set where a manager keeps its cache: `npm config set cache …` and their like.
pub(super) fn settings(model: &Model<'_>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (run, it) in model.runs.iter().enumerate() {
        for (index, command) in it.script.commands.iter().enumerate() {
            let has = |test: &dyn Fn(&str) -> bool| command.args.iter().any(|it| test(&it.text));
            if has(&|text| text == "config") && has(&|text| text.contains("cache")) {
                found.push((run, index));
            }
        }
    }
    found
}

/// A command that leaves a package manager's cache in its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheMaker {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// The manager.
    pub manager: Manager,
}

impl Model<'_> {
    /// Whether an install leaves its manager's cache in the layer of its RUN, as far as the file shows. Silent
    /// where a flag, a variable, a mount, a setting or a clean-up in the same RUN speaks against it.
    pub fn leaves_cache(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let command = &run.script.commands[install.command];
        let manager = install.manager;
        if !manager.cache_counts()
            || run.onbuild
            || !run.script.complete
            || command.inside.function
            || avoids(command, manager)
            || self.cache_is_configured(run, manager)
            || self.cache_is_mounted(run, manager)
        {
            return false;
        }
        // A command that nobody can read may clean up.
        let mut rest = run.script.commands.iter().skip(install.command + 1);
        if rest.any(|it| {
            it.name.contains("clean") || (it.name.is_empty() && it.assignments.is_empty())
        }) {
            return false;
        }
        match manager {
            // Without an index there is nothing to leave: what is installed is not kept by Docker's images.
            Manager::Apt if self.refresh_in(install.run, manager).is_none() => return false,
            Manager::Apk
                if self.refresh_in(install.run, manager).is_none()
                    && self.refreshed_before(run.id(), manager).is_some() =>
            {
                return false;
            }
            Manager::Yarn if self.has_modern_yarn() => return false,
            // Building is another matter than fetching a tool.
            Manager::Cargo if !command.operands().any(|word| word.text == "install") => {
                return false;
            }
            _ => {}
        }
        !self.cleared_in(install.run, manager, install.command)
    }

    /// Whether a RUN clears the manager's cache after one of its commands.
    pub fn cleared_in(&self, run: usize, manager: Manager, after: usize) -> bool {
        let commands = &self.runs[run].script.commands;
        commands.iter().skip(after).any(|command| cleans(command) == Some(manager))
            || self
                .deletions_of(run)
                .iter()
                .filter(|it| it.command > after)
                .any(|it| self.clears(run, &it.path, manager))
    }

    /// Whether deleting `path` takes the manager's cache away.
    pub fn clears(&self, run: usize, path: &str, manager: Manager) -> bool {
        if path.contains('$') {
            return ["cache", "lists", "pkgs"].iter().any(|it| path.contains(it));
        }
        let home = self.home(self.runs[run].id());
        let folders = manager.cache_folders(&home);
        folders.iter().any(|folder| {
            let in_other_home = folder.strip_prefix("/root").is_some_and(|rest| {
                path.starts_with("/home/") && path.contains(rest.trim_end_matches('/'))
            });
            covers(path, folder)
                || in_other_home
                || (manager != Manager::Apt && covers(folder, path))
        })
    }

    /// The first command of a RUN that fetches the manager's index.
    pub fn refresh_in(&self, run: usize, manager: Manager) -> Option<usize> {
        self.runs[run].script.commands.iter().position(|it| refreshes(it) == Some(manager))
    }

    /// What leaves a package manager's cache in its layer, in the order of RUNs: each install, and each index
    /// refresh in a RUN of its own, that nothing in the same RUN cleans up.
    pub fn cache_makers(&self) -> Vec<CacheMaker> {
        let installs = self.installs.iter().filter(|it| self.leaves_cache(it));
        let mut makers: Vec<_> = installs
            .map(|it| CacheMaker { run: it.run, command: it.command, manager: it.manager })
            .collect();
        makers.extend((0..self.runs.len()).filter_map(|run| {
            let (command, manager) = self.lone_refresh(run)?;
            Some(CacheMaker { run, command, manager })
        }));
        makers.sort_by_key(|it| (it.run, it.command));
        makers
    }

    /// The command that fetches an index in a RUN that installs nothing from it and keeps it.
    pub fn lone_refresh(&self, run: usize) -> Option<(usize, Manager)> {
        let it = &self.runs[run];
        let commands = it.script.commands.iter().enumerate();
        let (at, manager) = commands.filter_map(|(at, it)| Some((at, refreshes(it)?))).next()?;
        let installs = self.installs.iter().any(|it| it.run == run && it.manager == manager);
        let unknown =
            it.script.commands.iter().any(|it| it.name.is_empty() && it.assignments.is_empty());
        let fits =
            !installs && !unknown && it.script.complete && !self.cache_is_mounted(it, manager);
        (fits && !self.cleared_in(run, manager, at)).then_some((at, manager))
    }

    /// The last RUN beneath an instruction that fetches the manager's index, by index in [`Model::runs`].
    pub fn refreshed_before(&self, instruction: usize, manager: Manager) -> Option<usize> {
        let beneath = self.beneath(instruction);
        let runs = self.runs.iter().enumerate().rev();
        let mut runs = runs.filter(|(_, run)| beneath.contains(run.id()));
        runs.find(|(index, _)| self.refresh_in(*index, manager).is_some()).map(|(index, _)| index)
    }

    /// Whether a variable or a configuration command moves the cache or switches it off.
    pub(super) fn cache_is_configured(&self, run: &Run<'_>, manager: Manager) -> bool {
        let names = CACHE_VARIABLES.iter().find(|it| it.0 == manager).map_or(&[][..], |it| it.1);
        let set = names
            .iter()
            .any(|name| self.scopes.look_up(run.id(), name).is_some() || run.script.sets(name));
        let beneath = self.beneath(run.id());
        set || self.cache_settings.iter().any(|&(index, command)| {
            let it = &self.runs[index];
            let name = it.script.commands[command].name.as_str();
            name.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.') == manager.name()
                && (beneath.contains(it.id()) || it.id() == run.id())
        })
    }

    /// Whether a mount takes the cache, so that the layer does not.
    pub fn cache_is_mounted(&self, run: &Run<'_>, manager: Manager) -> bool {
        let folders = manager.cache_folders(&self.home(run.id()));
        run.mounts.iter().any(|mount| {
            let scratch = matches!(mount.kind, MountType::Cache | MountType::Tmpfs);
            let target = mount.option("target").map_or("", |word| word.text.trim_end_matches('/'));
            let moved = variables_in(target).next().is_some();
            let hidden = target.rfind("/.").map_or("", |at| &target[at..]);
            scratch
                && (moved
                    || folders.iter().any(|folder| {
                        covers(target, folder)
                            || (manager != Manager::Apt && covers(folder, target))
                            || (hidden.len() > 2 && folder.contains(hidden))
                    }))
        })
    }

    /// Whether the file shows a yarn above version 1, whose cache is another matter.
    fn has_modern_yarn(&self) -> bool {
        let copies_yarn = self.doc.instructions.iter().any(|it| {
            let (crate::syntax::Kind::Copy(copy) | crate::syntax::Kind::Add(copy)) = &it.kind
            else {
                return false;
            };
            copy.sources.iter().any(|source| source.word.text.contains(".yarn"))
        });
        copies_yarn
            || self.runs.iter().flat_map(|run| &run.script.commands).any(|command| {
                command.is("corepack")
                    || (command.is("yarn")
                        && (command.has_flag("immutable")
                            || command.args.iter().any(|it| {
                                matches!(
                                    it.text.as_str(),
                                    "workspaces" | "set" | "berry" | "plugin" | "dlx"
                                )
                            })))
            })
    }
}

/// Whether the install's own options switch the cache off or move it.
pub(super) fn avoids(command: &Command, manager: Manager) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| command.has_flag(name));
    match manager {
        Manager::Apk => has(&["no-cache", "root", "p"]),
        Manager::Pip | Manager::Pipenv => {
            has(&["no-cache-dir", "cache-dir"]) || has_value(command, "PIP_NO_CACHE_DIR")
        }
        Manager::Uv => has(&["no-cache", "no-cache-dir", "n", "cache-dir"]),
        Manager::Poetry | Manager::Composer => has(&["no-cache"]),
        Manager::Dnf => has(&["installroot", "downloadonly"]),
        Manager::Npm => has(&["cache", "dry-run"]),
        Manager::Yarn => has(&["cache-folder"]),
        Manager::Apt => has(&["download-only", "s", "simulate", "dry-run"]),
        _ => false,
    }
}

fn has_value(command: &Command, name: &str) -> bool {
    command.assignments.iter().any(|it| it.name == name)
}

impl crate::shell::Script<'_> {
    /// Whether any command sets a variable: an assignment, or `export NAME=…`.
    pub fn sets(&self, name: &str) -> bool {
        self.commands.iter().any(|command| {
            let exported =
                || command.args.iter().any(|word| word.text.split('=').next() == Some(name));
            has_value(command, name) || (command.is("export") && exported())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{cleans, refreshes};
    use crate::model::Manager;
    use crate::model::tests::of;

    /// Whether the first install of a file leaves its cache in the layer.
    fn leaves(text: &str) -> bool {
        of(text, |model| model.leaves_cache(&model.installs[0]))
    }

    #[test]
    fn an_install_leaves_its_cache() {
        assert!(leaves("FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"));
        assert!(leaves("FROM python:3.12\nRUN pip install flask\n"));
        assert!(leaves("FROM alpine:3.20\nRUN apk add --update curl\n"));
    }

    #[test]
    fn flags_variables_and_clean_ups_speak_against_it() {
        for text in [
            "FROM python:3.12\nRUN pip install --no-cache-dir flask\n",
            "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install flask\n",
            "FROM python:3.12\nRUN export PIP_NO_CACHE_DIR=1 && pip install flask\n",
            "FROM python:3.12\nRUN pip install flask && rm -rf /root/.cache\n",
            "FROM python:3.12\nRUN pip install flask && pip cache purge\n",
            "FROM python:3.12\nRUN pip install flask && /tmp/cleanup.sh\n",
            "FROM alpine:3.20\nRUN apk add --no-cache curl\n",
        ] {
            assert!(!leaves(text), "{text}");
        }
    }

    #[test]
    fn a_mount_takes_the_cache_only_where_it_lies() {
        let text = |target: &str| {
            format!("FROM python:3.12\nRUN --mount=type=cache,target={target} pip install flask\n")
        };
        assert!(!leaves(&text("/root/.cache/pip")) && !leaves(&text("/root/.cache")));
        assert!(leaves(&text("/var/cache/apt")));
    }

    #[test]
    fn the_managers_own_words_fetch_and_clear() {
        let text = "FROM a\nRUN apt-get -qq update; apk add -U x; dnf clean all; apt-get clean\n";
        of(text, |model| {
            let commands = &model.runs[0].script.commands;
            let fetched: Vec<_> = commands.iter().map(refreshes).collect();
            assert_eq!(fetched, [Some(Manager::Apt), Some(Manager::Apk), None, None]);
            // What `apt-get clean` clears, Debian's images keep empty; the lists stay.
            let cleared: Vec<_> = commands.iter().map(cleans).collect();
            assert_eq!(cleared, [None, None, Some(Manager::Dnf), None]);
        });
    }

    #[test]
    fn names_of_installs_have_no_quotes() {
        of("FROM a\nRUN [\"apt-get\", \"install\", \"-y\", \"nano\"]\n", |model| {
            assert_eq!(model.install_name(&model.installs[0]), "apt-get install");
        });
    }
}
