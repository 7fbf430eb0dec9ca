//! DL3041: packages from dnf without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3041",
        name: "unpinned-dnf-package",
        category: Category::Packages,
        severity: Severity::Warning,
        profile: Profile::Strict,
        summary: "`dnf install` of a package without a version",
        why: "The same Dockerfile can build a different image next month, so you ship something else than \
              you tested. On the other hand, repositories remove old builds, so pins need maintenance.",
        bad: &[
            "FROM fedora:41\nRUN dnf install -y httpd && dnf clean all\n",
            "FROM rockylinux:9-minimal\nRUN microdnf install -y httpd && microdnf clean all\n",
            "FROM rockylinux:9\nRUN dnf module install -y nodejs\n",
        ],
        good: &[
            "FROM fedora:41\nRUN dnf install -y httpd-2.4.62 && dnf clean all\n",
            "FROM fedora:41\nARG VERSION=2.4.62\nRUN dnf install -y httpd-${VERSION} && dnf clean all\n",
            "FROM fedora:41\nRUN dnf install -y https://example.com/tool.rpm\n",
            "FROM rockylinux:9\nRUN dnf module install -y nodejs:20\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_unpinned_rpms(cx, findings, &["dnf", "dnf5", "microdnf", "tdnf"]);
}
