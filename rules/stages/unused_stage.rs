//! LW303: a stage that the final one does not need.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW303",
        name: "unused-stage",
        category: Category::Stages,
        severity: Severity::Warning,
        released_only: true,
        summary: "a stage that the final image does not use",
        why: "BuildKit silently skips a stage that nothing uses, so its output is missing from the image; \
              the classic builder runs it for nothing. Usually, a `COPY --from=` is missing or has the wrong \
              name, or the stage is a leftover.",
        bad: &[
            "FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM alpine:3.20\nCOPY app /app\nCMD [\"/app\"]\n",
            "FROM ubuntu:24.04\nRUN apt-get update\nFROM node:22\nCMD [\"node\"]\n",
            "FROM node:22 AS deps\nRUN npm ci\nFROM node:22 AS build\nRUN npm run build\nFROM nginx:1.27\nCOPY --from=build /app/dist /srv\n",
        ],
        good: &[
            "FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM alpine:3.20\nCOPY --from=build /app /app\n",
            "FROM node:22 AS base\nFROM base AS test\nRUN npm test\nFROM base\nCMD [\"node\"]\n",
            "FROM node:22 AS base\nFROM base AS api\nCMD [\"node\", \"api.js\"]\nFROM base AS worker\nCMD [\"node\", \"worker.js\"]\n",
            "ARG VARIANT=slim\nFROM debian:12-slim AS base-slim\nFROM debian:12 AS base-full\nFROM base-${VARIANT}\nRUN true\n",
            "FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM alpine:3.20\nRUN --mount=from=build,target=/b cp /b/app /app\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let Some(last) = model.final_stage else { return };
    for stage in model.unused_stages() {
        let (span, message) = match &stage.from.alias {
            Some(alias) => (
                alias.name.span,
                format!("nothing uses the stage `{}`, so BuildKit skips it", alias.name.text),
            ),
            None => (
                stage.instruction.keyword_span,
                "nothing uses this stage, so BuildKit skips it".to_owned(),
            ),
        };
        let message = if message.chars().count() > 80 {
            "nothing uses this stage, so BuildKit skips it".to_owned()
        } else {
            message
        };
        let finding = findings.report(span, message);
        finding.label(model.stages[last].from.image.span, "the final stage starts here");
        finding.help("copy its output with `COPY --from=`, or remove the stage");
    }
}
