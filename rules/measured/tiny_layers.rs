//! LM012: many layers that hold next to nothing, as measured in the image.

use super::report;
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM012",
        name: "tiny-layers",
        category: Category::Measured,
        severity: Severity::Style,
        profile: Profile::Audit,
        summary: "many layers that hold next to nothing, as measured in the image",
        why: "Each layer is a blob, a line in the manifest, a round trip in a pull and a directory in the stack of the file system, however little is in it.",
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
            format!("{} layers hold next to nothing", it.paths.len()),
            "merge them where the cache does not need them apart".to_owned(),
        )
    });
}
