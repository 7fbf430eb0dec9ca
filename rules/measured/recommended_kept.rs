//! LM007: packages installed only as recommendations, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM007",
        name: "recommended-kept",
        category: Category::Measured,
        severity: Severity::Info,
        summary: "packages installed only as recommendations, measured in the image",
        why: "Debian and Ubuntu install the recommendations of a package in addition to what it needs. In a \
              container, most of them are never used.",
        bad: &["FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
        ],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 7, |it| {
        (
            format!("{} of packages were installed only as recommendations", size(it.bytes)),
            "install with `--no-install-recommends`, and list those that you need".to_owned(),
        )
    });
}
