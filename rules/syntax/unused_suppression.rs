//! LW001: a comment that suppresses nothing.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW001",
        name: "unused-suppression",
        category: Category::Syntax,
        summary: "a comment that suppresses nothing",
        why: "A suppression that outlives its problem hides the next one, and a suppression with a misspelt \
              code or in the wrong place never worked. Comments for hadolint and BuildKit, which those tools \
              may still need, are reported only in the audit profile.",
        bad: &[
            "FROM debian:12\n# layerwise ignore=DL3002 the tool needs root\nUSER nobody\n",
            "# layerwise ignore=DL30022\nFROM debian:12\nUSER nobody\n",
            "# layerwise file-ignore=lates-tag\nFROM debian:12\nUSER nobody\n",
            "# layerwise ingore=DL3007\nFROM debian:latest\nUSER nobody\n",
            "# layerwise ignore\nFROM debian:12\nUSER nobody\n",
            "# layerwise ignore=DL3007\n\nFROM debian:latest\nUSER nobody\n",
        ],
        good: &[
            "FROM debian:12\n# layerwise ignore=DL3002 the tool needs root\nUSER root\n",
            "# layerwise file-ignore=LW001,DL3007 a template\nFROM debian:12\n",
            "# hadolint ignore=DL3007\nFROM debian:12\n",
            "# layerwise is a linter\nFROM debian:12\n",
            "# layerwise: ignore DL3007\nFROM debian:latest\nUSER nobody\n",
        ],
        ..Meta::LAYERWISE
    },
    check,
};

/// Which comments suppressed something is known only when all rules have run: `lint::suppress` reports this.
fn check(_: &Context<'_>, _: &mut Findings) {}
