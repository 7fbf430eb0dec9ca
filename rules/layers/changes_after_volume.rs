//! LW112: a RUN changes what VOLUME declared before.

use crate::lint::prelude::*;
use crate::model::{Change, Rewrite, covers};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW112",
        name: "changes-after-volume",
        category: Category::Layers,
        severity: Severity::Info,
        summary: "a `RUN` changes files under a path that `VOLUME` declared before",
        why: "Docker's classic builder, and Podman and Buildah where they are asked for its ways, mount a fresh volume \
              over the path for each later `RUN` and drop what it wrote there: the files are not in the image, and \
              nothing says so. BuildKit keeps them.",
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
    let volumes = cx.instructions().flat_map(|it| {
        let words = if let Kind::Volume(words) = &it.kind { words.as_slice() } else { &[] };
        words.iter().map(move |word| (it.id, word))
    });
    let volumes: Vec<(usize, &Word<'_>)> = volumes.collect();
    if volumes.is_empty() {
        return;
    }
    let mut told = Vec::new();
    let moved = model.rewrites();
    let kept = model.changes().into_iter().filter(|it| !is_gone(cx, it, &moved));
    for Change { run, path, span } in kept {
        let id = model.runs[run].id();
        let beneath = model.beneath(id);
        let volume = volumes.iter().find(|(volume, word)| {
            let value = model.scopes.resolve(*volume, word).text;
            beneath.contains(*volume) && value.len() > 1 && covers(&value, &path)
        });
        let Some((_, word)) = volume.filter(|_| !told.contains(&run)) else { continue };
        told.push(run);
        findings
            .report(span, "the classic builder drops this change: the path is a volume")
            .label(word.span, "declared here")
            .help("move the `VOLUME` below the last `RUN` that changes what is in it");
    }
}

/// Whether the RUN itself takes the path away again: `moved` are all files that are moved or written anew.
fn is_gone(cx: &Context<'_>, change: &Change, moved: &[Rewrite]) -> bool {
    let model = cx.model;
    let commands = &model.runs[change.run].script.commands;
    let moved = moved.iter().filter(|it| it.run == change.run && it.moves);
    let moved = moved.map(|it| (it.command, &it.path));
    let deleted = model.deletions_of(change.run).iter().map(|it| (it.command, &it.path));
    deleted.chain(moved).any(|(command, path)| {
        commands[command].span.start > change.span.start && covers(path, &change.path)
    })
}
