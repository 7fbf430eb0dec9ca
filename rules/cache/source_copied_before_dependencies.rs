//! LW201: the sources are copied before the dependencies are installed.

use std::collections::BTreeMap;

use crate::lint::prelude::*;
use crate::model::{Alone, Ecosystem, Inputs, LateInstall, Placed, cleans, removal};
use crate::syntax::Transfer;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW201",
        name: "source-copied-before-dependencies",
        category: Category::Cache,
        severity: Severity::Warning,
        released_only: true,
        summary: "the sources are copied before the dependencies are installed",
        why: "The builder reuses a step from the cache only if everything copied before it is unchanged. If \
              you copy the sources first, every edit of any file downloads and installs all dependencies \
              again. If you copy the manifests first, only a change of the dependencies does.",
        bad: &[
            "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"index.js\"]\n",
            "FROM python:3.12\nADD . /app\nWORKDIR /app\nRUN pip install -r requirements.txt\n",
            "FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build -o /app .\n",
            "FROM maven:3-eclipse-temurin-21\nWORKDIR /build\nCOPY . .\nRUN mvn package\n",
            "FROM python:3.12\nCOPY backend /srv/backend\nRUN pip install -r /srv/backend/requirements.txt\n",
            "FROM ruby:3.3\nWORKDIR /app\nCOPY . .\nRUN bundle install && bundle exec rake assets:precompile\n",
            "FROM debian:12\nCOPY . /app\nRUN apt-get update && apt-get install -y python3\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY src ./src\nRUN npm ci\n",
            "FROM node:22\nWORKDIR /app\nRUN --mount=type=bind,target=. npm ci\n",
        ],
        good: &[
            "FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n",
            "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install .\n",
            "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -e .\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\nRUN npm install && npm run build\n",
            "FROM python:3.12\nCOPY requirements /requirements\nRUN pip install -r /requirements/prod.txt\n",
            "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
            "FROM golang:1.12\nWORKDIR /go/src/app\nCOPY . .\nRUN go build\n",
            "FROM node:22\nWORKDIR /app\nCOPY --from=deps /app .\nRUN npm ci\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nCOPY prisma ./prisma\nRUN npm ci\n",
        ],
        references: &["https://docs.docker.com/build/cache/optimize/#order-your-layers"],
        ..Meta::LAYERWISE
    },
    check,
};

/// How many further installs are pointed at.
const MOST_OTHERS: usize = 3;

/// Points at other installs that the same copy makes the builder repeat.
pub(super) fn point_at_others<'m>(
    cx: &Context<'_>,
    finding: &mut Finding,
    others: impl Iterator<Item = &'m Install>,
) {
    for other in others.take(MOST_OTHERS) {
        let place = Span { end: other.verb.end, ..cx.command_of(other).name_span };
        finding.label(place, "runs again too");
    }
}

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let late = model.late_installs();
    // What depends on the same copy is one finding, and so is each RUN with a mount.
    let key = |it: &LateInstall| {
        it.copies
            .first()
            .map_or_else(|| (1, cx.run_of(&model.installs[it.install]).id()), |id| (0, *id))
    };
    let mut groups: BTreeMap<(u8, usize), Vec<&LateInstall>> = BTreeMap::new();
    for it in late.iter().filter(|it| it.placed != Placed::Product) {
        groups.entry(key(it)).or_default().push(it);
    }
    for group in groups.values() {
        let Some(first) = group.first() else { continue };
        // What reads a manifest matters most; the manager itself may be upgraded before it.
        let main = group.iter().find(|it| it.inputs != Inputs::Named).unwrap_or(first);
        let install = &model.installs[main.install];
        let finding = report(cx, findings, main, install);
        let others = group.iter().filter(|it| !it.compiles).map(|it| &model.installs[it.install]);
        point_at_others(cx, finding, others.filter(|it| it.run != install.run));
        let ecosystem = install.manager.project.as_ref();
        let project = main.project.as_deref();
        let has_members = ecosystem
            .zip(project)
            .is_some_and(|(ecosystem, project)| model.has_members(project, ecosystem));
        if !model.surely_works_alone(main) {
            finding.only_in(Profile::Strict).help(match main.inputs {
                Inputs::Named => {
                    "move the install above the `COPY`, because it needs no copied files"
                }
                _ => "mount the package manager's cache with `RUN --mount=type=cache`",
            });
            continue;
        }
        let needs_nothing = |project: &str| {
            main.inputs != Inputs::Named
                && ecosystem.is_some_and(|it| (it.needs_nothing)(model, project))
        };
        let is_small = group.iter().all(|it| model.installs[it.install].only_upgrades_itself());
        if is_small || is_without_manifest(cx, main) || project.is_some_and(needs_nothing) {
            finding.only_in(Profile::Strict);
        }
        finding.help(advice(cx, main, install, ecosystem, has_members));
        if let Some(fix) = fix_of(cx, main, install, has_members) {
            finding.fix(fix);
        }
    }
}

