//! DL4000: MAINTAINER.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4000",
        name: "maintainer-instruction",
        category: Category::Metadata,
        severity: Severity::Error,
        default_severity: Some(Severity::Warning),
        absorbs: &["MaintainerDeprecated"],
        summary: "`MAINTAINER` is deprecated",
        why: "MAINTAINER has been deprecated since Docker 1.13. A label says the same, is seen by `docker inspect` \
              and by registries, and can be searched.",
        bad: &["FROM debian:12\nMAINTAINER me@example.com\n"],
        good: &["FROM debian:12\nLABEL org.opencontainers.image.authors=\"me@example.com\"\n"],
        references: &["https://docs.docker.com/reference/dockerfile/#maintainer-deprecated"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions().filter(|it| it.keyword == Keyword::Maintainer) {
        findings
            .report(instruction.keyword_span, "`MAINTAINER` is deprecated")
            .help("write `LABEL org.opencontainers.image.authors=\"…\"`");
    }
}
