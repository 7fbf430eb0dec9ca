//! What suggests that a manager's cache is left, or is not, in the layer of a RUN, found once for each RUN and manager.

use std::collections::HashMap;

use super::cleanups::{cleans, may_clean, refreshes, upgrades};
use crate::model::stages::trail::Trail;
use crate::model::{Manager, Model};

/// What is known of one manager in one RUN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) struct CacheFacts {
    /// Whether its cache is moved, switched off or mounted.
    pub(in crate::model) is_elsewhere: bool,
    /// The first command that fetches its index.
    pub(in crate::model) refresh: Option<usize>,
    /// The last command that clears the cache by its own words, and by a deletion.
    cleaned: Option<usize>,
    deleted: Option<usize>,
    /// Whether a function does: it may run at any time.
    cleared_by_function: bool,
}

/// What is known of all RUNs.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct AllCacheFacts {
    of: HashMap<(usize, Manager), CacheFacts>,
    /// The last command of each RUN that may clear anything.
    may_clean: Vec<Option<usize>>,
    /// The RUNs that fetch a manager's index.
    refreshing: HashMap<Manager, Trail<usize>>,
    /// The RUNs that clear a manager's cache and do not fill it again, each with the moment its stage is entered.
    clearing: HashMap<Manager, Vec<(u32, usize)>>,
}

impl CacheFacts {
    /// Whether the cache is cleared after a command.
    pub(in crate::model) fn is_cleared_after(&self, command: usize) -> bool {
        self.cleared_by_function
            || self.cleaned.is_some_and(|it| it >= command)
            || self.deleted.is_some_and(|it| it > command)
    }
}

impl Model<'_> {
    /// What is known of a manager in a RUN that installs or upgrades with it; none for others.
    pub(in crate::model) fn cache_facts(&self, run: usize, manager: Manager) -> Option<CacheFacts> {
        self.all_cache_facts().of.get(&(run, manager)).copied()
    }

    /// Whether a command after one of a RUN may clear anything.
    pub(in crate::model) fn may_be_cleaned_after(&self, run: usize, command: usize) -> bool {
        let last = self.all_cache_facts().may_clean.get(run).copied().flatten();
        last.is_some_and(|it| it > command)
    }

    /// The last RUN beneath an instruction that fetches the manager's index, by index in [`Model::runs`].
    pub fn refreshed_before(&self, instruction: usize, manager: Manager) -> Option<usize> {
        let stage = self.stage_of(instruction)?.id;
        let trail = self.all_cache_facts().refreshing.get(&manager)?;
        trail.before(&self.scopes.lineage, stage, instruction).map(|it| it.1)
    }

    /// Whether a later RUN that is on one clears the manager's cache and does not fill it again.
    pub fn is_cleared_later(&self, run: usize, manager: Manager) -> bool {
        let all = self.all_cache_facts();
        let stage = self.runs[run].stage;
        let (Some(list), Some((enter, exit))) =
            (all.clearing.get(&manager), stage.and_then(|it| self.scopes.lineage.span(it)))
        else {
            return false;
        };
        // In its own stage it has to come later; the stages that are built on it do.
        let at = list.partition_point(|it| *it <= (enter, run));
        list.get(at).is_some_and(|it| it.0 < exit)
    }

    fn all_cache_facts(&self) -> &AllCacheFacts {
        self.found.cache_facts.get_or_init(|| self.find_cache_facts())
    }

    fn find_cache_facts(&self) -> AllCacheFacts {
        let mut all = AllCacheFacts::default();
        for (index, run) in self.runs.iter().enumerate() {
            let commands = &run.script.commands;
            all.may_clean.push(commands.iter().rposition(may_clean));
            let mut managers: Vec<Manager> =
                self.installs_of(index).iter().map(|it| it.manager).collect();
            let fillers = managers.len();
            managers.extend(commands.iter().filter_map(upgrades));
            managers.extend(commands.iter().filter_map(refreshes));
            let filled: Vec<Manager> = managers[..fillers].to_vec();
            managers.sort_unstable();
            managers.dedup();
            for manager in managers {
                all.of.insert((index, manager), self.find_cache_facts_of(index, manager));
            }
            let Some(stage) = run.stage.filter(|_| !run.onbuild) else { continue };
            let refreshed: std::collections::BTreeSet<Manager> =
                commands.iter().filter_map(refreshes).collect();
            for manager in refreshed {
                let trail = all.refreshing.entry(manager).or_default();
                trail.push(&self.scopes.lineage, stage, run.id(), index);
            }
            let Some((enter, _)) = self.scopes.lineage.span(stage) else { continue };
            for manager in self.cleared_alone(index) {
                if !filled.contains(&manager) {
                    all.clearing.entry(manager).or_default().push((enter, index));
                }
            }
        }
        all.clearing.values_mut().for_each(|it| it.sort_unstable());
        all
    }

    pub(in crate::model) fn find_cache_facts_of(
        &self,
        index: usize,
        manager: Manager,
    ) -> CacheFacts {
        let run = &self.runs[index];
        let commands = &run.script.commands;
        let is_clean = |command: &crate::shell::Command| cleans(command) == Some(manager);
        let deletions = || self.deletions_of(index).iter().filter(|it| self.clears(it, manager));
        let in_function = |command: usize| commands[command].inside.function;
        CacheFacts {
            is_elsewhere: self.cache_is_configured(run, manager)
                || self.cache_is_mounted(run, manager),
            refresh: commands.iter().position(|it| refreshes(it) == Some(manager)),
            cleaned: commands.iter().rposition(is_clean),
            deleted: deletions().map(|it| it.command).max(),
            cleared_by_function: commands.iter().any(|it| it.inside.function && is_clean(it))
                || deletions().any(|it| in_function(it.command)),
        }
    }

    /// The managers with which the file installs or upgrades.
    pub(in crate::model) fn cached_managers(&self) -> &[Manager] {
        self.found.cached_managers.get_or_init(|| {
            let mut all: Vec<Manager> = self.installs.iter().map(|it| it.manager).collect();
            let commands = self.runs.iter().flat_map(|it| &it.script.commands);
            all.extend(commands.filter_map(upgrades));
            all.sort_unstable();
            all.dedup();
            all
        })
    }

    /// The managers whose cache a RUN clears for sure.
    fn cleared_alone(&self, run: usize) -> Vec<Manager> {
        let mut found: Vec<Manager> =
            self.runs[run].script.commands.iter().filter_map(cleans).collect();
        let deletions = self.deletions_of(run).iter().filter(|it| !it.path.contains('$'));
        let deletions: Vec<_> = deletions.collect();
        if !deletions.is_empty() {
            let clears = |manager: Manager| deletions.iter().any(|it| self.clears(it, manager));
            found.extend(self.cached_managers().iter().copied().filter(|it| clears(*it)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
