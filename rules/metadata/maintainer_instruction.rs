//! DL4000: MAINTAINER.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4000",
        name: "maintainer-instruction",
        category: Category::Metadata,
        severity: Severity::Error,
        default_severity: Some(Severity::Warning),
        absorbs: &["MaintainerDeprecated"],
        released_only: true,
        manner: true,
        summary: "`MAINTAINER` is deprecated",
        why: "MAINTAINER has been deprecated since Docker 1.13. A label holds the same information, and \
              `docker inspect` and registries can show and search it.",
        bad: &["FROM debian:12\nMAINTAINER me@example.com\n"],
        good: &["FROM debian:12\nLABEL org.opencontainers.image.authors=\"me@example.com\"\n"],
        references: &["https://docs.docker.com/reference/dockerfile/#maintainer-deprecated"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions().filter(|it| it.keyword == Keyword::Maintainer) {
        let finding = findings
            .report(instruction.keyword_span, "`MAINTAINER` is deprecated")
            .help("write `LABEL org.opencontainers.image.authors=\"…\"`");
        if let Some(label) = label(instruction) {
            // The label is what Docker's documentation names in place of the image's `Author` field.
            let edits = vec![Edit::replace(instruction.span, label)];
            let title = "write a label instead";
            finding.fix(Fix::safe(title, edits).effect(Effect::Instructions));
        }
    }
}

/// The label that says the same; none where the name would have to be escaped.
fn label(instruction: &Instruction<'_>) -> Option<String> {
    let name = instruction.body.value.trim();
    let name = name.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(name);
    let plain = !name.is_empty() && !name.contains(['"', '\\', '$', '`', '\n', '\r']);
    plain.then(|| format!("LABEL org.opencontainers.image.authors=\"{name}\""))
}
