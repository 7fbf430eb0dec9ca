//! DL3045: COPY to a relative path with no WORKDIR in the file.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3045",
        name: "copy-without-workdir",
        category: Category::Context,
        profile: Profile::Strict,
        once: Some(Once::Stage),
        summary: "`COPY` to a relative path without a `WORKDIR`",
        why: "The files go to the working directory of the base image, which is often `/`. If the base image \
              changes it, they silently go elsewhere.",
        bad: &[
            "FROM debian:12\nCOPY app.conf app/\n",
            "FROM debian:12\nCOPY . .\n",
            "FROM debian:12 AS one\nWORKDIR /app\nFROM debian:12\nCOPY --from=one /app app\n",
        ],
        good: &[
            "FROM debian:12\nWORKDIR /srv\nCOPY app.conf app/\n",
            "FROM debian:12\nCOPY app.conf /srv/app/\n",
            "FROM debian:12\nCOPY app.conf $DIR/\n",
            "FROM debian:12 AS base\nWORKDIR /srv\nFROM base\nCOPY . .\n",
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY app c:/app/\n",
            "FROM debian:12\nONBUILD COPY . .\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#copy"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Copy(copy) = &instruction.kind else { continue };
        if cx.model.lands_by_base(instruction.id, copy) {
            let to = shorten(&copy.destination.text, 30);
            findings
                .report(copy.destination.span, format!("the base image decides where `{to}` is"))
                .help("set WORKDIR first, or write an absolute path");
        }
    }
}
