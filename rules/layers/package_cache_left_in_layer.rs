//! LW104: an install leaves its package manager's cache in the layer.

use crate::lint::Applicability;
use crate::lint::prelude::*;
use crate::model::{CacheMaker, Fetches, Need, refreshes, upgrades};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW104",
        name: "package-cache-left-in-layer",
        category: Category::Layers,
        measured_by: &[(5, "")],
        severity: Severity::Warning,
        shipped_only: true,
        absorbs: &["DL3009", "DL3019", "DL3032", "DL3036", "DL3040", "DL3042", "DL3060"],
        summary: "an install leaves its package manager's cache in the layer",
        why: "Package managers keep indexes and downloaded archives for the next install, but in an image \
              there is none. They are stored, pushed and pulled with the image: tens of megabytes of package \
              lists on Debian and Ubuntu, and with pip, npm or conda often as much as the packages \
              themselves.",
        bad: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
            "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
            "FROM alpine:3.20\nRUN apk add --update curl\n",
            "FROM rockylinux:9\nRUN dnf install -y httpd\n",
            "FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\n",
            "FROM debian:12\nRUN apt-get update && apt-get upgrade -y\n",
            "FROM continuumio/miniconda3\nCOPY environment.yml .\nRUN conda env create -f environment.yml\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
            "FROM python:3.12\nRUN pip install --no-cache-dir flask\n",
            "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install flask\n",
            "FROM alpine:3.20\nRUN apk add --no-cache curl\n",
            "FROM alpine:3.20\nRUN apk add --update curl && rm -rf /var/cache/apk/*\n",
            "FROM rockylinux:9\nRUN dnf install -y httpd && dnf clean all\n",
            "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n",
            "FROM node:22\nRUN npm ci && npm cache clean --force\n",
            "FROM debian:13\nRUN apt-get update && apt-get install -y curl && apt-get distclean\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n",
        ],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#apt-get",
            "https://pip.pypa.io/en/stable/topics/caching/",
        ],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let mut told: Vec<(usize, Manager)> = Vec::new();
    let installs = model.installs.iter().filter(|it| model.leaves_cache(it));
    let makers =
        installs.map(|it| CacheMaker { run: it.run, command: it.command, manager: it.manager });
    let mut makers: Vec<CacheMaker> = makers.chain(model.upgrades_leaving_cache()).collect();
    makers.sort_by_key(|it| (it.run, it.command));
    // The last command of a RUN is the one after which to clean up.
    for maker in makers.iter().rev() {
        let CacheMaker { run, command, manager } = *maker;
        if told.iter().rev().take_while(|it| it.0 == run).any(|it| it.1 == manager)
            // That is another rule's finding.
            || model.is_cleared_later(run, manager)
        {
            continue;
        }
        told.push((run, manager));
        let its = &model.runs[run].script.commands[command];
        let install = model.install_of(run, command);
        let finding = report(cx, findings, maker);
        if let Some(update) = model.refresh_in(run, manager).filter(|&it| it != command) {
            finding.label(model.runs[run].script.commands[update].span, "downloads them here");
        }
        let bytes = manager.cache.index_bytes;
        if bytes.is_some() {
            finding.impact(Impact { bytes, ..Impact::default() });
        }
        let need = model.need_after(run, manager);
        let is_small = install.is_some_and(Install::only_upgrades_itself);
        let is_optional = its.inside.conditional || its.connector == Connector::Or;
        // A script that nobody can look into may need the lists.
        let is_unsure = manager.cache.fetches == Fetches::Never && need == Need::Perhaps;
        if is_small || is_optional || is_unsure {
            finding.only_in(Profile::Strict);
        }
        if let Need::Command(later) = need {
            finding.label(later, "needs them again without downloading them");
            finding.help(manager.cache.advice.needed_again);
            continue;
        }
        let fix = without_cache(cx, *maker).or_else(|| clean_up(cx, *maker));
        finding.help(match &fix {
            Some((help, _)) => help.clone(),
            None => manager.cache.advice.left.to_owned(),
        });
        if let Some((_, mut fix)) = fix {
            if need == Need::Perhaps {
                fix.applicability = Applicability::Unsafe;
            }
            finding.fix(fix);
        }
    }
}

