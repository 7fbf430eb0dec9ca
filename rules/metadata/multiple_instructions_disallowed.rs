//! MultipleInstructionsDisallowed: CMD, ENTRYPOINT or HEALTHCHECK that a later one replaces.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "MultipleInstructionsDisallowed",
        name: "multiple-instructions-disallowed",
        category: Category::Metadata,
        summary: "several `CMD`, `ENTRYPOINT` or `HEALTHCHECK` in one stage",
        why: "Only the last one of a stage applies; earlier ones have no effect, although they look as if \
              they had.",
        bad: &[
            "FROM debian:12\nCMD [\"first\"]\nCMD [\"second\"]\n",
            "FROM debian:12\nENTRYPOINT [\"first\"]\nENTRYPOINT [\"second\"]\n",
            "FROM debian:12\nHEALTHCHECK CMD [\"check\"]\nHEALTHCHECK NONE\n",
        ],
        good: &[
            "FROM debian:12\nENTRYPOINT [\"serve\"]\nCMD [\"--help\"]\n",
            "FROM debian:12 AS one\nCMD [\"first\"]\nFROM one\nCMD [\"second\"]\n",
        ],
        references: &[
            "https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/",
        ],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for keyword in [Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck] {
        for (earlier, later) in cx.model.overridden(keyword) {
            let finding = findings
                .report(earlier.keyword_span, format!("this `{}` has no effect", keyword.name()));
            finding.label(later.keyword_span, "overridden by this one").help("delete it");
            finding.fix = super::without(cx, earlier);
        }
    }
}
