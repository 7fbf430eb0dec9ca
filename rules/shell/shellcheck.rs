//! SC####: what ShellCheck says of the shell text of a RUN. One rule stands for the whole catalogue.

mod catalogue;

use std::sync::LazyLock;

use crate::lint::Selection;
use crate::lint::prelude::*;
use crate::shell::{CodeSet, LintSettings, code, lint};

pub use catalogue::shellcheck_metas;

/// The face of the catalogue is its best-known code; the others are in [`shellcheck_metas`].
pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "SC2086",
        name: "unquoted-expansion",
        family: Family::Shellcheck,
        category: Category::Shell,
        severity: Severity::Info,
        profile: Profile::Strict,
        summary: "a parameter expansion can be split into several arguments or matched against file names",
        why: "Without quotes the shell splits the value at blanks and takes `*`, `?` and `[` in it for \
              patterns. Where the value is empty, the argument is gone altogether, and the options after it \
              move up by one.",
        bad: &[
            "FROM debian:12\nRUN for file in a b; do rm $file$1; done\n",
            "FROM debian:12\nONBUILD RUN echo $greeting\n",
            "FROM debian:12\nARG greeting\nFROM debian:12\nRUN echo $greeting\n",
            "FROM debian:12\nRUN <<END\necho $greeting\nEND\n",
        ],
        good: &[
            "FROM debian:12\nRUN echo \"$greeting\"\n",
            "FROM debian:12\nARG greeting\nRUN echo $greeting $http_proxy\n",
            "FROM debian:12\nENV greeting=hello\nRUN echo $greeting\n",
            "FROM debian:12\nRUN [\"echo\", \"$greeting\"]\n",
            "FROM debian:12\nSHELL [\"pwsh\", \"-c\"]\nRUN echo $greeting\n",
            "FROM debian:12\nRUN <<END\n#!/usr/bin/env python3\nprint(1)  # $greeting\nEND\n",
        ],
        references: &["https://www.shellcheck.net/wiki/SC2086"],
        since: "0.1.0",
        ..Meta::LAYERWISE
    },
    check,
};

/// Preparing the linter costs more than most RUNs, so it is done once.
static ALL: LazyLock<CodeSet> = LazyLock::new(CodeSet::all);

/// What the default profile keeps: the other checks need not run for it.
static DEFAULT: LazyLock<CodeSet> = LazyLock::new(|| {
    CodeSet::only(|name| code(name).is_some_and(|code| !catalogue::is_only_strict(code)))
});

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let by_profile = cx.options.selection == Selection::default();
    let codes: &CodeSet =
        if by_profile && cx.options.profile == Profile::Default { &DEFAULT } else { &ALL };
    for run in cx.all_runs() {
        let variables = cx.model.variables_of(run);
        let shell = cx.model.checked_shell(run);
        for found in lint(&run.script, &LintSettings { shell, variables: &variables, codes }) {
            let Some(meta) = catalogue::meta(found.code) else { continue };
            let finding = findings.report_as(meta, found.span, found.message);
            let plain = run.instruction.heredocs.is_empty() && matches!(run.form, Form::Shell(_));
            if let Some(fix) = found.fix.filter(|_| plain) {
                let edits = fix.edits.into_iter().map(|(span, text)| Edit::replace(span, text));
                // Quotes and other words may be meant to be as they are.
                let fix = Fix::unsafe_(fix.title, edits.collect());
                finding.fix(fix.effect(Effect::Instructions));
            }
            // What POSIX lacks is a fault where the shell lacks it too.
            if meta.code.starts_with("SC3") && !cx.model.has_dash(run) {
                finding.only_in(Profile::Strict);
            }
        }
    }
}
