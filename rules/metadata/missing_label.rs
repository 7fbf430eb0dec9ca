//! DL3049: a label that is missing.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3049",
        name: "missing-label",
        category: Category::Metadata,
        severity: Severity::Info,
        options: &[(
            "label-schema",
            "the labels that a stage must have, each with the type of its value: `text`, `url`, `semver`, \
             `hash`, `rfc3339`, `spdx` or `email`. Without this option, the rule reports nothing",
        )],
        summary: "stage without a label that the schema requires",
        why: "Tools that clean up registries, find owners or check licences rely on labels. Every image \
              should have those in the team's schema.",
        bad: &[
            "FROM debian:12\n",
            "FROM debian:12\nLABEL docs=https://example.com built=2026-01-02T03:04:05Z license=MIT commit=0a1b2c3 version=1.2.3 contact=me@example.com\n",
        ],
        good: &[
            "FROM debian:12\nLABEL team=a docs=https://example.com built=2026-01-02T03:04:05Z license=MIT commit=0a1b2c3 version=1.2.3 contact=me@example.com\n",
            "FROM debian:12 AS base\nLABEL team=a docs=https://example.com built=2026-01-02T03:04:05Z license=MIT commit=0a1b2c3 version=1.2.3 contact=me@example.com\nFROM base\n",
        ],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for label in cx.options.rules.label_schema.keys() {
        for stage in cx.model.stages_without_label(label) {
            findings
                .report(
                    stage.instruction.keyword_span,
                    format!("this stage has no label `{}`", shorten(label, 50)),
                )
                .help("add it with `LABEL`")
                .subject(label.clone());
        }
    }
}
