//! DL3001: a command that makes no sense while an image is built.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3001",
        name: "pointless-command",
        category: Category::Shell,
        severity: Severity::Info,
        profile: Profile::Strict,
        summary: "a command that is useless in a build, such as `service` or `ps`",
        why: "A build has no init system, no terminal and no other users. A service started in a RUN stops \
              when the RUN ends, and mounts or process lists say nothing about the later container. Such \
              lines usually come from the setup of a virtual machine and only cost build time.",
        bad: &["FROM debian:12\nRUN service nginx start\n"],
        good: &[
            "FROM debian:12\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y ssh vim\n",
            "FROM debian:12\nRUN ssh-keygen -A && killall5 -V\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

/// What hadolint lists too.
const COMMANDS: &[&str] =
    &["free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"];

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let mut commands = run.script.commands.iter();
        let Some(command) = commands.find(|it| COMMANDS.contains(&it.name.as_str())) else {
            continue;
        };
        let name = &command.name;
        findings.report(command.name_span, format!("`{name}` is useless in a build")).help(
            "start processes with CMD or ENTRYPOINT; remove commands that only inspect a running \
                   machine",
        );
    }
}
