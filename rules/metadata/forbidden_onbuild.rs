//! DL3043: a trigger that builders refuse.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3043",
        name: "forbidden-onbuild",
        category: Category::Metadata,
        severity: Severity::Error,
        summary: "`ONBUILD` with an instruction that is not allowed",
        why: "Builders reject ONBUILD, FROM and MAINTAINER as triggers, at the latest when another image is \
              built on this one.",
        bad: &[
            "FROM debian:12\nONBUILD FROM alpine:3.20\n",
            "FROM debian:12\nONBUILD ONBUILD RUN true\n",
            "FROM debian:12\nonbuild maintainer me\n",
        ],
        good: &["FROM debian:12\nONBUILD RUN true\n", "FROM debian:12\nONBUILD COPY . .\n"],
        references: &["https://docs.docker.com/reference/dockerfile/#onbuild-limitations"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Onbuild(inner) = &instruction.kind else { continue };
        if matches!(inner.keyword, Keyword::Onbuild | Keyword::From | Keyword::Maintainer) {
            let name = inner.keyword.name();
            findings
                .report(inner.keyword_span, format!("`ONBUILD` cannot contain `{name}`"))
                .help("only instructions that change the stage are allowed");
        }
    }
}
