//! DL3002: the last USER of a stage is root.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3002",
        name: "root-user",
        category: Category::Security,
        shipped_only: true,
        summary: "last `USER` is root",
        why: "The container runs as this user. If the program runs as root, a flaw in it exposes every file \
              of the container and its mounts and, with a flaw in the runtime, the host.",
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
                .report(
                    user.span,
                    "the container runs as root: the last `USER` of the stage is root",
                )
                .help(
                    "end the stage with a `USER` that has only the permissions the program needs",
                );
            // Many entry points start as root and give the rights up. Sure is it only where the file has
            // another user, and starts a program that is not a script.
            if !cx.model.forgets_user(stage.id) {
                finding.only_in(Profile::Strict);
            }
        }
    }
}
