//! DL3059: a RUN directly after a RUN.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3059",
        name: "consecutive-runs",
        category: Category::Layers,
        severity: Severity::Info,
        profile: Profile::Strict,
        shipped_only: true,
        summary: "a RUN with one command directly after another such RUN",
        why: "Each RUN makes a layer. Combining several saves layers and, more importantly, lets the last \
              command delete what the first one created. On the other hand, separate RUNs are cached \
              separately.",
        bad: &["FROM debian:12\nRUN make\nRUN make install\n"],
        good: &[
            "FROM debian:12\nRUN make && make install\n",
            "FROM debian:12\nRUN ./configure && make\nRUN make install\n",
            "FROM debian:12\nRUN make\nENV A=1\nRUN make install\n",
            "FROM debian:12\nRUN make\nRUN --network=none make install\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for (index, pair) in cx.model.runs.windows(2).enumerate() {
        let (first, second) = (&pair[0], &pair[1]);
        let adjacent = !first.onbuild && !second.onbuild && first.id() + 1 == second.id();
        if !adjacent || !first.has_same_flags(second) {
            continue;
        }
        if first.n_commands() > 1 || second.n_commands() > 1 {
            continue;
        }
        if first.script.is_unread() || second.script.is_unread() {
            continue;
        }
        let finding =
            findings.report(second.keyword(), "this RUN could be combined with the one before it");
        finding.label(first.keyword(), "the RUN before it").help("combine the commands with `&&`");
        if let Some(joints) = cx.model.join(&[index, index + 1]) {
            let edits = joints.into_iter().map(|(span, joint)| Edit::replace(span, joint));
            // The same commands in the same order: only how the build is cached changes, which this rule is about.
            let fix = Fix::safe("combine it with the `RUN` above", edits.collect());
            finding.fix(fix.effect(Effect::Join).reveals(&["LW101", "LW104"]));
        }
    }
}
