//! DL3027: `apt`, which is made for people at a terminal.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3027",
        name: "apt-command",
        category: Category::Packages,
        profile: Profile::Strict,
        released_only: true,
        once: Some(Once::File),
        severity: Severity::Warning,
        shipped_only: true,
        manner: true,
        summary: "`apt` in a build instead of `apt-get`",
        why: "`apt` is made for interactive use: its manual says that its command line and output may change \
              between versions, and it prints a warning if its output is not a terminal. `apt-get` and \
              `apt-cache` are stable.",
        bad: &["FROM debian:12\nRUN apt update && apt install -y curl\n"],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN apt-cache policy curl\n",
        ],
        references: &["https://manpages.debian.org/bookworm/apt/apt.8.en.html"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let Some(command) = run.script.commands.iter().find(|it| it.is("apt")) else { continue };
        let finding = findings.report(
            command.name_span,
            "`apt` is for interactive use and has no stable \
                                                          command line",
        );
        finding.help("use `apt-get` or `apt-cache`");
        let edits =
            run.script.commands.iter().filter(|it| it.is("apt")).map(|it| renamed(cx, run, it));
        if let Some(edits) = edits.collect() {
            finding.fix(
                Fix::unsafe_("use `apt-get`", edits)
                    .effect(Effect::Instructions)
                    // hadolint's rules about installs do not look at `apt`.
                    .reveals(&["DL3008", "DL3009", "DL3014", "DL3015"]),
            );
        }
    }
}

/// `apt-get` for a verb that both have.
fn renamed(cx: &Context<'_>, run: &Run<'_>, command: &Command) -> Option<Edit> {
    const VERBS: &[&str] = &[
        "autoclean",
        "autoremove",
        "build-dep",
        "clean",
        "dist-upgrade",
        "install",
        "purge",
        "remove",
        "update",
        "upgrade",
    ];
    let known = command.verb().is_some_and(|it| VERBS.contains(&it.text.as_str()));
    let written = cx.doc().source.slice(command.name_span) == "apt";
    let fits = known && written && cx.model.takes_words(run, command);
    fits.then(|| Edit::replace(command.name_span, "apt-get"))
}
