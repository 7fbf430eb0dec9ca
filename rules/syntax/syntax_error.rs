//! LW000: the builder would refuse the file.

use crate::lint::prelude::*;
use crate::syntax::ItemKind;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW000",
        name: "syntax-error",
        category: Category::Syntax,
        severity: Severity::Error,
        absorbs: &["DL3011", "DL3043", "DL3061"],
        outweighs: &["DL3006", "DL3022", "DL3023", "InvalidDefaultArgInFrom", "SC1044"],
        summary: "a line that the builder rejects",
        why: "The build stops before it runs the first instruction. The rest of the file is still checked, \
              so that one mistake does not hide the others.",
        bad: &[
            "FROM debian:12\nRUNN apt-get update\n",
            "FROM debian:12\nCOPY one-argument\n",
            "FROM debian:12\nRUN <<EOF\necho the end is missing\n",
            "FROM debian:\n",
            "FROM Debian\n",
            "FROM debian:12\nCOPY --from=1 /app /app\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/ make\n",
            "FROM debian:12\nCMD <<EOF\necho no heredoc here\nEOF\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update\n",
            "FROM debian:12\nCOPY source target/\n",
            "FROM debian:12\nRUN <<EOF\necho here it is\nEOF\n",
            "FROM Registry/team/app:1\n",
            "FROM debian:12\nFROM debian:12\nCOPY --from=0 /app /app\n",
            "FROM debian:12\nWORKDIR /src\nRUN --mount=type=cache,target=. make\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/"],
        since: "0.1.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let doc = cx.doc();
    // LW002 reports what cannot be read at all.
    if doc.items.iter().any(|item| item.kind == ItemKind::Opaque) {
        return;
    }
    for error in &doc.errors {
        let finding = findings.report(error.span, error.message.clone());
        if let Some(help) = &error.help {
            finding.help(help.clone());
        }
    }
    for refused in cx.model.refused() {
        findings.report(refused.span, refused.message).help(refused.help);
    }
}
