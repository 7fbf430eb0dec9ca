//! DL3056: a label that should be a semantic version but is not.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3056",
        name: "label-not-semver",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, \
             `hash`, `rfc3339`, `spdx` or `email`. Without this option, the rule reports nothing",
        )],
        summary: "a label that should be a semantic version but is not",
        why: "The schema requires a semantic version (semver.org) for this label. Tools that compare \
              versions cannot order others.",
        bad: &["FROM debian:12\nLABEL version=1.2\n", "FROM debian:12\nLABEL version=v1.2.3\n"],
        good: &[
            "FROM debian:12\nLABEL version=1.2.3\n",
            "FROM debian:12\nLABEL version=1.2.3-rc.1+build.5\n",
            "FROM debian:12\nLABEL other=anything\n",
        ],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_type(cx, findings, LabelType::Semver, "is not a semantic version");
}
