//! DL4003: a CMD that a later one replaces.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4003",
        name: "overridden-cmd",
        category: Category::Metadata,
        absorbs: &["MultipleInstructionsDisallowed"],
        summary: "several `CMD` in one stage",
        why: "Only the last CMD of a stage applies; earlier ones have no effect, although they look as if \
              they had.",
        bad: &[
            "FROM debian:12\nCMD [\"first\"]\nCMD [\"second\"]\n",
            "FROM debian:12\nCMD [\"first\"]\nRUN true\nCMD second\n",
        ],
        good: &[
            "FROM debian:12\nCMD [\"serve\"]\n",
            "FROM debian:12 AS one\nCMD [\"first\"]\nFROM one\nCMD [\"second\"]\n",
            "FROM debian:12\nONBUILD CMD [\"first\"]\nCMD [\"second\"]\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#cmd"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_overridden(cx, findings, Keyword::Cmd);
}
