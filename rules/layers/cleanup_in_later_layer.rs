//! LW102: files deleted in a later layer than the one that made them.

use std::collections::{BTreeMap, HashMap};

use crate::lint::prelude::*;
use crate::model::{
    Beneath, CacheMaker, Deletion, Fetches, How, Need, Shape, Write, cleans, covers,
};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW102",
        name: "cleanup-in-later-layer",
        category: Category::Layers,
        measured_by: &[(1, "")],
        severity: Severity::Warning,
        shipped_only: true,
        outweighs: &["LW101", "DL3059"],
        summary: "files are deleted in a later layer than the one that created them",
        why: "A layer never changes after it is built: deleting a file in a later one only hides it. Its \
              bytes are still stored, pushed and pulled with the image, and the deletion adds another layer.",
        bad: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n",
            "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n",
            "FROM debian:12\nWORKDIR /tmp\nRUN curl -fsSLO https://example.com/tool.tar.gz\nRUN tar xzf tool.tar.gz -C /opt\nRUN rm tool.tar.gz\n",
            "FROM debian:12\nCOPY installer.run /tmp/\nRUN /tmp/installer.run\nRUN rm /tmp/installer.run\n",
            "FROM alpine:3.20\nRUN apk add --no-cache gcc musl-dev\nRUN pip install uwsgi\nRUN apk del gcc musl-dev\n",
            "FROM rockylinux:9\nRUN dnf install -y httpd\nRUN dnf clean all\n",
            "FROM debian:12\nRUN git clone https://example.com/a/tool.git /src/tool\nRUN make -C /src/tool install\nRUN rm -rf /src/tool\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
            "FROM debian:12\nRUN curl -fsSLO https://example.com/tool.tar.gz && tar xzf tool.tar.gz && rm tool.tar.gz\n",
            "FROM nginx:1.27\nRUN rm /etc/nginx/conf.d/default.conf\n",
            "FROM debian:12\nCOPY setup.sh /tmp/\nRUN /tmp/setup.sh && rm /tmp/setup.sh\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#run"],
        ..Meta::LAYERWISE
    },
    check,
};

/// One clean-up that comes too late: its place, what it deletes, and the place that made it.
struct Late {
    at: Span,
    what: String,
    made: Span,
    manager: Option<Manager>,
    /// How it was copied from another stage or an image.
    copied: Option<Copied>,
}

/// What was copied from another stage or an image and deleted later.
struct Copied {
    from: String,
    /// The folder that the deletion empties, where it takes more than this path.
    emptied: Option<String>,
}

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut makers: BTreeMap<Manager, Vec<CacheMaker>> = BTreeMap::new();
    for maker in cx.model.cache_makers() {
        makers.entry(maker.manager).or_default().push(maker);
    }
    let installed = installed(cx.model);
    for (index, run) in cx.model.runs.iter().enumerate().filter(|(_, run)| !run.onbuild) {
        let beneath = cx.model.beneath(run.id());
        let mut late: Vec<Late> = Vec::new();
        late.extend(caches(cx, index, &beneath, &makers));
        late.extend(files(cx, index, &beneath));
        late.extend(packages(cx, index, &beneath, &installed));
        late.sort_by_key(|it| it.at);
        let Some(first) = late.first() else { continue };
        let finding = findings.report(first.at, format!("{} in an earlier layer", first.what));
        let mut told: Vec<Span> = Vec::new();
        for it in &late {
            if !told.contains(&it.made) {
                told.push(it.made);
                finding.label(it.made, "created here, and part of the image forever");
            }
            if it.at != first.at && !told.contains(&it.at) {
                told.push(it.at);
                finding.label(it.at, "also too late");
            }
        }
        let bytes = first.manager.and_then(|it| it.cache.index_bytes);
        if bytes.is_some() {
            finding.impact(Impact { bytes, ..Impact::default() });
        }
        finding.help(advice(first));
        // Where the RUN right above made it, joining the two moves the clean-up into its layer.
        let above = index
            .checked_sub(1)
            .filter(|it| cx.model.runs[*it].instruction.span.contains(first.made));
        if let Some(joints) = above.and_then(|it| cx.model.join(&[it, index])) {
            let edits =
                joints.into_iter().map(|(span, joint)| Edit::replace(span, joint)).collect();
            let fix = Fix::safe("combine it with the `RUN` above", edits);
            finding.fix(fix.effect(Effect::Join).reveals(&["LW104"]));
        }
    }
}

