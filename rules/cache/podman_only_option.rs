//! LW212: an option that podman and buildah know and BuildKit refuses.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW212",
        name: "podman-only-option",
        category: Category::Cache,
        severity: Severity::Info,
        summary: "an option that works in podman and buildah but not in Docker",
        why: "Only podman and buildah support `z`, `Z` and `U` in a mount and variables in the image of \
              `COPY --from`. `docker build` fails. The rule does not check files called Containerfile.",
        bad: &[
            "FROM debian:12\nRUN --mount=type=bind,source=a,target=/a,Z cat /a\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/b,z,U ls /b\n",
            "FROM debian:12\nARG VERSION=1\nCOPY --from=quay.io/example/tool:$VERSION /tool /usr/bin/\n",
        ],
        good: &[
            "FROM debian:12\nRUN --mount=type=bind,source=a,target=/a cat /a\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/b,sharing=locked ls /b\n",
            "FROM debian:12\nCOPY --from=quay.io/example/tool:1 /tool /usr/bin/\n",
        ],
        references: &["https://docs.podman.io/en/latest/markdown/podman-build.1.html"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    if cx.model.is_containerfile() {
        return;
    }
    for run in cx.all_runs() {
        for mount in run.mounts {
            let is_its =
                |it: &&MountOption<'_>| it.value.is_none() && matches!(&*it.key, "z" | "u");
            let mut options = mount.options.iter().filter(is_its);
            let Some(first) = options.next() else { continue };
            let written = cx.doc().source.slice(first.span);
            let finding = findings.report(
                first.span,
                format!("`docker build` does not support the mount option `{written}`"),
            );
            finding.help("remove it, or build with podman and name the file Containerfile");
            for other in options {
                finding.label(other.span, "and this one");
            }
        }
    }
    for instruction in cx.instructions() {
        let from = instruction.flag("from").and_then(|it| it.value.as_ref());
        if let Some(value) = from.filter(|it| it.text.contains('$') && it.text.contains('/')) {
            findings
                .report(value.span, "`docker build` does not expand variables in `COPY --from`")
                .help("add a stage for the image: `FROM image:$VERSION AS name`");
        }
    }
}
