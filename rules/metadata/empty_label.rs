//! DL3051: a label that says nothing.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3051",
        name: "empty-label",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, \
             `hash`, `rfc3339`, `spdx` or `email`. Without this option, the rule reports nothing",
        )],
        summary: "label from the schema without a value",
        why: "A label that the schema requires is useless if it is empty.",
        bad: &["FROM debian:12\nLABEL team=\"\"\n", "FROM debian:12\nLABEL team=\n"],
        good: &["FROM debian:12\nLABEL team=a\n", "FROM debian:12\nLABEL other=\"\"\n"],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_labels(cx, findings, |_, value| value.is_empty(), "is empty");
}
