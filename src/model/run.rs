//! RUN instructions with their shell text read.

use super::{Stage, State};
use crate::shell::{Dialect, Script, ShellState, View};
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

    /// Where the keyword `RUN` stands.
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
    /// Whether a cache or tmpfs mount lies over the folder or over one that holds it, so that nothing written
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
                pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).last()
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

/// Reads every RUN of the file.
pub(super) fn find<'s>(
    doc: &'s Dockerfile<'s>,
    stages: &[Stage<'s>],
    states: &[State],
) -> Vec<Run<'s>> {
    let mut runs = Vec::new();
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
        let script = script_of(doc, inner, &run.form, dialect);
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
pub(super) fn script_of<'s>(
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
            let end = instruction
                .heredocs
                .last()
                .map_or(text.span.end, |it| it.terminator.end.max(it.body.end));
            Script::parse(View::new(file, text.span, end, doc.escape), dialect)
        }
    }
}

impl<'s> super::Model<'s> {
    /// The shell for which the text of a RUN is checked: a heredoc's own interpreter, else what is in force.
    pub fn checked_shell(&self, run: &Run<'_>) -> ShellState {
        let shell = &self.states[run.id()].shell;
        if run.script.dialect == shell.dialect {
            shell.checked
        } else {
            ShellState { dialect: run.script.dialect, ..ShellState::default() }
        }
    }

    /// The commands of a CMD, ENTRYPOINT or HEALTHCHECK instruction; none for any other.
    pub fn entry_script(&self, instruction: &'s Instruction<'s>) -> Option<Script<'s>> {
        let form = match &instruction.kind {
            Kind::Cmd(form)
            | Kind::Entrypoint(form)
            | Kind::Healthcheck(Healthcheck::Cmd(_, form)) => form,
            _ => return None,
        };
        let dialect = self.states[instruction.id].shell.dialect;
        Some(script_of(self.doc, instruction, form, dialect))
    }
}