/// What to do in place of a clean-up that comes too late.
fn advice(late: &Late) -> String {
    if let Some(Copied { from, emptied }) = &late.copied {
        // What is mounted cannot be deleted.
        return match emptied {
            Some(folder) => format!(
                "remove the `COPY`, and mount the files outside `{folder}` with `RUN \
                 --mount=type=bind,from={from},…`"
            ),
            None => format!(
                "remove the `COPY` and this deletion, and use the files from `RUN \
                 --mount=type=bind,from={from},…`"
            ),
        };
    }
    let option = late.manager.and_then(|it| it.cache.advice.option);
    match option {
        Some(option) => {
            format!("add `{option}` to the command that fills it, and remove this clean-up")
        }
        None => {
            "delete it in the instruction that creates it, or create it in another stage".to_owned()
        }
    }
}

/// Caches of package managers that earlier RUNs left; `makers` of each in the order of RUNs.
fn caches(
    cx: &Context<'_>,
    index: usize,
    beneath: &Beneath<'_>,
    makers: &BTreeMap<Manager, Vec<CacheMaker>>,
) -> Vec<Late> {
    let model = cx.model;
    let mut late: Vec<(&CacheMaker, Late)> = Vec::new();
    let installs_here = model.installs_of(index);
    let commands = &model.runs[index].script.commands;
    for (&manager, makers) in makers {
        let own = installs_here.iter().any(|it| it.manager == manager)
            || model.refresh_in(index, manager).is_some()
            || commands.iter().any(|it| fetches(it, manager));
        if own || makers.first().is_none_or(|it| it.run >= index) {
            continue;
        }
        let mut deletions = model.deletions_of(index).iter();
        let by_path = deletions.find(|it| !it.path.contains('$') && model.clears(it, manager));
        let by_command = commands.iter().find(|it| cleans(it) == Some(manager));
        let Some(at) = by_path.map(|it| it.span).or(by_command.map(|it| it.span)) else { continue };
        // What is in one user's home was put there by that user.
        let is_of_same_home = |it: &CacheMaker| {
            by_path.is_none_or(|path| {
                !path.path.starts_with("/home/")
                    || path.path.starts_with(&model.home(model.runs[it.run].id()))
            })
        };
        let mut earlier = makers.iter().take_while(|it| it.run < index);
        let Some(maker) =
            earlier.find(|it| beneath.contains(model.runs[it.run].id()) && is_of_same_home(it))
        else {
            continue;
        };
        // Without it, an install of another stage would fail.
        if is_needed_elsewhere(cx, maker.run, index, manager) {
            continue;
        }
        let made = model.runs[maker.run].script.commands[maker.command].span;
        let what = format!("the cache of `{}` stays", model.manager_name(maker.run, manager));
        late.push((maker, Late { at, what, made, manager: Some(manager), copied: None }));
    }
    late.sort_by_key(|it| (it.0.run, it.0.command));
    late.into_iter().map(|it| it.1).collect()
}

/// Whether a command in another stage than that of the clean-up needs what a RUN fetched.
fn is_needed_elsewhere(cx: &Context<'_>, maker: usize, cleanup: usize, manager: Manager) -> bool {
    let Need::Command(span) = cx.model.need_after(maker, manager) else { return false };
    let runs = &cx.model.runs;
    let user = runs.iter().find(|it| it.instruction.span.contains(span));
    user.is_some_and(|it| it.stage != runs[cleanup].stage && it.stage != runs[maker].stage)
}

