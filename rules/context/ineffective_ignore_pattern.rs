//! LW406: a line of .dockerignore that does not do what it seems to do.

use super::is_much;
use crate::context::OddKind;
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW406",
        name: "ineffective-ignore-pattern",
        category: Category::Context,
        severity: Severity::Warning,
        reads_context: true,
        summary: "a line of .dockerignore that has no effect or breaks the build",
        why: "Patterns in .dockerignore differ from those in .gitignore: a name without a slash matches only \
              in the root of the context, and the last matching line decides. So files that should be \
              excluded are included, or the other way round. A malformed line makes every build fail. The \
              rule reports only names that are useless in any folder, such as `node_modules` or \
              `__pycache__`, and `!` lines without wildcards.",
        bad: &[
            "# the context has `web/node_modules/`; .dockerignore has `node_modules`\nFROM node:22\nCOPY . /app\nRUN npm ci\n",
            "# the context has `web/node_modules/`; .dockerignore has `node_modules`\nFROM node:22\nCOPY ./ /app\nRUN yarn install\n",
            "# the context has `web/node_modules/`; .dockerignore has `node_modules`\nFROM node:22\nADD . /app/\nRUN pnpm install\n",
        ],
        good: &[
            "# the context has `web/node_modules/`; .dockerignore has `node_modules`\nFROM debian:12\nCOPY src /app\n",
            "# the context has `web/node_modules/`; .dockerignore has `node_modules`\nFROM debian:12\nCOPY README.md /app/\n",
            "# the context has `web/node_modules/`; .dockerignore has `node_modules`\nFROM debian:12\nRUN make\n",
        ],
        references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(context) = &cx.model.context else { return };
    if context.ignore_path.is_none() {
        return;
    }
    let name = context.ignore_name();
    let sources: Vec<_> = cx.model.context_sources().collect();
    if let (Some(malformed), Some(first)) = (&context.malformed, sources.first()) {
        let pattern = shorten(&malformed.pattern, 30);
        findings
            .report(
                first.word.span,
                format!("`{pattern}` in .dockerignore is malformed: the build fails"),
            )
            .help(format!("correct {name}:{}", malformed.line))
            .subject(malformed.pattern.clone())
            .causes([context.shared()])
            .severity(Severity::Error);
        return;
    }
    let Some(whole) = sources.iter().find(|it| it.path.is_empty()) else { return };
    for odd in cx.model.overridden_patterns() {
        let OddKind::Overridden(by) = odd.kind else { continue };
        let pattern = shorten(&odd.pattern, 24);
        findings
            .report(whole.word.span, format!("a later line of .dockerignore overrides `{pattern}`"))
            .help(format!("move {name}:{} below line {by}", odd.line))
            .subject(odd.pattern.clone())
            .causes([format!("{}\0{}", context.shared(), odd.pattern)]);
    }
    let shallow = cx.model.shallow_patterns();
    if shallow.is_empty() {
        return;
    }
    let ballast = cx.model.ballast().into_iter().find(|it| it.whole);
    let Some(ballast) = ballast else { return };
    for odd in &shallow {
        let OddKind::OnlyInRoot { junk, deeper } = &odd.kind else { continue };
        let Some(pile) = ballast.piles.iter().find(|it| it.kind == *junk) else { continue };
        let pattern = shorten(&odd.pattern, 24);
        let finding = findings.report(
            whole.word.span,
            format!("`{pattern}` in .dockerignore matches only in the root"),
        );
        finding.help(format!(
            "write `**/{}` in {name}:{} to exclude `{deeper}` too",
            odd.pattern, odd.line
        ));
        finding.subject(odd.pattern.clone()).causes([format!(
            "{}\0{}",
            context.shared(),
            odd.pattern
        )]);
        let bytes = Some(pile.bytes).filter(|_| cx.model.ships(whole.instruction));
        finding.impact(Impact { bytes, ..Impact::default() });
        if !is_much(pile.bytes, pile.files) {
            finding.only_in(Profile::Strict);
        }
    }
}
