//! LW405: a file with secrets is copied into a layer.

use std::collections::HashSet;

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW405",
        name: "secret-in-context",
        category: Category::Context,
        measured_by: &[(15, "")],
        severity: Severity::Error,
        reads_context: true,
        summary: "a file of the build context with secrets is copied into a layer",
        why: "Everyone who can pull the image can read the file, also when a later instruction deletes it: the layer keeps \
              it. In a stage that is not shipped it still lies in the build cache. The contents of the file were looked \
              at: it holds a private key, a token or a password.",
        bad: &[
            "# the context has `.env` with a password\nFROM node:22\nCOPY . /app\n",
            "# the context has `deploy/id_rsa`\nFROM debian:12\nCOPY deploy/ /root/.ssh/\n",
            "# the context has `deploy/id_rsa`\nFROM debian:12\nADD deploy/id_* /root/.ssh/\n",
        ],
        good: &[
            "# the context has `.env` with a password\nFROM node:22\nCOPY src /app\n",
            "# the context has `deploy/id_rsa`\nFROM debian:12\nRUN --mount=type=secret,id=key,target=/root/.ssh/id_rsa git clone git@example.com:a/b\n",
            "# the context has `.env` with a password\nFROM debian:12\nCOPY --from=build . /app\n",
        ],
        references: &["https://docs.docker.com/build/building/secrets/"],
        ..Meta::LAYERWISE
    },
    check,
};

/// Nobody reads more of one file.
const MOST: usize = 20;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = HashSet::new();
    for (span, instruction, secret) in cx.model.copied_secrets() {
        if told.len() >= MOST || !told.insert(secret.path.clone()) {
            continue;
        }
        let finding = findings.report(
            span,
            format!("copies `{}`, which holds {}", shorten(&secret.path, 36), secret.kind.name()),
        );
        finding.subject(secret.path.clone());
        finding.help("leave it out by .dockerignore, and give it to the `RUN` that needs it by a secret mount");
        if !cx.model.ships(instruction) {
            finding.severity(Severity::Warning);
        }
    }
}
