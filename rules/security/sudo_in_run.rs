//! DL3004: `sudo` in a RUN.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3004",
        name: "sudo-in-run",
        category: Category::Security,
        severity: Severity::Error,
        default_severity: Some(Severity::Warning),
        summary: "`sudo` in a RUN",
        why: "A build runs as root until USER says otherwise, so `sudo` does nothing there but bring a setuid \
              program into the image. It also hands signals and terminals on in its own way. Where a later \
              user needs root for some steps, switch with USER.",
        bad: &[
            "FROM debian:12\nRUN sudo apt-get update\n",
            "FROM debian:12\nRUN echo x | sudo tee /etc/x\n",
        ],
        good: &[
            "FROM debian:12\nUSER root\nRUN apt-get update\nUSER 1000\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y sudo\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#user"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let Some(span) = run.script.commands.iter().find_map(sudo) else { continue };
        findings
            .report(span, "`sudo` in a build")
            .help("drop it where the user is root already; else put `USER root` before the RUN");
    }
}

/// Where a command is `sudo` or stands behind it.
fn sudo(command: &Command) -> Option<Span> {
    let wrapper = command.wrappers.iter().find(|it| it.name == "sudo").map(|it| it.span);
    wrapper.or_else(|| command.is("sudo").then_some(command.name_span))
}