fn report<'f>(
    cx: &Context<'_>,
    findings: &'f mut Findings,
    late: &LateInstall,
    install: &Install,
) -> &'f mut Finding {
    let name = cx.model.install_name(install);
    let span = Span { end: install.verb.end, ..cx.command_of(install).name_span };
    // Nobody wonders that a build is repeated: what it downloads before it compiles is the waste.
    let message = match (late.placed, late.compiles) {
        (Placed::Mount, _) => {
            format!("`{name}` runs again when any file of the mounted context changes")
        }
        (_, true) => {
            format!("`{name}` downloads everything again when any copied file changes")
        }
        _ => format!("`{name}` runs again when any copied file changes"),
    };
    let label = match late.placed {
        Placed::Mount => "mounts the whole context",
        _ => "copies the sources before it",
    };
    findings.report(span, message).label(late.source, label)
}

fn fix_of(
    cx: &Context<'_>,
    late: &LateInstall,
    install: &Install,
    has_members: bool,
) -> Option<Fix> {
    match (late.placed, &late.inputs) {
        (Placed::Part, _) => copied_later(cx, late, install),
        (_, Inputs::Named) => installed_first(cx, late, install),
        (Placed::Whole | Placed::Folder, Inputs::Manifests { names, folder }) if !has_members => {
            let project = late.project.as_deref().unwrap_or_default();
            let ecosystem = match install.manager.project.as_ref() {
                Some(it) if cx.model.has_other_inputs(project, it) => return None,
                Some(it) => it,
                None => GENERIC,
            };
            split(cx, late, install, (names, folder), ecosystem)
        }
        _ => None,
    }
}

/// Whether none of the manifests is where the install runs, as far as the build context shows: then there is nothing to
/// download, or what is copied is made outside the repository, and nobody knows what it holds.
fn is_without_manifest(cx: &Context<'_>, late: &LateInstall) -> bool {
    let Inputs::Manifests { names, .. } = &late.inputs else { return false };
    let Some(project) = late.project.as_deref() else { return false };
    let is_known = cx.model.in_repository || cx.model.is_in_context(project);
    is_known && cx.model.manifests_in(project, names).is_empty()
}

/// What to do.
fn advice(
    cx: &Context<'_>,
    late: &LateInstall,
    install: &Install,
    ecosystem: Option<&Ecosystem>,
    has_members: bool,
) -> String {
    let Inputs::Manifests { names, .. } = &late.inputs else {
        return "move the install above the `COPY`, because it needs none of the copied files"
            .to_owned();
    };
    let project = late.project.as_deref();
    let settings = ecosystem.map_or(&[][..], |it| it.settings).iter().map(|&it| it.to_owned());
    let mut all = names.clone();
    let is_there = project.is_some_and(|it| !cx.model.manifests_in(it, names).is_empty());
    all.extend(settings.filter(|_| is_there));
    let there = project.map(|it| cx.model.manifests_in(it, &all)).unwrap_or_default();
    let mut names = if there.is_empty() { names.clone() } else { there };
    names.dedup();
    let names = names.join("`, `");
    let command = cx.command_of(install);
    let verb = command.verb().map_or("", |it| it.text.as_str());
    let installs_only = |it: &Ecosystem| {
        it.only_dependencies.iter().any(|word| [verb, install.verb_name].contains(word))
    };
    let how = match ecosystem {
        Some(it) if !installs_only(it) => it.how,
        _ => "install",
    };
    match late.placed {
        Placed::Part if is_alone(cx, install) => {
            "copy the sources after the install, because it reads only the manifests".to_owned()
        }
        Placed::Part => {
            "install in a separate `RUN` and copy the sources after it, because it reads only the manifests"
                .to_owned()
        }
        Placed::Mount => format!("mount only `{names}`"),
        _ if has_members => {
            format!(
                "copy `{names}` and the manifests of all workspace members first, {how}, then copy the rest"
            )
        }
        _ => format!("copy only `{names}` first, {how}, then copy the rest; or mount a cache"),
    }
}

