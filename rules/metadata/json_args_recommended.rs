//! JSONArgsRecommended: CMD or ENTRYPOINT in shell form without a chosen shell.

use super::shell_form_command::{lacks_shebang, needs_shell};
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "JSONArgsRecommended",
        name: "json-args-recommended",
        category: Category::Metadata,
        manner: true,
        released_only: true,
        summary: "`CMD` or `ENTRYPOINT` in shell form, and no `SHELL`",
        why: "In shell form, the program runs as a child of `/bin/sh -c`, which does not forward signals: \
              `docker stop` waits ten seconds and then kills it. A SHELL instruction shows that the shell is \
              intended.",
        bad: &["FROM debian:12\nCMD serve\n", "FROM debian:12\nENTRYPOINT ['serve']\n"],
        good: &[
            "FROM debian:12\nCMD [\"serve\"]\n",
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nCMD serve\n",
            "FROM debian:12 AS base\nSHELL [\"/bin/bash\", \"-c\"]\nFROM base\nENTRYPOINT serve\n",
            "FROM debian:12\nHEALTHCHECK CMD check\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/json-args-recommended/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let (Kind::Cmd(form) | Kind::Entrypoint(form)) = &instruction.kind else { continue };
        let Form::Shell(text) = form else { continue };
        if cx.model.states[instruction.id].shell.words.is_empty() {
            let keyword = instruction.keyword.name();
            let finding = findings.report(
                text.span,
                format!("`{keyword}` runs in `/bin/sh -c`, which does not forward signals"),
            );
            finding.help("write a JSON array: `[\"program\", \"argument\"]`");
            if needs_shell(cx, instruction) || lacks_shebang(cx, instruction) {
                finding.only_in(Profile::Strict);
            }
        }
    }
}
