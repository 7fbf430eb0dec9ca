//! Where a file can turn on `pipefail` for a stage, so that nothing that works stops working.

use std::collections::HashSet;

use super::pipes::survives_pipefail;
use crate::model::{Base, Model, Run};
use crate::shell::Dialect;
use crate::source::Span;
use crate::syntax::{Form, Kind};

/// What is known of pipes and shells in the whole file.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct PipeFacts {
    /// The SHELL instructions, by index.
    shells: Vec<usize>,
    /// The stages with pipes.
    with_pipes: HashSet<usize>,
    /// The RUNs that do something else with `pipefail`, under the shell they have and under Bash: when their stage is
    /// entered, and their instruction.
    others: [Vec<(u32, usize)>; 2],
}

impl Model<'_> {
    /// The edit that turns on `pipefail` for a RUN and its stage: options for the SHELL instruction in force, or a new one
    /// below FROM. None where it is not certain that the image has such a shell, or where a RUN under it would do
    /// something else.
    pub fn pipefail_edit(&self, run: &Run<'_>) -> Option<(Span, String)> {
        let stage = self.stages.get(run.stage?)?;
        let facts = self.found.pipe_facts.get_or_init(|| self.find_pipe_facts());
        // The stage that it is built on hands its shell down.
        if let Base::Stage(base) = stage.base
            && facts.with_pipes.contains(&base)
        {
            return None;
        }
        let before = facts.shells.partition_point(|it| *it < run.id());
        let shell = facts.shells[..before].last().filter(|it| stage.instructions.contains(it));
        let shell = shell.map(|it| &self.doc.instructions[*it]);
        let below = shell.map_or(stage.instructions.start, |it| it.id);
        let becomes_bash;
        let edit = if let Some(Kind::Shell(words)) = shell.map(|it| &it.kind) {
            let [program, option] = words.as_slice() else { return None };
            let known = matches!(
                Dialect::from_name(&program.text),
                Dialect::Bash | Dialect::Zsh | Dialect::Ksh
            ) || program.text.ends_with("/ash");
            becomes_bash = false;
            (known && option.text == "-c").then(|| {
                let text = "\"-o\", \"pipefail\", ".to_owned();
                (Span::at(option.span.start), text)
            })?
        } else {
            let inherited = &self.states.get(stage.instructions.start + 1)?.shell;
            let program = self.pipefail_shell(stage.id).filter(|_| inherited.words.is_empty())?;
            becomes_bash = program.ends_with("bash");
            let source = self.doc.source;
            let from = stage.instruction.span;
            let line = source.line(from.end.saturating_sub(1).max(from.start));
            let at = Span::at(source.line_span(line + 1).start);
            let line_end = source.line_end();
            (at, format!("SHELL [\"{program}\", \"-o\", \"pipefail\", \"-c\"]{line_end}"))
        };
        // The RUNs below it in its stage, and all in the stages that are built on that.
        let (enter, exit) = self.scopes.lineage.span(stage.id)?;
        let others = &facts.others[usize::from(becomes_bash)];
        let next = others.get(others.partition_point(|it| *it <= (enter, below)));
        next.is_none_or(|it| it.0 >= exit).then_some(edit)
    }

    fn find_pipe_facts(&self) -> PipeFacts {
        let mut found = PipeFacts::default();
        for instruction in &self.doc.instructions {
            if matches!(instruction.kind, Kind::Shell(_)) {
                found.shells.push(instruction.id);
            }
        }
        for run in &self.runs {
            let Some(stage) = run.stage else { continue };
            let Some((enter, _)) = self.scopes.lineage.span(stage) else { continue };
            if !run.script.pipes.is_empty() {
                found.with_pipes.insert(stage);
            }
            for becomes_bash in [false, true] {
                if !does_the_same(run, becomes_bash) {
                    found.others[usize::from(becomes_bash)].push((enter, run.id()));
                }
            }
        }
        found.others.iter_mut().for_each(|it| it.sort_unstable());
        found
    }
}

/// Whether a RUN does the same under a shell with `pipefail`, Bash where it was not. Bash's `echo` leaves backslashes as
/// they are, where dash's takes them for escapes.
fn does_the_same(run: &Run<'_>, becomes_bash: bool) -> bool {
    if matches!(run.form, Form::Json(_)) || !run.script.dialect.is_bourne() {
        return true;
    }
    let commands = &run.script.commands;
    let own = || commands.iter().filter(|it| !it.inside.nested_script);
    let echoes = own().any(|it| {
        it.is("echo") && run.script.view.slice(it.span).replace("\\\n", "").contains('\\')
    });
    let pipes = run.script.pipes.iter().filter(|it| !it.inside.nested_script);
    let survive = pipes.into_iter().all(|it| survives_pipefail(commands, it));
    run.script.complete && !(becomes_bash && echoes) && survive
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// The file with `pipefail` turned on for its last stage.
    fn edited(text: &str) -> Option<String> {
        of(text, |model| {
            let (span, new) = model.pipefail_edit(model.runs.last()?)?;
            let mut text = text.to_owned();
            text.replace_range(span.range(), &new);
            Some(text)
        })
    }

    #[test]
    fn the_image_s_shell_is_named_below_from() {
        for (image, shell) in [
            ("debian:12", "bash"),
            ("alpine", "ash"),
            ("fedora AS x", "bash"),
            ("ubuntu # note", "bash"),
        ] {
            let rest = "RUN curl a | tar x\n";
            let line = format!("SHELL [\"/bin/{shell}\", \"-o\", \"pipefail\", \"-c\"]\n");
            let expected = format!("FROM {image}\n{line}{rest}");
            assert_eq!(edited(&format!("FROM {image}\n{rest}")), Some(expected));
        }
        let found = edited("FROM acme/x\nRUN apk add a\nRUN curl a | tar x\n");
        assert!(found.is_some_and(|it| it.contains("/bin/ash")));
    }

    #[test]
    fn a_shell_instruction_gets_the_option() {
        let text = "FROM acme/x\nSHELL [\"/bin/bash\", \"-c\"]\nRUN curl a | tar x\n";
        let expected = text.replace("\"-c\"", "\"-o\", \"pipefail\", \"-c\"");
        assert_eq!(edited(text), Some(expected));
    }

    #[test]
    fn nothing_is_changed_that_would_do_something_else() {
        for text in [
            "FROM acme/x\nRUN curl a | tar x\n",
            "FROM debian:12\nRUN curl a | tar x && echo 'a\\nb' > c\n",
            "FROM debian:12\nRUN curl a | tar x\nRUN ps | grep a | wc -l\n",
            "FROM debian:12\nRUN yes | apt-get install a\n",
            "FROM debian:12\nRUN curl a | head -1\n",
            "FROM debian:12 AS a\nRUN curl a | tar x\nFROM a\nRUN curl b | tar x\n",
            "FROM debian:12\nRUN curl a | tar x && {\n",
        ] {
            assert_eq!(edited(text), None, "{text}");
        }
    }
}
