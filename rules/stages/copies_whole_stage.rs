//! LW304: a whole build tree is copied out of its stage.

use std::collections::{HashMap, HashSet};

use crate::lint::prelude::*;
use crate::model::{Build, How, Shape, Toolchain, Write, covers};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW304",
        name: "copies-whole-stage",
        category: Category::Stages,
        severity: Severity::Warning,
        shipped_only: true,
        absorbs: &["DL3067"],
        summary: "`COPY --from` copies the sources and the build, not just the result",
        why: "A build stage keeps sources, dependencies and intermediate files out of the image only if the \
              final stage copies just the result. Copying the whole folder, or the whole file system, brings \
              everything back, and the layer changes with every edit of any source file.",
        bad: &[
            "FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o server .\nFROM debian:12\nCOPY --from=build /src /app\nCMD [\"/app/server\"]\n",
            "FROM maven:3.9 AS build\nCOPY . /build\nRUN mvn -f /build/pom.xml package\nFROM eclipse-temurin:21-jre\nCOPY --from=build /build/ /app/\n",
            "FROM debian:12 AS build\nRUN make install\nFROM debian:12\nCOPY --from=build / /\n",
        ],
        good: &[
            "FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/server .\nFROM debian:12\nCOPY --from=build /out /app\n",
            "FROM debian:12 AS build\nRUN make install\nFROM scratch\nCOPY --from=build / /\n",
            "FROM gradle:8 AS build\nWORKDIR /app\nCOPY . .\nRUN gradle build\nFROM gradle:8\nCOPY --from=build /app /app\nCMD [\"gradle\", \"run\"]\n",
            "FROM tonistiigi/xx AS xx\nFROM golang:1.23\nCOPY --from=xx / /\n",
            "FROM node:22 AS deps\nWORKDIR /app\nCOPY . .\nRUN npm ci\nFROM node:22-slim\nCOPY --from=deps /app /app\n",
            "FROM python:3.12 AS build\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt --target lib\nFROM python:3.12-slim\nCOPY --from=build /app /app\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        ..Meta::LAYERWISE
    },
    check,
};

/// How many copies of sources into one stage are looked at.
const MOST_TREES: usize = 32;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let of_stage = |id: usize| model.stage_of(id).map(|it| it.id);
    let mut trees: HashMap<usize, Vec<&Write>> = HashMap::new();
    for write in model.writes().iter().filter(|it| is_whole_tree(cx, it)) {
        trees.entry(of_stage(write.instruction).unwrap_or(0)).or_default().push(write);
    }
    let mut builds: HashMap<usize, &Build> = HashMap::new();
    // `make` may stand for anything, also for programs that are run from their sources.
    let compiled = model
        .builds()
        .iter()
        .filter(|it| !matches!(it.toolchain, Toolchain::C | Toolchain::Node | Toolchain::Elixir));
    for build in compiled {
        builds.entry(of_stage(model.runs[build.run].id()).unwrap_or(0)).or_insert(build);
    }
    let with_runs: HashSet<usize> = cx.runs().filter_map(|it| it.stage).collect();
    for instruction in cx.instructions() {
        let Kind::Copy(copy) = &instruction.kind else { continue };
        let from = instruction.flag("from").and_then(|it| it.value.as_ref());
        let stage = model.stage_of(instruction.id);
        let (Some(from), Some(stage)) = (from, stage) else { continue };
        let Some(other) = model.stage_called(instruction.id, &from.text) else { continue };
        for source in &copy.sources {
            let text = source.word.text.trim_matches(['"', '\'']);
            let is_root = |text: &str| matches!(text, "/" | "/*" | "/.");
            if is_root(text) {
                // A stage that runs nothing may be put together of what is needed.
                let runs = with_runs.contains(&other.id);
                let flattens = stage.base == Base::Scratch
                    || other.base == Base::Scratch
                    || copy.destination.text != "/"
                    || !runs;
                if !flattens {
                    findings
                        .report(source.word.span, "this copies the whole file system of the stage")
                        .label(other.instruction.keyword_span, "with everything that built it")
                        .help("copy only the folders that you need");
                }
                continue;
            }
            let path = text.trim_end_matches("/.").trim_end_matches("/*").trim_end_matches('/');
            let trees = trees.get(&other.id).map_or(&[][..], Vec::as_slice);
            let tree = trees.iter().take(MOST_TREES).find(|it| covers(path, &it.path));
            let build = builds.get(&other.id);
            let (Some(tree), Some(build)) = (tree, build) else { continue };
            let entry = model.entry(stage.id);
            if entry.iter().any(|it| build.toolchain.has_program(&it.command.name)) {
                continue;
            }
            let command = &model.runs[build.run].script.commands[build.command];
            findings
                .report(
                    source.word.span,
                    "this copies the sources and the build, not just the result",
                )
                .label(tree.span, "the sources are copied into this folder here")
                .label(command.span, "only the build result is needed")
                .help("write the build result to a separate folder, and copy only that");
        }
    }
}

/// Whether a COPY or ADD brings the whole build context; of single folders nobody knows whether they are sources.
fn is_whole_tree(cx: &Context<'_>, write: &Write) -> bool {
    matches!(write.how, How::Copied { from: false, .. })
        && write.command.is_none()
        && write.shape == Shape::Tree
        && matches!(cx.doc().source.slice(write.span), "." | "./" | "*" | "./*" | "/")
}
