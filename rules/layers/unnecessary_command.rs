//! LW108: commands whose effect cannot reach the image.

use crate::lint::prelude::*;
use crate::model::{IdleKind, options_before_command};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW108",
        name: "unnecessary-command",
        category: Category::Layers,
        released_only: true,
        severity: Severity::Info,
        absorbs: &["DL3003"],
        outweighs: &["DL3059", "LW101", "LW312"],
        manner: true,
        summary: "a command without an effect after its `RUN`",
        why: "Each `RUN` has its own shell and processes, which end with it. A `cd`, an `export`, a started \
              service or a printed line leaves nothing in the image. The intended effect is missing, and if \
              the `RUN` does nothing else, it starts a container and adds a layer for nothing.",
        bad: &[
            "FROM debian:12\nRUN cd /app\nCOPY . .\n",
            "FROM debian:12\nRUN export PATH=$PATH:/opt/bin\n",
            "FROM debian:12\nCOPY . /app\nRUN ls -la /app && pwd\n",
            "FROM mysql:8\nRUN service mysql start\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y git && export GIT=1\n",
            "FROM debian:12\nRUN [\"echo\", \"done\"]\n",
            "FROM debian:12\nCOPY run.sh /\nRUN set -ex \\\n    chmod +x /run.sh\n",
        ],
        good: &[
            "FROM debian:12\nWORKDIR /app\nENV PATH=$PATH:/opt/bin\n",
            "FROM debian:12\nRUN cd /app && make\n",
            "FROM mysql:8\nRUN service mysql start && mysql -e 'CREATE DATABASE x'\n",
            "FROM debian:12\nARG CACHE_BUST\nRUN echo \"$CACHE_BUST\"\n",
            "FROM debian:12\nRUN echo x > /etc/x\n",
            "FROM debian:12\nRUN test -f /etc/passwd\n",
            "FROM debian:12\nENV A=b\nRUN : \"${A:?is not set}\"\n",
            "FROM debian:12\nRUN : # a layer of its own, for the cache\n",
            "FROM debian:12\nRUN cat /etc/os-release | grep -q bookworm\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#run"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for idle in cx.model.idle_commands() {
        let run = &cx.model.runs[idle.run];
        let command = &run.script.commands[idle.command];
        let name = shorten(if command.name.is_empty() { "NAME=…" } else { &command.name }, 24);
        let message = match idle.kind {
            IdleKind::Prints => format!("`{name}` only prints and leaves nothing in the image"),
            IdleKind::Swallows => {
                "`set` takes this command as its arguments, so it never runs".to_owned()
            }
            IdleKind::Service => "a service started here stops at the end of this `RUN`".to_owned(),
            IdleKind::Nothing => "this `RUN` does nothing".to_owned(),
            IdleKind::Version => format!("`{name}` only prints its version here"),
            IdleKind::Directory | IdleKind::Variables | IdleKind::Shell => {
                format!("the effect of `{name}` ends with this `RUN`")
            }
        };
        let help = match idle.kind {
            IdleKind::Directory => {
                "use `WORKDIR`, or put `cd` in the `RUN` of the commands that need it"
            }
            IdleKind::Variables => "use `ENV`, or set it in the `RUN` that needs it",
            IdleKind::Service => "start it in `CMD` or `ENTRYPOINT`, or in the `RUN` that needs it",
            IdleKind::Swallows => "write `&&` between the options and the command",
            IdleKind::Shell => "move it into the `RUN` that needs it, or remove it",
            IdleKind::Prints | IdleKind::Nothing | IdleKind::Version => "remove it",
        };
        let finding = findings.report(command.span, message);
        finding.help(help);
        if let Some(options) = options_before_command(command) {
            finding.severity(Severity::Warning);
            if cx.model.takes_words(run, command) {
                let edits = vec![Edit::insert_after(options, " &&")];
                finding.fix(Fix::unsafe_("insert `&&`", edits).effect(Effect::Instructions));
            }
        }
        if idle.kind == IdleKind::Version {
            // It fails where the program does not run, which is worth a layer to some.
            finding.only_in(Profile::Audit);
        }
        // What is printed is often there for who reads the log, and the layer is empty.
        if matches!(idle.kind, IdleKind::Prints | IdleKind::Nothing) {
            finding.only_in(Profile::Strict);
        }
        if idle.whole {
            finding.impact(Impact { layers: Some(1), ..Impact::default() });
            let fix =
                Fix::unsafe_("remove this `RUN`", vec![Edit::delete(cx.lines_of(run.instruction))]);
            finding.fix(fix.effect(Effect::Instructions));
        }
    }
}
