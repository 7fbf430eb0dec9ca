//! LW205: a cache mount that is of no use.

use crate::lint::prelude::*;
use crate::model::Defeat;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW205",
        name: "cache-mount-defeated",
        category: Category::Cache,
        severity: Severity::Warning,
        released_only: true,
        summary: "a cache mount that is emptied, turned off or not used",
        why: "A cache mount keeps downloads from one build to the next. If the same `RUN` deletes them, an \
              option turns the cache off, or the tool uses another folder, every build downloads everything \
              again and the mount is useless. Files in a mount are never part of the layer, so they need no \
              clean-up.",
        bad: &[
            "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir flask\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y curl\n",
            "FROM node:22\nUSER node\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
            "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n",
        ],
        good: &[
            "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n",
            "FROM debian:12\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl\n",
            "FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000 npm ci\n",
            "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip rm -rf /tmp/x && pip install flask\n",
        ],
        references: &["https://docs.docker.com/build/cache/optimize/#use-cache-mounts"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for it in cx.model.defeated_mounts() {
        let words = shorten(cx.doc().source.slice(it.at), 30);
        let (message, help) = match it.how {
            Defeat::Deleted => (
                format!("`{words}` empties the cache mount of this `RUN`"),
                "remove the clean-up: a mount is not part of the layer",
            ),
            Defeat::DeletedTwice => (
                format!("`{words}` empties the cache mount of this `RUN`"),
                "remove it, and run `rm -f /etc/apt/apt.conf.d/docker-clean` before the install",
            ),
            Defeat::SwitchedOff => (
                format!("`{words}` keeps the cache mount of this `RUN` empty"),
                "remove the option",
            ),
            Defeat::SwitchedOffByVariable => (
                "this variable keeps a cache mount empty".to_owned(),
                "unset it in this stage, or remove the mount",
            ),
            Defeat::DockerClean => (
                "the image's apt settings empty this mount after each install".to_owned(),
                "run `rm -f /etc/apt/apt.conf.d/docker-clean` before it",
            ),
            Defeat::OtherHome => (
                "this mount is not used: the user's cache is in another home directory".to_owned(),
                "mount the cache in that user's home directory, with its `uid`",
            ),
        };
        let finding = findings.report(it.at, message);
        // One clean-up, setting or variable is one fault, however many mounts it is about.
        finding.group = Some(match it.how {
            Defeat::Deleted | Defeat::DeletedTwice => 4 * it.run,
            Defeat::SwitchedOff | Defeat::OtherHome => 4 * it.run + 1,
            Defeat::DockerClean => 4 * it.run + 2,
            Defeat::SwitchedOffByVariable => 4 * it.at.start as usize + 3,
        });
        if it.at != it.mount {
            finding.label(it.mount, "the cache mount");
        }
        finding.help(help);
        if let Some(span) = it.drop {
            let fix = Fix::unsafe_(help, vec![Edit::delete(span)]);
            finding.fix(fix.effect(Effect::Instructions));
        }
    }
}
