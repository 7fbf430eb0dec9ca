//! LW311: a default that hides the platform that the build is for.

use crate::lint::prelude::*;
use crate::model::PREDEFINED;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW311",
        name: "shadowed-platform-arg",
        category: Category::Stages,
        summary: "a default overrides the builder's platform argument",
        why: "BuildKit sets `TARGETARCH` and similar arguments in every stage that declares them. A default \
              in the stage overrides them: images for all platforms get the program for that one, and do not \
              start.",
        bad: &[
            "FROM debian:12\nARG TARGETARCH=arm64\nRUN curl -fsSLO https://example.com/app-$TARGETARCH.tar.gz\n",
            "FROM --platform=$BUILDPLATFORM golang:1.23 AS build\nARG TARGETOS=linux TARGETARCH=amd64\nRUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .\nFROM alpine:3.20\nCOPY --from=build /app /app\n",
            "FROM debian:12\nARG TARGETPLATFORM=\"linux/amd64\"\nRUN echo $TARGETPLATFORM > /platform\n",
        ],
        good: &[
            "FROM debian:12\nARG TARGETARCH\nRUN curl -fsSLO https://example.com/app-$TARGETARCH.tar.gz\n",
            "FROM debian:12\nARG TARGETARCH\nRUN curl -fsSLO https://example.com/app-${TARGETARCH:-amd64}.tar.gz\n",
            "FROM debian:12\nARG ARCH=arm64\nRUN curl -fsSLO https://example.com/app-$ARCH.tar.gz\n",
            "ARG TARGETARCH=amd64\nFROM debian:12\nARG TARGETARCH\nRUN make $TARGETARCH\n",
            "FROM golang:1.23\nARG TARGETARCH TARGETVARIANT=\"\"\nRUN GOARCH=$TARGETARCH GOARM=$TARGETVARIANT go build .\n",
        ],
        references: &[
            "https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope",
        ],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.model.stage_instructions() {
        let Kind::Arg(list) = &instruction.kind else { continue };
        for declaration in list {
            let name = &*declaration.name.text;
            let Some(value) = declaration.value.as_ref().filter(|_| PREDEFINED.contains(&name))
            else {
                continue;
            };
            // `ARG TARGETARCH=$TARGETARCH` and `=${TARGETARCH:-amd64}` take nothing away.
            if value.variables().iter().any(|it| it.name == name) {
                continue;
            }
            // Empty on purpose: for those who cannot use what the builder gives, as Go cannot use `v7`.
            if value.literal().as_deref() == Some("") {
                continue;
            }
            // It is what the builder gives.
            if name.ends_with("OS") && value.literal().as_deref() == Some("linux") {
                continue;
            }
            let edit = Edit::delete(Span { start: declaration.name.span.end, end: value.span.end });
            let fix = Fix::unsafe_("remove the default", vec![edit]).effect(Effect::Instructions);
            let finding = findings
                .report(value.span, format!("this default overrides the builder's `{name}`"))
                .help(format!("write `ARG {name}`, and `${{{name}:-…}}` if you need a default"))
                .fix(fix);
            // Nothing depends on it, as far as the file shows.
            if !cx.model.names_below(instruction.id, name) {
                finding.only_in(Profile::Strict);
            }
        }
    }
}
