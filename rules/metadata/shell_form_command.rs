//! DL3025: CMD, ENTRYPOINT or HEALTHCHECK in shell form.

use std::collections::HashSet;

use crate::lint::prelude::*;
use crate::syntax::Healthcheck;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3025",
        name: "shell-form-command",
        category: Category::Metadata,
        released_only: true,
        absorbs: &["JSONArgsRecommended"],
        manner: true,
        summary: "`CMD`, `ENTRYPOINT` or `HEALTHCHECK CMD` in shell form",
        why: "In shell form, the program runs as a child of `/bin/sh -c`, which does not forward signals: \
              `docker stop` waits ten seconds and then kills it. A shell-form ENTRYPOINT does not get the \
              arguments of `docker run`, and images without a shell cannot run it at all.",
        bad: &[
            "FROM debian:12\nCMD serve --port 80\n",
            "FROM debian:12\nENTRYPOINT ['serve', '--port', '80']\n",
            "FROM debian:12\nHEALTHCHECK CMD curl -f http://localhost/\n",
        ],
        good: &[
            "FROM debian:12\nCMD [\"serve\", \"--port\", \"80\"]\n",
            "FROM debian:12\nENTRYPOINT [ \\\n  \"serve\" \\\n]\n",
            "FROM debian:12\nHEALTHCHECK NONE\n",
            "FROM debian:12\nONBUILD CMD serve\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#shell-and-exec-form"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let stage_of = |id: usize| cx.model.stage_of(id).map(|it| it.id);
    let commands = cx.instructions().filter(|it| matches!(it.kind, Kind::Cmd(_)));
    let with_cmd: HashSet<Option<usize>> = commands.map(|it| stage_of(it.id)).collect();
    for instruction in cx.instructions() {
        let (Kind::Cmd(form)
        | Kind::Entrypoint(form)
        | Kind::Healthcheck(Healthcheck::Cmd(_, form))) = &instruction.kind
        else {
            continue;
        };
        let Form::Shell(text) = form else { continue };
        let finding = findings.report(
            text.span,
            format!(
                "`{}` runs its program in a shell, which does not forward signals",
                instruction.keyword.name()
            ),
        );
        // A health check gets no signals, and most of them need the shell: `… || exit 1`.
        if matches!(instruction.kind, Kind::Healthcheck(_))
            || lacks_shebang(cx, instruction)
            || is_explained(cx, instruction)
            || !text.value.starts_with('[')
                && (needs_shell(cx, instruction) || is_of_windows(cx, instruction))
        {
            finding.only_in(Profile::Strict);
        }
        // Such as `['serve']`: JSON has double quotes only.
        if text.value.starts_with('[') {
            finding.help("this is not a valid JSON array: strings need double quotes, and nothing may follow \
                          `]`");
        } else {
            finding.help("write a JSON array: `[\"program\", \"argument\"]`");
        }
        let has_cmd = with_cmd.contains(&stage_of(instruction.id));
        if let Some(array) =
            as_array(cx, instruction, has_cmd).filter(|_| !lacks_shebang(cx, instruction))
        {
            let edit = Edit::replace(text.span, array);
            let fix = Fix::unsafe_("write it as a JSON array", vec![edit]);
            finding.fix(fix.effect(Effect::Instructions));
        }
    }
}

/// Whether the comment right above says why the shell is wanted.
fn is_explained(cx: &Context<'_>, instruction: &Instruction<'_>) -> bool {
    let block = cx.block_of(instruction);
    let above = cx.doc().source.slice(Span { start: block.start, end: instruction.span.start });
    let lower = above.to_lowercase();
    ["shell form", "exec form", "shell-form", "exec-form"].iter().any(|it| lower.contains(it))
}

