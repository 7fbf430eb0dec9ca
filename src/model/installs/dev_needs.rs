//! Dependencies for development: which installs bring them, and which copies bring them into an image.

use crate::model::files::paths::{covers, path_in};
use crate::model::{Base, Install, Manager, Model, Toolchain};
use crate::shell::Command;
use crate::source::Span;
use crate::syntax::Kind;

/// A folder that is copied from a build stage with more than the program needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedDevNeeds {
    /// The source.
    pub source: Span,
    /// The last part of its path.
    pub folder: String,
    /// The command that filled it.
    pub filled: Span,
    /// What brings dependencies; none where a build left its intermediate files.
    pub manager: Option<Manager>,
}

/// More manifests are not looked for.
const MOST_MANIFESTS: usize = 24;

impl Model<'_> {
    /// The paths in the build context at which the manifests of the file's installs may be that name dependencies for
    /// development.
    pub fn manifests_with_dev_dependencies(&self) -> Vec<String> {
        let names = self.installs.iter().filter_map(|it| it.manager.development.as_ref());
        let mut names: Vec<&str> =
            names.map(|it| it.manifest).filter(|it| !it.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<String> = Vec::new();
        for source in self.context_sources() {
            let (folder, last) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
            for name in &names {
                let path = if covers(last, name) {
                    format!("{folder}/{name}")
                } else {
                    format!("{}/{name}", source.path)
                };
                let path = path.trim_start_matches('/').to_owned();
                if !found.contains(&path) && !path.contains('*') && found.len() < MOST_MANIFESTS {
                    found.push(path);
                }
            }
        }
        found
    }

    /// Whether something makes an install leave out the dependencies for development, or takes them away again.
    pub fn leaves_out_dev(&self, install: &Install) -> bool {
        let Some(development) = &install.manager.development else { return false };
        let run = &self.runs[install.run];
        let command = &run.script.commands[install.command];
        let set = development
            .variables
            .iter()
            .any(|it| self.scopes.look_up(run.id(), it).is_some() || run.script.sets(it));
        development.flags.iter().any(|it| command.has_flag(it)) || set || self.prunes_dev()
    }

    /// Whether a command anywhere takes dependencies for development away, or configures their manager to leave them out.
    fn prunes_dev(&self) -> bool {
        let prunes = |it: &Command| {
            let words = || it.args.iter().map(|word| word.text.as_str());
            words().any(|word| matches!(word, "prune" | "autoclean"))
                || words().any(|word| word == "config")
                    && words().any(|word| {
                        word.contains("without")
                            || word.contains("production")
                            || word.contains("deployment")
                    })
        };
        let any = || self.runs.iter().flat_map(|it| &it.script.commands).any(prunes);
        *self.found.prunes_dev.get_or_init(any)
    }

    /// The folders of dependencies and builds that shipped stages copy from others with more than the program needs.
    pub fn copied_dev_needs(&self) -> Vec<CopiedDevNeeds> {
        let mut found = Vec::new();
        for stage in self.stages.iter().filter(|it| it.ships && !self.is_workbench(it.id)) {
            for instruction in &self.doc.instructions[stage.instructions.clone()] {
                let Kind::Copy(copy) = &instruction.kind else { continue };
                let from = instruction.flag("from").and_then(|it| it.value.as_ref());
                let from = from.and_then(|it| self.stage_called(instruction.id, &it.text));
                let Some(from) = from.filter(|it| it.id != stage.id) else { continue };
                for source in &copy.sources {
                    let path = self.scopes.resolve(instruction.id, &source.word).text;
                    let path = path.trim_end_matches('/');
                    let path = path.strip_suffix("/.").unwrap_or(path);
                    let needs =
                        self.needs_in(from.id, path).or_else(|| self.build_folder(from.id, path));
                    found.extend(needs.map(|it| CopiedDevNeeds { source: source.word.span, ..it }));
                }
            }
        }
        found
    }

    /// What an install of a stage puts into a folder of dependencies.
    fn needs_in(&self, stage: usize, path: &str) -> Option<CopiedDevNeeds> {
        let folder = path.rsplit('/').next().unwrap_or(path);
        let image = self.image_of(stage);
        let fills = |it: &&Install| {
            let development = it.manager.development.as_ref();
            development.is_some_and(|it| it.folders.contains(&folder))
                && it.packages.is_empty()
                && self.may_fill(it, path)
        };
        let installs: Vec<&Install> = image.installs().filter(fills).collect();
        let first = installs.first()?;
        if installs.iter().any(|it| self.leaves_out_dev(it))
            || self.dev_dependencies == Some(false)
            || self.is_deployed(stage, path)
        {
            return None;
        }
        let command = &self.runs[first.run].script.commands[first.command];
        Some(CopiedDevNeeds {
            source: Span::at(0),
            folder: folder.to_owned(),
            filled: Span { end: first.verb.end, ..command.name_span },
            manager: Some(first.manager),
        })
    }

    /// Whether an install works in the folder above a path that is copied, or above that one, as in a workspace; also where
    /// it is not known.
    fn may_fill(&self, install: &Install, path: &str) -> bool {
        const ELSEWHERE: &[&str] =
            &["prefix", "cwd", "C", "dir", "modules-dir", "modules-folder", "working-dir", "d"];
        // The others keep environments wherever they are configured to.
        let development = install.manager.development.as_ref();
        let beside_manifest = development.is_some_and(|it| it.is_beside_manifest);
        let command = &self.runs[install.run].script.commands[install.command];
        let known = beside_manifest && !ELSEWHERE.iter().any(|it| command.has_flag(it));
        let directory = self.directories[install.run][install.command].as_deref();
        let Some(directory) = directory.filter(|it| known && !it.contains('$')) else {
            return true;
        };
        let path = path_in(Some("/"), path);
        path.contains('$') || is_below(&path, directory)
    }

    /// Whether pnpm makes the folder that a path is in, with what a package needs to run and nothing else.
    fn is_deployed(&self, stage: usize, path: &str) -> bool {
        let path = path_in(Some("/"), path);
        self.image_of(stage).runs().any(|(index, run)| {
            run.script.commands.iter().enumerate().any(|(at, command)| {
                let verb = command.args.iter().position(|it| it.text == "deploy");
                let Some(verb) = verb.filter(|_| command.is("pnpm")) else { return false };
                let for_use = ["prod", "production", "P"].iter().any(|it| command.has_flag(it));
                let folder = command.args[verb + 1..].iter().rfind(|it| !it.text.starts_with('-'));
                let directory = self.directories[index][at].as_deref();
                let folder = folder.and_then(|it| self.shell_path(run.id(), directory, it));
                // Where the folder is not known, it may be this one.
                for_use && folder.is_none_or(|it| !it.starts_with('/') || is_below(&path, &it))
            })
        })
    }

    /// The build of a stage that fills the folder of Cargo or Maven.
    fn build_folder(&self, stage: usize, path: &str) -> Option<CopiedDevNeeds> {
        let (above, folder) = path.rsplit_once('/').unwrap_or(("", path));
        let is_target = folder == "target"
            || matches!(folder, "release" | "debug") && above.rsplit('/').next() == Some("target");
        let image = self.image_of(stage);
        let build = image
            .builds()
            .filter(|_| is_target)
            .find(|it| matches!(it.toolchain, Toolchain::Rust | Toolchain::Java))?;
        let from_scratch = self.stages.get(stage)?.base == Base::Scratch;
        (!from_scratch).then(|| CopiedDevNeeds {
            source: Span::at(0),
            folder: folder.to_owned(),
            filled: self.runs[build.run].script.commands[build.command].span,
            manager: None,
        })
    }
}

