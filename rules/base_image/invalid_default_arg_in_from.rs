//! InvalidDefaultArgInFrom: a FROM that names no image unless the caller sets an ARG.

use crate::lint::prelude::*;
use crate::syntax::is_placeholder;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "InvalidDefaultArgInFrom",
        name: "invalid-default-arg-in-from",
        category: Category::BaseImage,
        summary: "`FROM` has no valid image name with the defaults of its ARGs",
        why: "Without `--build-arg`, the build fails. A default shows which values are expected, and lets \
              people and tools build the file without extra flags.",
        bad: &[
            "ARG VERSION\nFROM debian:$VERSION\n",
            "ARG IMAGE\nFROM $IMAGE\n",
            "ARG VERSION\nARG IMAGE=debian:$VERSION\nFROM $IMAGE\n",
            "ARG SUFFIX=box:\nFROM busy${SUFFIX}\n",
            "FROM debian:12 AS Build\nFROM Build\n",
        ],
        good: &[
            "ARG VERSION=12\nFROM debian:$VERSION\n",
            "ARG VARIANT\nFROM debian:stable${VARIANT}\n",
            "ARG VERSION\nFROM debian:${VERSION:-12}\n",
            "FROM --platform=$BUILDPLATFORM debian:12\n",
        ],
        references: &[
            "https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/",
        ],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let image = &stage.from.image;
        let Some(text) = cx.model.scopes.with_defaults(image) else { continue };
        if ImageRef::is_valid(&text) {
            continue;
        }
        let shown = shorten(&text, 40);
        if let Some(variable) = image.variables().first() {
            let message = if text.is_empty() {
                "without `--build-arg`, the image name is empty".to_owned()
            } else {
                format!("the image name defaults to `{shown}`")
            };
            let help = format!("give `ARG {}` a default value that works", variable.name);
            let finding = findings.report(image.span, message).help(help);
            // An argument without a default, or with one that says so, is required on purpose; a stage may be chosen by it.
            if cx.model.lacks_value(image)
                || cx.model.may_name_stage(stage)
                || asks_for_a_value(&text)
            {
                finding.only_in(Profile::Strict);
            }
            continue;
        }
        let lower = text.to_lowercase();
        let is_stage = cx.model.is_stage_before(stage, &lower);
        let finding = findings.report(image.span, format!("`{shown}` is not a valid image name"));
        // Another program writes the name before the build.
        if !is_stage && is_placeholder(&text) {
            finding.only_in(Profile::Strict);
        }
        if is_stage {
            // BuildKit makes stage names lower case, but not the name that FROM asks for.
            finding.help(format!("to build on the stage, write `{lower}`"));
        } else {
            finding.help("image names are lower case, with single `.`, `_` or `-` inside");
        }
    }
}

/// Whether a default only says that the caller has to give a value: `pass-a-valid-digest`, `must_be_set`.
fn asks_for_a_value(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "change",
        "changeme",
        "fail",
        "fails",
        "invalid",
        "missing",
        "must",
        "override",
        "pass",
        "placeholder",
        "provide",
        "replace",
        "replaceme",
        "required",
        "set",
        "specify",
        "todo",
        "undefined",
        "unset",
    ];
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(|it: char| !it.is_ascii_alphanumeric());
    words.any(|it| WORDS.binary_search(&it).is_ok())
}
