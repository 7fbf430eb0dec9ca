//! DL3034: zypper asks a question that nobody answers.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3034",
        name: "zypper-without-yes",
        category: Category::Packages,
        severity: Severity::Warning,
        summary: "`zypper` without `--non-interactive`",
        why: "zypper asks before it changes anything. Nobody can answer during a build, so it stops.",
        bad: &[
            "FROM opensuse/leap:15.6\nRUN zypper install httpd=2.4.62 && zypper clean\n",
            "FROM opensuse/leap:15.6\nRUN zypper patch\n",
            "FROM opensuse/leap:15.6\nRUN zypper rm httpd\n",
        ],
        good: &[
            "FROM opensuse/leap:15.6\nRUN zypper -n install httpd=2.4.62 && zypper clean\n",
            "FROM opensuse/leap:15.6\nRUN zypper install -y httpd=2.4.62 && zypper clean\n",
            "FROM opensuse/leap:15.6\nRUN zypper refresh\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

/// The verbs that ask.
const VERBS: &[&str] = &["install", "in", "remove", "rm", "source-install", "si", "patch"];

/// What keeps zypper from asking.
const ANSWERS: &[&str] = &["n", "non-interactive", "y", "no-confirm"];

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let asks = run.script.commands.iter().filter(|it| {
            it.is("zypper")
                && it.operands().any(|word| VERBS.contains(&word.text.as_str()))
                && !ANSWERS.iter().any(|flag| it.has_flag(flag))
        });
        let Some(command) = asks.clone().next() else { continue };
        let finding = findings
            .report(command.name_span, "`zypper` waits for an answer and stops the build")
            .help("use `zypper --non-interactive`");
        let edits = asks.map(|it| {
            cx.model
                .takes_words(run, it)
                .then(|| Edit::insert_after(it.name_span, " --non-interactive"))
        });
        if let Some(edits) = edits.collect() {
            finding.fix(Fix::safe("add `--non-interactive`", edits).effect(Effect::Words));
        }
    }
}
