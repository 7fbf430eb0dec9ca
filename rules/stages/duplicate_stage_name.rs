//! DuplicateStageName: a stage name that is taken already.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DuplicateStageName",
        name: "duplicate-stage-name",
        category: Category::Stages,
        summary: "two stages with the same name",
        why: "Stage names ignore case, and a later stage hides an earlier one of the same name. `COPY \
              --from`, `FROM` and `--target` may use another stage than you expect.",
        bad: &["FROM debian:12 AS build\nFROM debian:12 AS build\n"],
        good: &[
            "FROM debian:12 AS build\nFROM debian:12 AS test\n",
            "FROM debian:12\nFROM debian:12\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/duplicate-stage-name/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for (first, repeat) in cx.model.repeated_names() {
        let (Some(first), Some(alias)) = (&first.from.alias, &repeat.from.alias) else { continue };
        findings
            .report(
                alias.name.span,
                format!("another stage already has the name `{}`", shorten(&alias.name.text, 40)),
            )
            .label(first.name.span, "first used here")
            .help("give each stage its own name");
    }
}
