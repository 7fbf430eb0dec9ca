//! CopyIgnoredFile: a source that .dockerignore keeps from the build.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "CopyIgnoredFile",
        name: "copy-ignored-file",
        category: Category::Context,
        summary: "`COPY` or `ADD` of what .dockerignore leaves out",
        why: "The builder never gets what .dockerignore leaves out: the build fails, or copies nothing, although the file \
              is there for everyone to see. Without a known build context (standard input) the rule is silent, and also \
              where a pattern with `!` may bring the file back.",
        bad: &[
            "# .dockerignore has the line `*.log`\nFROM debian:12\nCOPY app.log /var/log/\n",
            "# .dockerignore has the line `secrets/`\nFROM debian:12\nADD ./secrets/key.txt /run/\n",
        ],
        good: &[
            "# .dockerignore has the line `*.log`\nFROM debian:12\nCOPY logs/app.log /var/log/\n",
            "# .dockerignore has the line `*.log`\nFROM debian:12\nCOPY . /app\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/copy-ignored-file/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(context) = &cx.model.context else { return };
    let Some(ignore) = &context.ignore else { return };
    if ignore.has_exceptions() {
        return;
    }
    for source in cx.model.context_sources() {
        // The context itself is left out only together with all that is in it.
        let is_ignored = match source.path.as_str() {
            "" => ignore.excludes_all(),
            path => ignore.excludes(path),
        };
        if is_ignored {
            let name = shorten(&source.word.text, 40);
            findings.report(source.word.span, format!("the build does not see `{name}`")).help(
                format!(
                    "{} leaves it out; change that, or copy something else",
                    context.ignore_name()
                ),
            );
        }
    }
}
