//! LW402: what the build never needs gets past .dockerignore.

use super::{baggage_words, bytes_and_files, is_worth_a_word};
use crate::lint::prelude::*;
use crate::model::Ballast;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW402",
        name: "context-carries-baggage",
        category: Category::Context,
        measured_by: &[(9, "")],
        severity: Severity::Warning,
        reads_context: true,
        summary: "a `COPY` includes files that no build needs",
        why: "Git history, installed packages, build output, caches and logs from this machine are sent to \
              the builder and stored in the layer. They change its digest although no source changed, and \
              local packages may even replace those that the build installed. The rule needs a build \
              context, so it does not check standard input.",
        bad: &[
            "# the context has `web/node_modules/`; .dockerignore has `*.log`\nFROM node:22\nCOPY . /app\nRUN npm ci\n",
            "# the context has `web/node_modules/`; .dockerignore has `*.log`\nFROM node:22\nCOPY web/ /app\nRUN npm ci\n",
            "# the context has `.git/`; .dockerignore has `*.log`\nFROM debian:12\nCOPY ./ /app/\n",
        ],
        good: &[
            "# the context has `web/node_modules/`; .dockerignore has `*.log`\nFROM node:22\nCOPY web/src /app\nRUN npm ci\n",
            "# the context has `app.log`; .dockerignore has `*.log`\nFROM debian:12\nCOPY app.log /app/\n",
            "# the context has `web/node_modules/`; .dockerignore has `*.log`\nFROM node:22\nCOPY web /app\nCMD [\"node\", \"index.js\"]\n",
        ],
        references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
        ..Meta::LAYERWISE
    },
    check,
};

/// Below this, the size is not an argument.
const WORTH_A_NUMBER: u64 = 10_000;

/// What it copies: how much, or by its name where it is little.
fn what(ballast: &Ballast) -> String {
    if ballast.bytes() >= WORTH_A_NUMBER {
        return bytes_and_files(ballast);
    }
    baggage_words(ballast)
}

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let Some(context) = &cx.model.context else { return };
    for mut ballast in cx.model.ballast() {
        // Without a .dockerignore, another rule reports the whole context.
        if context.ignore_path.is_none() && ballast.whole {
            continue;
        }
        // What a line of .dockerignore was meant to leave out, another rule explains.
        if ballast.whole {
            let explained = cx.model.shallow_patterns();
            ballast.piles.retain(|it| !explained.iter().any(|odd| odd.pattern == it.kind.name));
        }
        if ballast.piles.is_empty() {
            continue;
        }
        let finding = findings
            .report(ballast.source, format!("copies {} that no build needs", what(&ballast)));
        let patterns = ballast.piles.iter().map(|it| it.kind.pattern());
        finding.causes(patterns.map(|it| format!("{}\0{it}", context.shared())));
        let name = context.ignore_name();
        finding.help(format!("add to {name}: {}", baggage_words(&ballast)));
        if !is_worth_a_word(&ballast) {
            finding.only_in(Profile::Strict);
        }
        finding.impact(Impact {
            bytes: Some(ballast.bytes()).filter(|_| cx.model.ships(ballast.instruction)),
            ..Impact::default()
        });
    }
}
