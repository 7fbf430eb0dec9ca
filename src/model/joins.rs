//! How RUN instructions are written as one.

use super::{Model, Run};
use crate::shell::Connector;
use crate::source::Span;
use crate::syntax::Form;

/// A line with both RUNs is not made longer than this.
const WIDTH: usize = 100;

impl Model<'_> {
    /// What stands between RUNs that follow each other, and what makes one RUN of them if it takes its place; none where
    /// that would change how their commands run: one leaves a changed shell behind, renews the program that a later one
    /// runs, or does not end in a command; a later one is no plain row of `&&`; or a comment stands between them.
    pub fn join(&self, runs: &[usize]) -> Option<Vec<(Span, String)>> {
        let between: Option<Vec<Span>> =
            runs.windows(2).map(|it| self.between(it[0], it[1])).collect();
        let between = between.filter(|it| !it.is_empty())?;
        let first = self.runs.get(*runs.first()?)?;
        let source = self.doc.source;
        let texts =
            runs.iter().filter_map(|it| self.runs.get(*it)).filter_map(|it| match it.form {
                Form::Shell(text) => Some(source.slice(text.span).trim_end()),
                Form::Json(_) => None,
            });
        let one_line = texts.clone().all(|it| !it.contains('\n'));
        let width: usize = texts.map(|it| it.len() + " && ".len()).sum();
        let joint = if one_line && width <= WIDTH {
            " && ".to_owned()
        } else {
            let tail = self.tail(first)?;
            if tail.joint == " && " {
                format!(" {}{}    && ", self.doc.escape, source.line_end())
            } else {
                tail.joint
            }
        };
        Some(between.into_iter().map(|it| (it, joint.clone())).collect())
    }

    /// What stands between two RUNs that can be joined.
    fn between(&self, first: usize, second: usize) -> Option<Span> {
        let (before, after) = (self.runs.get(first)?, self.runs.get(second)?);
        let follows = after.id() == before.id() + 1 && before.stage == after.stage;
        let is_row = |run: &Run<'_>| {
            let top = run.script.commands.iter().filter(|it| it.depth == 0);
            let mut top = top.filter(|it| !it.inside.substitution);
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
        let changes = before.left_state().is_some() || self.renews_itself(first);
        if !follows || !plain(before) || !plain(after) || !is_row(after) || changes {
            return None;
        }
        let same_flags = before.has_same_flags(after)
            && self.states[before.id()].shell == self.states[after.id()].shell;
        let Form::Shell(text) = after.form else { return None };
        // What a `cd` or `set` in the second RUN changes, it changes for its own commands only, as before.
        let between = Span { start: self.tail(before)?.at.start, end: text.span.start };
        let next = self.doc.comments.partition_point(|it| it.span.start < between.start);
        let commented = self.doc.comments.get(next).is_some_and(|it| between.contains(it.span));
        (same_flags && !commented).then_some(between)
    }

    /// Whether a RUN installs the very program that installs, such as `pip install --upgrade pip`: a shell remembers
    /// where it found a program, and goes on with the old one.
    fn renews_itself(&self, run: usize) -> bool {
        let installs = self.installs_of(run).iter();
        let mut packages =
            installs.flat_map(|it| it.packages.iter().map(move |its| (it.manager, its)));
        packages.any(|(manager, it)| {
            it.name == manager.name()
                || matches!(it.name.as_str(), "pip" | "setuptools" | "npm" | "yarn")
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    fn joined(runs: &str) -> Option<String> {
        let text = format!("FROM a\n{runs}\n");
        of(&text, |model| {
            let runs: Vec<usize> = (0..model.runs.len()).collect();
            let mut text = text.clone();
            for (span, joint) in model.join(&runs)?.iter().rev() {
                text.replace_range(span.range(), joint);
            }
            Some(text["FROM a\n".len()..].trim_end().to_owned())
        })
    }

    #[test]
    fn they_become_one_in_the_style_of_the_first() {
        assert_eq!(joined("RUN a\nRUN b\nRUN c").as_deref(), Some("RUN a && b && c"));
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
            "RUN pip install -U pip\nRUN pip install a",
        ] {
            assert_eq!(joined(runs), None, "{runs}");
        }
    }
}
