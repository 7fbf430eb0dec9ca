//! LM011: archives, symbols and zeros, measured in the image.

use super::{keyword, report};
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM011",
        name: "unstripped-kept",
        category: Category::Measured,
        severity: Severity::Info,
        summary: "archives, symbols and zeros, measured in the image",
        why: "An archive next to its unpacked content is stored twice, and debug symbols are often larger \
              than the program.",
        bad: &[
            "FROM debian:12\nRUN curl -fsSLO https://example.com/tool.tar.gz && tar xzf tool.tar.gz\n",
        ],
        good: &["FROM debian:12\nRUN curl -fsSL https://example.com/tool.tar.gz | tar xz\n"],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 11, |it| {
        (
            format!("{} of archives, symbols or zeros", size(it.bytes)),
            format!(
                "remove archives in the same `{}`; `strip` programs, or build them without symbols",
                keyword(cx, it.fix)
            ),
        )
    });
}
