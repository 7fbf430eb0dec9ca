//! RedundantTargetPlatform: `--platform=$TARGETPLATFORM`.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "RedundantTargetPlatform",
        name: "redundant-target-platform",
        category: Category::BaseImage,
        profile: Profile::Strict,
        once: Some(Once::File),
        summary: "`--platform=$TARGETPLATFORM` is the default",
        why: "`FROM` already uses the target platform. The flag makes readers look for a reason that does \
              not exist.",
        bad: &[
            "FROM --platform=$TARGETPLATFORM debian:12\n",
            "FROM --platform=${TARGETPLATFORM} debian:12 AS run\n",
            "FROM --platform=${TARGETPLATFORM:-linux/amd64} debian:12\n",
        ],
        good: &[
            "FROM debian:12\n",
            "FROM --platform=$BUILDPLATFORM debian:12\n",
            "FROM --platform=linux/$TARGETARCH debian:12\n",
            "ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM debian:12\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/redundant-target-platform/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    // A global ARG of that name is the file's own variable.
    let own = cx.model.scopes.global_named("TARGETPLATFORM").next().is_some();
    for stage in cx.stages().iter().filter(|_| !own) {
        let Some(platform) = &stage.from.platform else { continue };
        let [Part::Var(variable)] = platform.parts.as_slice() else { continue };
        // The target platform is always set, so that a default does not count.
        if variable.name == "TARGETPLATFORM"
            && matches!(variable.op, None | Some(":-" | "-" | ":?" | "?"))
        {
            let finding = findings
                .report(platform.span, "`FROM` already uses the target platform")
                .help("remove the flag");
            if let Some(edit) = cx.without_platform(stage) {
                finding.fix(Fix::safe("remove the flag", vec![edit]).effect(Effect::Instructions));
            }
        }
    }
}
