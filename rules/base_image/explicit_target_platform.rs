//! DL3065: `--platform=$TARGETPLATFORM`.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3065",
        name: "explicit-target-platform",
        category: Category::BaseImage,
        profile: Profile::Strict,
        once: Some(Once::File),
        absorbs: &["RedundantTargetPlatform"],
        summary: "`--platform=$TARGETPLATFORM` is the default",
        why: "`FROM` already uses the target platform. The flag makes readers look for a reason that does \
              not exist.",
        bad: &[
            "FROM --platform=$TARGETPLATFORM debian:12\n",
            "FROM --platform=${TARGETPLATFORM} debian:12\n",
        ],
        good: &[
            "FROM debian:12\n",
            "FROM --platform=$BUILDPLATFORM debian:12\n",
            "FROM --platform=${TARGETPLATFORM:-linux/amd64} debian:12\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/redundant-target-platform/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let Some(platform) = &stage.from.platform else { continue };
        if matches!(&*platform.text, "$TARGETPLATFORM" | "${TARGETPLATFORM}") {
            let finding = findings
                .report(platform.span, "`FROM` already uses the target platform")
                .help("remove the flag");
            if let Some(edit) = cx.without_platform(stage) {
                finding.fix(Fix::safe("remove the flag", vec![edit]).effect(Effect::Instructions));
            }
        }
    }
}
