//! DL3003: `cd` in a RUN, where WORKDIR says it once.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3003",
        name: "directory-change-in-run",
        category: Category::Shell,
        severity: Severity::Warning,
        profile: Profile::Strict,
        summary: "`cd` in a RUN instead of WORKDIR",
        why: "The directory change is lost when the RUN ends, so the next one starts elsewhere, and a RUN \
              with only a `cd` does nothing at all. WORKDIR sets the directory for all later instructions.",
        bad: &["FROM debian:12\nRUN cd /app && make\n", "FROM debian:12\nRUN (cd /app; make)\n"],
        good: &[
            "FROM debian:12\nWORKDIR /app\nRUN make\n",
            "FROM debian:12\nRUN make -C /app\n",
            "FROM debian:12\nONBUILD RUN cd /app && make\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#workdir"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.runs() {
        let Some(command) = run.script.commands.iter().find(|it| it.is("cd")) else { continue };
        let finding =
            findings.report(command.name_span, "`cd` has an effect only until this RUN ends");
        finding.help("set the directory with WORKDIR");
        let Some(found) = cx.model.workdir_for_cd(run) else { continue };
        let source = cx.doc().source;
        let line_end = source.line_end();
        let before = cx.start_with_comments(run.instruction);
        let after = Span::at(cx.lines_of(run.instruction).end);
        let mut edits = vec![
            Edit::replace(before, format!("WORKDIR {}{line_end}", found.directory)),
            Edit::delete(found.cd),
        ];
        if let Some(back) = found.back {
            let open = after.end as usize == source.text.len() && !source.text.ends_with('\n');
            let (start, end) = if open { (line_end, "") } else { ("", line_end) };
            edits.push(Edit::replace(after, format!("{start}WORKDIR {back}{end}")));
        }
        let fix = Fix::unsafe_("set the directory with WORKDIR", edits);
        finding.fix(fix.effect(Effect::Instructions));
    }
}
