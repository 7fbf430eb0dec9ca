//! LW405: a file with secrets is copied into a layer.

use std::collections::HashSet;

use crate::context::Secret;
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW405",
        name: "secret-in-context",
        released_only: true,
        category: Category::Context,
        measured_by: &[(15, "")],
        severity: Severity::Error,
        reads_context: true,
        summary: "a file with secrets is copied from the build context into a layer",
        why: "Anyone who can pull the image can read the file, even if a later instruction deletes it, \
              because the layer keeps it. In a stage that does not ship, it is still in the build cache; the \
              rule reports that only in the strict profile. The rule reads the file and reports it only if \
              it contains a private key, a token or a password.",
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

/// How many names are listed.
const MOST_NAMES: usize = 4;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = HashSet::new();
    // One finding a source: who leaves out one file sees the others.
    let mut sources: Vec<(Span, usize, Vec<Secret>)> = Vec::new();
    for (span, instruction, secret) in cx.model.copied_secrets() {
        if !told.insert(secret.path.clone()) {
            continue;
        }
        match sources.last_mut().filter(|it| it.0 == span) {
            Some((_, _, secrets)) => secrets.push(secret),
            None => sources.push((span, instruction, vec![secret])),
        }
    }
    for (span, instruction, secrets) in &sources {
        let [first, rest @ ..] = secrets.as_slice() else { continue };
        let name = shorten(&first.path, 36);
        let finding = findings.report(
            *span,
            match rest.len() {
                0 => format!("this adds `{name}`, which contains {}", first.kind.name()),
                1 => format!("this adds `{name}` and another file with secrets"),
                more => format!("this adds `{name}` and {more} more files with secrets"),
            },
        );
        finding.subject(first.path.clone());
        // What is in the repository is known to all who have that, and often a key for tests.
        let context = cx.model.context.as_ref();
        if context
            .is_some_and(|it| it.tracks_all(secrets.iter().map(|secret| secret.path.as_str())))
        {
            finding.only_in(Profile::Strict);
        }
        let names: Vec<String> =
            secrets.iter().take(MOST_NAMES).map(|it| format!("`{}`", it.path)).collect();
        let more = secrets.len().saturating_sub(MOST_NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        if cx.model.copies_by_name(*instruction, *span, &first.path) {
            finding.help(format!(
                "pass `{name}` to a `RUN` with a secret mount; if the program reads it, mount it when the \
                 container starts"
            ));
            if !cx.model.ships(*instruction) {
                finding.severity(Severity::Warning).only_in(Profile::Strict);
            }
            continue;
        }
        finding.help(format!(
            "exclude {}{more} with .dockerignore; pass secrets to a `RUN` with a secret mount, and to the \
             program when its container starts",
            names.join(", ")
        ));
        if !cx.model.ships(*instruction) {
            finding.severity(Severity::Warning).only_in(Profile::Strict);
        }
    }
}
