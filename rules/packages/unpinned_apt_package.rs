//! DL3008: packages from apt-get without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3008",
        name: "unpinned-apt-package",
        category: Category::Packages,
        released_only: true,
        severity: Severity::Warning,
        profile: Profile::Strict,
        summary: "`apt-get install` of a package without a version",
        why: "The same Dockerfile can build a different image next month, so you ship something else than \
              you tested. A pinned version also invalidates the cache of the RUN when it changes. On the \
              other hand, Debian and Ubuntu remove old versions from their mirrors, so pins need \
              maintenance.",
        bad: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y -t bookworm-backports curl\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y $PACKAGES\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl=7.88.*\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl/bookworm-backports\n",
            "FROM debian:12\nRUN apt-get install -y ./tool_1.0_amd64.deb\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y -f\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "pin it: `name=version`, with `*` for the part that may change";
    super::report_unpinned(cx, findings, help, |it| {
        it.verb_name == "install" && cx.command_of(it).is("apt-get")
    });
}