/// Rules that say nothing of an install which the sources make the builder repeat anyway.
const REVEALED: &[&str] = &["LW202", "LW204"];

/// The copies of the sources below the install.
fn copied_later(cx: &Context<'_>, late: &LateInstall, install: &Install) -> Option<Fix> {
    let (doc, model) = (cx.doc(), cx.model);
    let run = cx.run_of(install);
    let first = *late.copies.first()?;
    let stage = model.stage_of(run.id())?;
    let is_copy = |id: usize| matches!(doc.instructions[id].kind, Kind::Copy(_) | Kind::Add(_));
    let all_parts = late.copies.iter().all(|id| match &doc.instructions[*id].kind {
        Kind::Copy(it) => it.sources.len() == 1,
        _ => false,
    });
    // What runs behind the install in its RUN may read the sources.
    if !is_alone(cx, install)
        || !all_parts
        || !stage.instructions.contains(&first)
        || !(first..run.id()).all(is_copy)
    {
        return None;
    }
    let at = Span::at(cx.lines_of(run.instruction).end);
    let mut text = String::new();
    let mut edits = Vec::new();
    for id in &late.copies {
        let block = cx.block_of(&doc.instructions[*id]);
        text.push_str(doc.source.slice(block));
        edits.push(cx.take_out(block, at.start));
    }
    if !doc.source.slice(cx.lines_of(run.instruction)).ends_with('\n') {
        text = format!("{}{}", doc.source.line_end(), text.trim_end());
    }
    edits.push(Edit::replace(at, text));
    Some(
        Fix::unsafe_("copy the sources after the install", edits)
            .effect(Effect::Instructions)
            .reveals(REVEALED),
    )
}

/// The RUN above the first copy, where it does nothing but install packages, and nothing between them matters to it.
pub(super) fn installed_first(
    cx: &Context<'_>,
    late: &LateInstall,
    install: &Install,
) -> Option<Fix> {
    let (doc, model) = (cx.doc(), cx.model);
    let run = cx.run_of(install);
    let first = *late.copies.first()?;
    let neutral = |id: usize| {
        matches!(
            doc.instructions[id].kind,
            Kind::Copy(_)
                | Kind::Add(_)
                | Kind::Cmd(_)
                | Kind::Entrypoint(_)
                | Kind::Expose(_)
                | Kind::Label(_)
                | Kind::Workdir(_)
        )
    };
    let mut commands = run.script.commands.iter().enumerate();
    let fits = model.stage_of(run.id())?.instructions.contains(&first)
        && (first..run.id()).all(neutral)
        && commands.all(|(at, it)| model.is_about_packages(install.run, at, it));
    let block = cx.block_of(run.instruction);
    let text = doc.source.slice(block);
    if !fits || !text.ends_with('\n') {
        return None;
    }
    let to = cx.start_with_comments(&doc.instructions[first]);
    let edits = vec![Edit::replace(to, text), cx.take_out(block, doc.source.span().end)];
    Some(
        Fix::unsafe_("install before the `COPY`", edits)
            .effect(Effect::Instructions)
            .reveals(REVEALED),
    )
}

/// For installs whose files are named in the command.
const GENERIC: &Ecosystem = &Ecosystem::NONE;

