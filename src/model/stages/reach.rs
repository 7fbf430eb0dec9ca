//! Stages that nothing needs, and what of a build reaches the image.

use crate::model::image::images::names_of_stages;
use crate::model::image::purpose::is_of_development;
use crate::model::installs::removed::removed_by;
use crate::model::{Base, Build, Manager, Model, Stage};
use crate::shell::ShellWord;
use crate::source::Span;
use crate::syntax::{Kind, Part};

/// Further words in the names of stages that are built by `--target`, or by a tool, and not for the final image.
const TARGETS: &[&str] = &[
    "artifact",
    "artifacts",
    "bin",
    "binaries",
    "binary",
    "check",
    "coverage",
    "cross",
    "dist",
    "docs",
    "export",
    "final",
    "fmt",
    "format",
    "generate",
    "linter",
    "output",
    "package",
    "prod",
    "production",
    "qa",
    "release",
    "run",
    "runner",
    "runtime",
    "shell",
    "staging",
    "target",
    "tools",
    "unit",
    "update",
    "validate",
    "vendor",
    "vendored",
    "watch",
    "worker",
];

impl<'s> Model<'s> {
    /// Stages that the final stage does not need. Empty where a stage is named by a variable; without named
    /// stages where one of them is likely to be built by its name.
    pub fn unused_stages(&self) -> Vec<&Stage<'s>> {
        let by_variable = |it: &Stage<'_>| {
            let varies = matches!(it.base, Base::Stage(_)) && !it.from.image.variables().is_empty();
            // Whoever builds it may name one of the stages.
            let is_open = matches!(it.from.image.parts.as_slice(), [Part::Var(_)]);
            varies || is_open || it.base == Base::Unknown
        };
        // An instruction that is refused may be the one that was meant to take from a stage.
        let is_broken = !self.doc.errors.is_empty() || !self.refused().is_empty();
        if is_broken || self.stages.iter().any(by_variable) || self.takes_by_variable() {
            return Vec::new();
        }
        // Where one stage is built by its name, any other may be.
        let by_name = self.stages.iter().any(|it| !it.needed && self.is_target(it));
        let onbuild =
            self.final_stage.and_then(|last| self.root_image(last)).is_some_and(|image| {
                image.name().contains("onbuild")
                    || image.tag.as_deref().is_some_and(|tag| tag.contains("onbuild"))
            });
        if onbuild {
            return Vec::new();
        }
        let images = self.images_used();
        let published = names_of_stages(&images);
        let is_published =
            |name: &str| self.named_targets.contains(name) || published.contains(name);
        // Where the target is another stage, the last one is what is built without it.
        let last = self.stages.len().saturating_sub(1);
        let mut used: Vec<bool> = self
            .stages
            .iter()
            .map(|it| {
                it.needed
                    || it.ships
                    || it.id == last
                    || it.name.as_deref().is_some_and(|name| by_name || is_published(name))
            })
            .collect();
        // Stages only point backwards.
        for stage in self.stages.iter().rev() {
            if !used[stage.id] {
                continue;
            }
            let base = if let Base::Stage(base) = stage.base { Some(base) } else { None };
            for needed in stage.takes_from.iter().copied().chain(base) {
                used[needed] = true;
            }
        }
        // Of a chain of unused stages only the last is reported.
        let mut taken = vec![false; self.stages.len()];
        for stage in &self.stages {
            let base = if let Base::Stage(base) = stage.base { Some(base) } else { None };
            for other in stage.takes_from.iter().copied().chain(base) {
                taken[other] = true;
            }
        }
        self.stages.iter().filter(|it| !used[it.id] && !taken[it.id]).collect()
    }

    /// Whether a stage is likely to be built by its name: it is called so, it has an entry point, or it only
    /// exports files.
    fn is_target(&self, stage: &Stage<'_>) -> bool {
        let Some(name) = stage.name.as_deref() else { return false };
        let mut words = name.split(|it: char| !it.is_ascii_alphanumeric());
        let called = words.any(|it| is_of_development(it) || TARGETS.binary_search(&it).is_ok());
        let instructions = &self.doc.instructions[stage.instructions.clone()];
        let service = instructions.iter().any(|it| {
            matches!(
                it.kind,
                Kind::Cmd(_) | Kind::Entrypoint(_) | Kind::Expose(_) | Kind::Healthcheck(_)
            )
        });
        // A sibling of the final stage on the same stage is another variant of the image.
        let sibling = matches!(stage.base, Base::Stage(base) if self.stages[base].needed);
        let varies = !stage.from.image.variables().is_empty();
        called || service || sibling || varies || stage.base == Base::Scratch
    }

    /// Whether a COPY or a mount names its source by a variable.
    fn takes_by_variable(&self) -> bool {
        let by_flag = self.doc.instructions.iter().any(|it| {
            it.flag("from")
                .and_then(|flag| flag.value.as_ref())
                .is_some_and(|word| !word.variables().is_empty())
        });
        let mut mounts = self.runs.iter().flat_map(|run| run.mounts);
        by_flag
            || mounts.any(|it| it.option("from").is_some_and(|word| !word.variables().is_empty()))
    }

    /// What brings the toolchain of a build into the image of a stage: its base image or a package install that is
    /// not undone in the same RUN.
    pub fn shipped_toolchain(&self, build: &Build, output: usize) -> Option<Span> {
        let id = self.runs[build.run].id();
        let root = self.root_stage(output);
        if root.and_then(Stage::image).is_some_and(|image| build.toolchain.is_in(image)) {
            return root.map(|it| it.from.image.span);
        }
        let installs = self.beneath(id).installs().chain(self.installs_of(build.run));
        let installs =
            installs.filter(|it| it.manager.is_system() && !self.removes_packages(it.run));
        let mut packages = installs.flat_map(|it| &it.packages);
        packages.find(|it| build.toolchain.is_package(&it.name)).map(|it| it.span)
    }

    /// Whether a RUN removes packages.
    pub(in crate::model) fn removes_packages(&self, run: usize) -> bool {
        self.runs[run].script.commands.iter().any(|command| {
            let is_system = Manager::is_system_program(&command.name);
            let removes = |word: &ShellWord| {
                word.text == "--purge" || is_system && removed_by(command, word).is_some()
            };
            (is_system || command.is("dpkg")) && command.args.iter().any(removes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::TARGETS;

    #[test]
    fn the_table_is_sorted() {
        assert!(TARGETS.is_sorted());
    }
}
