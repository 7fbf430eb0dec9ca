//! LW307: two stages start with the same expensive steps.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW307",
        name: "repeated-stage-prefix",
        category: Category::Stages,
        severity: Severity::Info,
        profile: Profile::Audit,
        summary: "two stages start with the same expensive steps",
        why: "BuildKit builds steps once that are alike in two stages, but only as long as both copies are kept alike by hand: \
              when one changes, both are built and stored. A stage of their own, which both others name in `FROM`, \
              cannot drift apart.",
        bad: &[
            "FROM node:22 AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nFROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY --from=build /app/dist dist\n",
            "FROM debian:12 AS a\nRUN apt-get update && apt-get install -y curl\nRUN curl -o /a https://example.com/a\nFROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY --from=a /a /a\n",
            "FROM golang:1.23 AS one\nWORKDIR /s\nRUN go install example.com/tool@v1\nFROM golang:1.23\nWORKDIR /s\nRUN go install example.com/tool@v1\nCOPY --from=one /x /x\n",
        ],
        good: &[
            "FROM node:22 AS base\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nFROM base AS build\nRUN npm run build\nFROM base\nCOPY --from=build /app/dist dist\n",
            "FROM node:22 AS build\nRUN npm ci\nFROM node:22-slim\nRUN npm ci\nCOPY --from=build /x /x\n",
            "FROM debian:12 AS a\nRUN mkdir /x\nFROM debian:12\nRUN mkdir /x\nCOPY --from=a /x /x\n",
        ],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#create-reusable-stages",
        ],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let source = cx.doc().source;
    let mut told = vec![false; model.stages.len()];
    for (index, stage) in model.stages.iter().enumerate() {
        for earlier in model.stages[..index].iter().filter(|it| it.needed && stage.needed) {
            let image = |it: &Stage<'_>| {
                (
                    it.from.image.text.to_string(),
                    it.from.platform.as_ref().map(|it| it.text.to_string()),
                )
            };
            if earlier.base != stage.base || image(earlier) != image(stage) || told[index] {
                continue;
            }
            let rest = |it: &Stage<'_>| it.instructions.start + 1..it.instructions.end;
            let text = |id: usize| {
                source
                    .slice(cx.doc().instructions[id].span)
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let same: Vec<(usize, usize)> =
                rest(earlier).zip(rest(stage)).take_while(|(a, b)| text(*a) == text(*b)).collect();
            let expensive = same
                .iter()
                .find(|(_, id)| model.run_at(*id).is_some_and(|run| model.is_expensive(run)));
            let Some((first, second)) = expensive else { continue };
            told[index] = true;
            let message = match same.len() {
                1 => "the first step of this stage repeats that of another".to_owned(),
                count => format!("the first {count} steps of this stage repeat those of another"),
            };
            let name = |id: usize| cx.doc().instructions[id].keyword_span;
            findings
                .report(name(*second), message)
                .label(name(*first), "the same step of the other stage")
                .help("put them into a stage of their own, and build both on it");
        }
    }
}
