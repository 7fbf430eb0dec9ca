//! ConsistentInstructionCasing: a keyword in another case than most.

use crate::lint::prelude::*;
use crate::model::Case;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "ConsistentInstructionCasing",
        name: "consistent-instruction-casing",
        category: Category::Syntax,
        profile: Profile::Strict,
        summary: "keyword in a different case than most of the file",
        why: "The builder accepts any case, but keywords in the same case are easier to find.",
        bad: &[
            "FROM debian:12\nrun echo a\n",
            "from debian:12\nrun echo a\nCMD [\"b\"]\n",
            "FROM debian:12\nRun echo a\n",
            "from debian:12\nRUN echo a\n",
        ],
        good: &[
            "FROM debian:12\nRUN echo a\n",
            "from debian:12\nrun echo a\n",
            "arg VERSION=12\nFROM debian:$VERSION\nONBUILD run echo a\n",
        ],
        references: &[
            "https://docs.docker.com/reference/build-checks/consistent-instruction-casing/",
        ],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let usual = cx.model.usual_keyword_case();
    for instruction in cx.model.stage_instructions() {
        let written = &*instruction.word;
        if Case::of(written) == usual {
            continue;
        }
        let wanted = usual.apply(written);
        let mut edits = vec![Edit::replace(instruction.keyword_span, wanted.as_str())];
        // The AS of a FROM goes with its keyword.
        if let Kind::From(from) = &instruction.kind
            && let Some(alias) = &from.alias
            && !alias.as_span.is_empty()
        {
            edits.push(Edit::replace(alias.as_span, usual.apply("as")));
        }
        let finding = findings.report(
            instruction.keyword_span,
            format!("`{written}` is not in {} like most keywords", usual.name()),
        );
        finding.help(format!("write `{wanted}`"));
        if edits.iter().all(|it| cx.model.is_on_one_line(it.span)) {
            finding.fix(Fix::safe(format!("write `{wanted}`"), edits));
        }
    }
}
