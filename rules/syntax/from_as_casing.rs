//! FromAsCasing: `AS` in another case than its FROM.

use crate::lint::prelude::*;
use crate::model::Case;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "FromAsCasing",
        name: "from-as-casing",
        category: Category::Syntax,
        profile: Profile::Strict,
        summary: "`AS` in a different case than `FROM`",
        why: "The builder accepts any case, but keywords in the same case are easier to find.",
        bad: &[
            "FROM debian:12 as build\n",
            "from debian:12 AS build\n",
            "FROM debian:12 As build\n",
        ],
        good: &[
            "FROM debian:12 AS build\n",
            "from debian:12 as build\n",
            "From debian:12 as build\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/from-as-casing/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let Some(alias) = &stage.from.alias else { continue };
        let from = &*stage.instruction.word;
        let case = Case::of(from);
        let written = cx.doc().source.slice(alias.as_span);
        let is_other = case != Case::Mixed && Case::of(written) != case;
        if is_other && !written.is_empty() && cx.model.is_on_one_line(alias.as_span) {
            findings
                .report(alias.as_span, format!("`{written}` and `{from}` differ in case"))
                .help(format!("write `{}`", case.apply(written)))
                .fix(Fix::safe(
                    format!("write `{}`", case.apply(written)),
                    vec![Edit::replace(alias.as_span, case.apply(written))],
                ));
        }
    }
}
