//! DL3038: dnf asks a question that nobody answers.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3038",
        name: "dnf-without-yes",
        category: Category::Packages,
        severity: Severity::Warning,
        summary: "`dnf install` without `-y`",
        why: "dnf asks before it changes anything. Nobody can answer during a build, so it stops.",
        bad: &[
            "FROM fedora:41\nRUN dnf install httpd-2.4.62 && dnf clean all\n",
            "FROM fedora:41\nRUN microdnf install httpd-2.4.62 && microdnf clean all\n",
        ],
        good: &[
            "FROM fedora:41\nRUN dnf install -y httpd-2.4.62 && dnf clean all\n",
            "FROM fedora:41\nRUN dnf -y install httpd-2.4.62 && dnf clean all\n",
            "FROM fedora:41\nRUN microdnf install --assumeyes httpd-2.4.62 && microdnf clean all\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    // microdnf asks nothing.
    let asks = |it: &Install| !cx.command_of(it).is("microdnf");
    super::report_unanswered(cx, findings, asks, |it| {
        super::waits_for_dnf(cx, it, &["dnf", "dnf5", "microdnf", "tdnf"])
    });
}
