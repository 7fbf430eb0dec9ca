//! Build arguments and variables whose value changes with every build, and the steps that they make the builder repeat.

use super::compile::compiles;
use super::{How, Model, Shape};
use crate::source::Span;
use crate::syntax::{Instruction, Kind};

/// A value that changes with every build, declared above steps that do not use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volatile {
    /// Its name.
    pub name: String,
    /// The ARG or ENV, by index.
    pub instruction: usize,
    /// Where the name stands.
    pub span: Span,
    /// The first expensive RUN that is repeated for nothing, by index in [`Model::runs`].
    pub repeated: usize,
    /// The first instruction that uses it, by index; none if nothing does.
    pub first_use: Option<usize>,
    /// Whether an instruction above that step uses it, such as a LABEL, which would have to move too.
    pub used_before: bool,
}

/// Names of values that differ from build to build: those of the Open Containers labels' usual arguments and of CI
/// systems' variables. Sorted, without `_`.
const VOLATILE: &[&str] = &[
    "BUILDDATE",
    "BUILDDATETIME",
    "BUILDHASH",
    "BUILDID",
    "BUILDNO",
    "BUILDNUM",
    "BUILDNUMBER",
    "BUILDTIME",
    "BUILDTIMESTAMP",
    "CACHEBUST",
    "CACHEBUSTER",
    "CACHEDATE",
    "CICOMMITSHA",
    "CICOMMITSHORTSHA",
    "CIPIPELINEID",
    "COMMIT",
    "COMMITHASH",
    "COMMITID",
    "COMMITSHA",
    "COMMITSHORTSHA",
    "GITCOMMIT",
    "GITCOMMITHASH",
    "GITCOMMITID",
    "GITCOMMITSHA",
    "GITHASH",
    "GITHUBSHA",
    "GITREF",
    "GITREV",
    "GITREVISION",
    "GITSHA",
    "GITSHA1",
    "SOURCECOMMIT",
    "TRAVISCOMMIT",
    "VCSREF",
    "VCSREVISION",
];

fn is_volatile(name: &str) -> bool {
    let bare: String =
        name.chars().filter(|it| *it != '_').collect::<String>().to_ascii_uppercase();
    VOLATILE.binary_search(&bare.as_str()).is_ok()
}

impl Model<'_> {
    /// The values of stages that change with every build and stand above an expensive RUN that does not use them. Values
    /// below a copy of the sources are left out: that copy changes as often.
    pub fn volatile_values(&self) -> Vec<Volatile> {
        let mut found: Vec<Volatile> = Vec::new();
        let writes = self.writes();
        let is_tree = |id: usize| {
            writes.iter().any(|it| {
                it.instruction == id
                    && it.command.is_none()
                    && matches!(it.how, How::Copied { .. })
                    && matches!(it.shape, Shape::Tree | Shape::Unsure)
            })
        };
        for stage in &self.stages {
            for instruction in &self.doc.instructions[stage.instructions.clone()] {
                for (name, span) in declared(instruction) {
                    let rest = &self.doc.instructions[instruction.id + 1..stage.instructions.end];
                    let expensive = |id| self.run_at(id).filter(|run| self.is_expensive(*run));
                    if self.beneath(instruction.id).iter().any(is_tree) {
                        continue;
                    }
                    // An ENV of the same value is as volatile as the ARG; the ARG is told.
                    let told = found
                        .iter()
                        .any(|it| it.instruction >= stage.instructions.start && it.name == name);
                    let used = rest.iter().find(|it| self.uses(it, &name)).map(|it| it.id);
                    let used_in_step = rest
                        .iter()
                        .find(|it| {
                            self.uses(it, &name)
                                && !matches!(it.kind, Kind::Label(_) | Kind::Env(_) | Kind::Arg(_))
                        })
                        .map_or(stage.instructions.end, |it| it.id);
                    let mut steps =
                        rest.iter().take_while(|it| it.id < used_in_step && !is_tree(it.id));
                    if let Some(repeated) = steps.find_map(|it| expensive(it.id)).filter(|_| !told)
                    {
                        // A use before the step (a LABEL) has to move with it.
                        let after = used.filter(|it| *it > self.runs[repeated].id());
                        let used_before = used.is_some() && after.is_none();
                        found.push(Volatile {
                            name,
                            instruction: instruction.id,
                            span,
                            repeated,
                            first_use: after,
                            used_before,
                        });
                    }
                }
            }
        }
        found
    }

    /// Whether a RUN downloads, installs or compiles; what is wrapped in ONBUILD does so elsewhere.
    pub fn is_expensive(&self, run: usize) -> bool {
        let it = &self.runs[run];
        !it.onbuild
            && (self.installs.iter().any(|install| install.run == run)
                || self.downloads.iter().any(|download| download.run == run)
                || it.script.commands.iter().any(|command| compiles(command).is_some()))
    }

    /// Whether an instruction names a variable.
    fn uses(&self, instruction: &Instruction<'_>, name: &str) -> bool {
        let text = self.doc.source.slice(instruction.span);
        match self.run_at(instruction.id) {
            // What it runs may ask for the variable in any way; if its name is there, nothing is said.
            Some(run) => !self.runs[run].script.complete || text.contains(name),
            None => text.match_indices(name).any(|(at, _)| text[..at].ends_with(['$', '{'])),
        }
    }
}

/// The volatile names that an ARG or ENV declares, each with its place.
fn declared(instruction: &Instruction<'_>) -> Vec<(String, Span)> {
    match &instruction.kind {
        Kind::Arg(list) => {
            let names = list.iter().map(|it| &it.name).filter(|it| is_volatile(&it.text));
            names.map(|it| (it.text.to_string(), it.span)).collect()
        }
        // A constant changes only with the file.
        Kind::Env(env) => {
            let pairs = env
                .pairs
                .iter()
                .filter(|it| is_volatile(&it.key.text) && !it.value.variables().is_empty());
            pairs.map(|it| (it.key.text.to_string(), it.key.span)).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::VOLATILE;
    use crate::model::tests::of;

    #[test]
    fn the_table_is_sorted() {
        assert!(VOLATILE.is_sorted());
    }

    #[test]
    fn uses_and_repeated_steps_are_told() {
        let text = "FROM a\nARG GIT_SHA\nRUN apt-get install -y x\nRUN echo $GIT_SHA\n";
        of(text, |model| {
            let found: Vec<_> =
                model.volatile_values().iter().map(|it| (it.repeated, it.first_use)).collect();
            assert_eq!(found, [(0, Some(3))]);
        });
        for text in [
            "FROM a\nARG GIT_SHA\nRUN apt-get install -y x && echo $GIT_SHA\n",
            "FROM a\nCOPY . .\nARG GIT_SHA\nRUN apt-get install -y x\n",
            "FROM a\nARG GIT_SHA\nCOPY . .\nRUN apt-get install -y x\n",
            "FROM a\nENV GIT_SHA=abc\nRUN apt-get install -y x\n",
        ] {
            of(text, |model| assert!(model.volatile_values().is_empty(), "{text}"));
        }
    }
}
