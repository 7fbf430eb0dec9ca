//! DL3057: a stage without a HEALTHCHECK.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3057",
        name: "missing-healthcheck",
        category: Category::Metadata,
        severity: Severity::Info,
        profile: Profile::Named,
        summary: "stage without a `HEALTHCHECK`",
        why: "Without a check, Docker knows only whether the process runs, not whether it answers. \
              Orchestrators such as Kubernetes have their own checks and ignore this one.",
        bad: &[
            "FROM debian:12\nCMD [\"serve\"]\n",
            "FROM debian:12 AS one\nFROM debian:12\nHEALTHCHECK CMD [\"check\"]\n",
        ],
        good: &[
            "FROM debian:12\nHEALTHCHECK CMD [\"check\"]\n",
            "FROM debian:12\nHEALTHCHECK NONE\n",
            "FROM debian:12 AS base\nHEALTHCHECK CMD [\"check\"]\nFROM base\n",
            "FROM debian:12 AS base\nFROM base\nHEALTHCHECK CMD [\"check\"]\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#healthcheck"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.model.stages_without(Keyword::Healthcheck) {
        findings
            .report(stage.instruction.keyword_span, "this stage has no `HEALTHCHECK`")
            .help("add one, or `HEALTHCHECK NONE` if you do not want any");
    }
}
