//! Build arguments and variables whose value changes with every build, and the steps that they make the builder repeat.

use std::collections::HashSet;

use super::volatile_names::{Kindness, STAND_INS, declared};
use crate::model::installs::compile::compiles;
use crate::model::installs::scripts::runs_scripts;
use crate::model::{Base, Definition, How, Model, Shape, Stage};
use crate::shell::Command;
use crate::source::Span;
use crate::syntax::{Instruction, Kind, MountType};

/// Values that change with every build, declared above steps that do not use them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volatile {
    /// Their names and where they are, in order; at least one.
    pub names: Vec<(String, Span)>,
    /// The ARG and ENV instructions that declare them, and the LABEL and ENV instructions above the step that use them,
    /// by index, in order.
    pub instructions: Vec<usize>,
    /// The first expensive RUN that is repeated for nothing, by index in [`Model::runs`].
    pub repeated: usize,
    /// Whether that RUN is in the stage that declares them, and not in one that is built on it.
    pub same_stage: bool,
    /// The first instruction below the step that uses one of them, or builds the project and may, by index; none if there is
    /// none.
    pub first_use: Option<usize>,
}

/// More names of one stage are not followed.
const MOST_NAMES: usize = 16;

/// What an instruction does to a volatile value that is declared above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It is repeated, and dear.
    Expensive(usize),
    /// From here on everything is repeated anyway, or nobody knows what uses the value.
    End,
    /// Neither.
    Other,
}

