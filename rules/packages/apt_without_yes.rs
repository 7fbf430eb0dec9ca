//! DL3014: apt-get asks a question that nobody answers.

use crate::lint::prelude::*;
use crate::model::simulates;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3014",
        name: "apt-without-yes",
        category: Category::Packages,
        severity: Severity::Warning,
        summary: "`apt-get install` without `-y`",
        why: "If apt-get needs to install anything else than the named packages, it asks whether to \
              continue. Nobody can answer during a build, so it stops.",
        bad: &[
            "FROM debian:12\nRUN apt-get update && apt-get install curl\n",
            "FROM debian:12\nRUN apt-get update && apt-get -q install curl\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN apt-get update && apt-get -yq install curl\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -qq curl\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -o APT::Get::Assume-Yes=true curl\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let switched_on = cx.model.yes_switched_on();
    // Who only asks what would happen is asked nothing.
    let asks = |it: &Install| {
        let run = cx.run_of(it).id();
        let beneath = cx.model.beneath(run);
        !simulates(cx.command_of(it))
            && !switched_on.iter().any(|it| *it == run || beneath.contains(*it))
    };
    super::report_unanswered(cx, findings, asks, |it| {
        it.verb_name == "install" && cx.command_of(it).is("apt-get") && !cx.model.answers_yes(it)
    });
}
