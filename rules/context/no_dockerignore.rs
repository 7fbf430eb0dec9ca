//! LW401: the whole context is copied, and nothing says what to leave out.

use super::{baggage_words, bytes_and_files, is_worth_a_word};
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW401",
        name: "no-dockerignore",
        category: Category::Context,
        measured_by: &[(9, "")],
        severity: Severity::Warning,
        reads_context: true,
        summary: "the whole build context is copied without a .dockerignore",
        why: "Files that the build never needs are sent to the builder, stored in the layer, and change its \
              digest. With `.git` among them, every commit repeats the `COPY` and everything after it. A \
              .dockerignore next to the Dockerfile excludes them. The rule needs a build context, so it does \
              not check standard input.",
        bad: &[
            "# the context has `.git/` and `node_modules/`, and no .dockerignore\nFROM node:22\nCOPY . /app\nRUN npm ci\n",
            "# the context has `.git/`, and no .dockerignore\nFROM debian:12\nADD ./ /srv/\n",
            "# the context has `.git/`, and no .dockerignore\nFROM debian:12\nWORKDIR /app\nCOPY [\".\", \"./\"]\n",
        ],
        good: &[
            "# the context has `.git/`, and no .dockerignore\nFROM debian:12\nCOPY src/ /srv/\n",
            "# the context has `.git/`, and no .dockerignore\nFROM debian:12\nCOPY README.md src/main.c /srv/\n",
            "# the context has `.git/`, and no .dockerignore\nFROM debian:12\nCOPY --from=build . /srv/\n",
        ],
        references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(context) = cx.model.context.as_ref().filter(|it| it.ignore_path.is_none()) else {
        return;
    };
    let Some(ballast) = cx.model.ballast().into_iter().find(|it| it.whole) else { return };
    let finding = findings.report(
        ballast.source,
        format!("no .dockerignore: copies {} that no build needs", bytes_and_files(&ballast)),
    );
    finding.causes([context.shared()]);
    finding.help(format!(
        "exclude {}; `layerwise init dockerignore` writes the file",
        baggage_words(&ballast)
    ));
    if !is_worth_a_word(&ballast) {
        finding.only_in(Profile::Strict);
    }
    finding.impact(Impact {
        bytes: Some(ballast.bytes()).filter(|_| cx.model.ships(ballast.instruction)),
        ..Impact::default()
    });
}
