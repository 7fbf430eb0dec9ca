//! DL3009: apt package lists stay in the layer.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3009",
        name: "apt-lists-left",
        category: Category::Layers,
        severity: Severity::Info,
        measured_by: &[(5, "lib/apt/lists")],
        profile: Profile::Strict,
        shipped_only: true,
        summary: "apt package lists stay in the image",
        why: "`apt-get update` leaves the lists of all packages in `/var/lib/apt/lists`: about 20 MB on \
              Debian, and up to 50 MB on Ubuntu. No program in the image needs them. Delete them in the same \
              RUN, because a later one cannot make the layer smaller, or use a cache mount.",
        bad: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN rm -rf /var/lib/apt/lists/* && apt-get update\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n",
            "FROM debian:12\nRUN apt-get update && find /var/lib/apt/lists -type f -delete\n",
            "FROM debian:12 AS build\nRUN apt-get update\nFROM alpine:3.20\nCOPY --from=build /a /a\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let counts = run.onbuild || run.stage.is_some_and(|it| cx.model.is_base_or_last(it));
        if !counts {
            continue;
        }
        let Some(update) = cx.model.apt_lists_left(run) else { continue };
        findings
            .report(update.span, "package lists stay in `/var/lib/apt/lists`")
            .help("end the RUN with `rm -rf /var/lib/apt/lists/*`, or use a cache mount");
    }
}
