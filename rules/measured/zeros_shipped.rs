//! LM014: sparse login logs, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM014",
        name: "zeros-shipped",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "sparse login logs, measured in the image",
        why: "Layers have no holes: a sparse file of one gigabyte becomes a gigabyte of zeros in the layer. \
              `useradd` creates such login logs for a high user ID.",
        bad: &["FROM debian:12\nRUN useradd --uid 4000000 app\n"],
        good: &["FROM debian:12\nRUN useradd --no-log-init --uid 4000000 app\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 14, |it| {
        (
            format!("{} of zeros in login logs", size(it.bytes)),
            "use `--no-log-init` with `useradd`, or a lower user ID".to_owned(),
        )
    });
}
