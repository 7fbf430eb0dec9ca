//! DL4004: an ENTRYPOINT that a later one replaces.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4004",
        name: "overridden-entrypoint",
        category: Category::Metadata,
        severity: Severity::Error,
        absorbs: &["MultipleInstructionsDisallowed"],
        summary: "several `ENTRYPOINT` in one stage",
        why: "Only the last ENTRYPOINT of a stage applies; earlier ones have no effect, although they look \
              as if they had.",
        bad: &["FROM debian:12\nENTRYPOINT [\"first\"]\nENTRYPOINT [\"second\"]\n"],
        good: &[
            "FROM debian:12\nENTRYPOINT [\"serve\"]\nCMD [\"--help\"]\n",
            "FROM debian:12 AS one\nENTRYPOINT [\"first\"]\nFROM one\nENTRYPOINT [\"second\"]\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#entrypoint"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_overridden(cx, findings, Keyword::Entrypoint);
}
