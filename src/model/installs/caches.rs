//! What package managers leave behind: which commands leave an index or a cache in their layer.

use std::collections::HashMap;

use super::cleanups::{may_clean, refreshes, upgrades};
use crate::model::files::paths::{covers, variables_in};
use crate::model::stages::trail::Trail;
use crate::model::{Fetches, Install, Manager, Model, Run};
use crate::shell::Command;
use crate::syntax::MountType;

/// Finds the commands that set where a manager keeps its cache: `npm config set cache …` and their like.
pub(in crate::model) fn settings(model: &Model<'_>) -> HashMap<String, Trail<()>> {
    let mut found: HashMap<String, Trail<()>> = HashMap::new();
    for run in model.runs.iter().filter(|it| !it.onbuild) {
        let Some(stage) = run.stage else { continue };
        for command in &run.script.commands {
            let has = |test: &dyn Fn(&str) -> bool| command.args.iter().any(|it| test(&it.text));
            if has(&|text| text == "config") && has(&|text| text.contains("cache")) {
                let name =
                    command.name.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.');
                let trail = found.entry(name.to_owned()).or_default();
                trail.push(&model.scopes.lineage, stage, run.id(), ());
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
    /// where a flag, a variable, a mount, a setting or a clean-up in the same RUN rules it out.
    pub fn leaves_cache(&self, install: &Install) -> bool {
        !(install.manager.cache.is_spared)(self, install)
            && !self.is_installed_already(install)
            && self.leaves(install.run, install.command, install.manager)
    }

    /// The upgrades and removals that leave the manager's index in the layer of a RUN that installs nothing with it; the
    /// last one of each manager and RUN.
    pub fn upgrades_leaving_cache(&self) -> Vec<CacheMaker> {
        let mut found: Vec<CacheMaker> = Vec::new();
        for (run, it) in self.runs.iter().enumerate() {
            for (command, its) in it.script.commands.iter().enumerate().rev() {
                let Some(manager) = upgrades(its) else { continue };
                let maker = CacheMaker { run, command, manager };
                let told = |it: &CacheMaker| (it.run, it.manager) == (run, manager);
                if !found.iter().rev().take(4).any(told)
                    && !self.installs_with(run, manager)
                    && self.leaves(run, command, manager)
                {
                    found.push(maker);
                }
            }
        }
        found
    }

    /// Whether a RUN installs packages with a manager.
    fn installs_with(&self, run: usize, manager: Manager) -> bool {
        self.installs_of(run).iter().any(|it| it.manager == manager)
    }

    /// Whether a command that installs or upgrades leaves the manager's cache in the layer of its RUN.
    fn leaves(&self, index: usize, command: usize, manager: Manager) -> bool {
        let run = &self.runs[index];
        let it = &run.script.commands[command];
        if !manager.cache.counts
            || run.onbuild
            || !run.script.complete
            || it.inside.function
            || manager.is_avoided_by(it)
        {
            return false;
        }
        let Some(facts) = self.cache_facts(index, manager) else { return false };
        if facts.is_elsewhere || self.may_be_cleaned_after(index, command) {
            return false;
        }
        let is_fetched = match manager.cache.fetches {
            // Without an index there is nothing to leave: what is installed is not kept by Docker's images.
            Fetches::Never => facts.refresh.is_some(),
            Fetches::WhenMissing => {
                facts.refresh.is_some() || self.refreshed_before(run.id(), manager).is_none()
            }
            Fetches::Always => true,
        };
        is_fetched && !facts.is_cleared_after(command)
    }

    /// The first command of a RUN that fetches the manager's index.
    pub fn refresh_in(&self, run: usize, manager: Manager) -> Option<usize> {
        self.cache_facts(run, manager)?.refresh
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
        makers.extend(self.upgrades_leaving_cache());
        makers.sort_by_key(|it| (it.run, it.command));
        makers.dedup();
        makers
    }

    /// The command that fetches an index in a RUN that installs nothing from it and keeps it.
    pub fn lone_refresh(&self, run: usize) -> Option<(usize, Manager)> {
        let it = &self.runs[run];
        let commands = it.script.commands.iter().enumerate();
        let (at, manager) = commands.filter_map(|(at, it)| Some((at, refreshes(it)?))).next()?;
        let installs = self.installs_with(run, manager);
        let unknown = it.script.commands.iter().skip(at + 1).any(may_clean);
        let fits =
            !installs && !unknown && it.script.complete && !self.cache_is_mounted(it, manager);
        (fits && !self.cleared_in(run, manager, at)).then_some((at, manager))
    }

    /// Whether a variable or a configuration command moves the cache or switches it off.
    pub(in crate::model) fn cache_is_configured(&self, run: &Run<'_>, manager: Manager) -> bool {
        let cache = &manager.cache;
        let in_home = cache.folders.iter().any(|it| it.path.starts_with("/root"));
        let set = cache
            .variables
            .iter()
            .chain(["HOME"].iter().filter(|_| in_home))
            .any(|name| self.scopes.look_up(run.id(), name).is_some() || run.script.sets(name));
        let base = run.stage.and_then(|it| self.root_image(it));
        let by_base = base.is_some_and(cache.is_off_in);
        set || by_base
            || run.stage.is_some_and(|stage| {
                let settings = self.cache_settings.get(manager.name);
                settings.is_some_and(|it| {
                    it.before(&self.scopes.lineage, stage, run.id() + 1).is_some()
                })
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
                            || (!manager.cache.counts_whole && covers(folder, target))
                            || (hidden.len() > 2 && folder.contains(hidden))
                    }))
        })
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
    fn what_may_clean_up_is_given_the_benefit_of_the_doubt() {
        let apt = "RUN apt-get update && apt-get install -y curl";
        for rest in [
            "apt-get distclean",
            "apt-get dist-clean",
            "rm -f /var/lib/apt/lists/*_*",
            "find /var/lib/apt/lists -type f -delete",
            "find /var/lib/apt/lists -type f -exec rm -f {} \\;",
            "find /var/lib/apt/lists -type f | xargs rm -f",
            "for d in /var/lib/apt/lists /var/cache; do rm -rf $d/*; done",
            "sh /usr/local/bin/finish",
            "/opt/finish.sh",
            ". /opt/finish",
        ] {
            assert!(!leaves(&format!("FROM debian:12\n{apt} && {rest}\n")), "{rest}");
        }
        for rest in ["rm -rf /tmp/*", "find /tmp -delete", "rm -rf \"$GNUPGHOME\"", "./configure"] {
            assert!(leaves(&format!("FROM debian:12\n{apt} && {rest}\n")), "{rest}");
        }
        for text in [
            "FROM debian:12\nRUN D=/var/lib/apt/lists; apt-get update && apt-get install -y a && rm -rf $D/*\n",
            "FROM debian:12\nRUN end() { rm -rf /var/lib/apt/lists/*; }; apt-get update && apt-get install -y a && end\n",
            "FROM rust:1.80\nRUN cargo install x && rm -rf $CARGO_HOME/registry\n",
            "FROM php:8\nRUN COMPOSER_HOME=/tmp/c composer install && rm -rf /tmp/c\n",
            "FROM python:3.12\nRUN poetry install --only-root\n",
            "FROM python:3.12\nRUN pip install --no-cache -r r.txt\n",
            "FROM node:22\nRUN HOME=/tmp npm ci\n",
            "FROM alpine:3.20\nRUN apk add --no-network /a.apk\n",
            "FROM alpine:3.20\nRUN --mount=type=cache,target=/etc/apk/cache apk add a\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -s a\n",
        ] {
            assert!(!leaves(text), "{text}");
        }
        for text in [
            "FROM python:3.12\nRUN pip install --no-c -r r.txt\n",
            "FROM debian:12\nRUN apt-get update && apt-get -oDpkg::Use-Pty=0 install -y a\n",
            "FROM debian:13\nRUN apt-get install -U -y a\n",
        ] {
            assert!(leaves(text), "{text}");
        }
    }

    #[test]
    fn what_only_shows_a_version_installs_nothing() {
        for text in ["yarn --version", "yarn -v", "npm -v", "yarn --help"] {
            let text = format!("FROM node:22\nRUN {text}\n");
            of(&text, |model| assert!(model.installs.is_empty(), "{text}"));
        }
    }

    #[test]
    fn upgrades_leave_an_index_too() {
        let leave = |line: &str| {
            of(&format!("FROM a\nRUN {line}\n"), |model| !model.upgrades_leaving_cache().is_empty())
        };
        for line in
            ["apt-get update && apt-get upgrade -y", "apk update && apk upgrade", "yum update -y"]
        {
            assert!(leave(line), "{line}");
        }
        for line in [
            "apt-get upgrade -y",
            "apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*",
            "apk upgrade --no-cache",
            "yum update -y && yum clean all",
            "apt-get update && apt-get upgrade -y && apt-get install -y a",
        ] {
            assert!(!leave(line), "{line}");
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
    fn names_of_installs_have_no_quotes() {
        of("FROM a\nRUN [\"apt-get\", \"install\", \"-y\", \"nano\"]\n", |model| {
            assert_eq!(model.install_name(&model.installs[0]), "apt-get install");
        });
    }
}
