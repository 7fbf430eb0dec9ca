//! LW715: an instruction inside a RUN.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW715",
        name: "instruction-in-run",
        category: Category::Shell,
        summary: "an instruction keyword inside a RUN, where the shell reads it",
        why: "Inside a RUN, the shell reads every word. `RUN a && RUN b` looks for a program called `RUN`, \
              and a continuation on the line before an instruction turns the instruction into arguments. The \
              build fails, or continues without it.",
        bad: &[
            "FROM debian:12\nRUN mkdir /a && RUN mkdir /b\n",
            "FROM debian:12\nRUN make; CMD [\"serve\"]\n",
            "FROM debian:12\nRUN mkdir /a \\\nCOPY b /a/\n",
            "FROM debian:12\nRUN <<EOF\nmake\nENV A=1\nEOF\n",
        ],
        good: &[
            "FROM debian:12\nRUN mkdir /a && mkdir /b\n",
            "FROM debian:12\nRUN make\nCMD [\"serve\"]\n",
            "FROM debian:12\nRUN echo RUN && echo COPY a b\n",
            "FROM debian:12\nRUN RUN() { a; }; RUN\n",
            "FROM debian:12\nRUN user add a\n",
            "FROM debian:12\nRUN cat <<EOF > /Dockerfile\nFROM a\nRUN b\nEOF\n",
        ],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let commands = run.script.commands.iter().filter(|it| !it.inside.nested_script);
        for command in commands {
            if cx.model.is_instruction_as_command(run, command) {
                let name = &command.name;
                let message =
                    format!("the shell reads `{name}` here, and no program has that name");
                let finding = findings.report(command.name_span, message);
                finding.help("start a new instruction on its own line, or remove the keyword");
                let follows = command.args.first().filter(|_| name == "RUN");
                if let Some(first) = follows.filter(|_| cx.model.takes_words(run, command)) {
                    let word = Span { start: command.name_span.start, end: first.span.start };
                    let fix = Fix::safe("remove the keyword", vec![Edit::delete(word)]);
                    finding.fix(fix.effect(Effect::Instructions));
                }
            } else if let Some(word) = cx.model.instruction_as_argument(run, command) {
                let message = format!(
                    "`{}` is only an argument here, because the line above continues",
                    word.text
                );
                let finding = findings.report(word.span, message);
                finding
                    .help("end the instruction above: remove the continuation from its last line");
            }
        }
    }
}
