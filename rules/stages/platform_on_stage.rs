//! LW313: a platform for a FROM that builds on a stage.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW313",
        name: "platform-on-stage",
        category: Category::Stages,
        summary: "`--platform` on a `FROM` that names a stage",
        why: "The FROM that names the image sets the platform of a stage. A flag on a later FROM that \
              continues the stage has no effect: a program meant for the build machine is emulated, or the \
              other way round.",
        bad: &[
            "FROM golang:1.23 AS base\nFROM --platform=$BUILDPLATFORM base AS build\nRUN go build -o /app .\nFROM alpine:3.20\nCOPY --from=build /app /app\n",
            "FROM --platform=$BUILDPLATFORM node:22 AS base\nFROM --platform=$TARGETPLATFORM base\nCMD [\"node\"]\n",
            "FROM debian:12 AS base\nFROM --platform=linux/amd64 base\nRUN make\n",
        ],
        good: &[
            "FROM --platform=$BUILDPLATFORM golang:1.23 AS base\nFROM base AS build\nRUN go build -o /app .\nFROM alpine:3.20\nCOPY --from=build /app /app\n",
            "FROM --platform=$BUILDPLATFORM node:22 AS base\nFROM --platform=$BUILDPLATFORM base\nRUN make\n",
            "FROM debian:12 AS base\nFROM base\nRUN make\n",
            "FROM debian:12 AS other\nFROM --platform=$BUILDPLATFORM debian:12\nRUN make\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#from"],
        absorbs: &[
            "DL3029",
            "DL3065",
            "FromPlatformFlagConstDisallowed",
            "RedundantTargetPlatform",
        ],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let Some(platform) = &stage.from.platform else { continue };
        let Base::Stage(_) = stage.base else { continue };
        let Some(root) = cx.model.root_stage(stage.id) else { continue };
        // The same flag again says what is true.
        if root.from.platform.as_ref().is_some_and(|it| it.text == platform.text) {
            continue;
        }
        let finding = findings
            .report(platform.span, "this has no effect: the platform of a stage cannot be changed")
            .label(root.from.image.span, "the platform is set here")
            .help("remove the flag, or move it to the `FROM` that names the image");
        if let Some(edit) = cx.without_platform(stage) {
            finding.fix(Fix::safe("remove the flag", vec![edit]).effect(Effect::Instructions));
        }
    }
}
