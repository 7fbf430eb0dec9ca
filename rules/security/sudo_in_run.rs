//! DL3004: `sudo` in a RUN.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3004",
        name: "sudo-in-run",
        category: Category::Security,
        severity: Severity::Error,
        default_severity: Some(Severity::Warning),
        released_only: true,
        manner: true,
        summary: "`sudo` in a RUN",
        why: "A build runs as root until USER changes that, so `sudo` only adds a setuid program to the \
              image. It also handles signals and terminals in unexpected ways. If a later user needs root \
              for some steps, switch with USER.",
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
        let finding = findings.report(span, "`sudo` is unnecessary in a build, which runs as root");
        // The user of a base that the caller chooses may not be root.
        if run.stage.and_then(|it| cx.model.root_image(it)).is_none() {
            finding.only_in(Profile::Strict);
        }
        finding.help(
            "remove it if the user is already root; otherwise put `USER root` before the RUN",
        );
        let edits = run.script.commands.iter().filter(|it| sudo(it).is_some());
        let edits: Option<Vec<Edit>> = edits.map(|it| without(cx, run, it)).collect();
        if let Some(edits) = edits {
            let fix = Fix::unsafe_("drop `sudo`", edits).effect(Effect::Instructions);
            // hadolint's rules do not look behind it.
            finding.fix(
                fix.reveals(&[
                    "DL3008", "DL3009", "DL3014", "DL3015", "DL3018", "DL3027", "DL3047",
                ]),
            );
        }
    }
}

/// The command without a `sudo` that has no options, where the user is root: no USER in the file says otherwise, and the
/// base is an official image that starts as root.
fn without(cx: &Context<'_>, run: &Run<'_>, command: &Command) -> Option<Edit> {
    const ROOT: &[&str] = &[
        "alpine", "centos", "debian", "fedora", "golang", "node", "php", "python", "ruby", "rust",
        "ubuntu",
    ];
    let image = run.stage.and_then(|it| cx.model.root_image(it))?;
    let starts_as_root = ROOT.iter().any(|it| image.is_official(it));
    let [wrapper] = command.wrappers.as_slice() else { return None };
    let plain = wrapper.name == "sudo"
        && wrapper.args.is_empty()
        && command.assignments.is_empty()
        && wrapper.span.start < command.name_span.start
        && cx.model.states[run.id()].is_root()
        && cx.model.takes_words(run, command);
    let span = Span { start: wrapper.span.start, end: command.name_span.start };
    let one_line = !cx.doc().source.slice(span).contains('\n');
    (starts_as_root && plain && one_line).then(|| Edit::delete(span))
}

/// Where a command is `sudo` or is behind it.
fn sudo(command: &Command) -> Option<Span> {
    let wrapper = command.wrappers.iter().find(|it| it.name == "sudo").map(|it| it.span);
    wrapper.or_else(|| command.is("sudo").then_some(command.name_span))
}
