//! LW104: an install leaves its package manager's cache in the layer.

use crate::lint::prelude::*;
use crate::model::cleans;

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
        why: "Package managers keep indexes and downloaded archives for the next install, which in an image never \
              comes. They are stored, pushed and pulled with it: tens of megabytes of package lists on Debian and \
              Ubuntu, and with pip, npm or conda often as much again as the packages themselves.",
        bad: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
            "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
            "FROM alpine:3.20\nRUN apk add --update curl\n",
            "FROM rockylinux:9\nRUN dnf install -y httpd\n",
            "FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\n",
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
    // The last install of a RUN is the one after which to clean up.
    for install in model.installs.iter().rev() {
        let (run, manager) = (install.run, install.manager);
        if told.contains(&(run, manager))
            || !model.leaves_cache(install)
            || is_cleaned_later(cx, run, manager)
        {
            continue;
        }
        told.push((run, manager));
        let name = model.install_name(install);
        let command = cx.command_of(install);
        let what = match manager {
            // Red Hat's and SUSE's settings do not keep packages.
            Manager::Dnf | Manager::Zypper => "repository metadata",
            _ => manager.caches().first().map_or("cache", |it| it.what),
        };
        let finding = findings.report(
            Span { end: install.verb.end, ..command.name_span },
            format!("`{name}` leaves its {what} in the layer"),
        );
        if let Some(update) = model.refresh_in(run, manager).filter(|&it| it != install.command) {
            finding.label(model.runs[run].script.commands[update].span, "fetches them here");
        }
        let bytes = manager.index_bytes();
        if bytes.is_some() {
            finding.impact(Impact { bytes, ..Impact::default() });
        }
        finding.help(advice(manager));
        if let Some(fix) = mending(cx, install) {
            finding.fix(fix);
        }
    }
}

/// The option that keeps the cache out, or the clean-up at the end of the RUN. Where a later RUN may still want the index,
/// a person has to look.
fn mending(cx: &Context<'_>, install: &Install) -> Option<Fix> {
    let model = cx.model;
    let option = match install.manager {
        // The index that another command fetches stays whatever the install is told.
        Manager::Apk if model.refresh_in(install.run, Manager::Apk) == Some(install.command) => {
            "--no-cache"
        }
        Manager::Apk if model.refresh_in(install.run, Manager::Apk).is_none() => "--no-cache",
        Manager::Pip => "--no-cache-dir",
        _ => "",
    };
    if !option.is_empty() {
        let edits = model.installs.iter().filter(|it| {
            (it.run, it.manager) == (install.run, install.manager) && model.leaves_cache(it)
        });
        let edits: Option<Vec<Edit>> = edits.map(|it| cx.option_edit(it, option)).collect();
        return Some(Fix::safe(format!("add `{option}`"), edits?).effect(Effect::Words));
    }
    let tool = cx.command_of(install).name.as_str();
    let clean_up = match install.manager {
        Manager::Apk if model.runs_as_root(install) => "rm -rf /var/cache/apk/*".to_owned(),
        Manager::Apt if model.runs_as_root(install) => "rm -rf /var/lib/apt/lists/*".to_owned(),
        Manager::Dnf if model.runs_as_root(install) => format!("{tool} clean all"),
        Manager::Zypper if model.runs_as_root(install) => "zypper clean --all".to_owned(),
        Manager::Conda => format!("{tool} clean -afy"),
        Manager::Npm => "npm cache clean --force".to_owned(),
        Manager::Yarn => format!("{tool} cache clean"),
        _ => return None,
    };
    let run = cx.run_of(install);
    if cx.command_of(install).hidden || run.onbuild {
        return None;
    }
    let tail = model.tail(run)?;
    let title = format!("clean up with `{clean_up}`");
    let edits = vec![Edit::insert_after(tail.at, format!("{}{clean_up}", tail.joint))];
    let fix = if model.index_is_wanted_after(install.run, install.manager) {
        Fix::unsafe_(title, edits)
    } else {
        Fix::safe(title, edits)
    };
    Some(fix.effect(Effect::Commands))
}

/// Whether a later RUN of the stage clears the cache: that is another rule's finding.
fn is_cleaned_later(cx: &Context<'_>, run: usize, manager: Manager) -> bool {
    let model = cx.model;
    let id = model.runs[run].id();
    (run + 1..model.runs.len())
        .filter(|&later| model.beneath(model.runs[later].id()).contains(id))
        .filter(|&later| !model.installs.iter().any(|it| it.run == later && it.manager == manager))
        .any(|later| {
            let commands = &model.runs[later].script.commands;
            commands.iter().any(|it| cleans(it) == Some(manager))
                || model.deletions.iter().any(|it| {
                    it.run == later
                        && !it.path.contains('$')
                        && model.clears(later, &it.path, manager)
                })
        })
}

fn advice(manager: Manager) -> &'static str {
    match manager {
        Manager::Apt => "end the `RUN` with `&& rm -rf /var/lib/apt/lists/*`",
        Manager::Apk => "use `apk add --no-cache`, which needs no `apk update` either",
        Manager::Dnf => "end the `RUN` with the manager's `clean all`",
        Manager::Zypper => "end the `RUN` with `&& zypper clean --all`",
        Manager::Pacman => "end the `RUN` with `&& pacman -Scc --noconfirm`",
        Manager::Pip | Manager::Pipenv => "give `--no-cache-dir`, or set `PIP_NO_CACHE_DIR=1`",
        Manager::Poetry => "give `--no-cache`, or mount a cache on its cache folder",
        Manager::Uv => "give `--no-cache`, or mount a cache on `/root/.cache/uv`",
        Manager::Conda => "end the `RUN` with `&& conda clean -afy`",
        Manager::Npm => {
            "end the `RUN` with `&& npm cache clean --force`, or mount a cache on `/root/.npm`"
        }
        Manager::Yarn => "end the `RUN` with `&& yarn cache clean`",
        Manager::Composer => "give `--no-cache`, or end the `RUN` with `&& composer clear-cache`",
        _ => "delete the cache in the same `RUN`, or mount a cache over it",
    }
}
