//! LM006: packages that only builds need, measured in the image.

use super::report;
use crate::lint::prelude::*;
use crate::lint::size;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LM006",
        name: "build-tools-kept",
        category: Category::Measured,
        severity: Severity::Info,
        summary: "packages that only builds need, measured in the image",
        why: "Compilers, headers and version control are large and useful to attackers. A finished program \
              does not need them. Build in a separate stage to keep them out of the image.",
        bad: &["FROM debian:12\nRUN apt-get update && apt-get install -y gcc\n"],
        good: &[
            "FROM debian:12 AS build\nRUN apt-get update && apt-get install -y gcc\nFROM debian:12\nCOPY --from=build /srv/app /srv/app\n",
        ],
        reads_layers: true,
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, 6, |it| {
        (
            format!("{} of packages that only builds need", size(it.bytes)),
            "build in a separate stage and copy the result, or remove them in the same `RUN`"
                .to_owned(),
        )
    });
}
