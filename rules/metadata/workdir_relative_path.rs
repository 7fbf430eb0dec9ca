//! WorkdirRelativePath: a first WORKDIR that depends on the base image.

use crate::lint::prelude::*;
use crate::model::transfers;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "WorkdirRelativePath",
        name: "workdir-relative-path",
        category: Category::Metadata,
        summary: "relative `WORKDIR` before any absolute one",
        why: "The first WORKDIR of a stage starts at the working directory of the base image. If the base \
              image changes it, the files of this image silently move too.",
        bad: &["FROM debian:12\nWORKDIR app\n", "FROM debian:12\nENV DIR=app\nWORKDIR $DIR\n"],
        good: &[
            "FROM debian:12\nWORKDIR /app\nWORKDIR sub\n",
            "FROM debian:12 AS base\nWORKDIR /app\nFROM base\nWORKDIR sub\n",
            "FROM debian:12\nARG DIR=app\nWORKDIR $DIR\n",
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nWORKDIR C:\\\\app\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/workdir-relative-path/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Workdir(path) = &instruction.kind else { continue };
        let to = cx.model.scopes.resolve(instruction.id, path);
        let relative =
            to.certain && !to.text.starts_with(['/', '\\']) && !transfers::has_drive(&to.text);
        if relative && !cx.model.has_workdir(instruction.id) {
            findings
                .report(path.span, "the base image decides where this relative path starts")
                .help("write an absolute path");
        }
    }
}
