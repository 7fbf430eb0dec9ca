//! DL3053: a label that should be a date and time but is not.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3053",
        name: "label-not-date",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, \
             `hash`, `rfc3339`, `spdx` or `email`. Without this option, the rule reports nothing",
        )],
        summary: "a label that should be a date and time but is not",
        why: "The schema requires an RFC 3339 time for this label. Tools that compare the age of images \
              cannot read anything else.",
        bad: &[
            "FROM debian:12\nLABEL built=2026-01-02\n",
            "FROM debian:12\nLABEL built=\"2 January 2026\"\n",
        ],
        good: &[
            "FROM debian:12\nLABEL built=2026-01-02T03:04:05Z\n",
            "FROM debian:12\nLABEL built=2026-01-02T03:04:05.678+01:00\n",
            "FROM debian:12\nLABEL other=anything\n",
        ],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_type(cx, findings, LabelType::Rfc3339, "is not an RFC 3339 time");
}
