//! DL4005: `/bin/sh` is replaced by a link.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4005",
        name: "shell-replaced-by-link",
        category: Category::Shell,
        severity: Severity::Warning,
        summary: "`/bin/sh` is replaced by a link",
        why: "Scripts of the distribution count on the shell that it put at `/bin/sh`, and an update of the \
              package puts it back. `SHELL` chooses the shell of RUN, CMD and ENTRYPOINT without touching the \
              system.",
        bad: &[
            "FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\n",
            "FROM debian:12\nRUN rm /bin/sh && ln -s bash /bin/sh\n",
        ],
        good: &[
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\n",
            "FROM debian:12\nRUN ln -s /bin/sh /usr/local/bin/sh\n",
            "FROM debian:12\nRUN ln -sf /bin/bash /bin/shell\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#shell"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let links = run.script.commands.iter().filter(|it| it.is("ln"));
        let mut links = links.filter_map(|it| it.operands().skip(1).last());
        let Some(link) = links.find(|it| it.text == "/bin/sh") else { continue };
        findings
            .report(link.span, "`/bin/sh` is replaced by a link")
            .help("choose the shell with `SHELL`: `SHELL [\"/bin/bash\", \"-c\"]`");
    }
}
