//! DL3058: a label that should be an e-mail address but is not.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3058",
        name: "label-not-email",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, \
             `hash`, `rfc3339`, `spdx` or `email`. Without this option, the rule reports nothing",
        )],
        summary: "a label that should be an e-mail address but is not",
        why: "The schema requires an e-mail address for this label.",
        bad: &["FROM debian:12\nLABEL contact=me\n", "FROM debian:12\nLABEL contact=me@\n"],
        good: &[
            "FROM debian:12\nLABEL contact=me@example.com\n",
            "FROM debian:12\nLABEL contact=first.last+tag@sub.example.com\n",
            "FROM debian:12\nLABEL other=anything\n",
        ],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_type(cx, findings, LabelType::Email, "is not an e-mail address");
}
