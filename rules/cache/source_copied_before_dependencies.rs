//! LW201: the sources are copied before the dependencies are installed.

use crate::lint::prelude::*;
use crate::model::{How, Inputs, Shape, Write, covers};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW201",
        name: "source-copied-before-dependencies",
        category: Category::Cache,
        severity: Severity::Warning,
        summary: "the sources are copied before the dependencies are installed",
        why: "A step is taken from the build cache only while everything copied before it is unchanged. With the \
              sources copied first, every edit of any file downloads and installs all dependencies again; with the \
              manifests copied first, only a change of the dependencies does.",
        bad: &[
            "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"index.js\"]\n",
            "FROM python:3.12\nADD . /app\nWORKDIR /app\nRUN pip install -r requirements.txt\n",
            "FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build -o /app .\n",
            "FROM maven:3-eclipse-temurin-21\nWORKDIR /build\nCOPY . .\nRUN mvn package\n",
            "FROM python:3.12\nCOPY backend /srv/backend\nRUN pip install -r /srv/backend/requirements.txt\n",
            "FROM ruby:3.3\nWORKDIR /app\nCOPY . .\nRUN bundle install && bundle exec rake assets:precompile\n",
            "FROM debian:12\nCOPY . /app\nRUN apt-get update && apt-get install -y python3\n",
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
        ],
        references: &["https://docs.docker.com/build/cache/optimize/#order-your-layers"],
        ..Meta::LAYERWISE
    },
    check,
};

/// How many further installs are pointed at.
const MOST_OTHERS: usize = 3;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let trees = model.writes().iter().filter(|it| is_source_tree(it));
    let compiles = |it: &Install| {
        model.builds().iter().any(|build| (build.run, build.command) == (it.run, it.command))
    };
    for tree in trees {
        let mut late = Vec::new();
        let mut others = 0;
        let after = model.installs.iter().filter(|it| cx.run_of(it).id() > tree.instruction);
        for install in after.filter(|it| !compiles(it) || !has_dependencies(cx, it, &compiles)) {
            if others == MOST_OTHERS {
                break;
            }
            let Some(inputs) = repeated(cx, tree, install) else { continue };
            late.push((install, inputs));
            others += usize::from(late[0].0.run != install.run);
        }
        let Some(first) = late.first() else { continue };
        // In one RUN, what reads a manifest matters most.
        let main = late.iter().find(|it| it.0.run == first.0.run && it.1 != Inputs::Named);
        let (install, inputs) = main.unwrap_or(first);
        let name = model.install_name(install);
        let command = cx.command_of(install);
        let span = Span { end: install.verb.end, ..command.name_span };
        // Nobody wonders that a build is repeated: what it downloads before it compiles is the waste.
        let message = if compiles(install) {
            format!("any change of a copied file makes `{name}` download all again")
        } else {
            format!("any change of a copied file repeats `{name}`")
        };
        let finding = findings.report(span, message);
        finding.label(tree.span, "copies the sources before it");
        let others = late.iter().filter(|(other, _)| other.run != install.run && !compiles(other));
        for (other, _) in others.take(MOST_OTHERS) {
            let place = Span { end: other.verb.end, ..cx.command_of(other).name_span };
            finding.label(place, "is repeated too");
        }
        finding.help(advice(inputs, install.manager));
        if let Some(fix) = split(cx, tree, install, inputs) {
            finding.fix(fix);
        }
    }
}

/// Whether a COPY or ADD brings a folder with sources from the build context.
fn is_source_tree(write: &Write) -> bool {
    let copied = matches!(write.how, How::Copied { from: false, .. });
    copied && write.command.is_none() && matches!(write.shape, Shape::Tree | Shape::Unsure)
}