/// Whether a command of a manager does something else than clean, and therefore fetches its index first, as `yum update`.
fn fetches(command: &Command, manager: Manager) -> bool {
    manager.is_system()
        && manager.cache.fetches == Fetches::Always
        && Manager::of_program(&command.name) == Some(manager)
        && cleans(command).is_none()
}

/// The part of a list in the order of RUNs that is about one of them.
fn of_run<T>(list: &[T], index: usize, run: impl Fn(&T) -> usize) -> &[T] {
    let start = list.partition_point(|it| run(it) < index);
    let length = list[start..].partition_point(|it| run(it) == index);
    &list[start..start + length]
}

/// How many files that one RUN makes or deletes are compared with each of its deletions.
const MOST_WRITES: usize = 32;

/// Copied, fetched, unpacked and cloned files.
fn files(cx: &Context<'_>, index: usize, beneath: &Beneath<'_>) -> Vec<Late> {
    let mut late = Vec::new();
    let deletions = of_run(&cx.model.deletions, index, |it| it.run);
    for deletion in deletions.iter().filter(|it| !it.path.contains('$') && !it.selective) {
        // What this RUN itself put there before is not waste.
        let mut here = cx.model.writes_of(cx.model.runs[index].id()).rev().take(MOST_WRITES);
        if here.any(|it| covers(&deletion.path, &it.path)) {
            continue;
        }
        let gone = cx.model.writes_deleted_in(index).rev().take(MOST_WRITES);
        let mut made: Vec<&Write> = gone
            .filter(|write| {
                beneath.contains(write.instruction)
                    && is_big(write)
                    && covers(&deletion.path, &write.path)
                    && (deletion.recursive || write.shape != Shape::Tree)
                    && is_there(cx, write, deletion)
                    && !cx.model.is_measured_small(write)
            })
            .collect();
        made.reverse();
        let more = made.iter().skip(1).filter(|it| it.path != made[0].path).count();
        for write in made {
            let last = write.path.rsplit('/').next().unwrap_or(&write.path);
            let name = if write.path.len() > 40 { last } else { &write.path };
            let what = match (name.len() > 40, more) {
                (true, _) => "deleting these files frees nothing: they stay".to_owned(),
                (false, 0) => format!("`{name}` stays"),
                (false, more) => format!("`{name}` and {more} more stay"),
            };
            let instruction = &cx.doc().instructions[write.instruction];
            let from = instruction.flag("from").and_then(|it| it.value.as_ref());
            let from = from.filter(|_| matches!(write.how, How::Copied { from: true, .. }));
            let copied = from.map(|it| Copied {
                from: it.text.to_string(),
                emptied: (deletion.path != write.path)
                    .then(|| deletion.path.trim_end_matches(['*', '/']).to_owned())
                    .filter(|it| it.len() > 1 && !it.contains('*')),
            });
            late.push(Late { at: deletion.span, what, made: write.span, manager: None, copied });
        }
    }
    late
}

/// Whether files are there to be deleted, as far as the text shows: the name of an unpacked folder may be a guess, and what
/// was in it may have been moved away.
fn is_there(cx: &Context<'_>, write: &Write, deletion: &Deletion) -> bool {
    let Some((run, command)) = cx.model.run_at(write.instruction).zip(write.command) else {
        return true;
    };
    if write.how != How::Unpacked {
        return true;
    }
    let is_guess = write.shape == Shape::Unsure && deletion.path != write.path;
    let commands = &cx.model.runs[run].script.commands;
    let mut moves = (command + 1..commands.len()).filter(|it| commands[*it].is("mv"));
    let is_moved = moves.any(|it| {
        let directory = cx.model.directory_at(run, it);
        let mut sources = commands[it].operands();
        is_guess
            || sources.any(|word| {
                let path = cx.model.shell_path(write.instruction, directory, word);
                path.is_none_or(|it| covers(&write.path, &it))
            })
    });
    let mut deleted = cx.model.deletions_of(run).iter().filter(|it| it.command > command);
    let is_changed = is_guess && deleted.any(|it| Shape::of(&it.path) != Shape::BigFile);
    !is_moved && !is_changed
}

