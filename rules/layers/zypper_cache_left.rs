//! DL3036: zypper leaves its metadata in the layer.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3036",
        name: "zypper-cache-left",
        category: Category::Layers,
        measured_by: &[(5, "zypp")],
        severity: Severity::Warning,
        profile: Profile::Strict,
        shipped_only: true,
        summary: "`zypper install` without `zypper clean` after it",
        why: "zypper keeps repository metadata and packages in `/var/cache/zypp`. No program in the image \
              needs them. Delete them in the same RUN, because a later one cannot make the layer smaller.",
        bad: &[
            "FROM opensuse/leap:15.6\nRUN zypper -n install httpd=2.4.62\n",
            "FROM opensuse/leap:15.6\nRUN zypper clean && zypper -n in httpd=2.4.62\n",
        ],
        good: &[
            "FROM opensuse/leap:15.6\nRUN zypper -n install httpd=2.4.62 && zypper clean\n",
            "FROM opensuse/leap:15.6\nRUN zypper -n in httpd=2.4.62 && zypper cc -a\n",
            "FROM opensuse/leap:15.6\nRUN --mount=type=cache,target=/var/cache/zypp zypper -n in httpd=2.4.62\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "end the RUN with `zypper clean --all`";
    super::report_cache_left(cx, findings, Manager::ZYPPER, help, |_, it| {
        it.is("zypper") && it.operands().any(|word| matches!(word.text.as_str(), "install" | "in"))
    });
}
