//! LW002: the file is not UTF-8 text.

use crate::lint::prelude::*;
use crate::source::Encoding;
use crate::syntax::ItemKind;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW002",
        name: "invalid-encoding",
        category: Category::Syntax,
        severity: Severity::Error,
        summary: "a file that is not UTF-8 text",
        why: "The builder reads Dockerfiles as UTF-8. Other bytes become replacement characters in names, \
              paths and labels. Builders reject files in UTF-16, which some Windows editors write.",
        bad: &["\0\u{1}\u{2}\0"],
        good: &["FROM debian:12\nLABEL city=\"Zürich\"\n", "\u{FEFF}FROM debian:12\n"],
        since: "0.1.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let doc = cx.doc();
    if doc.items.iter().any(|item| item.kind == ItemKind::Opaque) {
        for error in &doc.errors {
            let finding = findings.report(error.span, error.message.clone());
            if let Some(help) = &error.help {
                finding.help(help.clone());
            }
        }
    } else if let Encoding::Invalid(spans) = &doc.source.encoding
        && let [first, others @ ..] = spans.as_slice()
    {
        let message = match others.len() {
            0 => "this is not UTF-8".to_owned(),
            1 => "this and another place are not UTF-8".to_owned(),
            count => format!("this and {count} other places are not UTF-8"),
        };
        findings.report(*first, message).help("save the file as UTF-8");
    }
}
