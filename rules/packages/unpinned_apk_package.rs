//! DL3018: packages from apk without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3018",
        name: "unpinned-apk-package",
        category: Category::Packages,
        released_only: true,
        severity: Severity::Warning,
        profile: Profile::Strict,
        summary: "`apk add` of a package without a version",
        why: "The same Dockerfile can build a different image next month, so you ship something else than \
              you tested. On the other hand, an Alpine branch keeps only the newest build of a package, so \
              pin loosely (`~`), or pin the base image and rebuild often.",
        bad: &[
            "FROM alpine:3.20\nRUN apk add --no-cache curl\n",
            "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build-deps gcc make=4.4.1-r2\n",
        ],
        good: &[
            "FROM alpine:3.20\nRUN apk add --no-cache 'curl~8.9' 'jq>1.7'\n",
            "FROM alpine:3.20\nRUN apk add --no-cache --virtual .build-deps make=4.4.1-r2\n",
            "FROM alpine:3.20\nRUN apk add --no-cache --repository https://example.com/edge jq=1.7.1-r0\n",
            "FROM alpine:3.20\nRUN apk add --no-cache --allow-untrusted tool.apk\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "pin it: `name=version`, or `name~version` for the newest build of a version";
    super::report_unpinned(cx, findings, help, |it| it.manager == Manager::APK);
}
