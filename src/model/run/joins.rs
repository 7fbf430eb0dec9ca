//! How RUN instructions are written as one.

use crate::model::{Manager, Model, Run};
use crate::shell::Connector;
use crate::source::Span;
use crate::syntax::{Comment, Form};

/// A line with both RUNs is not made longer than this.
const WIDTH: usize = 100;

/// Linters and scanners that read comments of Dockerfiles. Sorted.
const TOOLS: &[&str] = &[
    "check",
    "checkov",
    "escape",
    "hadolint",
    "kics",
    "layerwise",
    "nosec",
    "nosemgrep",
    "semgrep",
    "shellcheck",
    "snyk",
    "syntax",
    "tally",
    "trivy",
];

impl Model<'_> {
    /// What is between RUNs that follow each other, and what makes one RUN of two of them if it takes its place. Those
    /// stay apart that would run otherwise: one leaves a changed shell behind, renews the program that a later one
    /// runs, or does not end in a command; a later one is not a plain row of `&&`. None where all stay apart. Comments stay
    /// where they are.
    pub fn join(&self, runs: &[usize]) -> Option<Vec<(Span, String)>> {
        let pairs: Vec<&[usize]> = runs.windows(2).collect();
        let between: Vec<Option<Span>> =
            pairs.iter().map(|it| self.between(it[0], it[1])).collect();
        let mut joints = Vec::new();
        // Those that become one are written alike.
        let mut at = 0;
        for row in between.chunk_by(|a, b| a.is_some() == b.is_some()) {
            let joined = &runs[at..=at + row.len()];
            at += row.len();
            let spans: Vec<Span> = row.iter().filter_map(|it| *it).collect();
            if !spans.is_empty() {
                let joint = self.joint_of(joined, &spans)?;
                joints.extend(spans.into_iter().map(|it| (it, self.with_comments(it, &joint))));
            }
        }
        (!joints.is_empty()).then_some(joints)
    }

    /// What is written between RUNs that become one, in the style of the first.
    fn joint_of(&self, runs: &[usize], between: &[Span]) -> Option<String> {
        let first = self.runs.get(*runs.first()?)?;
        let source = self.doc.source;
        let texts =
            runs.iter().filter_map(|it| self.runs.get(*it)).filter_map(|it| match it.form {
                Form::Shell(text) => Some(source.slice(text.span).trim_end()),
                Form::Json(_) => None,
            });
        let one_line = texts.clone().all(|it| !it.contains('\n'))
            && between.iter().all(|it| self.comments_in(*it).is_empty());
        let width: usize = texts.map(|it| it.len() + " && ".len()).sum();
        if one_line && width <= WIDTH {
            return Some(" && ".to_owned());
        }
        let tail = self.tail(first)?;
        Some(if tail.joint == " && " {
            format!(" {}{}    && ", self.doc.escape, source.line_end())
        } else {
            tail.joint
        })
    }

    /// A joint with the comments that are in its place: they may be between the lines of a RUN too.
    fn with_comments(&self, between: Span, joint: &str) -> String {
        let comments = self.comments_in(between);
        let (line_end, source) = (self.doc.source.line_end(), self.doc.source);
        let Some((head, rest)) = joint.split_once('\n').filter(|_| !comments.is_empty()) else {
            return joint.to_owned();
        };
        let lines: String =
            comments.iter().map(|it| format!("{}{line_end}", source.slice(it.span))).collect();
        format!("{head}\n{lines}{rest}")
    }

    fn comments_in(&self, place: Span) -> &[Comment] {
        let comments = &self.doc.comments;
        let start = comments.partition_point(|it| it.span.start < place.start);
        let end = comments.partition_point(|it| it.span.end <= place.end);
        comments.get(start..end).unwrap_or_default()
    }

    /// What is between two RUNs that can be joined.
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
        // A RUN of comments alone has nothing that an `&&` could lead to.
        let is_empty = after.script.commands.is_empty();
        if !follows || !plain(before) || !plain(after) || !is_row(after) || is_empty || changes {
            return None;
        }
        let same_flags = before.has_same_flags(after)
            && self.states[before.id()].shell == self.states[after.id()].shell;
        let Form::Shell(text) = after.form else { return None };
        // What a `cd` or `set` in the second RUN changes, it changes for its own commands only, as before.
        let between = Span { start: self.tail(before)?.at.start, end: text.span.start };
        let comments = self.comments_in(between);
        let plain = comments.iter().all(|it| !is_for_a_tool(self.doc.source.slice(it.span)));
        (same_flags && plain).then_some(between)
    }

    /// Whether a RUN installs the very program that installs, such as `pip install --upgrade pip`: a shell remembers
    /// where it found a program, and goes on with the old one.
    fn renews_itself(&self, run: usize) -> bool {
        let installs = self.installs_of(run).iter();
        let mut packages =
            installs.flat_map(|it| it.packages.iter().map(move |its| (it.manager, its)));
        packages.any(|(manager, it)| it.name == manager.name || Manager::is_replaced(&it.name))
    }
}

/// Whether a comment is for a linter or scanner: it counts for the instruction below it.
fn is_for_a_tool(comment: &str) -> bool {
    let mut words = comment.split(|it: char| !it.is_ascii_alphanumeric());
    let first = words.find(|it| !it.is_empty()).unwrap_or_default().to_ascii_lowercase();
    TOOLS.binary_search(&first.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::TOOLS;
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
    fn comments_between_them_stay() {
        assert_eq!(
            joined("RUN a\n\n# about b\n  # and more\nRUN b").as_deref(),
            Some("RUN a \\\n# about b\n# and more\n    && b")
        );
        assert_eq!(
            joined("RUN a && \\\n  b\n# about c\nRUN c").as_deref(),
            Some("RUN a && \\\n  b && \\\n# about c\n  c")
        );
        assert!(TOOLS.is_sorted());
    }

    #[test]
    fn those_that_cannot_be_joined_stay_apart_from_those_that_can() {
        assert_eq!(
            joined("RUN a\nRUN b\nRUN c; d\nRUN e").as_deref(),
            Some("RUN a && b\nRUN c; d\nRUN e")
        );
    }

    #[test]
    fn what_would_run_otherwise_stays_apart() {
        for runs in [
            "RUN cd /a\nRUN b",
            "RUN a\nRUN b; c",
            "RUN a\nRUN b || c",
            "RUN a || true\nRUN b",
            "RUN a\n# hadolint ignore=DL3008\nRUN b",
            "RUN a\nUSER b\nRUN c",
            "RUN a # b\nRUN c",
            "RUN a\nRUN # b",
            "RUN a\nRUN \\\n# b",
            "RUN a\nRUN",
            "RUN a\nRUN b !(c",
            "RUN a !(b\nRUN c",
            "RUN a\nRUN b -?-on(c |6 d",
            "RUN a ?b(c)\nRUN d",
            "RUN a\nRUN [\"b\"]",
            "RUN --network=none a\nRUN b",
            "RUN a\nRUN <<E\nb\nE",
            "RUN pip install -U pip\nRUN pip install a",
        ] {
            assert_eq!(joined(runs), None, "{runs}");
        }
    }
}
