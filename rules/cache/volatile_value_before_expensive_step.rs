//! LW202: a value that changes with every build is declared before steps that do not need it.

use crate::lint::prelude::*;
use crate::model::variables_in;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW202",
        name: "volatile-value-before-expensive-step",
        category: Category::Cache,
        severity: Severity::Warning,
        summary: "a value that changes with every build is declared before expensive steps",
        why: "A `RUN` sees every `ARG` and `ENV` above it, so the cache of the `RUN` is thrown away whenever the value \
              of one changes, used or not. A commit or a build date above the installs means that they run in every \
              build; below them it costs nothing.",
        bad: &[
            "FROM debian:12\nARG GIT_COMMIT\nRUN apt-get update && apt-get install -y curl\nLABEL commit=$GIT_COMMIT\n",
            "FROM python:3.12\nARG BUILD_DATE\nENV BUILD_DATE=$BUILD_DATE\nRUN pip install flask\n",
            "FROM node:22\nARG VCS_REF\nLABEL ref=$VCS_REF\nCOPY package*.json ./\nRUN npm ci\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nARG GIT_COMMIT\nLABEL commit=$GIT_COMMIT\n",
            "FROM debian:12\nARG GIT_COMMIT\nRUN curl -fsSL https://example.com/$GIT_COMMIT.tar.gz | tar xz\nRUN apt-get install -y git\n",
            "FROM debian:12\nARG GIT_COMMIT\nRUN echo x > /x\n",
            "FROM golang:1.23\nCOPY . .\nARG GIT_COMMIT\nRUN go build -ldflags \"-X main.commit=$GIT_COMMIT\"\n",
            "FROM node:22\nCOPY . .\nARG VCS_REF\nRUN npm ci\n",
            "ARG BUILD_DATE\nFROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
        ],
        references: &["https://docs.docker.com/build/cache/invalidation/#build-arguments"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for value in cx.model.volatile_values() {
        let run = &cx.model.runs[value.repeated];
        let name = shorten(&value.name, 30);
        let finding = findings.report(
            value.span,
            format!("each new `{name}` repeats steps below that do not use it"),
        );
        finding.label(run.keyword(), "is repeated, though it does not use it");
        match value.first_use {
            Some(first) => {
                finding.label(cx.doc().instructions[first].keyword_span, "first used here");
                finding.help("declare it just before its first use");
            }
            None if value.used_before => {
                finding.help("move it to the end of the stage, with what uses it");
            }
            None => {
                finding.help("declare it at the end of the stage, or drop it");
            }
        }
        if let Some(fix) = moved(cx, value.instruction, value.first_use) {
            finding.fix(fix);
        }
    }
}

/// The declaration in front of the first instruction that uses it. Where other instructions of the stage depend on the
/// order, they name it, and so are users themselves.
fn moved(cx: &Context<'_>, instruction: usize, first_use: Option<usize>) -> Option<Fix> {
    let (doc, source) = (cx.doc(), cx.doc().source);
    let (from, to) = (&doc.instructions[instruction], &doc.instructions[first_use?]);
    let single = match &from.kind {
        Kind::Arg(list) => list.len() == 1,
        Kind::Env(env) => {
            env.pairs.len() == 1
                && env.pairs.iter().all(|it| variables_in(&it.value.text).count() == 0)
        }
        _ => false,
    };
    let lines = cx.lines_of(from);
    let text = source.slice(lines).to_owned();
    if !single || !text.ends_with('\n') {
        return None;
    }
    let edits = vec![Edit::delete(lines), Edit::replace(cx.start_with_comments(to), text)];
    Some(Fix::unsafe_("declare it just before its first use", edits).effect(Effect::Instructions))
}
