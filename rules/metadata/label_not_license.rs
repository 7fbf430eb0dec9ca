//! DL3054: a label that should be an SPDX licence but is not.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3054",
        name: "label-not-license",
        category: Category::Metadata,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, \
             `hash`, `rfc3339`, `spdx` or `email`. Without this option, the rule reports nothing",
        )],
        summary: "a label that should be an SPDX licence but is not",
        why: "The schema requires a licence from the SPDX list for this label. Licence scanners do not know \
              other names.",
        bad: &[
            "FROM debian:12\nLABEL license=\"the usual\"\n",
            "FROM debian:12\nLABEL license=Apache2\n",
        ],
        good: &[
            "FROM debian:12\nLABEL license=MIT\n",
            "FROM debian:12\nLABEL license=Apache-2.0\n",
            "FROM debian:12\nLABEL license=\"MIT OR Apache-2.0\"\n",
            "FROM debian:12\nLABEL other=anything\n",
        ],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_type(cx, findings, LabelType::Spdx, "is not an SPDX licence");
}
