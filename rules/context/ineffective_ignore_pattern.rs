//! LW406: a line of .dockerignore that does not do what it seems to do.

use crate::context::OddKind;
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW406",
        name: "ineffective-ignore-pattern",
        category: Category::Context,
        severity: Severity::Warning,
        reads_context: true,
        summary: "a line of .dockerignore that does nothing, or stops the build",
        why: "Patterns of .dockerignore are no patterns of .gitignore: a name without a slash is only about the root of the \
              context, and of several lines about a path the last decides. What is meant to stay out then comes in, and \
              what is meant to come in stays out. A malformed line makes every build fail.",
        bad: &[
            "# the context has `web/cache/`; .dockerignore has the line `cache`\nFROM debian:12\nCOPY . /app\n",
            "# the context has `web/cache/`; .dockerignore has the line `cache`\nFROM debian:12\nCOPY ./ /app\n",
            "# the context has `web/cache/`; .dockerignore has the line `cache`\nFROM debian:12\nADD . /app/\n",
        ],
        good: &[
            "# the context has `web/cache/`; .dockerignore has the line `cache`\nFROM debian:12\nCOPY src /app\n",
            "# the context has `web/cache/`; .dockerignore has the line `cache`\nFROM debian:12\nCOPY README.md /app/\n",
            "# the context has `web/cache/`; .dockerignore has the line `cache`\nFROM debian:12\nRUN make\n",
        ],
        references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(context) = &cx.model.context else { return };
    let Some(path) = &context.ignore_path else { return };
    let name = path.display();
    let sources: Vec<_> = cx.model.context_sources().collect();
    if let (Some(malformed), Some(first)) = (&context.malformed, sources.first()) {
        let pattern = shorten(&malformed.pattern, 30);
        findings
            .report(
                first.word.span,
                format!("`{pattern}` in .dockerignore is malformed: the build fails"),
            )
            .help(format!("mend {name}:{}", malformed.line))
            .subject(malformed.pattern.clone())
            .causes([context.shared()])
            .severity(Severity::Error);
        return;
    }
    let whole = sources.iter().find(|it| it.path.is_empty());
    let (Some(whole), Some(tree)) = (whole, &context.tree) else { return };
    for odd in &tree.odd {
        let pattern = shorten(&odd.pattern, 24);
        let (message, help) = match &odd.kind {
            OddKind::Overridden(by) => (
                format!("`{pattern}` in .dockerignore does nothing: a later line decides"),
                format!("move {name}:{} below line {by}", odd.line),
            ),
            OddKind::OnlyInRoot(deeper) => (
                format!("`{pattern}` in .dockerignore is only about the root of the context"),
                format!(
                    "write `**/{}` in {name}:{} to leave out `{deeper}` too",
                    odd.pattern, odd.line
                ),
            ),
        };
        let cause = format!("{}\0{}", context.shared(), odd.pattern);
        let finding = findings.report(whole.word.span, message);
        finding.help(help).subject(odd.pattern.clone()).causes([cause]);
    }
}
