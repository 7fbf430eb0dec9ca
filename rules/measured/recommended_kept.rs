//! LM007: packages that came only as recommendations, as measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM007",
        name: "recommended-kept",
        category: Category::Measured,
        severity: Severity::Info,
        summary: "packages that came only as recommendations, as measured in the image",
        why: "Debian and Ubuntu install what a package recommends besides what it needs. In a container most of it is never used.",
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
            format!("{} of packages came only as recommendations", size(it.bytes)),
            "install with `--no-install-recommends`, and name what is needed of them".to_owned(),
        )
    });
}
