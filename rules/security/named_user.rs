//! DL3066: a user by name.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3066",
        name: "named-user",
        category: Category::Security,
        severity: Severity::Info,
        profile: Profile::Strict,
        summary: "`USER` by name instead of by number",
        why: "Kubernetes' `runAsNonRoot` accepts only a numeric user, because it must know that the user is \
              not root. A name is looked up in the image's `/etc/passwd`, which another base image may not \
              have.",
        bad: &[
            "FROM debian:12\nUSER app\n",
            "FROM debian:12\nUSER app:1000\n",
            "FROM debian:12\nENV ID=1\nUSER $ID\n",
        ],
        good: &[
            "FROM debian:12\nUSER 1000\n",
            "FROM debian:12\nUSER 1000:app\n",
            "FROM debian:12\nARG ID=1000\nUSER $ID\n",
        ],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::User(user) = &instruction.kind else { continue };
        if cx.model.is_user_by_number(instruction, user) {
            continue;
        }
        findings
            .report(user.span, format!("user `{}` is not a number", shorten(&user.text, 40)))
            .help("write the user's ID: `USER 1000`");
    }
}
