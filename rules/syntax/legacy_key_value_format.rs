//! LegacyKeyValueFormat: ENV or LABEL without `=`.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LegacyKeyValueFormat",
        name: "legacy-key-value-format",
        category: Category::Syntax,
        profile: Profile::Strict,
        summary: "`ENV` or `LABEL` with a blank instead of `=`",
        why: "Without `=` all the rest of the line is one value: `ENV A 1 B=2` sets only `A`. The form is kept for old \
              files and is to go.",
        bad: &[
            "FROM debian:12\nENV A 1\n",
            "FROM debian:12\nLABEL team the tools team\n",
            "FROM debian:12\nENV A 1 B=2\n",
        ],
        good: &["FROM debian:12\nENV A=1\n", "FROM debian:12\nLABEL team=\"the tools team\" x=1\n"],
        references: &["https://docs.docker.com/reference/build-checks/legacy-key-value-format/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let (Kind::Env(list) | Kind::Label(list)) = &instruction.kind else { continue };
        let Some(pair) = list.pairs.first().filter(|_| list.legacy) else { continue };
        let keyword = instruction.keyword.name();
        findings
            .report(
                pair.key.span.cover(pair.value.span),
                format!("`{keyword}` without `=` between key and value"),
            )
            .help(format!(
                "write `{keyword} {}=…`, in quotes if the value has blanks",
                pair.key.text
            ));
    }
}
