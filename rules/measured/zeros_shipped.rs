//! LM014: files of zeros, which were sparse when they were written, as measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM014",
        name: "zeros-shipped",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "files of zeros, which were sparse when they were written, as measured in the image",
        why: "Layers have no holes: a sparse file of a gigabyte is a gigabyte of zeros in the layer, as with the login logs that `useradd` makes for a high user ID.",
        bad: &["FROM debian:12\nRUN useradd --uid 4000000 app\n"],
        good: &["FROM debian:12\nRUN useradd --no-log-init --uid 4000000 app\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 14, |it| {
        (format!("{} of zeros, written as a sparse file", size(it.bytes)), "make it where it is used, at the start of the container; with `useradd` use `--no-log-init`".to_owned())
    });
}
