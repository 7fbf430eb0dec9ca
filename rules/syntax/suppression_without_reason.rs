//! LW004: a suppression that does not say why.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW004",
        name: "suppression-without-reason",
        category: Category::Syntax,
        summary: "a suppression that gives no reason",
        why: "Without a reason, nobody can tell later whether the comment is still valid. Set \
              `require-reason` to require a reason for each suppression.",
        bad: &[
            "FROM debian:12\n# layerwise ignore=DL3002\nUSER root\n",
            "# hadolint ignore=DL3007\nFROM debian:latest\n",
            "# check=skip=StageNameCasing\nFROM debian:12 AS Build\n",
        ],
        good: &[
            "FROM debian:12\n# layerwise ignore=DL3002 the tool needs root\nUSER root\n",
            "# hadolint ignore=DL3007 # a test of the newest one\nFROM debian:latest\n",
            "FROM debian:12\n# check=skip=StageNameCasing // a name of old\nFROM debian:12 AS Build\n",
        ],
        options: &[(
            "require-reason",
            "whether a suppression must give a reason; `--require-reason` on the command line",
        )],
        ..Meta::LAYERWISE
    },
    check,
};

/// Comments that suppress are known to `lint::suppress`, which reports this.
fn check(_: &Context<'_>, _: &mut Findings) {}
