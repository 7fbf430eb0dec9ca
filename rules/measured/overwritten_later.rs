//! LM002: bytes that a later layer overwrites, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM002",
        name: "overwritten-later",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "bytes that a later layer overwrites, measured in the image",
        why: "Layers store whole files. If a later layer overwrites a file, the image contains it twice, and \
              nobody can read the first copy.",
        bad: &["FROM debian:12\nCOPY data.db /srv/\nRUN sqlite3 /srv/data.db \"VACUUM\"\n"],
        good: &[
            "FROM debian:12\nRUN --mount=type=bind,source=data.db,target=/tmp/data.db sqlite3 /tmp/data.db \".backup /srv/data.db\"\n",
        ],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 2, |it| {
        (
            format!("{} of files are overwritten, so both copies ship", size(it.bytes)),
            "write them once: do both steps in one `RUN`, or in another stage".to_owned(),
        )
    });
}
