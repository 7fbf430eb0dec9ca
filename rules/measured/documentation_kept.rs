//! LM010: documentation and translations, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM010",
        name: "documentation-kept",
        category: Category::Measured,
        severity: Severity::Style,
        profile: Profile::Audit,
        summary: "documentation and translations, measured in the image",
        why: "Nobody reads manuals in a container. Package managers can skip them during the install.",
        bad: &["FROM debian:12\nRUN apt-get update && apt-get install -y git\n"],
        good: &[
            "FROM debian:12\nRUN echo \"path-exclude=/usr/share/doc/*\" > /etc/dpkg/dpkg.cfg.d/docs && apt-get update && apt-get install -y git\n",
        ],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 10, |it| {
        (format!("{} of documentation and translations", size(it.bytes)), "exclude them before packages are installed (`path-exclude` of dpkg, `--nodocs` of dnf)".to_owned())
    });
}
