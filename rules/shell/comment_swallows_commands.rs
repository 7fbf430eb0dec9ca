//! LW714: a comment in a RUN that swallows the lines behind it.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW714",
        name: "comment-swallows-commands",
        category: Category::Shell,
        summary: "a comment after a command in a RUN, which comments out the following lines",
        why: "The builder joins the lines of a RUN before the shell sees them. A comment after a command \
              therefore continues to the end of the RUN: nothing after it runs, and the build reports \
              nothing. The builder removes only lines that contain nothing but a comment.",
        bad: &[
            "FROM debian:12\nRUN mkdir /a \\\n  && touch /a/b # second \\\n  && touch /a/c\n",
            "FROM debian:12\nRUN apt-get install -y \\\n  curl \\\n  git # for the build \\\n  make\n",
            "FROM debian:12\nRUN # prepare \\\n  make\n",
        ],
        good: &[
            "FROM debian:12\nRUN mkdir /a \\\n  # second\n  && touch /a/b \\\n  && touch /a/c\n",
            "FROM debian:12\nRUN mkdir /a \\\n  && touch /a/b # last\n",
            "FROM debian:12\nRUN echo '# a' \\\n  && echo \"# b\" c#d \\\n  && echo \\# e\n",
            "FROM debian:12\nRUN apt-get install -y \\\n  `# for the build` \\\n  make\n",
            "FROM debian:12\nRUN <<EOF\nmake # all\nmake install\nEOF\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#format"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        if !run.script.dialect.is_bourne() || !matches!(run.form, Form::Shell(_)) {
            continue;
        }
        for found in run.script.view.swallowing_comments() {
            let message = "this comment also comments out the lines that follow it";
            let finding = findings.report(found.comment, message);
            finding.label(found.swallowed, "none of this runs");
            finding.help("move the comment to its own line, which the builder removes");
            let edits = cx.model.comment_on_own_line(found.comment);
            let edits = edits.map(|(span, text)| Edit::replace(span, text)).to_vec();
            let fix = Fix::unsafe_("move the comment to its own line", edits);
            finding.fix(fix.effect(Effect::Instructions));
        }
    }
}
