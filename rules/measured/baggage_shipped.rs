//! LM009: files of the project that no image needs, as measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM009",
        name: "baggage-shipped",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "files of the project that no image needs, as measured in the image",
        why: "Version control, caches of tools and settings of editors come along when a whole folder is copied. They make the image larger, and the history may hold secrets.",
        bad: &["FROM debian:12\nCOPY . /srv/app\n"],
        good: &["FROM debian:12\nCOPY src /srv/app\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 9, |it| {
        (
            format!("{} of project files that no image needs", size(it.bytes)),
            "list them in .dockerignore, or copy only what is needed".to_owned(),
        )
    });
}
