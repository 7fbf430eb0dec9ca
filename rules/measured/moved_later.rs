//! LM004: bytes that a later layer moves, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM004",
        name: "moved-later",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "bytes that a later layer moves, measured in the image",
        why: "Moving a file of an earlier layer stores it twice: at its old path and at its new one.",
        bad: &["FROM debian:12\nCOPY app /tmp/app\nRUN mv /tmp/app /srv/app\n"],
        good: &["FROM debian:12\nCOPY app /srv/app\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 4, |it| {
        (
            format!("{} of files are moved, so both copies ship", size(it.bytes)),
            "put them at their final path from the start".to_owned(),
        )
    });
}
