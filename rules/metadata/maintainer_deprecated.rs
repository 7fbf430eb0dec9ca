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
        why: "MAINTAINER has been deprecated since Docker 1.13. A label holds the same information, and \
              `docker inspect` and registries can show and search it.",
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
            .report(instruction.keyword_span, "`MAINTAINER` is deprecated in favour of a label")
            .help("write `LABEL org.opencontainers.image.authors=\"…\"`");
    }
}
