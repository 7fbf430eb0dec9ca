//! LM009: project files that no image needs, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM009",
        name: "baggage-shipped",
        category: Category::Measured,
        severity: Severity::Warning,
        summary: "project files that no image needs, measured in the image",
        why: "Copying a whole folder includes version control, caches of tools and editor settings. They \
              make the image larger, and the history may contain secrets.",
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
            "list them in .dockerignore, or copy only what you need".to_owned(),
        )
    });
}
