//! LW301: the final image ships the toolchain that built it.

use std::cell::OnceCell;

use crate::lint::prelude::*;
use crate::model::{Build, Entry, Toolchain};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW301",
        name: "missing-multi-stage",
        category: Category::Stages,
        manner: true,
        measured_by: &[(6, "")],
        severity: Severity::Warning,
        shipped_only: true,
        absorbs: &["LW305"],
        summary: "the final image contains the toolchain that built its program",
        why: "The tools that build a program are many times larger than the program. Compilers, headers, \
              package caches and sources are pushed and pulled with every release, and are useful to \
              attackers. With a build stage, you copy only the result into the image.",
        bad: &[
            "FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nCMD [\"/app\"]\n",
            "FROM maven:3-eclipse-temurin-21\nCOPY . /build\nWORKDIR /build\nRUN mvn package\nENTRYPOINT [\"java\", \"-jar\", \"target/app.jar\"]\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make\nCOPY . /src\nRUN make -C /src install\nCMD [\"/usr/local/bin/server\"]\n",
            "FROM rust:1.82\nCOPY . .\nRUN cargo build --release\nCMD ./target/release/server\n",
            "FROM mcr.microsoft.com/dotnet/sdk:8.0\nCOPY . .\nRUN dotnet publish -o out\nENTRYPOINT [\"dotnet\", \"out/app.dll\"]\n",
            "FROM node:22\nCOPY . .\nRUN npm ci && npm run build\nCMD [\"npx\", \"serve\", \"dist\"]\n",
        ],
        good: &[
            "FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM alpine:3.20\nCOPY --from=build /app /app\nCMD [\"/app\"]\n",
            "FROM golang:1.23\nCOPY . .\nRUN go build -o /app .\nCMD [\"go\", \"run\", \".\"]\n",
            "FROM golang:1.23\nRUN go install example.com/tool@v1\n",
            "FROM node:22\nCOPY . .\nRUN npm ci && npm run build\nCMD [\"npm\", \"start\"]\n",
            "FROM alpine:3.20\nRUN apk add --no-cache --virtual .deps gcc make && make install && apk del .deps\nCMD [\"/usr/local/bin/server\"]\n",
            "FROM golang:1.23 AS dev\nCOPY . .\nRUN go build -o /app .\nCMD [\"/app\"]\n",
            "FROM rust:1.82\nRUN cargo install cargo-deb\nCMD [\"bash\"]\n",
            "FROM golang:1.23\nCOPY . .\nRUN go build -o /app .\nCMD [\"./start.sh\"]\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = Vec::new();
    for output in cx.model.outputs() {
        check_output(cx, findings, *output, &mut told);
    }
}

/// Checks the image of one stage; what is reported already may be a base of several.
fn check_output(
    cx: &Context<'_>,
    findings: &mut Findings,
    output: usize,
    told: &mut Vec<(usize, usize)>,
) {
    let model = cx.model;
    if model.is_workbench(output) {
        return;
    }
    let entry = model.entry(output);
    if entry.is_empty() {
        return;
    }
    let image = model.image_of(output);
    let libraries = OnceCell::new();
    for build in image.builds() {
        let Some(toolchain) = model.shipped_toolchain(build, output) else { continue };
        let Some(runs) = artefact(build.toolchain, &entry) else { continue };
        let may_link = match build.toolchain {
            Toolchain::Go => !is_static(cx, build),
            it => it == Toolchain::Rust,
        };
        let libraries = || *libraries.get_or_init(|| brings_libraries(cx, output));
        if is_for_tests(cx, build) || makes_a_tool(cx, build) || may_link && libraries() {
            continue;
        }
        if told.contains(&(build.run, build.command)) {
            return;
        }
        told.push((build.run, build.command));
        let command = &model.runs[build.run].script.commands[build.command];
        let name = build.toolchain.name();
        let finding = findings
            .report(command.span, format!("this build step leaves the {name} in the final image"));
        finding.label(toolchain, format!("brings the {name}"));
        finding.label(runs.instruction.keyword_span, "runs only what that step makes");
        finding.help(skeleton(build));
        if let Some(second) = model.second_stage(build, runs) {
            let first = cx.start_with_comments(&cx.doc().instructions[second.first]);
            let edits = second.edits(cx.doc().source, first).into_iter();
            let edits = edits.map(|(span, text)| Edit::replace(span, text)).collect();
            let title = format!("copy `{}` into a separate stage", shorten(&second.artefact, 40));
            finding.fix(Fix::unsafe_(title, edits).effect(Effect::Instructions));
        }
        return;
    }
}

