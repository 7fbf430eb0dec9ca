//! DL3048: a label key outside Docker's guidelines.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3048",
        name: "invalid-label-key",
        category: Category::Metadata,
        severity: Severity::Style,
        profile: Profile::Strict,
        summary: "label key outside Docker's guidelines",
        why: "Tools look up labels by their exact key. Docker recommends keys of lower-case letters, digits, \
              `.`, `-`, `_` and `/` that start with a letter, and reserves some prefixes.",
        bad: &[
            "FROM debian:12\nLABEL Maintainer=\"me@example.com\"\n",
            "FROM debian:12\nLABEL com.docker.team=tools\n",
            "FROM debian:12\nLABEL team..name=tools\n",
            "FROM debian:12\nLABEL fine=1 9lives=1\n",
            "FROM debian:12\nLABEL \"my key\"=1\n",
        ],
        good: &[
            "FROM debian:12\nLABEL org.opencontainers.image.authors=\"me@example.com\"\n",
            "FROM debian:12\nLABEL \"team.name\"=tools 'a-b_c/d'=1\n",
            "FROM debian:12\nLABEL description some text\n",
            "FROM debian:12\nONBUILD LABEL Team=tools\n",
        ],
        references: &[
            "https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations",
        ],
        ..Meta::HADOLINT
    },
    check,
};

/// Prefixes that Docker keeps for itself.
const RESERVED: &[&str] = &["com.docker.", "io.docker.", "org.dockerproject."];

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Label(labels) = &instruction.kind else { continue };
        let mut faults = labels.pairs.iter().filter_map(|pair| {
            let key = pair.key.text.trim_matches(['"', '\'']);
            fault(key).map(|fault| (pair.key.span, key, fault))
        });
        let Some((span, key, why)) = faults.next() else { continue };
        let finding = findings
            .report(span, format!("label key `{}` {why}", shorten(key, 40)))
            .help("use lower-case letters, digits, single `.` and `-`, and your own prefix");
        for (span, _, why) in faults {
            finding.label(span, why);
        }
    }
}

/// What is wrong with a key.
fn fault(key: &str) -> Option<&'static str> {
    let letter = |it: char| it.is_ascii_lowercase();
    let letter_or_digit = |it: char| letter(it) || it.is_ascii_digit();
    if RESERVED.iter().any(|prefix| key.starts_with(prefix)) {
        Some("has a prefix reserved for Docker")
    } else if key.contains(char::is_uppercase) {
        Some("has capital letters")
    } else if !key.starts_with(letter) {
        Some("does not start with a letter")
    } else if !key.ends_with(letter_or_digit) {
        Some("does not end with a letter or digit")
    } else if !key.chars().all(|it| letter_or_digit(it) || "._/-".contains(it)) {
        Some("has other characters than `a-z0-9._/-`")
    } else {
        (key.contains("..") || key.contains("--")).then_some("has two separators in a row")
    }
}
