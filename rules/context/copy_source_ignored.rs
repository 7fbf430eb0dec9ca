//! LW404: all that a source names is left out by .dockerignore.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW404",
        name: "copy-source-ignored",
        category: Category::Context,
        severity: Severity::Error,
        reads_context: true,
        absorbs: &["CopyIgnoredFile"],
        summary: ".dockerignore excludes everything that a `COPY` or `ADD` names",
        why: "The builder does not receive these files. The build fails although they exist, and wildcards \
              copy nothing. The rule checks the files in the context and all patterns, including those with \
              `!`.",
        bad: &[
            "# the context has `app.log`; .dockerignore has `*.log`\nFROM debian:12\nCOPY app.log /var/log/\n",
            "# the context has `app.log`; .dockerignore has `*.log`\nFROM debian:12\nCOPY app.* /var/log/\n",
            "# the context has `secrets/key.txt`; .dockerignore has `secrets`\nFROM debian:12\nADD secrets/ /run/\n",
        ],
        good: &[
            "# the context has `app.log`; .dockerignore has `*.log`\nFROM debian:12\nCOPY . /app\n",
            "# the context has `README.md`; .dockerignore has `*.log`\nFROM debian:12\nCOPY README.md /app\n",
            "# the context has no `other.log`\nFROM debian:12\nCOPY other.txt /app\n",
        ],
        references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(context) = cx.model.context.as_ref().filter(|it| it.ignore_path.is_some()) else {
        return;
    };
    for ignored in cx.model.ignored_sources() {
        let name = shorten(&ignored.path, 40);
        let finding = findings.report(
            ignored.source,
            format!(
                ".dockerignore excludes `{name}`, so the build \
                                                               does not get it"
            ),
        );
        let after = if ignored.fails { "fails" } else { "copies nothing" };
        finding.help(format!(
            "the build {after}; change {}, or copy something else",
            context.ignore_name()
        ));
        if !ignored.fails {
            finding.severity(Severity::Warning);
        }
    }
}
