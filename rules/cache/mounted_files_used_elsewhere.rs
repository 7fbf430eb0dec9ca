//! LW209: what is made in a mount is used where the mount is not.

use crate::lint::prelude::*;
use crate::model::Use;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW209",
        name: "mounted-files-used-elsewhere",
        category: Category::Cache,
        severity: Severity::Error,
        summary: "files that are made in a mount are used where the mount is not",
        why: "What a `RUN` writes into a cache, tmpfs or bind mount is in no layer: the next instruction does not see it, nor \
              does the image. A `COPY --from` of it fails, a program that needs it does not start, and a build that may \
              not download finds nothing. Moved out of the mount in the same `RUN`, it stays.",
        bad: &[
            "FROM rust:1.80 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/src/target cargo build --release\nFROM debian:12\nCOPY --from=build /src/target/release/app /usr/bin/app\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/app/node_modules npm ci\nCMD [\"npm\", \"start\"]\n",
            "FROM maven:3\nWORKDIR /src\nCOPY pom.xml .\nRUN --mount=type=cache,target=/root/.m2 mvn -B dependency:go-offline\nCOPY src src\nRUN mvn -o package\n",
        ],
        good: &[
            "FROM rust:1.80 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/src/target cargo build --release && cp target/release/app /app\nFROM debian:12\nCOPY --from=build /app /usr/bin/app\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCMD [\"npm\", \"start\"]\n",
            "FROM maven:3\nWORKDIR /src\nCOPY pom.xml .\nRUN --mount=type=cache,target=/root/.m2 mvn -B dependency:go-offline\nCOPY src src\nRUN --mount=type=cache,target=/root/.m2 mvn -o package\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#run---mounttypecache"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for it in cx.model.lost_in_mounts() {
        let folder = shorten(&it.target, 30);
        let (message, help) = match it.by {
            Use::Copy | Use::Command => (
                format!("`{folder}` was a mount where this was made: no layer has it"),
                "copy it out of the mount in the `RUN` that makes it, or drop the mount",
            ),
            Use::Entry => (
                format!("what this runs was made in a mount on `{folder}`: the image lacks it"),
                "drop the mount, or mount the tool's download cache in its place",
            ),
            Use::Offline => (
                format!("the downloads are in a mount on `{folder}` that this `RUN` lacks"),
                "give this `RUN` the same mount",
            ),
        };
        let finding = findings.report(it.used, message);
        finding.label(it.mount, "what is written here is in no layer");
        finding.help(help);
    }
}
