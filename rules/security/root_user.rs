//! DL3002: the last USER of a stage is root.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3002",
        name: "root-user",
        category: Category::Security,
        shipped_only: true,
        summary: "last `USER` is root",
        why: "What runs in the container runs as this user. As root, a flaw in the program reaches every file of the \
              container, its mounts, and through a flaw of the runtime the host.",
        bad: &[
            "FROM debian:12\nUSER root\nCMD [\"serve\"]\n",
            "FROM debian:12\nUSER app\nUSER 0:0\n",
            "FROM debian:12\nUSER \"root\"\n",
        ],
        good: &[
            "FROM debian:12\nUSER root\nRUN install-things\nUSER app\n",
            "FROM debian:12\nRUN install-things\n",
            "FROM debian:12\nUSER $USER_NAME\n",
            "FROM debian:12\nUSER 1000:0\n",
            "FROM debian:12\nONBUILD USER root\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#user"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let instructions = &cx.doc().instructions[stage.instructions.clone()];
        let last = instructions.iter().rev().find_map(|it| match &it.kind {
            Kind::User(word) => Some(word),
            _ => None,
        });
        let Some(user) = last else { continue };
        let name = user.text.trim_matches(['"', '\'']).split(':').next();
        if matches!(name, Some("root" | "0")) {
            let finding = findings
                .report(user.span, "the last user of the stage is root")
                .help("end with `USER` and a user that may only do what the program needs");
            // Many entry points start as root and give the rights up. Sure is it only where the file has
            // another user, and starts a program that is no script.
            if !cx.model.forgets_user(stage.id) {
                finding.only_in(Profile::Strict);
            }
        }
    }
}