fn report<'f>(cx: &Context<'_>, findings: &'f mut Findings, maker: &CacheMaker) -> &'f mut Finding {
    let command = &cx.model.runs[maker.run].script.commands[maker.command];
    let install = cx.model.install_of(maker.run, maker.command);
    let verb = install.map(|it| it.verb).or(command.verb().map(|it| it.span));
    let name = match install {
        Some(install) => cx.model.install_name(install),
        None => format!("{} {}", command.name, command.verb().map_or("", |it| &it.text)),
    };
    findings.report(
        Span { end: verb.map_or(command.name_span.end, |it| it.end), ..command.name_span },
        format!("`{name}` leaves its {} in the layer", maker.manager.left()),
    )
}

/// The option that keeps the cache out of the layer, given to all of the RUN's commands that fill it. Where an install fetches
/// the index that it lacks, none is left that another command could have fetched for it, so that goes.
fn without_cache(cx: &Context<'_>, maker: CacheMaker) -> Option<(String, Fix)> {
    let model = cx.model;
    let manager = maker.manager;
    let advice = &manager.cache.advice;
    let option = advice.option.filter(|_| !advice.option_after.is_empty())?;
    let fetches = manager.cache.fetches == Fetches::WhenMissing;
    let run = &model.runs[maker.run];
    let commands = &run.script.commands;
    let mut edits = Vec::new();
    let mut dropped = None;
    for (index, command) in commands.iter().enumerate() {
        let fills = match model.install_of(maker.run, index) {
            Some(install) => install.manager == manager && model.leaves_cache(install),
            None => fetches && upgrades(command) == Some(manager),
        };
        if fills && !command.has_flag(option.trim_start_matches('-')) {
            let is_verb = |it: &&ShellWord| advice.option_after.contains(&it.text.as_str());
            let verb = command.operands().find(is_verb)?;
            if !model.takes_words(run, command) {
                return None;
            }
            edits.push(Edit::insert_after(verb.span, format!(" {option}")));
        } else if fetches && refreshes(command) == Some(manager) && !fills {
            edits.extend(model.leading_command(run, index)?.into_iter().map(Edit::delete));
            dropped = Some(&command.name);
        }
    }
    edits.sort_by_key(|it| it.span);
    let (help, effect) = match dropped {
        Some(tool) => {
            let refresh = manager.commands.refresh;
            (format!("use `{option}` instead of `{tool} {refresh}`"), Effect::Instructions)
        }
        None => (format!("add `{option}`"), Effect::Words),
    };
    Some((help.clone(), Fix::safe(help, edits).effect(effect)))
}

/// The clean-up at the end of the RUN.
fn clean_up(cx: &Context<'_>, maker: CacheMaker) -> Option<(String, Fix)> {
    let model = cx.model;
    let run = &model.runs[maker.run];
    let command = &run.script.commands[maker.command];
    let advice = &maker.manager.cache.advice;
    let may_write = !maker.manager.is_system() || model.runs_as_root(maker.run);
    let clean_up = advice.clean_up.filter(|_| may_write)?.replace("{tool}", &command.name);
    if command.hidden || run.onbuild {
        return None;
    }
    let tail = model.tail(run)?;
    let edits = vec![Edit::insert_after(tail.at, format!("{}{clean_up}", tail.joint))];
    let fix = Fix::safe(format!("clean up with `{clean_up}`"), edits).effect(Effect::Commands);
    let mount = advice.or_mount.filter(|it| has_known_home(cx, maker.run, it.0));
    let mount = mount.map_or(String::new(), |it| format!(", or mount a cache on `{}`", it.1));
    Some((format!("end the `RUN` with `&& {clean_up}`{mount}"), fix))
}

/// Whether the user of the RUN is root for sure, because its base is this official image.
fn has_known_home(cx: &Context<'_>, run: usize, image: &str) -> bool {
    let base = cx.model.runs[run].stage.and_then(|it| cx.model.root_image(it));
    cx.model.runs_as_root(run) && base.is_some_and(|it| it.is_official(image))
}
