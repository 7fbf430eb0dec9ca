//! LM003: files that a layer stores again only to change owner, mode or times, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM003",
        name: "copied-for-metadata",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "files that a layer stores again only to change owner, mode or times, measured in the image",
        why: "A layer cannot change the owner of a file in a lower layer without copying the file. `chown \
              -R` on a folder stores all of it a second time.",
        bad: &["FROM debian:12\nCOPY app /srv/app\nRUN chown -R 1000:1000 /srv/app\n"],
        good: &["FROM debian:12\nCOPY --chown=1000:1000 app /srv/app\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 3, |it| {
        (
            format!(
                "{} of files are stored again to change their {}",
                size(it.bytes),
                it.change.unwrap_or("metadata")
            ),
            "set it where the files are added: with `COPY --chown` or `--chmod`, or in the same `RUN`"
                .to_owned(),
        )
    });
}
