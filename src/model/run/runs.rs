//! RUN instructions with their shell text read.

use std::collections::HashMap;

use crate::model::{Stage, State};
use crate::shell::{Dialect, LintBudget, MOST_TEXTS, Script, ShellState, View};
use crate::source::Span;
use crate::syntax::{Dockerfile, Form, Healthcheck, Instruction, Kind, Mount, MountType};

/// A RUN, also one wrapped in ONBUILD.
#[derive(Debug, Clone)]
pub struct Run<'s> {
    /// The RUN itself; its `id` is that of the ONBUILD where it is wrapped in one.
    pub instruction: &'s Instruction<'s>,
    /// Its stage, by index; none before the first FROM.
    pub stage: Option<usize>,
    /// Whether it is wrapped in ONBUILD, so that it runs in other builds only.
    pub onbuild: bool,
    /// Shell or JSON form.
    pub form: &'s Form<'s>,
    /// Its mounts.
    pub mounts: &'s [Mount<'s>],
    /// Its commands.
    pub script: Script<'s>,
}

impl Run<'_> {
    /// Its index among the file's instructions.
    pub fn id(&self) -> usize {
        self.instruction.id
    }

    /// Whether one of its heredocs goes on to the end of the file because its terminator is missing.
    pub fn is_unterminated(&self) -> bool {
        self.instruction.heredocs.iter().any(|it| it.terminator.is_empty())
    }

    /// Where the keyword `RUN` is.
    pub fn keyword(&self) -> Span {
        self.instruction.keyword_span
    }

    /// Whether a cache or tmpfs mount's target satisfies the test: what is written there stays out of the layer.
    pub fn has_scratch_mount(&self, covers: impl Fn(&str) -> bool) -> bool {
        self.mounts.iter().any(|mount| {
            matches!(mount.kind, MountType::Cache | MountType::Tmpfs)
                && mount.option("target").is_some_and(|target| covers(&target.text))
        })
    }
}

