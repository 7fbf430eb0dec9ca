//! LW403: a source that is not in the build context.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW403",
        name: "copy-source-missing",
        category: Category::Context,
        severity: Severity::Error,
        reads_context: true,
        summary: "`COPY` or `ADD` of a file that is not in the build context",
        why: "The build fails at this instruction, after everything above it has run. Without `--context`, \
              the file may be created before the build, so the rule reports only names that differ from an \
              existing one in case or by a letter. Wildcards may match nothing, but their folder must exist, \
              except with `--parents`.",
        bad: &[
            "# the context has `src/`, `web/` and `README.md`\nFROM debian:12\nCOPY Src/ /app/\n",
            "# the context has `src/`, `web/` and `README.md`\nFROM debian:12\nADD readme.md /app/\n",
            "# the context has `src/`, `web/` and `README.md`\nFROM debian:12\nCOPY src/ wbe/ /app/\n",
        ],
        good: &[
            "# the context has `src/`, `web/` and `README.md`\nFROM debian:12\nCOPY src/ README.md /app/\n",
            "# the context has `src/`, `web/` and `README.md`\nFROM debian:12\nCOPY *.md s* /app/\n",
            "# the context has `src/`, `web/` and `README.md`\nFROM debian:12\nCOPY --from=build lib /app/\nCOPY $DIR /x\nADD https://example.com/x /x\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#copy"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(context) = &cx.model.context else { return };
    for missing in cx.model.missing_sources() {
        if missing.near.is_none() && !context.is_named {
            continue;
        }
        let path = shorten(&missing.path, 40);
        let finding =
            findings.report(missing.source, format!("`{path}` is not in the build context"));
        match missing.near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!(
                "paths are relative to the build context, {}",
                context.folder_name()
            )),
        };
    }
}