/// Whether Windows runs it, which has no signals, and whose scripts only a shell can run.
fn is_of_windows(cx: &Context<'_>, instruction: &Instruction<'_>) -> bool {
    cx.model.entry_script(instruction).is_some_and(|it| !it.dialect.is_bourne())
        || cx.model.stage_of(instruction.id).is_some_and(|it| it.is_on_windows(cx.doc()))
}

/// Whether the program is a script of the build context without `#!`: only a shell can run that.
pub(super) fn lacks_shebang(cx: &Context<'_>, instruction: &Instruction<'_>) -> bool {
    let script = cx.model.entry_script(instruction);
    let program = script.as_ref().and_then(|it| it.commands.first());
    program.is_some_and(|it| cx.model.lacks_shebang(cx.doc().source.slice(it.name_span)))
}

/// Whether the shell is what the line is for, or an array could not say the same: a bare shell, `exec`, which replaces the
/// shell, several commands, and all that the shell expands.
pub(super) fn needs_shell(cx: &Context<'_>, instruction: &Instruction<'_>) -> bool {
    const SHELLS: &[&str] = &["ash", "bash", "dash", "fish", "ksh", "sh", "zsh"];
    let Some(script) = cx.model.entry_script(instruction).filter(|it| it.complete) else {
        return false;
    };
    let pipes = script.commands.iter().any(|it| it.inside.nested_script && it.piped);
    if pipes {
        return true;
    }
    let outer = script.commands.iter().filter(|it| !it.inside.nested_script);
    let commands: Vec<&Command> = outer.collect();
    let [command] = commands.as_slice() else {
        // What only `sh -c` runs is behind its wrapper.
        let first = script.commands.first();
        return commands.len() > 1 || first.is_some_and(|it| it.is_behind("exec"));
    };
    command.name.is_empty()
        || command.is("exec")
        || command.is_behind("exec")
        || command.depth > 0
        || command.args.is_empty() && SHELLS.contains(&command.name.as_str())
        || !command.redirects.is_empty()
        || !command.assignments.is_empty()
        || command.words().any(|it| !it.is_static)
        || cx.doc().source.slice(command.name_span).contains('$')
}

/// The array that runs the same program with the same words, where no shell is needed: one command without anything that
/// the shell would replace. Signals then reach the program itself. A shell-form ENTRYPOINT keeps CMD from it, an array does
/// not, so it is left alone next to a CMD.
fn as_array(cx: &Context<'_>, instruction: &Instruction<'_>, has_cmd: bool) -> Option<String> {
    const SHELL_ONLY: &[&str] =
        &[".", "cd", "eval", "exec", "exit", "export", "set", "source", "ulimit", "umask"];
    let is_default = cx.model.states[instruction.id].shell.words.is_empty();
    if !is_default
        || matches!(instruction.kind, Kind::Entrypoint(_)) && has_cmd
        || matches!(instruction.kind, Kind::Healthcheck(_))
    {
        return None;
    }
    let script = cx.model.entry_script(instruction)?;
    let [command] = script.commands.as_slice() else { return None };
    let name = cx.doc().source.slice(command.name_span);
    let is_word = |text: &str| {
        !text.is_empty()
            && !text.contains(['$', '`', '"', '\'', '\\', '*', '?', '[', '{', '~', '#', '\n'])
    };
    let plain = script.complete
        && command.depth == 0
        && command.wrappers.is_empty()
        && command.assignments.is_empty()
        && command.redirects.is_empty()
        && !command.piped
        && command.connector == Connector::First
        && !SHELL_ONLY.contains(&name)
        && is_word(name)
        && command.args.iter().all(|it| it.is_static && !it.text.contains(['"', '\\', '\n']));
    let rest = script.view.slice(Span { start: command.span.end, ..script.view.whole() });
    if !plain || !rest.trim().is_empty() {
        return None;
    }
    let words = std::iter::once(name).chain(command.args.iter().map(|it| it.text.as_str()));
    let words: Vec<String> = words.map(|it| format!("\"{it}\"")).collect();
    Some(format!("[{}]", words.join(", ")))
}