/// The manifests copied before the install, and the rest after it, where the install is in a RUN below the COPY of
/// everything, or of the project's folder, into the folder where it runs. A RUN that also does something else is cut in two.
/// Where Go builds in one step, the download gets its own step.
fn split(
    cx: &Context<'_>,
    late: &LateInstall,
    install: &Install,
    (names, folder): (&[String], &str),
    ecosystem: &Ecosystem,
) -> Option<Fix> {
    let (doc, model) = (cx.doc(), cx.model);
    let [copy] = late.copies.as_slice() else { return None };
    let (copy, run) = (&doc.instructions[*copy], cx.run_of(install));
    let Kind::Copy(transfer) = &copy.kind else { return None };
    let start = source_of_manifests(cx, late, copy).filter(|_| transfer.sources.len() == 1)?;
    let is_plain = matches!(run.form, Form::Shell(_)) && run.instruction.heredocs.is_empty();
    if late.path != folder
        || !is_plain
        || !copy.heredocs.is_empty()
        || !may_move_below(cx, copy, transfer, run.id())
    {
        return None;
    }
    let project = late.project.as_deref().unwrap_or_default();
    let there = model.manifests_to_copy(project, names, ecosystem.settings)?;
    let there: Vec<String> = there.iter().map(|it| format!("{start}{it}")).collect();
    let line_end = doc.source.line_end();
    let flags: String =
        copy.flags.iter().map(|it| format!(" {}", doc.source.slice(it.span))).collect();
    let destination = doc.source.slice(transfer.destination.span);
    let destination =
        if destination.ends_with('/') { destination.to_owned() } else { format!("{destination}/") };
    let first = format!("{}{flags} {} {destination}{line_end}", copy.word, there.join(" "));
    let lines = cx.lines_of(copy);
    // What the project itself is made of comes later. What cargo fetches it fetches for a target, which is a source file.
    let name = model.install_name(install);
    let whole_install = match install.manager.alone {
        Alone::Always => true,
        Alone::Download(only) => name == only,
        Alone::Never => false,
    };
    let title = "copy the manifests first, and everything else after the install";
    if whole_install && is_alone(cx, install) {
        let moved = doc.source.slice(lines);
        let moved = moved.trim_end_matches(['\r', '\n']);
        let after = cx.lines_of(run.instruction);
        let has_end = doc.source.slice(after).ends_with('\n');
        let text =
            if has_end { format!("{moved}{line_end}") } else { format!("{line_end}{moved}") };
        let edits = vec![Edit::replace(lines, first), Edit::replace(Span::at(after.end), text)];
        return Some(Fix::unsafe_(title, edits).effect(Effect::Instructions).reveals(REVEALED));
    }
    if whole_install && let Some((between, rest)) = apart(cx, install) {
        let moved = doc.source.slice(lines).trim_end_matches(['\r', '\n']);
        let text = format!("{line_end}{moved}{line_end}{rest}");
        let edits = vec![Edit::replace(lines, first), Edit::replace(between, text)];
        let title = "copy the manifests first, and install in a `RUN` of its own";
        return Some(Fix::unsafe_(title, edits).effect(Effect::Instructions).reveals(REVEALED));
    }
    downloaded_first(cx, copy, install, &first)
}

/// The download of a build in a step of its own, which runs where the COPY is.
fn downloaded_first(
    cx: &Context<'_>,
    copy: &Instruction<'_>,
    install: &Install,
    first: &str,
) -> Option<Fix> {
    let line_end = cx.doc().source.line_end();
    let name = cx.model.install_name(install);
    if cx.run_of(install).id() != copy.id + 1 {
        return None;
    }
    let downloads = install.manager.downloads.iter();
    let is_it = |whole: &str| {
        name.strip_prefix(whole).is_some_and(|it| it.is_empty() || it.starts_with(' '))
    };
    let (_, download) = downloads.into_iter().find(|it| is_it(it.0))?;
    let text = format!("{first}RUN {download}{line_end}");
    let edits = vec![Edit::replace(Span::at(cx.lines_of(copy).start), text)];
    Some(
        Fix::unsafe_("download before the sources are copied", edits)
            .effect(Effect::Instructions)
            .reveals(REVEALED),
    )
}

/// What is written before the name of a manifest in the build context: nothing, or the folder that is copied.
fn source_of_manifests(
    cx: &Context<'_>,
    late: &LateInstall,
    copy: &Instruction<'_>,
) -> Option<String> {
    let written = cx.doc().source.slice(late.source);
    match late.placed {
        Placed::Whole => matches!(written, "." | "./").then(String::new),
        Placed::Folder => {
            // With `--parents`, the files come to be in folders of the destination.
            let is_plain = copy.flag("parents").is_none()
                && !written.contains(['*', '?', '['])
                && !written.contains(['$', '"', '\'', '\\']);
            is_plain.then(|| format!("{}/", written.trim_end_matches('/')))
        }
        _ => None,
    }
}

