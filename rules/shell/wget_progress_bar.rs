//! DL3047: `wget` writes its progress into the build log.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3047",
        name: "wget-progress-bar",
        category: Category::Shell,
        severity: Severity::Info,
        profile: Profile::Strict,
        summary: "`wget` prints a progress bar into the build log",
        why: "Without a terminal, wget prints a line of dots for every 50 kB. A download of 100 MB adds 2000 \
              lines to the log and hides real messages.",
        bad: &[
            "FROM debian:12\nRUN wget https://example.com/tool\n",
            "FROM debian:12\nRUN wget -O /bin/tool https://example.com/tool\n",
        ],
        good: &[
            "FROM debian:12\nRUN wget --progress=dot:giga https://example.com/tool\n",
            "FROM debian:12\nRUN wget -nv https://example.com/tool\n",
            "FROM debian:12\nRUN wget -qO /bin/tool https://example.com/tool\n",
            "FROM debian:12\nRUN wget --output-file=wget.log https://example.com/tool\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let mut commands = run.script.commands.iter();
        let Some(command) = commands.find(|it| it.is("wget") && !is_quiet(it)) else { continue };
        let finding =
            findings.report(command.name_span, "`wget` fills the build log with its progress");
        finding.help("use `-nv` or `--progress=dot:giga` (BusyBox: `-q`)");
        let loud = run.script.commands.iter().filter(|it| it.is("wget") && !is_quiet(it));
        let edits = loud.map(|it| {
            // BusyBox's has no such option.
            let is_plain = cx.model.takes_words(run, it) && !it.is_behind("busybox");
            is_plain.then(|| Edit::insert_after(it.name_span, " -nv"))
        });
        if let Some(edits) = edits.collect() {
            let fix = if cx.model.has_gnu_wget(run) { Fix::safe } else { Fix::unsafe_ };
            finding.fix(fix("add `-nv`".to_owned(), edits).effect(Effect::Words));
        }
    }
}

/// Whether the progress is in another form, elsewhere, or not printed.
fn is_quiet(command: &Command) -> bool {
    const FLAGS: &[&str] =
        &["progress", "q", "quiet", "no-verbose", "o", "output-file", "a", "append-output"];
    FLAGS.iter().any(|flag| command.has_flag(flag))
        || command.args.iter().any(|it| it.text == "-nv")
}
