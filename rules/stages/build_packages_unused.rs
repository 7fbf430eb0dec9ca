//! LW316: compilers and headers in an image that builds nothing.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW316",
        name: "build-packages-unused",
        category: Category::Stages,
        measured_by: &[(6, "")],
        severity: Severity::Info,
        shipped_only: true,
        summary: "compilers and headers in a final image in which nothing is built",
        why: "A `-dev` package holds headers for compilers, and brings tools and other `-dev` packages along. A program that was \
              built in another stage needs the library alone: `libpq5`, not `libpq-dev`. The rest is pulled, and \
              patched, for nothing.",
        bad: &[
            "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq-dev gcc\nCOPY --from=registry.example.com/venv:1 /venv /venv\nCMD [\"gunicorn\", \"app:app\"]\n",
            "FROM alpine:3.20\nRUN apk add --no-cache openssl-dev\nCOPY app /app\nCMD [\"/app\"]\n",
            "FROM debian:12-slim AS base\nRUN apt-get update && apt-get install -y build-essential libssl-dev\nFROM base\nCOPY server /server\nENTRYPOINT [\"/server\"]\n",
        ],
        good: &[
            "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq5\nCMD [\"gunicorn\", \"app:app\"]\n",
            "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq-dev gcc\nRUN pip install psycopg2\nCMD [\"gunicorn\", \"app:app\"]\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y gcc\nCMD [\"bash\"]\n",
            "FROM debian:12 AS build\nRUN apt-get update && apt-get install -y gcc\nFROM debian:12\nCMD [\"/app\"]\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y libssl-dev\nRUN ./install.sh\nCMD [\"/app\"]\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = Vec::new();
    for unused in cx.model.outputs().iter().filter_map(|it| cx.model.unused_build_package(*it)) {
        if told.contains(&unused.span) {
            continue;
        }
        told.push(unused.span);
        let name = shorten(&unused.name, 30);
        let message = match unused.others {
            0 => format!("`{name}` is for builds, and nothing is built in this image"),
            more => format!("`{name}` and {more} more are for builds, and nothing is built here"),
        };
        findings
            .report(unused.span, message)
            .label(unused.entry, "runs what was built elsewhere")
            .help("install the libraries alone, or leave the packages to the stage that builds");
    }
}
