//! DL3033: packages from yum without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3033",
        name: "unpinned-yum-package",
        category: Category::Packages,
        severity: Severity::Warning,
        profile: Profile::Strict,
        summary: "`yum install` of a package without a version",
        why: "The same Dockerfile can build a different image next month, so you ship something else than \
              you tested. On the other hand, repositories remove old builds, so pins need maintenance.",
        bad: &[
            "FROM centos:7\nRUN yum install -y httpd && yum clean all\n",
            "FROM centos:7\nRUN yum install -y httpd-$VERSION && yum clean all\n",
            "FROM rockylinux:9\nRUN yum module install -y nodejs\n",
        ],
        good: &[
            "FROM centos:7\nRUN yum install -y httpd-2.4.6 && yum clean all\n",
            "FROM centos:7\nARG VERSION=2.4.6\nRUN yum install -y httpd-$VERSION && yum clean all\n",
            "FROM centos:7\nRUN yum install -y https://example.com/tool.rpm ./other.rpm\n",
            "FROM rockylinux:9\nRUN yum module install -y nodejs:20\n",
            "FROM centos:7\nRUN yum groupinstall -y development\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_unpinned_rpms(cx, findings, &["yum"]);
}
