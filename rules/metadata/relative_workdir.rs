//! DL3000: WORKDIR with a relative path.

use crate::lint::prelude::*;
use crate::model::transfers;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3000",
        name: "relative-workdir",
        category: Category::Metadata,
        severity: Severity::Error,
        absorbs: &["WorkdirRelativePath"],
        released_only: true,
        summary: "`WORKDIR` with a relative path",
        why: "A relative path starts at the current working directory, which an earlier WORKDIR or the base \
              image sets. If either changes, every later COPY, RUN and CMD silently uses another folder. An \
              absolute path is clear.",
        bad: &[
            "FROM debian:12\nWORKDIR app\n",
            "FROM debian:12\nWORKDIR /srv\nWORKDIR ./app\n",
            "FROM debian:12\nWORKDIR ~/app\n",
            "FROM debian:12\nWORKDIR \"my app\"\n",
        ],
        good: &[
            "FROM debian:12\nWORKDIR /app\n",
            "FROM debian:12\nARG HOME_DIR\nWORKDIR $HOME_DIR/app\n",
            "FROM debian:12\nWORKDIR '/my app'\n",
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nWORKDIR C:\\\\app\n",
            "FROM debian:12\nONBUILD WORKDIR app\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#workdir"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Workdir(path) = &instruction.kind else { continue };
        if !transfers::is_relative(path) {
            continue;
        }
        let finding = findings.report(
            path.span,
            "this relative path depends on the current working \
                                                  directory",
        );
        if !cx.model.ships(instruction.id) {
            finding.only_in(Profile::Strict);
        }
        match &cx.model.states[instruction.id].workdir {
            Some(now) => {
                finding.help(format!("write an absolute path; this one starts at `{now}`"));
                // Where it is is plain from the file. `~` is never the home folder.
                if !path.text.trim_start_matches(['"', '\'']).starts_with('~') {
                    finding.only_in(Profile::Strict);
                }
            }
            None => {
                finding.help("write an absolute path");
            }
        }
    }
}
