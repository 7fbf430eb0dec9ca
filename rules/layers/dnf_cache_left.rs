//! DL3040: dnf leaves its metadata in the layer.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3040",
        name: "dnf-cache-left",
        category: Category::Layers,
        measured_by: &[(5, "dnf")],
        severity: Severity::Warning,
        profile: Profile::Strict,
        shipped_only: true,
        summary: "`dnf install` without `dnf clean all` after it",
        why: "dnf keeps repository metadata in `/var/cache/dnf` or `/var/cache/libdnf5`, often more than 100 \
              MB. No program in the image needs it. Delete it in the same RUN, because a later one cannot \
              make the layer smaller.",
        bad: &[
            "FROM fedora:41\nRUN dnf install -y httpd-2.4.62\n",
            "FROM fedora:41\nRUN dnf upgrade -y\n",
            "FROM rockylinux:9-minimal\nRUN microdnf install -y httpd-2.4.62\n",
        ],
        good: &[
            "FROM fedora:41\nRUN dnf install -y httpd-2.4.62 && dnf clean all\n",
            "FROM fedora:41\nRUN dnf install -y httpd-2.4.62 && rm -rf /var/cache/libdnf5\n",
            "FROM fedora:41\nRUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y httpd-2.4.62\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

/// The verbs that fetch metadata and packages.
const VERBS: &[&str] =
    &["install", "in", "upgrade", "up", "upgrade-minimal", "up-min", "reinstall", "rei"];

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_cache_left(
        cx,
        findings,
        Manager::DNF,
        "end the RUN with `dnf clean all`",
        |_, it| {
            matches!(it.name.as_str(), "dnf" | "dnf5" | "microdnf" | "tdnf")
                && it.operands().any(|word| VERBS.contains(&word.text.as_str()))
        },
    );
}
