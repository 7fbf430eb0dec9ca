//! DL3010: an archive is copied and then unpacked.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3010",
        name: "archive-copied-then-unpacked",
        category: Category::Layers,
        severity: Severity::Info,
        measured_by: &[(1, ""), (11, "")],
        shipped_only: true,
        summary: "an archive is copied and then unpacked in a RUN",
        why: "The archive stays in the layer of the COPY forever, even if the RUN deletes it. It is stored \
              and pulled in addition to the unpacked files. `ADD` unpacks a local tar archive while copying \
              it, and a bind mount lets the RUN read it without a copy.",
        bad: &[
            "FROM debian:12\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt\n",
            "FROM debian:12\nCOPY app-1.0.tgz /tmp/app.tgz\nRUN cd /tmp && tar xf app.tgz\n",
        ],
        good: &[
            "FROM debian:12\nADD app.tar.gz /opt/\n",
            "FROM debian:12\nCOPY app.tar.gz /srv/\n",
            "FROM debian:12\nRUN --mount=type=bind,source=app.tar.gz,target=/tmp/app.tar.gz tar -xzf /tmp/app.tar.gz -C /opt\n",
            "FROM debian:12\nCOPY dump.sql.gz /tmp/\nRUN gunzip /tmp/dump.sql.gz\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#add-or-copy"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for it in cx.model.unpacked_copies() {
        let help = if it.as_it_is {
            "use `ADD`, which unpacks it, or a bind mount in the RUN"
        } else {
            "read it from a bind mount in the RUN: `--mount=type=bind,source=…,target=…`"
        };
        findings
            .report(it.source, "the archive stays in its layer although it is unpacked later")
            .label(it.command, "unpacked here")
            .help(help);
    }
}
