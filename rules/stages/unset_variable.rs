//! LW312: a variable that is empty because the stage does not declare it.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW312",
        name: "unset-variable",
        category: Category::Stages,
        absorbs: &["SC2154"],
        summary: "an argument that is empty because the stage does not declare it",
        why: "Arguments before the first FROM, and those that BuildKit provides, exist only in stages that \
              declare them. Elsewhere they are empty: a download has an incomplete URL, a build is for the \
              wrong machine, and `EXPOSE` exposes no port. The build continues.",
        bad: &[
            "FROM debian:12\nRUN make ARCH=$TARGETARCH\n",
            "ARG VERSION=1.2\nFROM debian:12\nRUN curl -fsSLO https://example.com/app-${VERSION}.tar.gz\n",
            "ARG VERSION=1.2\nFROM debian:12 AS one\nARG VERSION\nRUN make $VERSION\nFROM debian:12\nRUN make \"$VERSION\"\n",
            "FROM node:22\nEXPOSE ${PORT}\nCMD [\"node\", \"server.js\"]\n",
        ],
        good: &[
            "FROM debian:12\nARG TARGETARCH\nRUN make ARCH=$TARGETARCH\n",
            "ARG VERSION=1.2\nFROM debian:12\nARG VERSION\nRUN curl -fsSLO https://example.com/app-${VERSION}.tar.gz\n",
            "ARG VERSION=1.2\nFROM debian:12\nRUN VERSION=2 && make $VERSION\n",
            "ARG VERSION=1.2\nFROM debian:12\nRUN make ${VERSION:-2}\n",
            "FROM node:22\nENV PORT=3000\nEXPOSE ${PORT}\n",
            "FROM team/app:1\nEXPOSE ${PORT}\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#scope"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for unset in cx.model.unset_variables() {
        let name = shorten(&unset.name, 40);
        let message = if unset.exposes {
            format!("nothing sets `{name}`, so no port is exposed")
        } else {
            format!("`{name}` is empty: not declared in this stage")
        };
        let finding = findings.report(unset.span, message);
        match unset.global {
            Some(global) => {
                finding
                    .label(global, "stages do not see this argument")
                    .help(format!("add `ARG {name}` to the stage"));
            }
            None if unset.exposes => {
                finding.help(format!("set it with `ENV {name}=…`, or write the port"));
            }
            None => {
                finding.help(format!("add `ARG {name}` to the stage, before this"));
            }
        }
    }
}
