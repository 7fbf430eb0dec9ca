//! FromPlatformFlagConstDisallowed: FROM with one fixed platform.

use crate::lint::prelude::*;
use crate::model::Platform;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "FromPlatformFlagConstDisallowed",
        name: "from-platform-flag-const-disallowed",
        category: Category::BaseImage,
        summary: "`FROM --platform` with a constant",
        why: "A fixed platform overrides `docker build --platform`. On other machines, the image is \
              emulated, slow, or does not start. If a stage is meant for one platform, put the platform into \
              its name.",
        bad: &[
            "FROM --platform=linux/amd64 debian:12\n",
            "FROM --platform=arm64 debian:12 AS build\n",
            "FROM --platform=linux/x86_64 debian:12 AS x86\n",
        ],
        good: &[
            "FROM debian:12\n",
            "FROM --platform=$BUILDPLATFORM debian:12 AS build\n",
            "FROM --platform=linux/amd64 debian:12 AS build-amd64\n",
            "FROM --platform=linux/amd64 debian:12 AS build_linux\n",
            "ARG PLATFORM=linux/amd64\nFROM --platform=$PLATFORM debian:12\n",
        ],
        references: &[
            "https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/",
        ],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let Some(flag) = &stage.from.platform else { continue };
        let Some(text) = flag.literal() else { continue };
        let Some(platform) = Platform::parse(&text) else { continue };
        let name = stage.name.as_deref().unwrap_or_default();
        let says_so = name.contains(&platform.os)
            || platform.architecture.is_some_and(|it| name.contains(&it));
        if !says_so {
            let finding = findings
                .report(flag.span, format!("this stage is always built for `{}`", shorten(&text, 40)))
                .help("remove the flag, use `$BUILDPLATFORM`, or put the platform into the stage's name");
            // An image for one platform says so in this way, and so does a stage that others take from; it is a slip where the
            // file is made for several.
            if !stage.ships || !cx.model.is_for_several_platforms() {
                finding.only_in(Profile::Strict);
            }
        }
    }
}
