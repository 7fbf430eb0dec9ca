//! CopyIgnoredFile: a source that .dockerignore keeps from the build.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "CopyIgnoredFile",
        name: "copy-ignored-file",
        category: Category::Context,
        summary: "`COPY` or `ADD` of files that .dockerignore excludes",
        why: "The builder does not receive files that .dockerignore excludes. The build fails or copies \
              nothing, although the file exists. The rule needs a build context, so it does not check \
              standard input. It also ignores files that a pattern with `!` may include again.",
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
            findings
                .report(
                    source.word.span,
                    format!(
                        ".dockerignore excludes `{name}`, so the build does \
                                                       not get it"
                    ),
                )
                .help(format!("change {}, or copy something else", context.ignore_name()));
        }
    }
}
