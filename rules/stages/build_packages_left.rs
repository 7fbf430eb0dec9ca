//! LW305: compilers and headers stay in the final image.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW305",
        name: "build-packages-left",
        category: Category::Stages,
        measured_by: &[(6, "")],
        severity: Severity::Warning,
        shipped_only: true,
        summary: "compilers that only a build step needs stay in the final image",
        why: "Compilers and headers for an install or a build are hundreds of megabytes that the running \
              program does not need: `build-essential` alone is about 200 MB on Debian. They are pulled with \
              every release and need security updates.",
        bad: &[
            "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y build-essential libpq-dev\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"gunicorn\", \"app:app\"]\n",
            "FROM node:22-alpine\nRUN apk add --no-cache python3 make g++\nRUN npm ci\nCMD [\"node\", \"index.js\"]\n",
            "FROM ruby:3.3-slim\nRUN apt-get update && apt-get install -y gcc make\nRUN bundle install\nCMD [\"bundle\", \"exec\", \"puma\"]\n",
        ],
        good: &[
            "FROM python:3.12 AS build\nRUN apt-get update && apt-get install -y gcc\nRUN pip install -r requirements.txt --prefix /out\nFROM python:3.12-slim\nCOPY --from=build /out /usr/local\nCMD [\"gunicorn\", \"app:app\"]\n",
            "FROM node:22-alpine\nRUN apk add --no-cache --virtual .build make g++ && npm ci && apk del .build\nCMD [\"node\", \"index.js\"]\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make\nCMD [\"bash\"]\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y gcc\nCMD [\"gcc\", \"--version\"]\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y gcc curl\nCMD [\"curl\", \"https://example.com\"]\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        ..Meta::LAYERWISE
    },
    check,
};

/// An estimate of the bytes of a compiler with its headers and linker: `build-essential` on Debian 12 without what it
/// recommends. On Alpine it is about the same.
const COMPILER_BYTES: u64 = 200_000_000;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let mut told = Vec::new();
    for left in model.outputs().iter().filter_map(|it| model.build_packages_left(*it)) {
        if told.contains(&left.package) {
            continue;
        }
        told.push(left.package);
        let finding = findings.report(
            left.package,
            format!("`{}` stays in the image after the build", shorten(&left.name, 30)),
        );
        finding.label(left.used, "this step may need it");
        if let Some((place, name)) = &left.other {
            finding.label(*place, format!("`{}` also installs compilers", shorten(name, 30)));
        }
        finding.label(left.entry, "does not need it");
        finding.impact(Impact { bytes: Some(COMPILER_BYTES), ..Impact::default() });
        finding.help(if left.can_remove_here {
            "install it, build, and remove it in one `RUN`, or build in a separate stage"
        } else {
            "build in a separate stage, and copy the result"
        });
    }
}