impl Run<'_> {
    /// Whether a cache or tmpfs mount is over the folder or over one that holds it, so that nothing written
    /// there gets into the layer.
    pub fn is_scratch(&self, folder: &str) -> bool {
        self.has_scratch_mount(|target| {
            let target = target.trim_end_matches('/');
            folder.strip_prefix(target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// How many commands it runs, those in conditions, loops and substitutions too. What `sh -c` runs counts
    /// only where the whole RUN is that (the exec form); tests in brackets and assignments do not count.
    pub fn n_commands(&self) -> usize {
        let json = matches!(self.form, Form::Json(_));
        let counts = |nested: bool| {
            let mut last = None;
            let commands = self.script.commands.iter().filter(|it| {
                it.inside.nested_script == nested && !matches!(it.name.as_str(), "" | "[" | "[[")
            });
            // `find -exec` gives several commands at one place.
            commands.filter(|it| last.replace(it.span) != Some(it.span)).count()
        };
        match counts(true) {
            nested if json && nested > 0 => nested,
            _ => counts(false),
        }
    }

    /// Whether another RUN has the same flags, in whatever order.
    pub fn has_same_flags(&self, other: &Self) -> bool {
        let flags = |run: &Self| {
            let flags = run.instruction.flags.iter().filter(|flag| flag.name != "mount");
            let mut flags: Vec<String> = flags
                .map(|flag| {
                    format!("{}={}", flag.name, flag.value.as_ref().map_or("", |it| &it.text))
                })
                .collect();
            flags.extend(run.mounts.iter().map(mount_text));
            flags.sort_unstable();
            flags
        };
        flags(self) == flags(other)
    }

    /// The value that the script has given a variable when the command of that index runs: before the command
    /// itself, or by an assignment or `export` before it.
    pub fn shell_value(&self, command: usize, name: &str) -> Option<&str> {
        let commands = self.script.commands.get(..=command)?;
        commands.iter().enumerate().rev().find_map(|(index, it)| {
            let own = it.assignments.iter().rev().find(|assignment| assignment.name == name);
            if let Some(assignment) = own.filter(|_| index == command || it.name.is_empty()) {
                return Some(assignment.value.text.as_str());
            }
            if !matches!(it.name.as_str(), "export" | "declare" | "typeset") {
                return None;
            }
            let words = own.map(|assignment| assignment.value.text.as_str());
            words.or_else(|| {
                let pairs = it.args.iter().filter_map(|word| word.text.split_once('='));
                pairs.rev().find(|(key, _)| *key == name).map(|(_, value)| value)
            })
        })
    }
}

/// A mount with its options in one order.
fn mount_text(mount: &Mount<'_>) -> String {
    let mut options: Vec<String> = mount
        .options
        .iter()
        .filter(|option| option.key != "type")
        .map(|option| {
            format!("{}={}", option.key, option.value.as_ref().map_or("", |word| &word.text))
        })
        .collect();
    options.sort_unstable();
    format!("mount {:?} {}", mount.kind, options.join(","))
}

/// The first instruction whose shell text is not read, because too many have some before it.
pub(in crate::model) fn unread_from(doc: &Dockerfile<'_>) -> usize {
    let has_text = |it: &Instruction<'_>| {
        let inner = if let Kind::Onbuild(inner) = &it.kind { &inner.kind } else { &it.kind };
        let is_check = matches!(inner, Kind::Healthcheck(Healthcheck::Cmd(..)));
        is_check || matches!(inner, Kind::Run(_) | Kind::Cmd(_) | Kind::Entrypoint(_))
    };
    let mut with_text = doc.instructions.iter().filter(|it| has_text(it));
    with_text.nth(MOST_TEXTS).map_or(usize::MAX, |it| it.id)
}

/// Reads every RUN of the file.
pub(in crate::model) fn find<'s>(
    doc: &'s Dockerfile<'s>,
    stages: &[Stage<'s>],
    states: &[State],
    unread_from: usize,
) -> Vec<Run<'s>> {
    let mut runs = Vec::new();
    let mut budget = LintBudget::default();
    for instruction in &doc.instructions {
        let (inner, onbuild) = match &instruction.kind {
            Kind::Onbuild(inner) => (&**inner, true),
            _ => (instruction, false),
        };
        let Kind::Run(run) = &inner.kind else { continue };
        let dialect = states[instruction.id].shell.dialect;
        let stage = stages
            .partition_point(|stage| stage.instructions.start <= instruction.id)
            .checked_sub(1);
        let mut script = if instruction.id < unread_from {
            script_of(doc, inner, &run.form, dialect)
        } else {
            let view = View::new(&doc.source.text, inner.span, inner.span.end, doc.escape);
            Script::unread(view, dialect)
        };
        budget.take(&mut script);
        runs.push(Run {
            instruction: inner,
            stage,
            onbuild,
            form: &run.form,
            mounts: &run.mounts,
            script,
        });
    }
    runs
}

/// Reads the commands of a RUN, CMD, ENTRYPOINT or HEALTHCHECK.
pub(in crate::model) fn script_of<'s>(
    doc: &'s Dockerfile<'s>,
    instruction: &'s Instruction<'s>,
    form: &'s Form<'s>,
    dialect: Dialect,
) -> Script<'s> {
    let file = doc.source.text.as_str();
    match form {
        Form::Json(words) => {
            let words: Vec<_> = words.iter().map(|word| (word.text.clone(), word.span)).collect();
            Script::from_words(&words)
        }
        Form::Shell(_) if instruction.is_heredoc_script() => {
            let heredoc = &instruction.heredocs[0];
            let body = doc.source.slice(heredoc.body);
            let first = body.lines().next().unwrap_or("");
            let dialect = Dialect::from_shebang(first).unwrap_or(dialect);
            // The body is raw: nothing of it is joined by the builder.
            let view = View::new(file, Span::at(heredoc.body.start), heredoc.body.end, doc.escape);
            Script::parse(view, dialect)
        }
        Form::Shell(text) => {
            // The text after `-Command` is not for the shell that starts it.
            let first = doc.source.slice(text.span).split_whitespace().next().unwrap_or_default();
            let starts = Dialect::from_name(first) == Dialect::PowerShell;
            let dialect = if starts { Dialect::PowerShell } else { dialect };
            let end = instruction
                .heredocs
                .last()
                .map_or(text.span.end, |it| it.terminator.end.max(it.body.end));
            Script::parse(View::new(file, text.span, end, doc.escape), dialect)
        }
    }
}

impl<'s> crate::model::Model<'s> {
    /// Whether ARG or ENV define a variable for a RUN. One in ONBUILD sees also those that an ONBUILD before it defines.
    pub fn has_variable(&self, run: &Run<'_>, name: &str) -> bool {
        if self.scopes.look_up(run.id(), name).is_some() {
            return true;
        }
        let Some(stage) = run.stage.filter(|_| run.onbuild) else { return false };
        let defined = self.found.onbuild_variables.get_or_init(|| self.find_onbuild_variables());
        defined.get(&(stage, name.to_owned())).is_some_and(|it| *it < run.id())
    }

