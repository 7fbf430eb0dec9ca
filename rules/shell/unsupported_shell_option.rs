//! LW713: SHELL gives an option that the shell refuses.

use crate::lint::prelude::*;
use crate::shell::Program;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW713",
        name: "unsupported-shell-option",
        category: Category::Shell,
        severity: Severity::Error,
        summary: "`SHELL` passes `-o pipefail` to a shell that does not support it",
        why: "The `/bin/sh` of Debian (up to 12) and Ubuntu (up to 24.10) is a dash without the `pipefail` \
              option. It stops with `Illegal option -o pipefail` before it runs anything, so every RUN below \
              fails.",
        bad: &[
            "FROM debian:12.5\nSHELL [\"/bin/sh\", \"-o\", \"pipefail\", \"-c\"]\nRUN make\n",
            "FROM python:3.12-slim-bookworm\nSHELL [\"/bin/dash\", \"-euxo\", \"pipefail\", \"-c\"]\nRUN make\n",
            "FROM ubuntu:24.04 AS base\nFROM base\nSHELL [\"sh\", \"-o\", \"pipefail\", \"-c\"]\nRUN make\n",
        ],
        good: &[
            "FROM debian:12.5\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN make\n",
            "FROM alpine:3.20\nSHELL [\"/bin/sh\", \"-o\", \"pipefail\", \"-c\"]\nRUN make\n",
            "FROM fedora:40\nSHELL [\"/bin/sh\", \"-o\", \"pipefail\", \"-c\"]\nRUN make\n",
            "FROM acme/base\nSHELL [\"/bin/sh\", \"-o\", \"pipefail\", \"-c\"]\nRUN make\n",
            "FROM debian:12\nRUN ln -sf bash /bin/sh\nSHELL [\"/bin/sh\", \"-o\", \"pipefail\", \"-c\"]\nRUN make\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#shell"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Shell(words) = &instruction.kind else { continue };
        let option = words.iter().find(|it| it.text == "pipefail");
        let program = words.iter().find(|it| Dialect::from_name(&it.text) == Dialect::Sh);
        let (Some(option), Some(program)) = (option, program) else { continue };
        let texts: Vec<String> = words.iter().map(|it| it.text.to_string()).collect();
        if cx.model.sh_program(instruction.id, &texts) != Some(Program::Dash) {
            continue;
        }
        let message = "this image's `sh`, dash, does not support `pipefail`: every RUN fails";
        let finding = findings.report(option.span, message);
        finding.help(
            "use Bash, which the image has: `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`",
        );
        let fix = Fix::safe("use Bash", vec![Edit::replace(program.span, "\"/bin/bash\"")]);
        finding.fix(fix.effect(Effect::Instructions));
    }
}
