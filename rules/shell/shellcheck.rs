//! SC####: what ShellCheck says of the shell text of a RUN. One rule stands for the whole catalogue.

mod catalogue;

use std::sync::LazyLock;

use crate::lint::Selection;
use crate::lint::prelude::*;
use crate::shell::{
    CodeSet, EVERY_SH, LintSettings, Program, ShellFinding, Variables, code, is_of_shells, lint,
};

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
        why: "Without quotes, the shell splits the value at spaces and treats `*`, `?` and `[` as patterns. \
              If the value is empty, the argument disappears, and the following ones move up.",
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
    for (index, run) in cx.model.runs.iter().enumerate() {
        let has_variable = |name: &str| cx.model.has_variable(run, name);
        let variables = Variables(&has_variable);
        let shell = cx.model.checked_shell(run);
        let kept = cx.model.kept_lints.as_deref();
        for found in lint(&run.script, &LintSettings { shell, variables, codes, kept }) {
            let Some(meta) = catalogue::meta(found.code) else { continue };
            let verdict = verdict(cx, index, &found);
            let finding = findings.report_as(meta, found.span, found.message);
            // In a text that is broken, a quote may change where the builder sees words end and heredocs start.
            let plain = run.script.complete
                && run.instruction.heredocs.is_empty()
                && matches!(run.form, Form::Shell(_));
            if let Some(fix) = found.fix.filter(|_| plain) {
                let edits = fix.edits.into_iter().map(|(span, text)| Edit::replace(span, text));
                // Quotes and other words may be meant to be as they are.
                let fix = Fix::unsafe_(fix.title, edits.collect());
                finding.fix(fix.effect(Effect::Instructions));
            }
            match verdict {
                Verdict::Holds => {}
                Verdict::Lacking(message, help) => {
                    finding.message = message;
                    finding.help(help);
                }
                Verdict::SetElsewhere(span) => {
                    finding.label(span, "set here, in another RUN, and lost when that RUN ends");
                    finding.help("set it in the same RUN, or with ENV or ARG");
                }
                Verdict::Unknown => drop(finding.only_in(Profile::Strict)),
            }
        }
    }
}

/// What the file says of a finding of ShellCheck, which knows neither the image nor the other RUNs.
enum Verdict {
    /// Nothing against it.
    Holds,
    /// The shell lacks what is used: the message and the help.
    Lacking(String, &'static str),
    /// The variable is set in another RUN.
    SetElsewhere(Span),
    /// It may be meant so.
    Unknown,
}

/// Variables that programs read from their environment, so that it is a mistake to set them for the shell alone. Sorted.
const READ_BY_PROGRAMS: &[&str] = &[
    "CC",
    "CFLAGS",
    "CGO_ENABLED",
    "CXX",
    "CXXFLAGS",
    "DEBIAN_FRONTEND",
    "GOARCH",
    "GOOS",
    "LDFLAGS",
    "LD_LIBRARY_PATH",
    "MAKEFLAGS",
    "NODE_ENV",
    "NODE_OPTIONS",
    "PERL5LIB",
    "PKG_CONFIG_PATH",
    "PYTHONPATH",
    "RUSTFLAGS",
];

fn verdict(cx: &Context<'_>, run: usize, found: &ShellFinding) -> Verdict {
    let own = &cx.model.runs[run];
    let text = own.script.view.slice(found.span);
    match found.code {
        code if is_of_shells(code) => {
            let program = cx.model.shell_program(own);
            let lacks = |program: Program| program.lacks(found, &own.script);
            match program {
                Some(program) => lacks(program).map_or(Verdict::Unknown, |what| {
                    let name = program.name();
                    let message = format!("{name}, the shell of this RUN, does not support {what}");
                    Verdict::Lacking(message, advice(own, found))
                }),
                None if EVERY_SH.into_iter().all(|it| lacks(it).is_some()) => Verdict::Holds,
                None => Verdict::Unknown,
            }
        }
        "SC2154" => {
            let set = cx.model.lost_assignment(run, text);
            set.map_or(Verdict::Unknown, Verdict::SetElsewhere)
        }
        "SC2034" if READ_BY_PROGRAMS.binary_search(&text).is_err() => Verdict::Unknown,
        _ => Verdict::Holds,
    }
}

/// What to do where the shell lacks something. Braces that the shell leaves alone may be all that keeps a clean-up from
/// removing what the package manager needs.
fn advice(run: &Run<'_>, found: &ShellFinding) -> &'static str {
    const NEEDED: &[&str] = &["dpkg", "rpm", "pacman"];
    let around = run.script.commands.iter().filter(|it| it.span.contains(found.span));
    let command = around.min_by_key(|it| it.span.len()).filter(|it| it.is("rm"));
    let word = command.and_then(|it| it.args.iter().find(|it| it.span.contains(found.span)));
    let breaks = word.is_some_and(|it| {
        let (folder, names) = it.text.split_once('{').unwrap_or_default();
        let mut names = names.split(['{', ',', '}']);
        folder == "/var/lib/" && names.any(|it| NEEDED.contains(&it.trim_end_matches('/')))
    });
    if found.code == "SC3009" && breaks {
        "list the folders explicitly, as in `/var/lib/apt/lists/*`: the braces include the package database"
    } else {
        "use Bash with `SHELL`, if the image has it, or write POSIX shell code"
    }
}
