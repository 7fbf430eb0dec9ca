//! LW112: a RUN changes what VOLUME declared before.

use crate::lint::prelude::*;
use crate::model::{Change, Rewrite, covers};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW112",
        name: "changes-after-volume",
        category: Category::Layers,
        severity: Severity::Info,
        profile: Profile::Strict,
        summary: "a `RUN` changes files in a folder that is already a `VOLUME`",
        why: "Docker's classic builder, and Podman and Buildah in compatible mode, mount a new volume over \
              the path for each later `RUN` and discard what it writes there. The files are silently missing \
              from the image. BuildKit keeps them.",
        bad: &[
            "FROM debian:12\nVOLUME /data\nRUN mkdir -p /data/db && chown -R 1000 /data\n",
            "FROM postgres:16\nVOLUME [\"/var/lib/app\", \"/log\"]\nRUN touch /log/app.log\n",
            "FROM debian:12\nVOLUME /srv\nWORKDIR /srv\nRUN git clone https://example.com/a/site.git site\n",
        ],
        good: &[
            "FROM debian:12\nRUN mkdir -p /data/db && chown -R 1000 /data\nVOLUME /data\n",
            "# syntax=docker/dockerfile:1\nFROM debian:12\nVOLUME /data\nRUN mkdir /data/db\n",
            "FROM debian:12\nVOLUME /data\nCOPY seed.sql /data/\n",
            "FROM debian:12\nVOLUME /data\nRUN mkdir /database\n",
            "FROM debian:12\nVOLUME /tmp\nRUN curl -fsSo /tmp/a.zip https://example.com/a.zip && unzip /tmp/a.zip -d /opt && rm /tmp/a.zip\n",
        ],
        references: &[
            "https://docs.docker.com/reference/dockerfile/#notes-about-specifying-volumes",
        ],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    if model.buildkit_evidence().is_some() {
        return;
    }
    let mut told = None;
    let moved = model.rewrites();
    for (Change { run, path, span }, volume) in model.changes_of_volumes() {
        let change = Change { run, path, span };
        if told == Some(run) || is_gone(cx, &change, &moved) {
            continue;
        }
        told = Some(run);
        findings
            .report(span, "the classic builder discards this change because the path is a volume")
            .label(volume, "declared here")
            .help("move the `VOLUME` below the last `RUN` that changes its content");
    }
}

/// How many deletions and moves of a RUN each of its changes is compared with; beyond them, it is taken for undone.
const MOST_UNDONE: usize = 32;

/// Whether the RUN itself takes the path away again: `moved` are all files that are moved or written again.
fn is_gone(cx: &Context<'_>, change: &Change, moved: &[Rewrite]) -> bool {
    let model = cx.model;
    let commands = &model.runs[change.run].script.commands;
    let first = moved.partition_point(|it| it.run < change.run);
    let moved = moved[first..].iter().take_while(|it| it.run == change.run);
    let moved = moved.filter(|it| it.moves);
    let moved = moved.map(|it| (it.command, &it.path));
    let deleted = model.deletions_of(change.run).iter().map(|it| (it.command, &it.path));
    deleted.chain(moved).enumerate().any(|(at, (command, path))| {
        at >= MOST_UNDONE
            || commands[command].span.start > change.span.start && covers(path, &change.path)
    })
}
