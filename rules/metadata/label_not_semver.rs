//! DL3056: a label that should be a semantic version is none.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3056",
        name: "label-not-semver",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, `hash`, `rfc3339`, `spdx` or `email`. Without it the rule is silent",
        )],
        summary: "a label that should be a semantic version is none",
        why: "The schema says that this label is a version as semver.org defines it. Tools that compare versions cannot order others.",
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
    super::report_type(cx, findings, LabelType::Semver, "is no semantic version");
}
