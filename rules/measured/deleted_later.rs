//! LM001: bytes that a later layer deletes, measured in the image.

use super::{keyword, report};
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM001",
        name: "deleted-later",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "bytes that a later layer deletes, measured in the image",
        why: "A layer never changes after it is built. A later layer can only hide a file of an earlier one: \
              its bytes are stored, pushed and pulled with every copy of the image.",
        bad: &[
            "FROM debian:12\nCOPY installer.run /tmp/\nRUN sh /tmp/installer.run && rm /tmp/installer.run\n",
        ],
        good: &[
            "FROM debian:12\nRUN --mount=type=bind,source=installer.run,target=/tmp/installer.run sh /tmp/installer.run\n",
        ],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 1, |it| {
        (
            format!("{} of deleted files still ship", size(it.bytes)),
            format!(
                "delete them in the `{}` that adds them, or use a bind mount or another stage",
                keyword(cx, it.made)
            ),
        )
    });
}
