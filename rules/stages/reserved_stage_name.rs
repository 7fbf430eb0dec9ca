//! ReservedStageName: a stage with a name that means something else.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "ReservedStageName",
        name: "reserved-stage-name",
        category: Category::Stages,
        summary: "stage called `scratch` or `context`",
        why: "`scratch` is the empty image, and `context` is the build context. A stage with this name makes \
              each later FROM or `--from` ambiguous for readers and for some builders.",
        bad: &["FROM debian:12 AS scratch\n", "FROM debian:12 AS Context\n"],
        good: &["FROM scratch\n", "FROM scratch AS files\n", "FROM debian:12 AS scratchpad\n"],
        references: &["https://docs.docker.com/reference/build-checks/reserved-stage-name/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_reserved_names(cx, findings);
}
