//! DL3052: a label that should be a URL but is not.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3052",
        name: "label-not-url",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, \
             `hash`, `rfc3339`, `spdx` or `email`. Without this option, the rule reports nothing",
        )],
        summary: "a label that should be a URL but is not",
        why: "The schema requires a URL for this label. Tools that follow it need a scheme and a host.",
        bad: &[
            "FROM debian:12\nLABEL docs=example.com\n",
            "FROM debian:12\nLABEL docs=\"not a url\"\n",
        ],
        good: &[
            "FROM debian:12\nLABEL docs=https://example.com/docs\n",
            "FROM debian:12\nLABEL docs=\"mailto:me@example.com\"\n",
            "FROM debian:12\nLABEL other=anything\n",
        ],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_type(cx, findings, LabelType::Url, "is not a URL");
}
