//! DL3030: yum asks a question that nobody answers.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3030",
        name: "yum-without-yes",
        category: Category::Packages,
        severity: Severity::Warning,
        summary: "`yum install` without `-y`",
        why: "yum asks before it changes anything. Nobody can answer during a build, so it stops.",
        bad: &[
            "FROM centos:7\nRUN yum install httpd-2.4.6 && yum clean all\n",
            "FROM centos:7\nRUN yum groupinstall development && yum clean all\n",
        ],
        good: &[
            "FROM centos:7\nRUN yum install -y httpd-2.4.6 && yum clean all\n",
            "FROM centos:7\nRUN yum -qy install httpd-2.4.6 && yum clean all\n",
            "FROM centos:7\nRUN yum install --assumeyes httpd-2.4.6 && yum clean all\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    super::report_unanswered(cx, findings, |_| true, |it| super::waits_for_dnf(cx, it, &["yum"]));
}