/// Whether the bytes are worth a word.
fn is_big(write: &Write) -> bool {
    match write.how {
        How::Moved | How::Installed => false,
        How::Copied { from, .. } => {
            matches!(write.shape, Shape::Tree | Shape::BigFile)
                || (from && write.shape == Shape::Unsure)
        }
        How::Fetched => write.shape != Shape::File,
        How::Unpacked | How::Cloned => true,
    }
}

/// Packages removed after an earlier RUN installed them.
fn packages(
    cx: &Context<'_>,
    index: usize,
    beneath: &Beneath<'_>,
    installed: &HashMap<(Manager, &str), Vec<Installed<'_>>>,
) -> Vec<Late> {
    let model = cx.model;
    let mut late = Vec::new();
    for command in &model.runs[index].script.commands {
        let manager = Manager::of_program(&command.name).filter(|it| it.is_system());
        let Some(manager) = manager else { continue };
        let verb = command.verb().map_or("", |it| it.text.as_str());
        if !manager.commands.removes.contains(&verb) {
            continue;
        }
        let removed: Vec<&str> =
            command.operands().skip(1).map(|word| word.text.as_str()).collect();
        // What this RUN installed itself it may take away.
        let own = of_run(&model.installs, index, |it| it.run);
        if own.iter().any(|it| {
            it.manager == manager
                && it.packages.iter().any(|package| removed.contains(&package.name.as_str()))
        }) {
            continue;
        }
        let named = removed.iter().filter_map(|name| installed.get(&(manager, *name)));
        let first = named
            .filter_map(|list| list.iter().find(|it| beneath.contains(model.runs[it.run].id())))
            .min_by_key(|it| (it.run, it.order));
        if let Some(it) = first {
            late.push(Late {
                at: command.span,
                what: format!("package `{}` stays", it.name),
                made: it.span,
                manager: None,
                copied: None,
            });
        }
    }
    late
}

/// A package that stays in the layer of the RUN that installs it.
struct Installed<'m> {
    run: usize,
    /// Its place among all that are installed.
    order: usize,
    name: &'m str,
    span: Span,
}

/// The packages of the managers that can remove them, and the groups that they remove by name, each with its installs in
/// order.
fn installed<'m>(model: &'m Model<'_>) -> HashMap<(Manager, &'m str), Vec<Installed<'m>>> {
    let mut found: HashMap<_, Vec<Installed<'m>>> = HashMap::new();
    let mut order = 0;
    for (run, it) in model.runs.iter().enumerate() {
        let installs = model.installs_of(run).iter();
        let mut installs = installs.filter(|it| it.manager.is_system()).peekable();
        if installs.peek().is_none() {
            continue;
        }
        let removals = model.removals_in(run);
        for install in installs {
            // What its own RUN took away again is not in its layer.
            let packages = install.packages.iter().filter(|it| !removals.take(install, &it.name));
            let packages = packages.map(|it| (it.name.as_str(), it.span));
            let words = it.script.commands[install.command].args.windows(2);
            let groups = words
                .filter(|it| install.manager.commands.groups.contains(&it[0].text.as_str()))
                .map(|it| (it[1].text.as_str(), it[1].span))
                .filter(|it| !removals.take(install, it.0));
            for (name, span) in packages.chain(groups) {
                let list = found.entry((install.manager, name)).or_default();
                list.push(Installed { run, order, name, span });
                order += 1;
            }
        }
    }
    found
}
