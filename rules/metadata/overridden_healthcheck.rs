//! DL3012: a HEALTHCHECK that a later one replaces.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3012",
        name: "overridden-healthcheck",
        category: Category::Metadata,
        severity: Severity::Error,
        absorbs: &["MultipleInstructionsDisallowed"],
        summary: "several `HEALTHCHECK` in one stage",
        why: "Only the last HEALTHCHECK of a stage applies; earlier ones have no effect, although they look \
              as if they had.",
        bad: &[
            "FROM debian:12\nHEALTHCHECK CMD [\"first\"]\nHEALTHCHECK CMD [\"second\"]\n",
            "FROM debian:12\nHEALTHCHECK CMD [\"check\"]\nHEALTHCHECK NONE\n",
        ],
        good: &[
            "FROM debian:12\nHEALTHCHECK CMD [\"check\"]\n",
            "FROM debian:12 AS one\nHEALTHCHECK CMD [\"a\"]\nFROM one\nHEALTHCHECK CMD [\"b\"]\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#healthcheck"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_overridden(cx, findings, Keyword::Healthcheck);
}
