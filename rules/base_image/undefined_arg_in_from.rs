//! UndefinedArgInFrom: a variable of FROM that no global ARG declares.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "UndefinedArgInFrom",
        name: "undefined-arg-in-from",
        category: Category::BaseImage,
        absorbs: &["InvalidDefaultArgInFrom"],
        summary: "variable of `FROM` without a global `ARG`",
        why: "`FROM` sees only the ARGs before the first `FROM`. Any other variable is empty or always has \
              its default: `--build-arg` does not affect it, and the build fails or uses the wrong image.",
        bad: &[
            "FROM debian:$VERSION\n",
            "FROM debian:12\nARG VERSION=12\nFROM debian:$VERSION\n",
            "FROM debian:${VERSION:-12}\n",
            "FROM --platform=$BUILDPLATFROM debian:12\n",
        ],
        good: &[
            "ARG VERSION\nFROM debian:$VERSION\n",
            "ARG VERSION=12\nFROM debian:$VERSION AS a\nFROM debian:${VERSION}-slim\n",
            "FROM --platform=$BUILDPLATFORM debian:12\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/undefined-arg-in-from/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        for variable in cx.model.undeclared_in_from(stage.instruction) {
            let name = shorten(&variable.name, 40);
            let message = format!("no ARG before FROM declares `{name}`");
            let finding = findings.report(variable.span, message);
            match cx.model.near_global(&variable.name) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("add `ARG {name}` before the first FROM")),
            };
        }
    }
}
