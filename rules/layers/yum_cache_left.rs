//! DL3032: yum leaves its metadata in the layer.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3032",
        name: "yum-cache-left",
        category: Category::Layers,
        measured_by: &[(5, "yum")],
        severity: Severity::Warning,
        profile: Profile::Strict,
        shipped_only: true,
        summary: "`yum install` without `yum clean all` after it",
        why: "yum keeps repository metadata in `/var/cache/yum`, often more than 100 MB. No program in the \
              image needs it. Delete it in the same RUN, because a later one cannot make the layer smaller.",
        bad: &[
            "FROM centos:7\nRUN yum install -y httpd-2.4.6\n",
            "FROM centos:7\nRUN yum clean all && yum install -y httpd-2.4.6\n",
        ],
        good: &[
            "FROM centos:7\nRUN yum install -y httpd-2.4.6 && yum clean all\n",
            "FROM centos:7\nRUN yum install -y httpd-2.4.6 && rm -rf /var/cache/yum\n",
            "FROM centos:7\nRUN --mount=type=cache,target=/var/cache/yum yum install -y httpd-2.4.6\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "end the RUN with `yum clean all`";
    super::report_cache_left(cx, findings, Manager::DNF, help, |_, it| {
        it.is("yum") && it.operands().any(|word| word.text == "install")
    });
}
