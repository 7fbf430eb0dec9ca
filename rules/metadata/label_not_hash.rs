//! DL3055: a label that should be a git commit but is not.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3055",
        name: "label-not-hash",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, \
             `hash`, `rfc3339`, `spdx` or `email`. Without this option, the rule reports nothing",
        )],
        summary: "a label that should be a git commit but is not",
        why: "The schema requires a commit for this label, in full or as the usual seven digits, so that it \
              leads back to the source.",
        bad: &["FROM debian:12\nLABEL commit=main\n", "FROM debian:12\nLABEL commit=0A1B2C3\n"],
        good: &[
            "FROM debian:12\nLABEL commit=0a1b2c3\n",
            "FROM debian:12\nLABEL commit=0123456789abcdef0123456789abcdef01234567\n",
            "FROM debian:12\nLABEL other=anything\n",
        ],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_type(cx, findings, LabelType::Hash, "is not a git commit");
}
