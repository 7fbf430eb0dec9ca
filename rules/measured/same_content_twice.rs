//! LM008: the same content at several paths, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM008",
        name: "same-content-twice",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "the same content at several paths, measured in the image",
        why: "Layers identify files by their paths. The same content at two paths is stored twice, unless \
              they are hard links in one layer.",
        bad: &["FROM debian:12\nCOPY data /srv/data\nCOPY data /srv/backup\n"],
        good: &["FROM debian:12\nCOPY data /srv/data\nRUN ln -s data /srv/backup\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 8, |it| {
        (
            format!("{} of files are already in the image at other paths", size(it.bytes)),
            "copy them once, and link to them".to_owned(),
        )
    });
}
