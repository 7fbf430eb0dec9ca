//! Whether an install surely works with its manifests alone, so that nothing else has to be copied before it.

use super::super::ecosystems::is_manifest;
use super::{LateInstall, Placed};
use crate::context::{has_wildcard, is_in};
use crate::model::variables::volatile_names::{Kindness, declared};
use crate::model::{Ecosystem, Inputs, Install, Model, covers};
use crate::syntax::Kind;

impl Model<'_> {
    /// Whether an install that could be before the sources surely works there, and is repeated for no other reason. By
    /// the build context, where that is known: its manifests may run scripts, or name other files of the project.
    pub fn surely_works_alone(&self, late: &LateInstall) -> bool {
        let Some(install) = self.installs.get(late.install) else { return false };
        if self.changes_anyway(install) {
            return false;
        }
        let Inputs::Manifests { names, .. } = &late.inputs else { return true };
        let Some(context) = &self.context else { return true };
        let Some(ecosystem) = &install.manager.project else {
            return !self.names_others(late, names);
        };
        // What is copied by its name and is nowhere is the fault.
        if *self.found.lacks_manifest.get_or_init(|| self.find_missing_manifest()) {
            return false;
        }
        let command = &self.runs[install.run].script.commands[install.command];
        let folders = self.folders_of_manifests(late, ecosystem);
        if ecosystem.is_node {
            let scripts = !command.has_flag("ignore-scripts") && !command.has_flag("no-scripts");
            return folders.iter().all(|it| !context.is_in_workspace(it))
                && self.node_manifests(&folders).iter().all(|it| {
                    context
                        .node_project(it)
                        .is_none_or(|it| !(it.members || it.local || scripts && it.scripts))
                });
        }
        let is_set_above =
            ecosystem.settings_above && self.settings_stand_above(&folders, ecosystem);
        !is_set_above && !self.names_others(late, names)
    }

    fn find_missing_manifest(&self) -> bool {
        let name = |path: &str| path.rsplit('/').next().is_some_and(is_manifest);
        self.missing_sources().iter().any(|it| name(&it.path))
    }

    /// Whether a variable whose value differs from build to build is set above an install in its stage.
    fn changes_anyway(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let Some(stage) = self.stage_of(run.id()) else { return false };
        let above = stage.instructions.start..run.id();
        self.doc.instructions[above].iter().any(|it| {
            matches!(it.kind, Kind::Env(_))
                && declared(it).iter().any(|(_, _, kindness)| *kindness == Kindness::Always)
        })
    }

    /// The folders of the build context where the manifests of an install are.
    fn folders_of_manifests(&self, late: &LateInstall, ecosystem: &Ecosystem) -> Vec<String> {
        if let Some(project) = &late.project {
            return vec![project.clone()];
        }
        if late.placed == Placed::Mount {
            return vec![String::new()];
        }
        let first = ecosystem.manifests.first().copied().unwrap_or_default();
        let start = first.split('*').next().unwrap_or(first);
        let folder = |path: &str| {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            name.starts_with(start).then(|| folder.to_owned())
        };
        let mut found: Vec<String> =
            self.context_sources().filter_map(|it| folder(&it.path)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The `package.json` of folders, and of the folders below each that may be members.
    fn node_manifests(&self, folders: &[String]) -> Vec<String> {
        const MOST: usize = 100;
        let below = ["package.json", "*/package.json", "*/*/package.json"];
        let found = folders.iter().flat_map(|folder| {
            below.iter().flat_map(move |it| self.paths_in_context(&joined(folder, it)))
        });
        found.filter(|it| !is_installed(it)).take(MOST).collect()
    }

    /// Whether settings that an install reads are in a folder above its manifests, where no list of names in one folder
    /// can name them.
    fn settings_stand_above(&self, folders: &[String], ecosystem: &Ecosystem) -> bool {
        folders.iter().filter(|it| !it.is_empty()).any(|folder| {
            let mut above = folder.as_str();
            std::iter::from_fn(|| {
                if above.is_empty() {
                    return None;
                }
                above = above.rsplit_once('/').map_or("", |it| it.0);
                Some(above)
            })
            .any(|above| {
                let mut names = ecosystem.settings.iter();
                names.any(|it| !self.paths_in_context(&joined(above, it)).is_empty())
            })
        })
    }

    /// Whether a manifest that an install reads names other files of the project.
    fn names_others(&self, late: &LateInstall, names: &[String]) -> bool {
        let Some(context) = &self.context else { return false };
        let Some(project) = &late.project else {
            // Manifests that are copied by their names.
            let name = |path: &str| format!("/{}", path.rsplit('/').next().unwrap_or(path));
            let is_one = |path: &str| names.iter().any(|it| covers(&format!("/{it}"), &name(path)));
            let paths = self.context_sources().map(|it| it.path).filter(|it| is_one(it));
            return paths
                .filter(|it| !has_wildcard(it))
                .any(|it| context.manifest_names_files(&it));
        };
        let paths = names.iter().flat_map(|it| self.paths_in_context(&joined(project, it)));
        let mut paths = paths.filter(|it| !has_wildcard(it) && is_in(it, project));
        paths.any(|it| context.manifest_names_files(&it))
    }
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Whether a path is in the folder of an installed package.
fn is_installed(path: &str) -> bool {
    path.split('/').any(|it| it == "node_modules")
}
