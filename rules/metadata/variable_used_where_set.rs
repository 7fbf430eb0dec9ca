//! DL3044: a variable that is used where it is set.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3044",
        name: "variable-used-where-set",
        category: Category::Metadata,
        severity: Severity::Error,
        summary: "`ENV` that uses a variable set in the same `ENV`",
        why: "The builder expands all values of an ENV before it sets any of them. The variable is still \
              empty, or has the value of an earlier instruction.",
        bad: &[
            "FROM debian:12\nENV HOME_DIR=/srv LOGS=$HOME_DIR/logs\n",
            "FROM debian:12\nENV A=1 \\\n    B=${A}\n",
        ],
        good: &[
            "FROM debian:12\nENV HOME_DIR=/srv\nENV LOGS=$HOME_DIR/logs\n",
            "FROM debian:12\nENV PATH=/srv/bin:$PATH\n",
            "FROM debian:12\nARG A=1\nENV A=2 B=$A\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#environment-replacement"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let mut used = cx.model.used_where_set(instruction).into_iter();
        let Some(first) = used.next() else { continue };
        let message = format!("`{}` is set only by this same `ENV`", shorten(&first.name, 50));
        let finding = findings
            .report(first.used, message)
            .label(first.set, "set here, for the instructions below")
            .help("set it in a separate `ENV` above this one");
        for more in used {
            finding.label(more.used, "and here");
        }
    }
}