/// What the install reads, where it stands on the tree without need: it could stand before it.
fn repeated(cx: &Context<'_>, tree: &Write, install: &Install) -> Option<Inputs> {
    let model = cx.model;
    let run = cx.run_of(install);
    let beneath = model.beneath(run.id());
    let command = cx.command_of(install);
    let mounted = run.mounts.iter().any(|it| matches!(it.kind, MountType::Bind | MountType::Cache));
    if run.onbuild
        || mounted
        || command.inside.function
        || !run.script.complete
        || !beneath.contains(tree.instruction)
    {
        return None;
    }
    let source = cx.doc().source.slice(tree.span).trim_matches(['"', '\'']);
    let whole = matches!(source, "." | "./" | "*" | "./*" | "/");
    let inputs = model.inputs(install);
    match &inputs {
        Inputs::Unknown => return None,
        Inputs::Named => {
            // A folder such as `/etc` may say how to install.
            let neutral = tree.path.matches('/').count() > 1
                || matches!(
                    tree.path.as_str(),
                    "/app"
                        | "/code"
                        | "/src"
                        | "/srv"
                        | "/opt"
                        | "/build"
                        | "/workspace"
                        | "/project"
                );
            if !whole
                || !neutral
                || tree.path.starts_with("/etc")
                || tree.path.starts_with("/root")
                || !only_packages(cx, install)
            {
                return None;
            }
        }
        Inputs::Manifests { folder, .. } => {
            let inside = covers(&tree.path, folder);
            if !inside || !(whole || is_project(source)) {
                return None;
            }
        }
    }
    if inputs == Inputs::Named {
        return Some(inputs);
    }
    // The same tool worked before the sources came, on manifests as it seems; or some of its own packages.
    let mut earlier = model
        .runs
        .iter()
        .enumerate()
        .filter(|(_, it)| it.id() < tree.instruction && beneath.contains(it.id()));
    let before = earlier.any(|(index, it)| {
        it.script.commands.iter().enumerate().any(|(at, other)| {
            let named = || {
                let start = model.installs.partition_point(|it| it.run < index);
                let mut own = model.installs[start..].iter().take_while(|it| it.run == index);
                own.any(|it| it.command == at && model.inputs(it) == Inputs::Named)
            };
            let told = matches!(
                other.verb().map(|it| it.text.as_str()),
                Some("config" | "set" | "env" | "global")
            );
            other.name == command.name
                && !told
                && !other.has_flag("version")
                && !other.has_flag("g")
                && !named()
        })
    });
    (!before).then_some(inputs)
}

/// Whether an earlier command fetched the dependencies that a build needs, so that it only compiles.
fn has_dependencies(
    cx: &Context<'_>,
    build: &Install,
    compiles: &impl Fn(&Install) -> bool,
) -> bool {
    let beneath = cx.model.beneath(cx.run_of(build).id());
    cx.model.installs.iter().any(|it| {
        it.manager == build.manager
            && (it.run, it.command) < (build.run, build.command)
            && (it.run == build.run || beneath.contains(cx.run_of(it).id()))
            && !compiles(it)
    })
}

/// Whether a source other than `.` is the folder of a project and not one with manifests or settings only.
fn is_project(source: &str) -> bool {
    const OTHER: &[&str] = &[
        "build", "conf", "dep", "docker", "env", "etc", "install", "manifest", "package", "pip",
        "req", "script", "setup", "tmp", "vendor",
    ];
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_ascii_lowercase();
    !name.is_empty()
        && !name.contains(['$', '*', '{', '.'])
        && !OTHER.iter().any(|it| name.contains(it))
}

/// Whether the RUN of the install does nothing before it that may read the copied files.
fn only_packages(cx: &Context<'_>, install: &Install) -> bool {
    let commands = &cx.run_of(install).script.commands;
    commands.iter().take(install.command).all(|it| {
        let other_manager = cx.model.installs.iter().any(|other| {
            other.run == install.run
                && cx.command_of(other).span == it.span
                && cx.model.inputs(other) == Inputs::Named
        });
        other_manager
            || crate::model::refreshes(it).is_some()
            || matches!(
                it.name.as_str(),
                "set" | "export" | "echo" | "mkdir" | "apt-get" | "apt" | "apk" | "yum" | "dnf"
            )
    })
}

