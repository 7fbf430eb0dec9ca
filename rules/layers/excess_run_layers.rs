//! LW101: RUN instructions in a row that one would do.

use crate::lint::prelude::*;
use crate::model::{Chore, Origin, variables_in};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW101",
        name: "excess-run-layers",
        category: Category::Layers,
        severity: Severity::Info,
        profile: Profile::Strict,
        shipped_only: true,
        absorbs: &["DL3059"],
        summary: "consecutive `RUN` instructions that install packages or only set things up",
        why: "Each `RUN` is a layer. Files that several layers change, such as the package database, are \
              stored once per layer, and every install reads the package index again. Steps that always run \
              together gain nothing from separate layers.",
        bad: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN apt-get update && apt-get install -y git\n",
            "FROM alpine:3.20\nRUN apk add --no-cache nginx\nRUN mkdir -p /run/nginx\nRUN ln -sf /dev/stdout /var/log/nginx/access.log\n",
            "FROM python:3.12\nRUN pip install --no-cache-dir flask\nRUN pip install --no-cache-dir gunicorn\nRUN mkdir /data\n",
            "FROM debian:12\nRUN groupadd app\nRUN useradd -g app app\nRUN mkdir /data\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl git && rm -rf /var/lib/apt/lists/*\n",
            "FROM node:22\nCOPY package.json package-lock.json ./\nRUN npm ci\nRUN npm run build\n",
            "FROM debian:12\nRUN mkdir /data\nUSER app\nRUN touch /data/x\n",
            "FROM debian:12\nARG VERSION\nRUN apt-get update && apt-get install -y curl\nRUN echo $VERSION > /version\n",
            "FROM debian:12\nRUN cd /opt && mkdir a\nRUN mkdir b\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt apt-get install -y curl\nRUN mkdir /x\n",
            "FROM fedora:41\nRUN dnf install -y --installroot=/mnt bash\nRUN dnf install -y git\n",
            "FROM debian:12 AS build\nRUN mkdir /x\nRUN make\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#run"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let runs: Vec<usize> =
        (0..cx.model.runs.len()).filter(|&it| !cx.model.runs[it].onbuild).collect();
    for group in runs.chunk_by(|&first, &second| joins(cx, first, second)) {
        let [first, second, rest @ ..] = group else { continue };
        let extra = group.len() - 1;
        let message = match cx.model.chore(*first) {
            Chore::Packages(manager)
                if rest.is_empty()
                    && manager.is_system()
                    && cx.model.chore(*second) == Chore::Packages(manager)
                    && [first, second].iter().all(|it| cx.model.changes_packages(**it)) =>
            {
                format!(
                    "this layer stores the `{}` database of the `RUN` above again",
                    cx.model.manager_name(*second, manager)
                )
            }
            _ if rest.is_empty() => {
                "this separate layer could be part of the `RUN` above".to_owned()
            }
            _ => format!("{} consecutive `RUN` instructions could be one", group.len()),
        };
        let keyword = |index: usize| cx.model.runs[index].keyword();
        let finding = findings.report(keyword(*second), message);
        finding.label(keyword(*first), "could be combined with this `RUN`");
        for &more in rest {
            finding.label(keyword(more), "and this one too");
        }
        let layers = u32::try_from(extra).ok();
        finding.impact(Impact { layers, ..Impact::default() });
        finding.help("combine them into one `RUN` with `&&` or a heredoc");
        if let Some(joints) = cx.model.join(group) {
            let edits =
                joints.into_iter().map(|(span, joint)| Edit::replace(span, joint)).collect();
            finding.fix(
                Fix::safe("combine them into one `RUN`", edits)
                    .effect(Effect::Join)
                    .reveals(&["LW104"]),
            );
        }
    }
}

/// Whether the second RUN is right after the first and could well be a part of it.
fn joins(cx: &Context<'_>, first: usize, second: usize) -> bool {
    let model = cx.model;
    let (before, after) = (&model.runs[first], &model.runs[second]);
    let flags = |run: &Run<'_>| -> Vec<String> {
        run.instruction.flags.iter().map(|it| cx.doc().source.slice(it.span).to_owned()).collect()
    };
    let heredoc = !after.instruction.heredocs.is_empty() || matches!(after.form, Form::Json(_));
    if after.id() != before.id() + 1
        || before.left_state().is_some()
        || heredoc
        || flags(before) != flags(after)
        || brings_argument(cx, before, after)
        // Another rule reports an index apart from its installs.
        || model.lone_refresh(first).is_some()
    {
        return false;
    }
    match (model.chore(first), model.chore(second)) {
        (Chore::Packages(one), Chore::Packages(other)) => one == other,
        (Chore::Packages(_) | Chore::Setup, Chore::Setup) => true,
        _ => false,
    }
}

/// Whether the second RUN uses a build argument that the first does not: it may vary more often.
fn brings_argument(cx: &Context<'_>, before: &Run<'_>, after: &Run<'_>) -> bool {
    let uses = |run: &Run<'_>| -> Vec<String> {
        let words = run.script.commands.iter().flat_map(Command::words);
        words.flat_map(|word| variables_in(&word.text)).map(str::to_owned).collect()
    };
    let known = uses(before);
    uses(after).iter().any(|name| {
        let origin = cx.model.scopes.look_up(after.id(), name).map(|it| it.origin);
        origin == Some(Origin::Arg) && !known.contains(name)
    })
}
