//! RUN instructions with their shell text read.

use super::{Stage, State};
use crate::shell::{Dialect, Script, View};
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
            let dialect =
                if first.starts_with("#!") { Dialect::from_shebang(first) } else { dialect };
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
