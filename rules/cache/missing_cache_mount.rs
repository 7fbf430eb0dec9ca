//! LW204: an install without a cache mount in a file that uses them.

use crate::lint::prelude::*;
use crate::model::{How, Inputs, covers};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW204",
        name: "missing-cache-mount",
        category: Category::Cache,
        severity: Severity::Info,
        profile: Profile::Strict,
        summary: "an install without a cache mount, in a file that uses BuildKit",
        why: "When a manifest changes, the install runs again and downloads everything, including what did \
              not change. A cache mount keeps the downloads from one build to the next, outside the image. \
              The rule reports only files that clearly use BuildKit: with another cache mount or a `syntax` \
              directive.",
        bad: &[
            "FROM node:22 AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nFROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci --omit=dev\nCOPY --from=build /app/dist dist\n",
            "# syntax=docker/dockerfile:1\nFROM python:3.12 AS build\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nFROM python:3.12\nCOPY --from=build /usr/local /usr/local\n",
            "# syntax=docker/dockerfile:1\nFROM maven:3 AS build\nWORKDIR /src\nCOPY pom.xml .\nCOPY src/main src/main\nRUN mvn -B package\nFROM eclipse-temurin:21\nCOPY --from=build /src/target/app.jar /\n",
        ],
        good: &[
            "# syntax=docker/dockerfile:1\nFROM python:3.12\nCOPY requirements.txt .\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
            "FROM python:3.12 AS build\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nFROM python:3.12\n",
            "# syntax=docker/dockerfile:1\nFROM python:3.12\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n",
            "# syntax=docker/dockerfile:1\nFROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
            "FROM golang:1.23\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/go-build go build -o /app .\n",
        ],
        references: &["https://docs.docker.com/build/cache/optimize/#use-cache-mounts"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let directive = cx.doc().directives.iter().find(|it| it.key == "syntax").map(|it| it.span);
    let Some(weak) = model.first_cache_mount().or(directive) else { return };
    let mut told = Vec::new();
    for install in &model.installs {
        let run = cx.run_of(install);
        let manager = install.manager;
        // Packages that the command names change as seldom as the file itself.
        let by_manifest = || {
            matches!(model.inputs(install), Inputs::Manifests { .. })
                || manager.manifest_flags.iter().any(|it| cx.command_of(install).has_flag(it))
        };
        let has_scratch =
            run.mounts.iter().any(|it| matches!(it.kind, MountType::Cache | MountType::Tmpfs));
        if !manager.mounts.is_advised
            || run.onbuild
            || has_scratch
            || told.contains(&install.run)
            || model.avoids_cache(install)
            || !by_manifest()
            || model.cleared_in(install.run, manager, install.command)
            || is_other_rules(cx, install)
            || model.is_fed_before(install)
            || model.is_used_unmounted(install)
        {
            continue;
        }
        told.push(install.run);
        let name = model.install_name(install);
        let span = Span { end: install.verb.end, ..cx.command_of(install).name_span };
        let finding =
            findings.report(span, format!("`{name}` downloads everything again whenever it runs"));
        match model.cache_mount_of(manager) {
            Some(mount) => finding.label(mount, "its cache is mounted here"),
            None => finding.label(weak, "this shows that BuildKit is used"),
        };
        let targets = model.mount_targets(install);
        let sharing = if manager.mounts.is_locked { ",sharing=locked" } else { "" };
        let mounts: Vec<String> =
            targets.iter().map(|it| format!("--mount=type=cache,target={it}{sharing}")).collect();
        finding.help(match mounts.first() {
            Some(first) => format!("keep its downloads with `{first}`"),
            None => "keep its downloads in a cache mount over its cache folder".to_owned(),
        });
        if !mounts.is_empty() && model.takes_words(run, cx.command_of(install)) {
            let edit = Edit::insert_after(run.keyword(), format!(" {}", mounts.join(" ")));
            let fix = Fix::unsafe_("mount its cache", vec![edit]);
            finding.fix(fix.effect(Effect::Instructions));
        }
    }
}

/// Whether another rule reports the install: it leaves its cache in the image, or depends on sources that repeat it anyway.
fn is_other_rules(cx: &Context<'_>, install: &Install) -> bool {
    let model = cx.model;
    let id = cx.run_of(install).id();
    if model.leaves_cache(install) && model.ships(id) {
        return true;
    }
    let Inputs::Manifests { folder, .. } = model.inputs(install) else { return false };
    let beneath = model.beneath(id);
    model.writes().iter().any(|it| {
        matches!(it.how, How::Copied { from: false, .. })
            && it.command.is_none()
            && beneath.contains(it.instruction)
            && covers(&it.path, &folder)
            && matches!(cx.doc().source.slice(it.span), "." | "./")
    })
}
