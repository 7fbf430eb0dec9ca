//! DL3053: a label that should be a date and time is none.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3053",
        name: "label-not-date",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, `hash`, `rfc3339`, `spdx` or `email`. Without it the rule is silent",
        )],
        summary: "a label that should be a date and time is none",
        why: "The schema says that this label is a time as RFC 3339 writes it. Tools that compare images by age cannot read anything else.",
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
    super::report_type(cx, findings, LabelType::Rfc3339, "is no RFC 3339 time");
}
