//! DL3026: an image from a registry that is not trusted.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3026",
        name: "untrusted-registry",
        category: Category::BaseImage,
        severity: Severity::Error,
        options: &[(
            "trusted-registries",
            "the registries that images may come from; `*` at the start or the end matches anything. Docker \
             Hub is `docker.io`. Without this option, the rule reports nothing",
        )],
        summary: "image from a registry that is not trusted",
        why: "Anyone who can write to a registry decides what its images contain. Teams that allow only some \
              registries can use this rule to report images from all others.",
        bad: &[
            "FROM docker.io/library/debian:12\n",
            "FROM debian:12\n",
            "FROM registry.example.com/base:1\nCOPY --from=quay.io/tools/jq:1 /jq /bin/\n",
            "FROM registry.example.com/base:1\nRUN --mount=from=ghcr.io/tools/jq:1,target=/x true\n",
        ],
        good: &[
            "FROM registry.example.com/base:1\n",
            "FROM eu.mirror.example.org/base:1 AS one\nFROM one\nCOPY --from=one /a /a\nCOPY --from=0 /a /a\n",
            "FROM scratch\n",
            "ARG BASE\nFROM $BASE\n",
        ],
        references: &[],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let trusted = &cx.options.rules.trusted_registries;
    if trusted.is_empty() {
        return;
    }
    for used in cx.model.images_used() {
        if !trusted.iter().any(|pattern| used.image.is_from(pattern)) {
            let registry = used.image.registry.as_deref().unwrap_or("docker.io");
            findings
                .report(used.span, format!("registry `{}` is not trusted", shorten(registry, 50)))
                .help("use an image from one of `trusted-registries`, or add its registry there");
        }
    }
}
