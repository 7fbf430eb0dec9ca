//! LW308: a program that needs nothing is on a whole distribution.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW308",
        name: "static-binary-on-full-system",
        category: Category::Stages,
        severity: Severity::Info,
        summary: "a static program on a full distribution that it does not use",
        why: "A statically linked program runs on the empty image. A distribution adds 30 to 200 MB to pull, \
              and packages to patch that nothing uses. `scratch` is enough, or a distroless image if you \
              need certificates, time zones or a user.",
        bad: &[
            "FROM golang:1.23 AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM debian:12\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n",
            "FROM golang:1.23 AS build\nENV CGO_ENABLED=0\nRUN go build -o /app .\nFROM ubuntu:24.04\nCOPY --from=build /app /app\nUSER 1000\nCMD [\"/app\", \"serve\"]\n",
            "FROM rust:1.82 AS build\nRUN cargo build --release --target x86_64-unknown-linux-musl\nFROM centos:7\nCOPY --from=build /target/app /app\nCMD [\"/app\"]\n",
        ],
        good: &[
            "FROM golang:1.23 AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n",
            "FROM golang:1.23 AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM debian:12\nRUN apt-get update && apt-get install -y ca-certificates\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n",
            "FROM golang:1.23 AS build\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n",
            "FROM golang:1.23 AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM debian:12\nCOPY --from=build /app /app\nENTRYPOINT /app --port $PORT\n",
            "FROM golang:1.23 AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM alpine:3.20\nCOPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n",
        ],
        references: &[
            "https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch",
        ],
        ..Meta::LAYERWISE
    },
    check,
};

/// Full distributions. Alpine and the distroless images are small.
const FULL: &[&str] = &[
    "almalinux",
    "amazonlinux",
    "centos",
    "debian",
    "fedora",
    "opensuse",
    "oraclelinux",
    "rockylinux",
    "ubuntu",
];

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for output in cx.model.outputs() {
        check_output(cx, findings, &cx.model.stages[*output]);
    }
}

fn check_output(cx: &Context<'_>, findings: &mut Findings, stage: &Stage<'_>) {
    let model = cx.model;
    let is_full = stage.image().is_some_and(|it| FULL.iter().any(|name| it.is_official(name)));
    let own = &cx.doc().instructions[stage.instructions.clone()];
    let runs = own
        .iter()
        .any(|it| matches!(it.kind, Kind::Run(_) | Kind::Healthcheck(_) | Kind::Shell(_)));
    let Some(entry) = model.entry(stage.id).into_iter().next().filter(|it| !it.may_be_script())
    else {
        return;
    };
    let exec_form = own.iter().all(|it| {
        !matches!(&it.kind, Kind::Cmd(Form::Shell(_)) | Kind::Entrypoint(Form::Shell(_)))
    });
    if !is_full || runs || !exec_form || model.is_workbench(stage.id) {
        return;
    }
    // Everything that is copied is the program, or is next to it.
    let copied = own.iter().find(|it| {
        let Kind::Copy(copy) = &it.kind else { return false };
        it.flag("from").is_some() && {
            let destination = copy.destination.text.trim_end_matches('/');
            let name = entry.program.rsplit('/').next().unwrap_or_default();
            destination == entry.program
                || destination.rsplit('/').next() == Some(name)
                || copy.sources.iter().any(|it| it.word.text.rsplit('/').next() == Some(name))
        }
    });
    let Some(copied) = copied else { return };
    let Some(build) = model.static_build() else { return };
    findings
        .report(
            stage.from.image.span,
            "this system is not needed: the program is linked statically",
        )
        .label(build, "links it statically")
        .label(copied.keyword_span, "brings the program")
        .help("use `scratch`, or `gcr.io/distroless/static` for certificates and time zones");
}
