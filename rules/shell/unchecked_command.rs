//! LW716: a command in a RUN whose failure does not stop the build.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW716",
        name: "unchecked-command",
        category: Category::Shell,
        released_only: true,
        summary: "a command in a heredoc or before `;` that can fail without stopping the build",
        why: "A RUN fails only if its last command fails. Earlier failures are ignored, unless the commands \
              are joined with `&&` or the shell stops at the first failure (`set -e`). The image is then \
              incomplete, and the problem appears only when it runs.",
        bad: &[
            "FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y curl\nmkdir /data\nEOF\n",
            "FROM debian:12\nRUN curl -fO https://example.com/a.tar; tar xf a.tar\n",
            "FROM node:22\nRUN npm ci; mkdir /data\n",
        ],
        good: &[
            "FROM debian:12\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nmkdir /data\nEOF\n",
            "FROM debian:12\nRUN curl -fO https://example.com/a.tar && tar xf a.tar\n",
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-e\", \"-c\"]\nRUN make; ls\n",
            "FROM debian:12\nRUN <<EOF\nmake || true\nls\nEOF\n",
            "FROM debian:12\nRUN <<EOF\n#!/usr/bin/env python3\nimport os\nprint(1)\nEOF\n",
            "FROM debian:12\nRUN make; true\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#here-documents"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for (index, run) in cx.all_runs().enumerate() {
        let Some(found) = cx.model.unchecked(index) else { continue };
        let message = match found.others {
            0 => "the build continues if this command fails".to_owned(),
            n => format!("the build continues if this command or {n} more fail"),
        };
        let finding = findings.report(found.command, message);
        finding.label(found.next, "runs anyway");
        if !found.counts {
            finding.only_in(Profile::Strict);
        }
        if !found.stops_by_errexit {
            finding.help(
                "join the following commands with `&&` too: `set -e` ignores failures before `&&`",
            );
            continue;
        }
        if run.instruction.is_heredoc_script() {
            finding.help("start the heredoc with `set -e`");
        } else {
            finding.help("combine the commands with `&&`, or start with `set -e;`");
        }
        if let Some((at, text)) = cx.model.errexit_edit(run) {
            let edit = Edit::replace(at, text);
            let fix = Fix::unsafe_("stop at the first failure: `set -e`", vec![edit]);
            finding.fix(fix.effect(Effect::Commands));
        }
    }
}
