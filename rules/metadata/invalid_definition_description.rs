//! InvalidDefinitionDescription: a comment above an ARG or a stage that does not describe it by name.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "InvalidDefinitionDescription",
        name: "invalid-definition-description",
        category: Category::Metadata,
        profile: Profile::Audit,
        summary: "comment above `ARG` or a stage does not start with its name",
        why: "`docker build --call=outline` and `--call=targets` show the comment above an ARG or a named \
              stage as its description, but only if the comment starts with the name.",
        bad: &[
            "# the version to build\nARG VERSION=1\nFROM debian:12\n",
            "FROM debian:12\n# builds the program\nFROM debian:12 AS build\n",
        ],
        good: &[
            "# VERSION is the version to build\nARG VERSION=1\n# build makes the program\nFROM debian:12 AS build\n",
            "# any comment\n\nARG VERSION=1\n# another one\nFROM debian:12\n",
            "# hadolint ignore=DL3006\nFROM debian AS build\n#\nARG A=1\n",
        ],
        references: &[
            "https://docs.docker.com/reference/build-checks/invalid-definition-description/",
        ],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let names: Vec<String> = match &instruction.kind {
            Kind::From(from) => from.alias.iter().map(|it| it.name.text.to_lowercase()).collect(),
            Kind::Arg(list) => list.iter().map(|it| it.name.text.to_string()).collect(),
            _ => continue,
        };
        let Some(name) = names.first() else { continue };
        let Some(description) = cx.model.description(instruction) else { continue };
        let first = description.text.split(' ').next().unwrap_or_default();
        if !names.iter().any(|it| it == first) {
            findings
                .report(
                    instruction.keyword_span,
                    format!("this comment does not start with the name `{}`", shorten(name, 35)),
                )
                .label(description.span, "this comment")
                .help(format!(
                    "start it with `{name}`, or separate it from the instruction with a blank line"
                ));
        }
    }
}
