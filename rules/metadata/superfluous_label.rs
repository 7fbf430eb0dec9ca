//! DL3050: a label that nobody knows.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3050",
        name: "superfluous-label",
        category: Category::Metadata,
        severity: Severity::Info,
        options: &[
            ("strict-labels", "whether labels outside the schema are findings"),
            ("label-schema", "the labels that are known, each with the type of its value"),
        ],
        summary: "label that is not in the schema",
        why: "With `strict-labels`, the schema lists all labels. Any other label is a mistake or should be \
              added to the schema.",
        bad: &["FROM debian:12\nLABEL tema=a\n", "FROM debian:12\nLABEL team=a other=b\n"],
        good: &["FROM debian:12\nLABEL team=a\n", "FROM debian:12\nLABEL \"team\"=a\n"],
        references: &["https://docs.docker.com/engine/manage-resources/labels/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let rules = &cx.options.rules;
    if !rules.strict_labels {
        return;
    }
    for labels in cx.model.labels() {
        let mut unknown = labels.iter().filter(|it| !rules.label_schema.contains_key(&it.key));
        let Some(label) = unknown.next() else { continue };
        let finding = findings
            .report(
                label.key_span,
                format!("label `{}` is not in the schema", shorten(&label.key, 50)),
            )
            .help("fix its name, or add it to `label-schema`");
        for more in unknown {
            finding.label(more.key_span, "nor is this one");
        }
    }
}
