//! LW202: a value that changes with every build is declared before steps that do not need it.

use crate::lint::prelude::*;
use crate::model::Volatile;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW202",
        name: "volatile-value-before-expensive-step",
        category: Category::Cache,
        severity: Severity::Warning,
        released_only: true,
        summary: "a value that changes with every build is declared before expensive steps",
        why: "A `RUN` sees every `ARG` and `ENV` above it, so its cache becomes invalid whenever one of \
              their values changes, even if it does not use it. With a commit or a build date above the \
              installs, they run in every build. Below them, it costs nothing.",
        bad: &[
            "FROM debian:12\nARG GIT_COMMIT\nRUN apt-get update && apt-get install -y curl\nLABEL commit=$GIT_COMMIT\n",
            "FROM python:3.12\nARG BUILD_DATE\nENV BUILD_DATE=$BUILD_DATE\nRUN pip install flask\n",
            "FROM alpine:3.20 AS base\nARG BUILD_COMMIT_SHA\nENV SHA=$BUILD_COMMIT_SHA\nFROM base\nRUN apk add --no-cache curl\n",
            "FROM node:22\nARG VCS_REF\nLABEL ref=$VCS_REF\nCOPY package*.json ./\nRUN npm ci\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nARG GIT_COMMIT\nLABEL commit=$GIT_COMMIT\n",
            "FROM debian:12\nARG GIT_COMMIT\nRUN curl -fsSL https://example.com/$GIT_COMMIT.tar.gz | tar xz\nRUN apt-get install -y git\n",
            "FROM debian:12\nARG GIT_COMMIT\nRUN echo x > /x\n",
            "FROM golang:1.23\nCOPY . .\nARG GIT_COMMIT\nRUN go build -ldflags \"-X main.commit=$GIT_COMMIT\"\n",
            "FROM node:22\nCOPY . .\nARG VCS_REF\nRUN npm ci\n",
            "FROM debian:12\nARG VERSION=1.2.3\nRUN apt-get update && apt-get install -y curl\nLABEL version=$VERSION\n",
            "ARG BUILD_DATE\nFROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
        ],
        references: &["https://docs.docker.com/build/cache/invalidation/#build-arguments"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for value in cx.model.volatile_values() {
        let Some(((name, span), others)) = value.names.split_first() else { continue };
        let run = &cx.model.runs[value.repeated];
        let name = shorten(name, 30);
        let finding = findings
            .report(*span, format!("each new `{name}` repeats steps below that do not use it"));
        for (_, span) in others.iter().take(MOST_OTHERS) {
            finding.label(*span, "changes as often");
        }
        finding.label(run.keyword(), "runs again, although it does not use it");
        let them = if others.is_empty() { "it" } else { "them" };
        if value.same_stage {
            match value.first_use {
                Some(first) => {
                    let instruction = &cx.doc().instructions[first];
                    let text = cx.doc().source.slice(instruction.span);
                    let names = value.names.iter().any(|(name, _)| text.contains(name.as_str()));
                    finding.label(
                        instruction.keyword_span,
                        if names { "first used here" } else { "may be used from here on" },
                    );
                    let users = value.instructions.len() > value.names.len();
                    finding.help(match (names, users) {
                        (_, true) => format!(
                            "declare {them} further down, next to the `LABEL` or `ENV` that uses {them}"
                        ),
                        (true, false) => format!("declare {them} just before the first use"),
                        (false, false) => format!("declare {them} just before the build"),
                    });
                }
                None if value.instructions.len() > value.names.len() => {
                    finding.help(format!(
                        "move {them} to the end of the stage, together with what uses {them}"
                    ));
                }
                None => {
                    finding.help(format!("declare {them} at the end of the stage"));
                }
            }
        } else {
            finding.help(format!(
                "declare {them} in the stages that use {them}, below the steps that do not"
            ));
        }
        if let Some(fix) = moved(cx, &value) {
            finding.fix(fix);
        }
    }
}

/// How many further values are pointed at.
const MOST_OTHERS: usize = 3;

/// The declarations, and the labels and variables made of them, in front of the first instruction below the repeated step
/// that uses them, or behind the stage's last layer.
fn moved(cx: &Context<'_>, value: &Volatile) -> Option<Fix> {
    let (doc, source) = (cx.doc(), cx.doc().source);
    let stage = cx.model.stage_of(*value.instructions.first()?)?;
    let makes_layer = |id: &usize| {
        matches!(
            doc.instructions[*id].kind,
            Kind::Run(_) | Kind::Copy(_) | Kind::Add(_) | Kind::Workdir(_)
        )
    };
    let (target, at) = match value.first_use {
        Some(first) => (first, cx.start_with_comments(&doc.instructions[first])),
        None => {
            let last = stage.instructions.clone().rfind(makes_layer)?;
            (last + 1, Span::at(cx.lines_of(&doc.instructions[last]).end))
        }
    };
    if !value.same_stage || !source.slice(Span { start: 0, end: at.start }).ends_with('\n') {
        return None;
    }
    let mut text = String::new();
    let mut blocks: Vec<Span> = Vec::new();
    for &id in &value.instructions {
        let instruction = &doc.instructions[id];
        let between = (id + 1..target).filter(|it| !value.instructions.contains(it));
        let mut between = between.map(|it| source.slice(doc.instructions[it].span));
        // What is defined along with it must not be missed.
        let names = instruction.variable_names();
        let of_others = match &instruction.kind {
            Kind::Env(env) => env.pairs.iter().any(|it| it.value.variables().is_empty()),
            _ => false,
        };
        if of_others || between.any(|it| names.iter().any(|name| it.contains(name.text.as_ref()))) {
            return None;
        }
        let lines = cx.block_of(instruction);
        let own = source.slice(lines);
        if !own.ends_with('\n') || lines.end > at.start {
            return None;
        }
        text.push_str(own);
        match blocks.last_mut().filter(|it| it.end == lines.start) {
            Some(block) => block.end = lines.end,
            None => blocks.push(lines),
        }
    }
    // Of the blank lines around what is moved one is enough.
    let mut edits: Vec<Edit> = blocks.into_iter().map(|it| cx.take_out(it, at.start)).collect();
    edits.push(Edit::replace(at, text));
    let title = match value.first_use {
        Some(_) => "declare it just before its first use",
        None => "move it to the end of the stage",
    };
    Some(Fix::unsafe_(title, edits).effect(Effect::Instructions))
}
