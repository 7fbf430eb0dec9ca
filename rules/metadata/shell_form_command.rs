//! DL3025: CMD, ENTRYPOINT or HEALTHCHECK in shell form.

use crate::lint::prelude::*;
use crate::syntax::Healthcheck;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3025",
        name: "shell-form-command",
        category: Category::Metadata,
        absorbs: &["JSONArgsRecommended"],
        summary: "`CMD`, `ENTRYPOINT` or `HEALTHCHECK CMD` in shell form",
        why: "In shell form the program runs as a child of `/bin/sh -c`, which does not pass signals on: `docker stop` \
              waits ten seconds and then kills it. Arguments of `docker run` do not reach a shell-form ENTRYPOINT, and \
              images without a shell cannot run it at all.",
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
            format!("`{}` runs its program through a shell", instruction.keyword.name()),
        );
        // A health check gets no signals, and most of them need the shell: `… || exit 1`.
        if matches!(instruction.kind, Kind::Healthcheck(_)) {
            finding.only_in(Profile::Strict);
        }
        // Such as `['serve']`: JSON has double quotes only.
        if text.value.starts_with('[') {
            finding.help("this is no valid JSON array: strings need double quotes, and nothing may follow `]`");
        } else {
            finding.help("write a JSON array: `[\"program\", \"argument\"]`");
        }
    }
}
