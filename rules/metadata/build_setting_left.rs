//! LW720: a setting for the build stays in the image.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW720",
        name: "build-setting-left",
        category: Category::Metadata,
        severity: Severity::Info,
        shipped_only: true,
        profile: Profile::Strict,
        summary: "`ENV DEBIAN_FRONTEND` also applies in containers",
        why: "`ENV` is part of the image. If someone runs apt or dpkg in a container later, they are never \
              asked anything and do not know why. Debian and Docker recommend setting it for the build only: \
              with `ARG`, or before the command.",
        bad: &[
            "FROM debian:12\nENV DEBIAN_FRONTEND=noninteractive\nRUN apt-get update && apt-get install -y tzdata\n",
            "FROM ubuntu:24.04\nENV DEBIAN_FRONTEND noninteractive\n",
            "FROM debian:12\nENV LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive\n",
        ],
        good: &[
            "FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nRUN apt-get update && apt-get install -y tzdata\n",
            "FROM debian:12\nRUN DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata\n",
            "FROM debian:12\nENV DEBIAN_FRONTEND=noninteractive\nRUN apt-get install -y tzdata\nENV DEBIAN_FRONTEND=dialog\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#env"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

const NAME: &str = "DEBIAN_FRONTEND";

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = Vec::new();
    for instruction in cx.instructions() {
        let Kind::Env(env) = &instruction.kind else { continue };
        let Some(pair) = env.pairs.iter().find(|it| it.key.text == NAME) else { continue };
        let Some(stage) = cx.model.stage_of(instruction.id) else { continue };
        // What holds at the end of the stage is what stays.
        let mut pairs = cx.doc().instructions[stage.instructions.clone()].iter().filter_map(|it| {
            let Kind::Env(env) = &it.kind else { return None };
            env.pairs.iter().rev().find(|it| it.key.text == NAME)
        });
        let stays = pairs
            .next_back()
            .is_some_and(|it| it.value.text.to_ascii_lowercase().contains("noninteractive"));
        if !stays || told.contains(&stage.id) {
            continue;
        }
        told.push(stage.id);
        let finding = findings
            .report(pair.key.span, "this build setting stays in the image")
            .help("use `ARG DEBIAN_FRONTEND=noninteractive`");
        let is_base = cx.stages().iter().any(|it| it.base == Base::Stage(stage.id));
        if env.pairs.len() == 1 && !is_base {
            let span = Span { start: instruction.keyword_span.start, end: pair.value.span.end };
            let edit = Edit::replace(span, format!("ARG {NAME}=noninteractive"));
            let fix = Fix::unsafe_("write `ARG`", vec![edit]);
            let fix = fix.effect(Effect::Instructions).reveals(&["InvalidDefinitionDescription"]);
            finding.fix(fix);
        }
    }
}
