//! MaintainerDeprecated: MAINTAINER.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "MaintainerDeprecated",
        name: "maintainer-deprecated",
        category: Category::Metadata,
        manner: true,
        released_only: true,
        summary: "`MAINTAINER` is deprecated",
        why: "MAINTAINER has been deprecated since Docker 1.13. A label says the same, is seen by `docker inspect` \
              and by registries, and can be searched.",
        bad: &["FROM debian:12\nMAINTAINER me@example.com\n", "FROM debian:12\nmaintainer me\n"],
        good: &["FROM debian:12\nLABEL org.opencontainers.image.authors=\"me@example.com\"\n"],
        references: &["https://docs.docker.com/reference/build-checks/maintainer-deprecated/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions().filter(|it| it.keyword == Keyword::Maintainer) {
        findings
            .report(instruction.keyword_span, "a label has taken the place of `MAINTAINER`")
            .help("write `LABEL org.opencontainers.image.authors=\"…\"`");
    }
}