    fn find_onbuild_variables(&self) -> HashMap<(usize, String), usize> {
        let mut found = HashMap::new();
        for stage in &self.stages {
            for instruction in &self.doc.instructions[stage.instructions.clone()] {
                let Kind::Onbuild(inner) = &instruction.kind else { continue };
                let names: Vec<&str> = match &inner.kind {
                    Kind::Arg(list) => list.iter().map(|it| it.name.text.as_ref()).collect(),
                    Kind::Env(env) => env.pairs.iter().map(|it| it.key.text.as_ref()).collect(),
                    _ => continue,
                };
                for name in names {
                    found.entry((stage.id, name.to_owned())).or_insert(instruction.id);
                }
            }
        }
        found
    }

    /// The shell for which the text of a RUN is checked: a heredoc's own interpreter, else what is in force.
    pub fn checked_shell(&self, run: &Run<'_>) -> ShellState {
        let shell = &self.states[run.id()].shell;
        if let Some(words) = self.shebang(run) {
            return ShellState::from_shell_words(&words);
        }
        if run.script.dialect == shell.dialect {
            shell.checked
        } else {
            ShellState { dialect: run.script.dialect, ..ShellState::default() }
        }
    }

    /// The words of the `#!` line by which a heredoc names its own interpreter.
    fn shebang(&self, run: &Run<'_>) -> Option<Vec<&str>> {
        let heredoc = run.instruction.heredocs.first()?;
        let line = self.doc.source.slice(heredoc.body).lines().next()?.strip_prefix("#!")?;
        run.instruction.is_heredoc_script().then(|| line.split_whitespace().collect())
    }

    /// Whether all instructions and their shell text were read, because there is not too much of it and not too much wrong.
    pub fn is_read_to_the_end(&self) -> bool {
        !self.doc.is_cut() && self.unread_from >= self.doc.instructions.len()
    }

    /// The commands of a CMD, ENTRYPOINT or HEALTHCHECK instruction; none for any other, and none that is not read.
    pub fn entry_script(&self, instruction: &'s Instruction<'s>) -> Option<Script<'s>> {
        let (Kind::Cmd(form)
        | Kind::Entrypoint(form)
        | Kind::Healthcheck(Healthcheck::Cmd(_, form))) = &instruction.kind
        else {
            return None;
        };
        if instruction.id >= self.unread_from {
            return None;
        }
        let dialect = self.states[instruction.id].shell.dialect;
        Some(script_of(self.doc, instruction, form, dialect))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{BuildOptions, Model};
    use crate::source::Source;

    fn with<T>(lines: &str, ask: impl Fn(&Model<'_>) -> T) -> T {
        let source = Source::new("Dockerfile", format!("FROM debian:12\n{lines}\n"));
        let doc = crate::syntax::parse(&source);
        ask(&Model::build(&doc, &BuildOptions::default()))
    }

    #[test]
    fn commands_are_counted() {
        let count = |text: &str| with(&format!("RUN {text}"), |model| model.runs[0].n_commands());
        for text in [
            "a",
            "A=1",
            "[ -e x ] && a",
            "bash -c 'a && b'",
            "[\"a\", \"b\"]",
            "[\"sh\", \"-c\", \"a\"]",
        ] {
            assert!(count(text) <= 1, "{text}");
        }
        for text in ["a && b", "a | b", "a $(b)", "f() { a; b; }", "[\"sh\", \"-c\", \"a; b\"]"] {
            assert!(count(text) > 1, "{text}");
        }
        assert_eq!(count("find . -exec a {} + -exec b {} +"), 1);
    }

    #[test]
    fn flags_are_compared_in_any_order() {
        let same = |a: &str, b: &str| {
            let lines = format!("RUN {a} x\nRUN {b} x");
            with(&lines, |model| model.runs[0].has_same_flags(&model.runs[1]))
        };
        assert!(same("", ""));
        assert!(same(
            "--mount=type=cache,target=/a --network=none",
            "--network=none --mount=dst=/a,type=cache"
        ));
        assert!(!same("--mount=type=cache,target=/a", "--mount=type=cache,target=/b"));
        assert!(!same("--network=none", ""));
    }

    #[test]
    fn an_onbuild_run_sees_what_onbuild_defines() {
        let lines = "ARG a\nONBUILD ENV b=1\nRUN x\nONBUILD RUN x\nONBUILD ARG c";
        let names = |index: usize| {
            with(lines, |model| {
                let run = &model.runs[index];
                let names = ["a", "b", "c"].into_iter();
                names.filter(|it| model.has_variable(run, it)).collect::<Vec<_>>()
            })
        };
        assert_eq!(names(0), ["a"]);
        assert_eq!(names(1), ["a", "b"]);
    }
}