impl Model<'_> {
    /// The values of stages that change with every build and are above an expensive RUN that does not use them; one
    /// entry for all that one stage declares above the same RUN. Values below a copy of the sources are left out: that
    /// copy changes as often.
    pub fn volatile_values(&self) -> Vec<Volatile> {
        if !self.stages.iter().any(|it| self.declares_volatile(it.id)) {
            return Vec::new();
        }
        let trees = self.copied_trees();
        let (children, has_sources) = self.lineage(&trees);
        let mut found: Vec<Volatile> = Vec::new();
        for stage in self.stages.iter().filter(|it| !has_sources[it.id]) {
            found.extend(self.volatile_values_of(stage, &trees, &children));
        }
        found.retain(|it| !self.is_repeated_by_others(it));
        for entry in &mut found {
            entry.instructions.sort_unstable();
            entry.instructions.dedup();
        }
        found
    }

    /// The stages that are built on each stage, and whether the sources are in the image before each begins.
    fn lineage(&self, trees: &HashSet<usize>) -> (Vec<Vec<usize>>, Vec<bool>) {
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); self.stages.len()];
        let mut has_sources = vec![false; self.stages.len()];
        for stage in &self.stages {
            if let Base::Stage(base) = stage.base
                && base < stage.id
            {
                children[base].push(stage.id);
                let own = self.stages[base].instructions.clone();
                has_sources[stage.id] =
                    has_sources[base] || own.into_iter().any(|id| trees.contains(&id));
            }
        }
        (children, has_sources)
    }

    fn volatile_values_of(
        &self,
        stage: &Stage<'_>,
        trees: &HashSet<usize>,
        children: &[Vec<usize>],
    ) -> Vec<Volatile> {
        let mut found: Vec<Volatile> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        for id in stage.instructions.clone().take_while(|id| !trees.contains(id)) {
            for (name, span, kindness) in declared(&self.doc.instructions[id]) {
                // An ENV of the same value is as volatile as the ARG; the ARG is reported.
                if names.len() >= MOST_NAMES || !names.insert(name.clone()) {
                    continue;
                }
                if kindness == Kindness::Released && !self.is_released(stage.id, id, &name) {
                    continue;
                }
                let repeats = self.repeats(stage.id, id, &name, trees, children);
                let Some((repeated, same_stage, first_use, users)) = repeats else { continue };
                let at = found.iter().position(|it| it.repeated == repeated);
                let at = at.unwrap_or_else(|| {
                    found.push(Volatile {
                        names: Vec::new(),
                        instructions: Vec::new(),
                        repeated,
                        same_stage,
                        first_use: None,
                    });
                    found.len() - 1
                });
                let entry = &mut found[at];
                entry.names.push((name, span));
                entry.instructions.push(id);
                entry.instructions.extend(users);
                entry.first_use = match (entry.first_use, first_use) {
                    (Some(one), Some(other)) => Some(one.min(other)),
                    (one, other) => one.or(other),
                };
            }
        }
        found
    }

    /// Whether the step is repeated as often once the values are below it: another one that changes with every build is
    /// declared above it and stays, since the step uses it.
    fn is_repeated_by_others(&self, value: &Volatile) -> bool {
        let step = self.runs[value.repeated].id();
        let first = value.instructions.iter().min().copied().unwrap_or(step);
        let Some(stage) = self.stage_of(first) else { return false };
        let above = stage.instructions.start..step.min(stage.instructions.end);
        self.doc.instructions[above].iter().flat_map(declared).any(|(name, _, _)| {
            !value.names.iter().any(|it| it.0 == name)
                && self.uses(&self.doc.instructions[step], &name)
        })
    }

    fn declares_volatile(&self, stage: usize) -> bool {
        let all = &self.doc.instructions[self.stages[stage].instructions.clone()];
        all.iter().any(|it| !declared(it).is_empty())
    }

    /// The instructions that copy folders.
    fn copied_trees(&self) -> HashSet<usize> {
        let is_tree = |it: &&crate::model::Write| {
            it.command.is_none()
                && matches!(it.how, How::Copied { .. })
                && matches!(it.shape, Shape::Tree | Shape::Unsure)
        };
        self.writes().iter().filter(is_tree).map(|it| it.instruction).collect()
    }

    /// Whether a version that an instruction declares is that of what is built: no pinned default, and nothing is
    /// downloaded by it.
    fn is_released(&self, stage: usize, id: usize, name: &str) -> bool {
        // What an ARG has by the file itself, here or above the first FROM.
        let own = match &self.doc.instructions[id].kind {
            Kind::Arg(list) => {
                let own = list.iter().find(|it| it.name.text.as_ref() == name);
                let default = own.and_then(|it| it.value.as_ref()).map(|it| it.text.to_string());
                let global = |it: &&Definition| it.name == name;
                default.or_else(|| {
                    self.scopes.global.iter().rev().find(global).and_then(|it| it.value.clone())
                })
            }
            _ => return false,
        };
        let own = own.unwrap_or_default();
        let own = own.trim_matches(['"', '\'']).to_ascii_lowercase();
        if !STAND_INS.contains(&own.as_str()) {
            return false;
        }
        let rest = id + 1..self.stages[stage].instructions.end;
        let mut uses =
            self.doc.instructions[rest].iter().filter(|it| self.uses(it, name)).peekable();
        // What does not name it anywhere may still ask for it, such as a Makefile.
        uses.peek().is_some()
            && uses.all(|it| match &it.kind {
                Kind::Run(_) => self.run_at(it.id).is_none_or(|run| !self.fetches(run)),
                Kind::Add(_) => false,
                _ => true,
            })
    }

    /// The first RUN that the value repeats for nothing, whether it is in the same stage, the first use below it, and
    /// the LABEL and ENV instructions above it that use the value.
    #[allow(clippy::type_complexity, reason = "one caller, which takes it apart")]
    fn repeats(
        &self,
        stage: usize,
        id: usize,
        name: &str,
        trees: &HashSet<usize>,
        children: &[Vec<usize>],
    ) -> Option<(usize, bool, Option<usize>, Vec<usize>)> {
        let own = id + 1..self.stages[stage].instructions.end;
        let mut users = Vec::new();
        for at in own.clone() {
            match self.step(at, name, trees) {
                Step::Expensive(run) => {
                    let mut below = (at + 1..own.end).filter(|it| {
                        self.uses(&self.doc.instructions[*it], name) || self.may_ask(*it)
                    });
                    return Some((run, true, below.next(), users));
                }
                Step::End => return None,
                Step::Other if self.uses(&self.doc.instructions[at], name) => users.push(at),
                Step::Other => {}
            }
        }
        // Arguments and variables hold in the stages that are built on this one.
        let mut open: Vec<usize> = children[stage].iter().rev().copied().collect();
        let mut budget = self.doc.instructions.len().min(2000);
        while let Some(child) = open.pop() {
            let mut ends = false;
            for at in self.stages[child].instructions.clone() {
                budget = budget.checked_sub(1)?;
                match self.step(at, name, trees) {
                    Step::Expensive(run) => return Some((run, false, None, Vec::new())),
                    Step::End => {
                        ends = true;
                        break;
                    }
                    Step::Other => {}
                }
            }
            if !ends {
                open.extend(children[child].iter().rev());
            }
        }
        None
    }

    fn step(&self, at: usize, name: &str, trees: &HashSet<usize>) -> Step {
        let instruction = &self.doc.instructions[at];
        if trees.contains(&at) {
            return Step::End;
        }
        let is_passive = matches!(
            instruction.kind,
            Kind::Label(_) | Kind::Env(_) | Kind::Arg(_) | Kind::From(_) | Kind::Onbuild(_)
        );
        if is_passive {
            return Step::Other;
        }
        if self.uses(instruction, name) {
            return Step::End;
        }
        match self.run_at(at) {
            Some(run) if !self.runs[run].onbuild => {
                if self.may_ask(at) {
                    Step::End
                } else if self.fetches(run) && !self.only_fills_mounts(run) {
                    Step::Expensive(run)
                } else {
                    Step::Other
                }
            }
            _ => Step::Other,
        }
    }

    /// Whether an instruction builds the project or runs its files, which may ask for any variable.
    fn may_ask(&self, at: usize) -> bool {
        self.run_at(at).is_some_and(|run| {
            let mut commands = self.runs[run].script.commands.iter();
            commands
                .any(|it| compiles(it).is_some() || self.runs_project_files(it) || runs_scripts(it))
        })
    }

    /// Whether a program is one of the project's own files or runs them, so that it may read any variable.
    fn runs_project_files(&self, command: &Command) -> bool {
        const RUNNERS: &[&str] =
            &["bazel", "cmake", "just", "make", "meson", "ninja", "rake", "task"];
        let written = self.doc.source.slice(command.name_span);
        command.name.is_empty() && command.assignments.is_empty()
            || command.name.ends_with(".sh")
            || written.starts_with("./")
            || RUNNERS.contains(&command.name.as_str())
    }

    /// Whether repeating a RUN costs next to nothing: all that it fetches goes into a cache mount, such as the modules of
    /// `go mod download`, or it fetches only under a condition.
    fn only_fills_mounts(&self, run: usize) -> bool {
        let has_mount = self.runs[run].mounts.iter().any(|it| it.kind == MountType::Cache);
        let start = self.installs.partition_point(|it| it.run < run);
        let mut installs = self.installs[start..].iter().take_while(|it| it.run == run);
        let mut commands = self.runs[run].script.commands.iter();
        let is_optional = commands.all(|it| it.inside.conditional || it.depth > 0);
        is_optional
            || has_mount
                && installs.all(|it| matches!(it.verb_name, "download" | "fetch" | "restore"))
                && !self.downloads.iter().any(|it| it.run == run)
    }

    /// Whether a RUN installs or downloads something.
    fn fetches(&self, run: usize) -> bool {
        let start = self.installs.partition_point(|it| it.run < run);
        self.installs.get(start).is_some_and(|it| it.run == run) || {
            let start = self.downloads.partition_point(|it| it.run < run);
            self.downloads.get(start).is_some_and(|it| it.run == run)
        }
    }

    /// Whether a RUN downloads, installs or compiles; what is wrapped in ONBUILD does so elsewhere.
    pub fn is_expensive(&self, run: usize) -> bool {
        let it = &self.runs[run];
        !it.onbuild
            && (self.fetches(run)
                || it.script.commands.iter().any(|command| compiles(command).is_some()))
    }

    /// Whether an instruction below one in its stage names a variable.
    pub fn names_below(&self, instruction: usize, name: &str) -> bool {
        let end = self.stage_of(instruction).map_or(instruction, |it| it.instructions.end);
        self.doc.instructions[instruction + 1..end.max(instruction + 1)]
            .iter()
            .any(|it| self.uses(it, name))
    }

    /// Whether an instruction names a variable.
    fn uses(&self, instruction: &Instruction<'_>, name: &str) -> bool {
        let text = self.doc.source.slice(instruction.span);
        match self.run_at(instruction.id) {
            // What it runs may ask for the variable in any way; if its name is there, nothing is said.
            Some(run) => !self.runs[run].script.complete || text.contains(name),
            None => text.match_indices(name).any(|(at, _)| {
                let behind = text[at + name.len()..].chars().next();
                text[..at].ends_with(['$', '{'])
                    && behind.is_none_or(|it| !it.is_ascii_alphanumeric() && it != '_')
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// The names of each entry, joined, with the index of the repeated RUN's instruction and the first use.
    fn found(text: &str) -> Vec<(String, usize, Option<usize>)> {
        of(text, |model| {
            let entry = |it: &super::Volatile| {
                let names: Vec<&str> = it.names.iter().map(|it| it.0.as_str()).collect();
                (names.join(" "), model.runs[it.repeated].id(), it.first_use)
            };
            model.volatile_values().iter().map(entry).collect()
        })
    }

    #[test]
    fn names_of_dates_commits_and_runs_are_known() {
        for name in [
            "BUILD_COMMIT_SHA",
            "GIT_COMMIT",
            "CI_COMMIT_SHORT_SHA",
            "SENTRY_COMMIT_SHA",
            "GITHUB_RUN_ID",
            "BuildDate",
        ] {
            let text = format!("FROM a\nARG {name}\nRUN apt-get install -y x\n");
            assert_eq!(found(&text), [(name.to_owned(), 2, None)]);
        }
        for name in ["PRE_COMMIT_VERSION", "COMMITTER", "NODE_VERSION", "GIT_COMMITTER_NAME"] {
            let text = format!("FROM a\nARG {name}\nRUN apt-get install -y x\n");
            assert!(found(&text).is_empty(), "{name}");
        }
    }

    #[test]
    fn versions_count_where_the_caller_gives_them() {
        let with = |declaration: &str, rest: &str| {
            found(&format!("FROM a\n{declaration}\nRUN apt-get install -y x\n{rest}\n")).len()
        };
        for declaration in
            ["ARG VERSION", "ARG APP_VERSION=dev", "ARG RELEASE=\"\"", "ARG GIT_BRANCH=main"]
        {
            let name = declaration.trim_start_matches("ARG ").split('=').next().unwrap_or("");
            assert_eq!(with(declaration, &format!("LABEL v=${name}")), 1, "{declaration}");
            assert_eq!(with(declaration, ""), 0, "{declaration}: nothing names it");
        }
        // It is pinned, or says what is downloaded.
        assert_eq!(with("ARG VERSION=1.2.3", "LABEL v=$VERSION"), 0);
        assert_eq!(with("ARG VERSION", "RUN curl -O https://e.org/$VERSION.tgz"), 0);
        assert_eq!(with("ARG VERSION", "ADD https://e.org/$VERSION.tgz /x/"), 0);
        let text =
            "ARG VERSION=2\nFROM a\nARG VERSION\nRUN apt-get install -y x\nLABEL v=$VERSION\n";
        assert!(found(text).is_empty());
    }

    #[test]
    fn uses_and_repeated_steps_are_told() {
        let text = "FROM a\nARG GIT_SHA\nRUN apt-get install -y x\nRUN echo $GIT_SHA\n";
        assert_eq!(found(text), [("GIT_SHA".to_owned(), 2, Some(3))]);
        for text in [
            "FROM a\nARG GIT_SHA\nRUN apt-get install -y x && echo $GIT_SHA\n",
            "FROM a\nCOPY . .\nARG GIT_SHA\nRUN apt-get install -y x\n",
            "FROM a\nARG GIT_SHA\nCOPY . .\nRUN apt-get install -y x\n",
            "FROM a\nENV GIT_SHA=abc\nRUN apt-get install -y x\n",
            // A build may read it.
            "FROM a\nARG GIT_SHA\nRUN make\nRUN apt-get install -y x\n",
            "FROM a\nARG GIT_SHA\nRUN ./build.sh\nRUN apt-get install -y x\n",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_stands_together_is_one_entry() {
        let text = "FROM a\nARG BUILD_DATE\nARG VCS_REF\nLABEL d=$BUILD_DATE r=$VCS_REF\nRUN apt-get install -y x\n";
        assert_eq!(found(text), [("BUILD_DATE VCS_REF".to_owned(), 4, None)]);
        of(text, |model| assert_eq!(model.volatile_values()[0].instructions, [1, 2, 3]));
    }

    #[test]
    fn values_hold_in_stages_that_are_built_on_theirs() {
        let text = "FROM a AS base\nARG BUILD_COMMIT_SHA\nENV SHA=$BUILD_COMMIT_SHA\nFROM base\nRUN apt-get install -y x\n";
        assert_eq!(found(text), [("BUILD_COMMIT_SHA".to_owned(), 4, None)]);
        for text in [
            "FROM a AS base\nARG GIT_SHA\nFROM a\nRUN apt-get install -y x\n",
            "FROM a AS base\nARG GIT_SHA\nCOPY . .\nFROM base\nRUN apt-get install -y x\n",
            "FROM a AS base\nARG GIT_SHA\nFROM base\nCOPY . .\nRUN apt-get install -y x\n",
            "FROM a AS base\nCOPY . .\nFROM base\nARG GIT_SHA\nRUN apt-get install -y x\n",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
