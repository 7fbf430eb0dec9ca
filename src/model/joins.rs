//! How RUN instructions are written as one.

use super::{Model, Run};
use crate::shell::Connector;
use crate::source::Span;
use crate::syntax::Form;

/// A line with both RUNs is not made longer than this.
const WIDTH: usize = 100;

impl Model<'_> {
    /// What stands between two RUNs that follow each other, and what makes one RUN of them if it takes its place; none
    /// where that would change how their commands run: the first leaves a changed shell behind or does not end in a
    /// command, the second is no plain row of `&&`, or a comment stands between them.
    pub fn join(&self, first: usize, second: usize) -> Option<(Span, String)> {
        let (before, after) = (self.runs.get(first)?, self.runs.get(second)?);
        let follows = after.id() == before.id() + 1 && before.stage == after.stage;
        let is_row = |run: &Run<'_>| {
            let mut top =
                run.script.commands.iter().filter(|it| it.depth == 0 && !it.inside.substitution);
            top.all(|it| {
                matches!(it.connector, Connector::First | Connector::And | Connector::Pipe)
            })
        };
        let plain = |run: &Run<'_>| {
            matches!(run.form, Form::Shell(_))
                && run.instruction.heredocs.is_empty()
                && run.script.complete
                && run.script.dialect.is_bourne()
                && !run.onbuild
        };
        if !follows
            || !plain(before)
            || !plain(after)
            || !is_row(after)
            || before.left_state().is_some()
        {
            return None;
        }
        let same_flags = before.has_same_flags(after)
            && self.states[before.id()].shell == self.states[after.id()].shell;
        let Form::Shell(text) = after.form else { return None };
        let tail = self.tail(before)?;
        let between = Span { start: tail.at.start, end: text.span.start };
        let commented = self.doc.comments.iter().any(|it| between.contains(it.span));
        if !same_flags || commented {
            return None;
        }
        // A `set -e` or `cd` at the start of the second RUN then holds for its own commands only, as before.
        let source = self.doc.source;
        let lines = |span: Span| source.line(span.end.saturating_sub(1)) - source.line(span.start);
        let end = source.slice(text.span).trim_end().len();
        let width = (tail.at.start - before.instruction.span.start) as usize + " && ".len() + end;
        let one_line = lines(before.instruction.span) == 0
            && source.slice(text.span).trim_end().lines().count() == 1;
        let joint = if one_line && width <= WIDTH {
            " && ".to_owned()
        } else if tail.joint == " && " {
            let line_end = source.line_end();
            format!(" {}{line_end}    && ", self.doc.escape)
        } else {
            tail.joint
        };
        Some((between, joint))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    fn joined(runs: &str) -> Option<String> {
        let text = format!("FROM a\n{runs}\n");
        of(&text, |model| {
            let (span, joint) = model.join(0, 1)?;
            let mut text = text.clone();
            text.replace_range(span.range(), &joint);
            Some(text["FROM a\n".len()..].trim_end().to_owned())
        })
    }

    #[test]
    fn two_become_one_in_the_style_of_the_first() {
        assert_eq!(joined("RUN a\nRUN b && c").as_deref(), Some("RUN a && b && c"));
        assert_eq!(
            joined("RUN a \\\n  && b\n\nRUN c").as_deref(),
            Some("RUN a \\\n  && b \\\n  && c")
        );
        let long = "x".repeat(60);
        let found = joined(&format!("RUN a {long}\nRUN b {long}"));
        assert_eq!(found, Some(format!("RUN a {long} \\\n    && b {long}")));
    }

    #[test]
    fn what_would_run_otherwise_stays_apart() {
        for runs in [
            "RUN cd /a\nRUN b",
            "RUN a\nRUN b; c",
            "RUN a\nRUN b || c",
            "RUN a || true\nRUN b",
            "RUN a\n# about b\nRUN b",
            "RUN a\nUSER b\nRUN c",
            "RUN a # b\nRUN c",
            "RUN a\nRUN [\"b\"]",
            "RUN --network=none a\nRUN b",
            "RUN a\nRUN <<E\nb\nE",
        ] {
            assert_eq!(joined(runs), None, "{runs}");
        }
    }
}
