//! DL1001: a comment that silences a rule.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL1001",
        name: "ignore-comment",
        category: Category::Syntax,
        severity: Severity::Info,
        profile: Profile::Named,
        summary: "an `ignore` comment of hadolint",
        why: "A comment that suppresses a rule for one line is easily copied and outlives its reason. Teams \
              that do not allow such comments can use this rule to report them.",
        bad: &[
            "FROM debian:12\n# hadolint ignore=DL3002\nUSER root\n",
            "# hadolint ignore=DL3006\nFROM debian\n",
        ],
        good: &[
            "FROM debian:12\n# hadolint global ignore=DL3002\nUSER root\n",
            "FROM debian:12\n# hadolint shell=/bin/bash\nRUN true\n",
            "FROM debian:12\n# layerwise ignore=DL3002\nUSER root\n",
        ],
        references: &[],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for comment in cx.hadolint_ignores() {
        findings
            .report(comment, "this comment suppresses rules for the line below")
            .help("fix what it hides, or configure it once for the project");
    }
}
