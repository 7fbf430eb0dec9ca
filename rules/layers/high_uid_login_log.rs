//! DL3046: a user with a high number makes a huge sparse file.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3046",
        name: "high-uid-login-log",
        category: Category::Layers,
        measured_by: &[(14, "")],
        severity: Severity::Warning,
        summary: "`useradd` with a high user ID and without `--no-log-init`",
        why: "useradd reserves a slot for every user in `/var/log/lastlog` and `/var/log/faillog`, at a \
              position given by the user ID. For a user ID of a million, these files contain hundreds of \
              megabytes of zeros. On disk they are sparse, but in a layer they are not.",
        bad: &[
            "FROM debian:12\nRUN useradd -u 1000600000 app\n",
            "FROM debian:12\nARG UID=200000\nRUN useradd --uid $UID app\n",
        ],
        good: &[
            "FROM debian:12\nRUN useradd -l -u 1000600000 app\n",
            "FROM debian:12\nRUN useradd --no-log-init -u 1000600000 app\n",
            "FROM debian:12\nRUN useradd -u 10001 app\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#user"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

/// The least number that counts as high.
const HIGH: u64 = 100_000;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for (run, command) in cx.commands() {
        if !command.is("useradd") || command.has_flag("l") || command.has_flag("no-log-init") {
            continue;
        }
        let Some((word, number)) = cx.model.user_id(run, command) else { continue };
        if number < HIGH {
            continue;
        }
        let finding = findings
            .report(
                word.span,
                format!("user ID {number} makes `useradd` write a huge file in `/var/log`"),
            )
            .help("add `--no-log-init`");
        if cx.model.takes_words(run, command) {
            let edit = Edit::insert_after(command.name_span, " --no-log-init");
            finding.fix(Fix::safe("add `--no-log-init`", vec![edit]).effect(Effect::Words));
        }
    }
}