fn advice(inputs: &Inputs, manager: Manager) -> String {
    let Inputs::Manifests { names, .. } = inputs else {
        return "move the install above the `COPY`: it needs none of the copied files".to_owned();
    };
    let names = names.join("`, `");
    let how = match manager {
        Manager::Poetry => "run `poetry install --no-root`",
        Manager::Uv => "run `uv sync --no-install-project`",
        Manager::Pdm => "run `pdm install --no-self`",
        Manager::Composer => "run `composer install --no-scripts --no-autoloader`",
        Manager::Go => "run `go mod download`",
        Manager::Cargo => "build the dependencies with `cargo chef`",
        Manager::Maven => "run `mvn dependency:go-offline`",
        Manager::Gradle => "run `gradle dependencies`",
        Manager::Dotnet => "run `dotnet restore`",
        Manager::Mix => "run `mix deps.get`",
        Manager::Sbt => "run `sbt update`",
        _ => "install",
    };
    format!("copy only `{names}` first, {how}, then copy the rest; or mount a cache")
}

/// Rules that say nothing of an install which the sources make the builder repeat anyway.
const REVEALED: &[&str] = &["LW202", "LW204"];

/// The manifests copied before the install, and the rest after it, where the install has a RUN of its own right below the
/// COPY of everything into the folder where it runs. Where Go builds in one step, the download gets a step of its own.
fn split(cx: &Context<'_>, tree: &Write, install: &Install, inputs: &Inputs) -> Option<Fix> {
    let Inputs::Manifests { names, folder } = inputs else { return None };
    let (doc, model) = (cx.doc(), cx.model);
    let (copy, run) = (&doc.instructions[tree.instruction], cx.run_of(install));
    let Kind::Copy(transfer) = &copy.kind else { return None };
    let whole = matches!(doc.source.slice(tree.span), "." | "./") && transfer.sources.len() == 1;
    let is_plain = matches!(run.form, Form::Shell(_)) && run.instruction.heredocs.is_empty();
    if !whole || tree.path != *folder || !is_plain || !copy.heredocs.is_empty() {
        return None;
    }
    let there = model.manifests_to_copy(names)?;
    let line_end = doc.source.line_end();
    let flags: String =
        copy.flags.iter().map(|it| format!(" {}", doc.source.slice(it.span))).collect();
    let destination = doc.source.slice(transfer.destination.span);
    let destination =
        if destination.ends_with('/') { destination.to_owned() } else { format!("{destination}/") };
    let first = format!("{}{flags} {} {destination}{line_end}", copy.word, there.join(" "));
    let lines = cx.lines_of(copy);
    let command = cx.command_of(install);
    let alone = run.script.commands.len() == 1 && command.depth == 0 && command.wrappers.is_empty();
    // What the project itself is made of comes later.
    let whole_install = matches!(
        (install.manager, model.install_name(install).as_str()),
        (
            Manager::Npm
                | Manager::Yarn
                | Manager::Pnpm
                | Manager::Bun
                | Manager::Pip
                | Manager::Bundler
                | Manager::Pipenv,
            _
        ) | (Manager::Go, "go mod download")
            | (Manager::Cargo, "cargo fetch")
            | (Manager::Mix, "mix deps.get")
    );
    let title = "copy the manifests first, and the rest after the install";
    if alone && whole_install && run.id() == copy.id + 1 {
        let moved = doc.source.slice(lines);
        let moved = moved.trim_end_matches(['\r', '\n']);
        let after = cx.lines_of(run.instruction);
        let has_end = doc.source.slice(after).ends_with('\n');
        let text =
            if has_end { format!("{moved}{line_end}") } else { format!("{line_end}{moved}") };
        let edits = vec![Edit::replace(lines, first), Edit::replace(Span::at(after.end), text)];
        return Some(Fix::unsafe_(title, edits).effect(Effect::Instructions).reveals(REVEALED));
    }
    // A build that downloads what it needs: the download gets a step of its own.
    let download = match install.manager {
        Manager::Go if model.install_name(install) == "go build" => "go mod download",
        Manager::Maven if command.is("mvn") => "mvn -B dependency:go-offline",
        _ => return None,
    };
    if run.id() == copy.id + 1 {
        let text = format!("{first}RUN {download}{line_end}");
        let edits = vec![Edit::replace(Span::at(lines.start), text)];
        return Some(
            Fix::unsafe_("download before the sources are copied", edits)
                .effect(Effect::Instructions)
                .reveals(REVEALED),
        );
    }
    None
}
