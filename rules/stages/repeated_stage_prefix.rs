//! LW307: two stages start with the same expensive steps.

use std::collections::HashMap;

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW307",
        name: "repeated-stage-prefix",
        category: Category::Stages,
        severity: Severity::Info,
        profile: Profile::Audit,
        summary: "two stages start with the same expensive steps",
        why: "BuildKit builds equal steps of two stages only once, but only as long as you keep both copies \
              equal by hand. If one changes, both are built and stored. Move them into a common stage that \
              both others use in `FROM`.",
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

/// More stages that start alike are not compared with one: no real file has them.
const MOST_COMPARED: usize = 8;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let source = cx.doc().source;
    let text = |id: usize| {
        let words = source.slice(cx.doc().instructions[id].span).split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    };
    let rest = |it: &Stage<'_>| it.instructions.start + 1..it.instructions.end;
    // The stages so far, by what they are built on and by their first step.
    let mut known: HashMap<_, Vec<&Stage<'_>>> = HashMap::new();
    for stage in model.stages.iter().filter(|it| it.needed) {
        let Some(first) = rest(stage).next() else { continue };
        let platform = stage.from.platform.as_ref().map(|it| it.text.as_ref());
        let start = (stage.from.image.text.as_ref(), platform, text(first));
        let alike = known.entry(start).or_default();
        let found = alike.iter().filter(|it| it.base == stage.base).find_map(|earlier| {
            let same = rest(earlier).zip(rest(stage)).take_while(|(a, b)| text(*a) == text(*b));
            let same: Vec<(usize, usize)> = same.collect();
            let is_expensive =
                |id: usize| model.run_at(id).is_some_and(|it| model.is_expensive(it));
            let expensive = *same.iter().find(|(_, id)| is_expensive(*id))?;
            Some((expensive, same.len()))
        });
        if let Some(((first, second), count)) = found {
            let message = match count {
                1 => "the first step of this stage duplicates one of another stage".to_owned(),
                count => format!(
                    "the first {count} steps of this stage duplicate those of another stage"
                ),
            };
            let name = |id: usize| cx.doc().instructions[id].keyword_span;
            findings
                .report(name(second), message)
                .label(name(first), "the same step of the other stage")
                .help("move them into a separate stage, and build both on it");
        }
        if alike.len() < MOST_COMPARED {
            alike.push(stage);
        }
    }
}
