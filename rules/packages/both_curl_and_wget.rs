//! DL4001: both curl and wget are used.

use std::collections::HashMap;

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4001",
        name: "both-curl-and-wget",
        category: Category::Packages,
        severity: Severity::Warning,
        shipped_only: true,
        profile: Profile::Strict,
        summary: "both `curl` and `wget` are used in one stage",
        why: "They do the same here, so the image contains two programs with their libraries, and both need \
              security updates.",
        bad: &[
            "FROM debian:12\nRUN curl -O https://example.com/a\nRUN wget -q https://example.com/b\n",
        ],
        good: &[
            "FROM debian:12\nRUN curl -O https://example.com/a\nRUN curl -O https://example.com/b\n",
            "FROM debian:12\nRUN curl -O https://example.com/a\nFROM debian:12\nRUN wget -q https://example.com/b\n",
            "FROM debian:12\nRUN apt-get update && apt-get install -y curl wget\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

const TOOLS: [&str; 2] = ["curl", "wget"];

fn check(cx: &Context<'_>, findings: &mut Findings) {
    // What ONBUILD wraps runs in other builds, so it is looked at apart.
    let mut first_uses: HashMap<_, [Option<Span>; 2]> = HashMap::new();
    for run in cx.all_runs() {
        let commands = &run.script.commands;
        let here = TOOLS.map(|tool| commands.iter().find(|it| it.is(tool)).map(|it| it.name_span));
        let Some(place) = here[1].or(here[0]) else { continue };
        let seen = first_uses.entry((run.stage, run.onbuild)).or_default();
        for (seen, here) in seen.iter_mut().zip(here) {
            *seen = seen.or(here);
        }
        let [Some(curl), Some(wget)] = *seen else { continue };
        let (other, name) = if here[1].is_some() { (curl, "curl") } else { (wget, "wget") };
        findings
            .report(place, "both `curl` and `wget` are used in this stage")
            .label(other, format!("`{name}` is used here"))
            .help("use one of them for all downloads");
    }
}
