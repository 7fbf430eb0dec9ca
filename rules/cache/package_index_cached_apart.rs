//! LW203: the package index is fetched in a RUN of its own.

use crate::lint::prelude::*;
use crate::model::Chore;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW203",
        name: "package-index-cached-apart",
        category: Category::Cache,
        severity: Severity::Warning,
        outweighs: &["DL3009", "LW101", "DL3059"],
        released_only: true,
        summary: "`apt-get update` in a different `RUN` than the install that uses it",
        why: "The build cache keeps the `RUN` that downloads the index as long as its text stays the same. \
              If you change the install later, it uses the old index: it fails for versions that the mirror \
              no longer has, and misses security fixes. The index also stays in its own layer.",
        bad: &[
            "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n",
            "FROM alpine:3.20\nRUN apk update\nRUN apk add curl\n",
            "FROM ubuntu:24.04\nRUN apt-get update && apt-get upgrade -y\nENV A=1\nRUN apt-get install -y curl\n",
            "FROM debian:12 AS base\nRUN apt-get update\nFROM base\nRUN apt-get install -y curl\n",
            "FROM debian:12\nRUN apt-get update\nRUN apt-get update && apt-get install -y curl\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get install -y curl\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git\n",
            "FROM debian:12\nRUN apt-get update && apt-get upgrade -y\n",
            "FROM debian:12\nRUN apt-get update && apt-get upgrade -y\nRUN apt-get update && apt-get install -y git\n",
            "FROM fedora:41\nRUN dnf makecache\nRUN dnf install -y git\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    for (index, run) in model.runs.iter().enumerate().filter(|(_, run)| !run.onbuild) {
        let Some((at, manager)) = model.lone_refresh(index) else { continue };
        // The first later RUN that installs, in this stage or in one that is built on it.
        let user = model.installs.iter().find(|it| {
            it.manager == manager
                && it.run > index
                && !model.runs[it.run].onbuild
                && model.beneath(model.runs[it.run].id()).contains(run.id())
        });
        let Some(user) = user else { continue };
        let command = &run.script.commands[at];
        let verb = manager.commands.refresh;
        let fresh = cx.command_of(user).has_flag("no-cache").then_some(user.command);
        let again = model.refresh_in(user.run, manager).or(fresh);
        let name = model.install_name(user);
        let (message, part) = match again {
            Some(_) if model.chore(index) != Chore::Packages(manager) || upgrades(cx, index) => {
                continue;
            }
            Some(_) => (
                format!("`{} {verb}` runs again where its index is used", command.name),
                "downloads it again",
            ),
            None => (
                format!("`{name}` may run against a stale package index"),
                "uses the index of the earlier layer",
            ),
        };
        let label = again.map_or(user.command, |again| again);
        let place = model.runs[user.run].script.commands[label].span;
        let finding = findings.report(command.span, message);
        finding.label(place, part);
        finding.help(match again {
            Some(_) => "remove this `RUN`".to_owned(),
            None => format!(
                "combine it with the install: `{} {verb} && {name} …` in one `RUN`",
                command.name
            ),
        });
        let joints = model.join(&[index, user.run]).filter(|_| again.is_none());
        if let Some(joints) = joints {
            let edits = joints.into_iter().map(|(span, joint)| Edit::replace(span, joint));
            let fix = Fix::safe("combine it with the install", edits.collect());
            // What is left of the index is then seen where it is made.
            finding.fix(fix.effect(Effect::Join).reveals(&["LW104", "LW101"]));
        }
    }
}

/// Whether the RUN upgrades packages, which is worth its own index.
fn upgrades(cx: &Context<'_>, index: usize) -> bool {
    let commands = &cx.model.runs[index].script.commands;
    commands.iter().any(|it| it.args.iter().any(|word| word.text.contains("upgrade")))
}
