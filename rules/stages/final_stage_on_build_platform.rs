//! LW314: an image for the machine that builds it.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW314",
        name: "final-stage-on-build-platform",
        category: Category::Stages,
        summary: "the final image is built for the builder's platform",
        why: "`--platform=$BUILDPLATFORM` is for stages that cross-compile. On the stage that becomes the \
              image, it is wrong: an arm64 image built on amd64 contains amd64 programs and does not start.",
        bad: &[
            "FROM --platform=$BUILDPLATFORM node:22\nCOPY . .\nCMD [\"node\", \"server.js\"]\n",
            "FROM --platform=$BUILDPLATFORM golang:1.23 AS build\nRUN go build -o /app .\nFROM --platform=$BUILDPLATFORM alpine:3.20\nCOPY --from=build /app /app\nCMD [\"/app\"]\n",
            "FROM --platform=${BUILDPLATFORM:-linux/amd64} python:3.12 AS base\nRUN pip install app\nFROM base AS run\nCMD [\"app\"]\n",
        ],
        good: &[
            "FROM --platform=$BUILDPLATFORM golang:1.23 AS build\nRUN go build -o /app .\nFROM alpine:3.20\nCOPY --from=build /app /app\nCMD [\"/app\"]\n",
            "FROM --platform=$TARGETPLATFORM node:22\nCMD [\"node\"]\n",
            "FROM --platform=$BUILDPLATFORM golang:1.23 AS lint\nRUN go vet ./...\n",
            "FROM --platform=$BUILDPLATFORM scratch AS files\nCOPY out /\n",
            "FROM --platform=$BUILDPLATFORM golang:1.23 AS base\nFROM base AS build\nRUN go build ./...\nFROM build\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-platform/#cross-compilation"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let mut told = Vec::new();
    for output in model.outputs().iter().filter(|it| !model.is_workbench(**it)) {
        let Some(root) = model.root_stage(*output) else { continue };
        let Some(platform) = &root.from.platform else { continue };
        let on_builder = platform.variables().iter().any(|it| it.name == "BUILDPLATFORM");
        // Files that are only exported have no platform.
        if !on_builder || root.base == Base::Scratch || told.contains(&root.id) {
            continue;
        }
        // A last `FROM build` that runs nothing only says what is built by default.
        let runs = model
            .image_of(*output)
            .iter()
            .any(|it| matches!(cx.doc().instructions[it].kind, Kind::Cmd(_) | Kind::Entrypoint(_)));
        if root.id != *output && !runs {
            continue;
        }
        told.push(root.id);
        let finding = findings.report(
            platform.span,
            "this image is for the build machine's platform, not for its target",
        );
        let fetched = brings_programs_of_builder(cx, *output);
        finding.help(match fetched {
            Some(_) => {
                "remove the flag here and on stages that compile nothing; keep it on stages that \
                        cross-compile"
            }
            None => "remove the flag here; keep it on stages that cross-compile",
        });
        if let Some(from) = fetched {
            finding.label(from, "its programs are for the build machine too");
        }
        if root.id != *output {
            let from = model.stages[*output].from.image.span;
            finding.label(from, "this stage becomes the image");
        } else if let Some(edit) = cx.without_platform(root).filter(|_| fetched.is_none()) {
            finding.fix(Fix::unsafe_("remove the flag", vec![edit]).effect(Effect::Instructions));
        }
    }
}

/// The image of a stage on the builder's platform from which an image copies and which compiles nothing.
fn brings_programs_of_builder(cx: &Context<'_>, output: usize) -> Option<Span> {
    let model = cx.model;
    let builds = model.builds();
    model.image_of(output).iter().find_map(|id| {
        let instruction = &cx.doc().instructions[id];
        let Kind::Copy(_) = instruction.kind else { return None };
        let from = instruction.flag("from")?.value.as_ref()?;
        let stage = model.stage_called(id, &from.text)?;
        let root = model.root_stage(stage.id)?;
        let platform = root.from.platform.as_ref()?;
        let layers = model.image_of(stage.id);
        let on_builder = platform.variables().iter().any(|it| it.name == "BUILDPLATFORM");
        let compiles = builds.iter().any(|it| layers.contains(model.runs[it.run].id()));
        (on_builder && !compiles && root.base != Base::Scratch).then_some(root.from.image.span)
    })
}
