//! LW302: the final image is built on an image for building, and only runs a result.

use super::missing_multi_stage::artefact;
use crate::lint::prelude::*;
use crate::model::Toolchain;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW302",
        name: "sdk-image-in-final-stage",
        category: Category::Stages,
        severity: Severity::Warning,
        summary: "the final image is based on an SDK image but only runs a built program",
        why: "An SDK image contains compilers, headers and package managers: several hundred megabytes that \
              the running program never uses, but that you pull, store and patch. The program also runs on \
              the runtime image of its language, or on a small system.",
        bad: &[
            "FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM golang:1.23\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n",
            "FROM openjdk:17-jdk\nCOPY target/app.jar /app.jar\nCMD [\"java\", \"-jar\", \"/app.jar\"]\n",
            "FROM mcr.microsoft.com/dotnet/sdk:8.0\nCOPY out/ /app/\nENTRYPOINT [\"dotnet\", \"/app/shop.dll\"]\n",
            "FROM maven:3.9 AS build\nRUN mvn package\nFROM maven:3.9\nCOPY --from=build /app.jar /app.jar\nCMD [\"java\", \"-jar\", \"/app.jar\"]\n",
        ],
        good: &[
            "FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM alpine:3.20\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n",
            "FROM eclipse-temurin:21-jre\nCOPY target/app.jar /app.jar\nCMD [\"java\", \"-jar\", \"/app.jar\"]\n",
            "FROM golang:1.23\nCOPY . .\nCMD [\"go\", \"run\", \".\"]\n",
            "FROM node:22\nCOPY . .\nCMD [\"node\", \"index.js\"]\n",
            "FROM openjdk:17-jdk\nCOPY . /src\nCMD [\"/src/run.sh\"]\n",
        ],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image",
        ],
        ..Meta::LAYERWISE
    },
    check,
};

/// The toolchains whose image is not a runtime.
const COMPILED: [Toolchain; 6] = [
    Toolchain::Go,
    Toolchain::Rust,
    Toolchain::Java,
    Toolchain::Dotnet,
    Toolchain::C,
    Toolchain::Haskell,
];

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = Vec::new();
    for output in cx.model.outputs().iter().filter(|it| !cx.model.is_workbench(**it)) {
        check_output(cx, findings, *output, &mut told);
    }
}

fn check_output(cx: &Context<'_>, findings: &mut Findings, last: usize, told: &mut Vec<usize>) {
    let model = cx.model;
    let Some(root) = model.root_stage(last) else { return };
    let Some(image) = root.image() else { return };
    let Some(toolchain) = COMPILED.into_iter().find(|it| it.is_in(image)) else { return };
    // What is built in this very image is another rule's matter.
    let builds = model.builds();
    let layers = model.image_of(last);
    let builds_here = builds
        .iter()
        .any(|it| it.toolchain == toolchain && layers.contains(model.runs[it.run].id()));
    let entry = model.entry(last);
    let Some(runs) = artefact(toolchain, &entry).filter(|_| !builds_here && !entry.is_empty())
    else {
        return;
    };
    // What it runs comes from somewhere else.
    let own = &cx.doc().instructions[model.stages[last].instructions.clone()];
    if !own.iter().any(|it| matches!(it.kind, Kind::Copy(_) | Kind::Add(_))) {
        return;
    }
    if told.contains(&root.id) || toolchain == Toolchain::Dotnet && model.runs_msbuild() {
        return;
    }
    told.push(root.id);
    let runtime = match toolchain {
        Toolchain::Java => "an image with a JRE, such as `eclipse-temurin:…-jre`",
        Toolchain::Dotnet => "the `aspnet` or `runtime` image",
        Toolchain::Go => "`scratch`, `gcr.io/distroless/static` or a small system",
        _ => "a slim system such as `debian:…-slim`",
    };
    let finding = findings
        .report(
            root.from.image.span,
            format!(
                "`{}` ships its {} for nothing",
                shorten(image.name(), 24),
                toolchain.name_in(image)
            ),
        )
        .label(runs.instruction.keyword_span, "only runs a built program")
        .help(format!("base the final stage on {runtime}"));
    // A program may well call the compiler, as linters and test runners do; a server that listens does not.
    let has_runtime = matches!(toolchain, Toolchain::Java | Toolchain::Dotnet);
    if !has_runtime && !own.iter().any(|it| matches!(it.kind, Kind::Expose(_))) {
        finding.only_in(Profile::Strict);
    }
}
