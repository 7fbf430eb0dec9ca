//! LW209: what is made in a mount is used where the mount is not.

use crate::lint::prelude::*;
use crate::model::Use;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW209",
        name: "mounted-files-used-elsewhere",
        category: Category::Cache,
        severity: Severity::Error,
        summary: "files from a mount are used without the mount",
        why: "Files that a `RUN` writes into a cache, tmpfs or bind mount are not part of any layer: later \
              instructions and the image do not have them. A `COPY --from` of them fails, a program that \
              needs them does not start, and an offline build finds nothing. To keep them, move them out of \
              the mount in the same `RUN`.",
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
                format!("not in a layer: `{folder}` was a mount in that `RUN`"),
                "copy them out of the mount in the same `RUN`, or remove the mount",
            ),
            Use::Entry => (
                format!("not in the image: built in a mount on `{folder}`"),
                "remove the mount, or mount only the tool's download cache",
            ),
            Use::Offline => (
                format!("this `RUN` lacks `{folder}`, the mount of the downloads"),
                "add the same mount to this `RUN`",
            ),
        };
        let finding = findings.report(it.used, message);
        finding.label(it.mount, "files written here are not part of any layer");
        finding.help(help);
    }
}
