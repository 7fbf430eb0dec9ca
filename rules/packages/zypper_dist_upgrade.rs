//! DL3035: zypper moves the image to another release.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3035",
        name: "zypper-dist-upgrade",
        category: Category::Packages,
        severity: Severity::Warning,
        summary: "`zypper dist-upgrade` in a build",
        why: "It replaces most of the base image, so those bytes are stored twice, and the result depends on \
              the day of the build. A newer base image contains the same updates without that cost.",
        bad: &[
            "FROM opensuse/leap:15.6\nRUN zypper -n dist-upgrade\n",
            "FROM opensuse/leap:15.6\nRUN zypper -n dup\n",
        ],
        good: &[
            "FROM opensuse/leap:15.6\nRUN zypper -n refresh\n",
            "FROM opensuse/leap:15.6\nRUN zypper -n patch\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let verbs = run.script.commands.iter().filter(|it| it.is("zypper")).filter_map(|it| {
            it.operands().find(|word| matches!(word.text.as_str(), "dist-upgrade" | "dup"))
        });
        let Some(verb) = verbs.into_iter().next() else { continue };
        findings
            .report(
                verb.span,
                format!("`zypper {}` stores most of the base image a second time", verb.text),
            )
            .help("use a newer base image");
    }
}
