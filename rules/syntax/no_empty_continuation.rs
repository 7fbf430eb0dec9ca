//! NoEmptyContinuation: a blank line inside a continued instruction.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "NoEmptyContinuation",
        name: "no-empty-continuation",
        category: Category::Syntax,
        summary: "blank line inside a continued instruction",
        why: "After a `\\` at the end of a line, a blank line does not end the instruction, although it \
              looks like it. Builders have warned about it for years and plan to make it an error.",
        bad: &[
            "FROM debian:12\nRUN echo a && \\\n\n    echo b\n",
            "FROM debian:12\nCOPY a \\\n  \n  /b\n",
        ],
        good: &[
            "FROM debian:12\nRUN echo a && \\\n    # a comment\n    echo b\n",
            "FROM debian:12\nRUN echo a\n\nRUN echo b\n",
            "FROM debian:12\nRUN <<EOF\necho a\n\necho b\nEOF\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/no-empty-continuation/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Some((first, others)) = instruction.empty_lines.split_first() else { continue };
        let message =
            format!("blank line inside `{}`, which does not end there", instruction.keyword.name());
        let finding = findings.report(*first, message);
        finding.help("delete it, or replace it with a comment");
        for line in others {
            finding.label(*line, "and here");
        }
        let source = cx.doc().source;
        // With its line end: what is left of it would still be a blank line.
        let mut edits: Vec<Edit> = Vec::new();
        for line in instruction.empty_lines.iter().map(|it| source.line(it.start)) {
            let (start, end) = (source.line_span(line).start, source.line_span(line + 1).start);
            match edits.last_mut().filter(|it| it.span.end == start) {
                Some(edit) => edit.span.end = end,
                None => edits.push(Edit::delete(Span { start, end })),
            }
        }
        finding.fix(Fix::safe("delete the blank lines", edits));
    }
}