/// Whether a path is that of a folder, or is in it.
fn is_below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// Whether a copy of a path brings what the stage with these instructions installed for development.
    fn brings(stage: &str, path: &str) -> bool {
        let text = format!(
            "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\n{stage}\nRUN pnpm build\n\
             FROM node:22-slim\nARG P=/prod\nCOPY --from=build {path} ./x/\nCMD [\"node\", \"x\"]\n"
        );
        of(&text, |model| !model.copied_dev_needs().is_empty())
    }

    #[test]
    fn installs_fill_the_folders_beneath_theirs() {
        let install = "RUN pnpm install --frozen-lockfile";
        for path in ["/app/node_modules", "app/node_modules/", "/app/packages/a/node_modules"] {
            assert!(brings(install, path), "{path}");
        }
        for path in ["/srv/node_modules", "/application/node_modules", "/node_modules"] {
            assert!(!brings(install, path), "{path}");
        }
        assert!(brings("RUN cd /srv && pnpm install", "/srv/node_modules"));
        assert!(brings("RUN npm ci --prefix /srv", "/srv/node_modules"));
        assert!(brings("RUN pnpm -C /srv install", "/srv/node_modules"));
        assert!(brings(install, "$WHERE/node_modules"));
    }

    #[test]
    fn what_pnpm_deploys_for_use_has_no_more() {
        let brings = |deploy: &str, path: &str| {
            brings(&format!("RUN pnpm install\nRUN pnpm {deploy}"), path)
        };
        assert!(!brings(
            "--filter=./api --prod deploy --legacy /prod/api",
            "/prod/api/node_modules"
        ));
        assert!(!brings("deploy --filter api -P out", "/app/out/node_modules"));
        assert!(!brings("--filter api deploy --prod $OUT", "/app/out/node_modules"));
        assert!(brings("--filter api --prod deploy out", "/app/node_modules"));
        assert!(brings("--filter api deploy out", "/app/out/node_modules"));
    }
}