/// Whether a COPY does the same below a RUN as above it: what is between them changes neither where it goes nor what its
/// variables say.
fn may_move_below(
    cx: &Context<'_>,
    copy: &Instruction<'_>,
    transfer: &Transfer<'_>,
    run: usize,
) -> bool {
    let source = cx.doc().source;
    let is_absolute = source.slice(transfer.destination.span).starts_with('/');
    let has_variables = source.slice(copy.span).contains('$');
    cx.doc().instructions[copy.id + 1..run].iter().all(|it| match it.kind {
        Kind::Workdir(_) => is_absolute,
        Kind::Arg(_) | Kind::Env(_) => !has_variables,
        // Who runs commands does not decide who owns what is copied.
        Kind::Label(_) | Kind::Expose(_) | Kind::User(_) => true,
        _ => false,
    })
}

/// Whether a RUN does nothing but the install and what belongs to it: the manager's own upgrade before it, and cleaning up
/// behind it.
fn is_alone(cx: &Context<'_>, install: &Install) -> bool {
    (0..cx.run_of(install).script.commands.len()).all(|at| belongs(cx, install, at))
}

/// Whether a command of an install's RUN is the install or belongs to it.
fn belongs(cx: &Context<'_>, install: &Install, at: usize) -> bool {
    let it = &cx.run_of(install).script.commands[at];
    let belongs = || {
        let other = cx.model.install_of(install.run, at);
        let is_known = other.is_some_and(|other| {
            other.manager == install.manager
                && (at == install.command || cx.model.inputs(other) == Inputs::Named)
        });
        is_known || cleans(it).is_some() || cx.model.is_about_packages(install.run, at, it)
    };
    it.depth == 0
        && it.wrappers.is_empty()
        && matches!(it.connector, Connector::First | Connector::And | Connector::Sequence)
        && belongs()
}

/// Where a RUN can be cut in two behind an install, and how the second RUN starts: `RUN npm ci && npm run build`. None where
/// one half needs the shell's state of the other but for the options that a `set` in front sets, where a list is more than a
/// sequence that stops at an error, or where the second half takes away what the first one makes.
fn apart(cx: &Context<'_>, install: &Install) -> Option<(Span, String)> {
    let (source, run) = (cx.doc().source, cx.run_of(install));
    let commands = &run.script.commands;
    let start = usize::from(commands.first()?.name == "set");
    let end = (start..commands.len()).find(|at| !belongs(cx, install, *at))?;
    let stops = |it: &Command| match it.connector {
        Connector::First | Connector::And | Connector::Pipe => true,
        Connector::Sequence => it.errexit,
        _ => false,
    };
    let is_list = commands[start..].iter().filter(|it| it.depth == 0).all(stops);
    let has_state = |it: &Command| matches!(it.name.as_str(), "" | "export" | "set");
    let (own, rest) = (commands.get(start..end)?, &commands[end..]);
    let (last, next) = (own.last()?, rest.first()?);
    if install.command >= end
        || !run.script.complete
        || !is_list
        || next.depth > 0
        || own.iter().any(|it| has_state(it) || !it.redirects.is_empty())
        || rest.iter().any(takes_away)
    {
        return None;
    }
    let between = Span { start: last.span.end, end: next.span.start };
    let head = Span { start: run.instruction.span.start, end: own.first()?.span.start };
    // Comments stay with the first half.
    let is_code = |it: &&str| !it.trim_start().starts_with('#');
    let words = |lines: &mut dyn Iterator<Item = &str>| {
        let words = lines.flat_map(str::split_whitespace).filter(|it| *it != "\\");
        words.collect::<Vec<_>>().join(" ")
    };
    let joint = words(&mut source.slice(between).lines());
    let head = words(&mut source.slice(head).lines().filter(is_code));
    matches!(joint.as_str(), "&&" | ";").then(|| (between, format!("{head} ")))
}

/// Whether a command may delete what an install made.
fn takes_away(command: &Command) -> bool {
    const PROGRAMS: &[&str] = &["find", "mv", "rm", "rmdir", "unlink", "xargs"];
    // What these words mean to programs that no description knows.
    const VERBS: &[&str] = &["clean", "prune", "purge", "remove", "rm", "uninstall"];
    cleans(command).is_some()
        || removal(command).is_some()
        || PROGRAMS.contains(&command.name.as_str())
        || command.verb().is_some_and(|it| VERBS.contains(&it.text.as_str()))
}
