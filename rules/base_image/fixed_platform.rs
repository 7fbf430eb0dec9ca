//! DL3029: a platform that does not follow the build.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3029",
        name: "fixed-platform",
        category: Category::BaseImage,
        profile: Profile::Strict,
        absorbs: &["FromPlatformFlagConstDisallowed"],
        summary: "`FROM --platform` without the builder's platform arguments",
        why: "A fixed platform overrides `docker build --platform`. On other machines, the image is \
              emulated, slow, or does not start.",
        bad: &[
            "FROM --platform=linux/amd64 debian:12\n",
            "FROM --platform=linux/$TARGETARCH debian:12\n",
            "ARG PLATFORM=linux/amd64\nFROM --platform=$PLATFORM debian:12\n",
        ],
        good: &[
            "FROM debian:12\n",
            "FROM --platform=$BUILDPLATFORM debian:12\n",
            "FROM --platform=${TARGETPLATFORM} debian:12\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#from"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let Some(platform) = &stage.from.platform else { continue };
        if !["BUILDPLATFORM", "TARGETPLATFORM"].iter().any(|name| platform.text.contains(name)) {
            findings
                .report(platform.span, "this platform overrides `docker build --platform`")
                .help("remove the flag, or use `$BUILDPLATFORM`");
        }
    }
}
