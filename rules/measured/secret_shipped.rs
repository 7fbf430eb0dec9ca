//! LM015: a secret that a later layer deletes, measured in the image.

use super::report;
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM015",
        name: "secret-shipped",
        category: Category::Measured,
        severity: Severity::Error,
        summary: "a secret that a later layer deletes, measured in the image",
        why: "A deleted file is still in its layer, where anyone who can pull the image can read it.",
        bad: &[
            "FROM debian:12\nCOPY id_rsa /root/.ssh/id_rsa\nRUN git clone git@example.com:a/b && rm /root/.ssh/id_rsa\n",
        ],
        good: &["FROM debian:12\nRUN --mount=type=ssh git clone git@example.com:a/b\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 15, |_| {
        (
            "this secret is still readable: it is deleted only in a later layer".to_owned(),
            "replace the secret, and pass it to the build with `RUN --mount=type=secret`"
                .to_owned(),
        )
    });
}
