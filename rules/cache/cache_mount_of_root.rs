//! LW211: a cache mount that the user of the RUN may not write to.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW211",
        name: "cache-mount-of-root",
        category: Category::Cache,
        severity: Severity::Warning,
        summary: "a cache mount owned by root in a `RUN` of another user",
        why: "The folder of a new cache mount belongs to root and has mode 0755, regardless of USER. Other \
              users cannot write to it: npm and yarn stop with EACCES, and pip continues without a cache. \
              `uid=` sets its owner.",
        bad: &[
            "FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm npm ci\n",
            "FROM python:3.12\nUSER 1000\nRUN --mount=type=cache,target=/home/app/.cache/pip pip install --user flask\n",
            "FROM node:22\nRUN useradd -u 1234 app\nUSER app\nRUN --mount=type=cache,target=/home/app/.npm npm ci\n",
        ],
        good: &[
            "FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000 npm ci\n",
            "FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
            "FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,mode=0777 npm ci\n",
            "FROM golang:1.25\nENV GOCACHE=/tmp/gocache\nUSER 1000\nRUN --mount=type=cache,target=/tmp/.cache go test ./...\n",
            "FROM node:22\nARG USER=root\nUSER $USER\nRUN --mount=type=cache,target=/cache npm ci\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#run---mounttypecache"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.runs() {
        let Some(user) = cx.model.other_user(run) else { continue };
        let roots = |mount: &&Mount<'_>| {
            mount.kind == MountType::Cache
                && ["uid", "gid", "mode", "from"].iter().all(|key| mount.option(key).is_none())
                // In root's home the mount itself is out of place.
                && mount.option("target").and_then(Word::literal).is_some_and(|it| {
                    !it.starts_with("/root/") && cx.model.fills_folder(run, &it)
                })
        };
        let mounts: Vec<&Mount<'_>> = run.mounts.iter().filter(roots).collect();
        let Some(first) = mounts.first() else { continue };
        let finding = findings.report(
            first.span,
            format!("this mount belongs to root, and `{}` cannot write to it", shorten(&user, 24)),
        );
        for other in &mounts[1..] {
            finding.label(other.span, "so does this one");
        }
        let Some(uid) = cx.model.number_of_user(run, &user) else {
            finding.help("add `uid=` with the ID of that user");
            continue;
        };
        finding.help(format!("add `uid={uid}`"));
        let edits = mounts.iter().map(|it| Edit::insert_after(it.span, format!(",uid={uid}")));
        let fix = Fix::safe(format!("add `uid={uid}`"), edits.collect());
        finding.fix(fix.effect(Effect::Instructions));
    }
}
