//! DL3061: an instruction before the first FROM.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3061",
        name: "instruction-before-from",
        category: Category::Syntax,
        severity: Severity::Error,
        summary: "instruction before the first `FROM`",
        why: "Only ARG can come before the first FROM. There is no image yet that other instructions could \
              change, and builders reject them.",
        bad: &["RUN true\nFROM debian:12\n", "LABEL a=b\nUSER me\nFROM debian:12\n"],
        good: &["ARG VERSION=12\nFROM debian:$VERSION\n", "# a comment\nFROM debian:12\n"],
        references: &["https://docs.docker.com/reference/dockerfile/#from"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let before = cx.instructions().take_while(|it| it.keyword != Keyword::From);
    for instruction in before.filter(|it| it.keyword != Keyword::Arg) {
        let word = shorten(&instruction.word, 30);
        findings
            .report(instruction.keyword_span, format!("`{word}` comes before the first `FROM`"))
            .help("move it below `FROM`");
    }
}
