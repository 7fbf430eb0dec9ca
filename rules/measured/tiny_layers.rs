//! LM012: many layers that are almost empty, measured in the image.

use super::report;
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM012",
        name: "tiny-layers",
        category: Category::Measured,
        severity: Severity::Style,
        profile: Profile::Audit,
        summary: "many layers that are almost empty, measured in the image",
        why: "However small, each layer is a blob, an entry in the manifest, a round trip in a pull and a \
              directory in the file system stack.",
        bad: &["FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"],
        good: &["FROM debian:12\nRUN mkdir /a /b\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 12, |it| {
        (
            format!("{} layers are almost empty", it.paths.len()),
            "combine those that need no separate cache".to_owned(),
        )
    });
}