/// The entry point's program, if all of its programs get by without the toolchain.
pub(super) fn artefact<'e, 's>(
    toolchain: Toolchain,
    entry: &'e [Entry<'s>],
) -> Option<&'e Entry<'s>> {
    let fits = entry.iter().all(|it| {
        let name = it.command.name.as_str();
        let verb = it.command.verb().map_or("", |word| word.text.as_str());
        if toolchain.has_program(name) || it.may_be_script() {
            return false;
        }
        match toolchain {
            Toolchain::Java => matches!(name, "java" | "catalina.sh"),
            Toolchain::Dotnet => name == "dotnet" && verb.ends_with(".dll"),
            Toolchain::Node => {
                let by_npx = name == "npx" && matches!(verb, "serve" | "http-server");
                let output = ["dist/", "build/", "out/", ".output/"]
                    .iter()
                    .any(|it| verb.trim_start_matches("./").starts_with(it));
                by_npx
                    || matches!(name, "serve" | "http-server" | "nginx" | "caddy" | "httpd")
                    || (name == "node" && output)
            }
            _ => !matches!(
                name,
                "npm"
                    | "yarn"
                    | "node"
                    | "jupyter"
                    | "jupyter-lab"
                    | "supervisord"
                    | "sshd"
                    | "code-server"
                    | "foreman"
                    | "docker-compose"
                    | "irb"
                    | "erl"
                    | "iex"
                    | "mix"
                    | "bundle"
                    | "rails"
                    | "rake"
                    | "pipenv"
                    | "poetry"
            ),
        }
    });
    entry.first().filter(|_| fits)
}

fn skeleton(build: &Build) -> String {
    let result = match build.toolchain {
        Toolchain::Java => "the `.jar` or `.war` onto an image with a JRE",
        Toolchain::Dotnet => "the published folder onto the `aspnet` or `runtime` image",
        Toolchain::Node => "its output, and production dependencies if needed",
        Toolchain::Elixir => "the release",
        _ => "the program",
    };
    format!("build in a separate stage (`FROM … AS build`), and `COPY --from=build` only {result}")
}

/// Whether a build is one to look into: with the race detector, or by Cargo without optimization.
fn is_for_tests(cx: &Context<'_>, build: &Build) -> bool {
    let command = &cx.model.runs[build.run].script.commands[build.command];
    match build.toolchain {
        Toolchain::Go => {
            command.args.iter().any(|it| matches!(it.text.as_str(), "-race" | "-cover"))
        }
        Toolchain::Rust => {
            command.verb().is_some_and(|it| matches!(it.text.as_str(), "build" | "b"))
                && !["release", "r", "profile"].iter().any(|it| command.has_flag(it))
        }
        _ => false,
    }
}

/// Whether what is built serves the steps below: a tool from elsewhere (`go install x@v`), or a language with whose package
/// manager a later step installs something.
fn makes_a_tool(cx: &Context<'_>, build: &Build) -> bool {
    let model = cx.model;
    let command = &model.runs[build.run].script.commands[build.command];
    let is_foreign = command.operands().any(|it| it.text.contains('@'));
    let by_language = |it: &Install| {
        it.manager.compiles_extensions
            && (it.run, it.command) > (build.run, build.command)
            && model.runs[it.run].stage == model.runs[build.run].stage
    };
    match build.toolchain {
        Toolchain::Go => is_foreign,
        Toolchain::C => fetches_before(cx, build) || model.installs.iter().any(by_language),
        _ => false,
    }
}

/// Whether the sources of a build are fetched in its RUN: they are another project's, which spreads over the image.
fn fetches_before(cx: &Context<'_>, build: &Build) -> bool {
    let commands = &cx.model.runs[build.run].script.commands;
    commands[..build.command].iter().any(|it| {
        let clones = it.is("git") && it.verb().is_some_and(|it| it.text == "clone");
        clones || matches!(it.name.as_str(), "curl" | "wget")
    })
}

/// Whether a build of Go has no library linked to its program.
fn is_static(cx: &Context<'_>, build: &Build) -> bool {
    let run = &cx.model.runs[build.run];
    let is_off = |command: &Command| {
        let mut all = command.assignments.iter();
        all.any(|it| it.name == "CGO_ENABLED" && it.value.text == "0")
    };
    let by_variable = cx.model.scopes.look_up(run.id(), "CGO_ENABLED");
    by_variable.is_some_and(|it| it.value.as_deref() == Some("0"))
        || run.script.commands.iter().any(is_off)
}

/// Whether an image brings libraries that a program in it may be linked to: alone it would not start.
fn brings_libraries(cx: &Context<'_>, output: usize) -> bool {
    let model = cx.model;
    let image = model.image_of(output);
    let is_library = |name: &str| {
        // The headers of the system's own library come with every compiler.
        const OWN: &[&str] =
            &["glibc-devel", "libc-dev", "libc6-dev", "linux-libc-dev", "musl-dev"];
        let ends = ["-dev", "-devel"].iter().any(|it| name.ends_with(it));
        !OWN.contains(&name) && (ends || name.starts_with("lib"))
    };
    let by_package = || {
        image
            .installs()
            .any(|it| it.manager.is_system() && it.packages.iter().any(|it| is_library(&it.name)))
    };
    let by_hand = || {
        image.runs().any(|(_, it)| {
            let mut commands = it.script.commands.iter();
            commands.any(|it| it.is("ldconfig"))
                || model.scopes.look_up(it.id(), "LD_LIBRARY_PATH").is_some()
        })
    };
    by_package() || by_hand()
}
