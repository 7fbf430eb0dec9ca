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
        summary: "compilers and headers in a final image that builds nothing",
        why: "A `-dev` package contains headers for compilers and depends on tools and other `-dev` \
              packages. A program built in another stage needs only the library: `libpq5`, not `libpq-dev`. \
              The rest only costs space and needs security updates.",
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
            0 => format!("`{name}` is unused: nothing is built in this image"),
            more => {
                format!("`{name}` and {more} more are unused: nothing is built here")
            }
        };
        findings
            .report(unused.span, message)
            .label(unused.entry, "runs a program built elsewhere")
            .help("install only the libraries, or move the packages to the build stage");
    }
}
