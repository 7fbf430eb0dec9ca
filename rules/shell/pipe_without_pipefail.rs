//! DL4006: a pipe whose failures get lost.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4006",
        name: "pipe-without-pipefail",
        category: Category::Shell,
        severity: Severity::Warning,
        summary: "a pipe in a RUN while the shell has no `pipefail`",
        why: "A pipe has the exit status of its last command. When the download in `curl … | tar x` fails, the \
              build goes on with whatever arrived, and the fault shows much later or not at all.",
        bad: &[
            "FROM debian:12\nRUN curl https://example.com/a.tar | tar x\n",
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nRUN curl https://example.com/a.tar | tar x\n",
            "FROM debian:12\nRUN echo \"$(curl https://example.com/a | sort)\" > /b\n",
        ],
        good: &[
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN curl https://example.com/a.tar | tar x\n",
            "FROM debian:12\nRUN set -eo pipefail; curl https://example.com/a.tar | tar x\n",
            "FROM debian:12\nRUN curl https://example.com/a.tar || echo \"a | b\"\n",
            "FROM debian:12\nSHELL [\"pwsh\", \"-c\"]\nRUN Get-Item a | Remove-Item\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#using-pipes"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.runs() {
        if cx.model.states[run.id()].shell.pipefail() {
            continue;
        }
        // A script for `sh -c` does not run in the shell that SHELL sets.
        let mut pipes =
            run.script.pipes.iter().filter(|it| !it.pipefail && !it.inside.nested_script);
        let Some(pipe) = pipes.next() else { continue };
        let finding =
            findings.report(pipe.span, "only the last command of this pipe can fail the build");
        // What only prints does not fail, and with `pipefail` on, `yes | …` would.
        let mut feeding = run.script.commands.iter().filter(|it| it.piped);
        let n_pipes = run.script.pipes.len();
        if feeding.clone().count() == n_pipes
            && feeding.all(|it| matches!(it.name.as_str(), "echo" | "printf" | "yes" | "true"))
        {
            finding.only_in(Profile::Strict);
        }
        finding.help("set `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` (Alpine: `/bin/ash`) before it");
    }
}
