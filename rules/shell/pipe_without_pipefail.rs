//! DL4006: a pipe whose failures get lost.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4006",
        name: "pipe-without-pipefail",
        category: Category::Shell,
        severity: Severity::Warning,
        released_only: true,
        summary: "a pipe in a RUN while the shell has no `pipefail`",
        why: "A pipe has the exit status of its last command. If the download in `curl … | sh` fails, the \
              shell runs nothing and succeeds: the build continues, and the problem appears much later or \
              not at all. Programs that fail on incomplete input, such as `tar`, are reported only in the \
              strict profile.",
        bad: &[
            "FROM debian:12\nRUN curl https://example.com/a | sh\n",
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nRUN curl https://example.com/a | sh\n",
            "FROM debian:12\nRUN echo \"$(curl https://example.com/a | sort)\" > /b\n",
        ],
        good: &[
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN curl https://example.com/a | sh\n",
            "FROM debian:12\nRUN set -eo pipefail; curl https://example.com/a | sh\n",
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
    for (index, run) in cx.model.runs.iter().enumerate().filter(|(_, run)| !run.onbuild) {
        if cx.model.pipefail_is_on(run) {
            continue;
        }
        // A script for `sh -c` does not run in the shell that SHELL sets.
        let mut pipes =
            run.script.pipes.iter().filter(|it| !it.pipefail && !it.inside.nested_script);
        let Some(first) = pipes.next() else { continue };
        let hidden = cx.model.hidden_failure(index, run);
        let finding = match hidden {
            Some(found) => {
                let name = &found.command.name;
                let message = format!("if `{name}` fails in this pipe, the build continues");
                let finding = findings.report(found.pipe.span, message);
                finding.label(found.command.span, "its failure is ignored");
                finding
            }
            // Nothing of weight is lost: what only prints or looks does not fail, or its failure shows.
            None => {
                findings.report(first.span, "only the last command of this pipe can fail the build")
            }
        };
        // What an installer makes in a stage that is thrown away is used there, so that its absence shows.
        let shows = hidden.is_some_and(|it| it.installs) && !cx.model.ships(run.id());
        if hidden.is_none() || shows {
            finding.only_in(Profile::Strict);
        }
        let stage = run.stage;
        let shell = |name: &str| {
            format!("put `SHELL [\"{name}\", \"-o\", \"pipefail\", \"-c\"]` before it")
        };
        finding.help(match stage.and_then(|it| cx.model.pipefail_shell(it)) {
            Some(name) => shell(name),
            None => shell("/bin/bash") + ", if the image has Bash",
        });
        if let Some((at, text)) = cx.model.pipefail_edit(run) {
            let fix =
                Fix::unsafe_("turn on `pipefail` for the stage", vec![Edit::replace(at, text)]);
            finding.fix(fix.effect(Effect::Instructions));
        }
    }
}
