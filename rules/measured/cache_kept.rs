//! LM005: caches, indexes, logs and temporary files, measured in the image.

use super::{keyword, report};
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM005",
        name: "cache-kept",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "caches, indexes, logs and temporary files, measured in the image",
        why: "Package managers keep their downloads in case they need them again. In an image, they never \
              do.",
        bad: &["FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
        ],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 5, |it| {
        (
            format!("{} of caches, indexes or logs stay in the layer", size(it.bytes)),
            format!(
                "remove them in this `{}`, or keep them in a cache mount: `RUN --mount=type=cache,target=…`",
                keyword(cx, it.fix)
            ),
        )
    });
}
