//! DL3037: packages from zypper without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3037",
        name: "unpinned-zypper-package",
        category: Category::Packages,
        severity: Severity::Warning,
        profile: Profile::Strict,
        summary: "`zypper install` of a package without a version",
        why: "The same Dockerfile can build a different image next month, so you ship something else than \
              you tested. On the other hand, repositories remove old builds, so pins need maintenance.",
        bad: &[
            "FROM opensuse/leap:15.6\nRUN zypper -n install httpd && zypper clean\n",
            "FROM opensuse/leap:15.6\nRUN zypper -n in httpd && zypper clean\n",
            "FROM opensuse/leap:15.6\nRUN zypper -n in git=2.43.0 httpd && zypper cc\n",
        ],
        good: &[
            "FROM opensuse/leap:15.6\nRUN zypper -n install httpd=2.4.62 && zypper clean\n",
            "FROM opensuse/leap:15.6\nRUN zypper -n install 'httpd>=2.4' && zypper clean\n",
            "FROM opensuse/leap:15.6\nRUN zypper -n install tool.rpm && zypper clean\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "pin it: `name=version`";
    super::report_unpinned(cx, findings, help, |it| {
        it.manager == Manager::ZYPPER && matches!(it.verb_name, "install" | "in")
    });
}
