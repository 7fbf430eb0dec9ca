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
        summary: "all that a `COPY` or `ADD` names is left out by .dockerignore",
        why: "The builder never gets the files, so that the build fails, although they are there for everyone to see; \
              wildcards copy nothing. The files of the context and all patterns, those with `!` too, were looked at.",
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
        let finding = findings.report(ignored.source, format!("the build does not see `{name}`"));
        let after = if ignored.fails { "fails" } else { "copies nothing" };
        finding.help(format!(
            "{} leaves it out, so the build {after}; change that, or copy something else",
            context.ignore_name()
        ));
        if !ignored.fails {
            finding.severity(Severity::Warning);
        }
    }
}
