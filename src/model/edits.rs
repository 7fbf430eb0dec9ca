//! Where a fix can put words and commands into a RUN, so that the shell reads what is meant.

use super::{Install, Manager, Model, Run};
use crate::shell::{Command, Connector, Inside};
use crate::source::Span;
use crate::syntax::Form;

/// A place at the end of a RUN where a command can be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// Just after the last word of the last command.
    pub at: Span,
    /// What joins a command to it, in the way in which the RUN is written: ` && `, or a line break before the `&&`.
    pub joint: String,
}

impl Model<'_> {
    /// Whether words can be put in after a word of a command: shell text that was read to its end, outside heredocs,
    /// nested scripts and substitutions, whose quotes would have to be heeded.
    pub fn takes_words(&self, run: &Run<'_>, command: &Command) -> bool {
        is_plain(run)
            && !command.inside.nested_script
            && !command.inside.substitution
            && !command.is_behind("xargs")
    }

    /// Where a command can be added that runs when all others of the RUN have succeeded; none where the last command
    /// stands in a construct, a pipe or an alternative, or where something follows it.
    pub fn tail(&self, run: &Run<'_>) -> Option<Tail> {
        let last = run.script.commands.iter().max_by_key(|it| it.span.end)?;
        let joined = |it: &Command| matches!(it.connector, Connector::First | Connector::And);
        let top = run.script.commands.iter().filter(|it| it.depth == 0);
        let in_a_row = top.clone().all(joined);
        let simple = last.depth == 0 && last.inside == Inside::default() && !last.piped;
        let whole = run.script.view.whole();
        let rest = run.script.view.slice(Span { start: last.span.end, end: whole.end });
        let ends = rest.chars().all(|it| it.is_whitespace() || it == '\\');
        if !is_plain(run) || !in_a_row || !simple || !ends {
            return None;
        }
        Some(Tail { at: Span::at(last.span.end), joint: self.joint(run, last) })
    }

    /// Whether the RUN, or one after it in the file, may still want what the manager fetched: it installs without
    /// fetching, or runs a program that nobody can look into.
    pub fn index_is_wanted_after(&self, run: usize, manager: Manager) -> bool {
        let installs_without = |later: usize| {
            self.installs.iter().any(|it| it.run == later && it.manager == manager)
                && self.refresh_in(later, manager).is_none()
        };
        let unknown = |command: &Command| {
            command.name.is_empty() && command.assignments.is_empty()
                || command.name.ends_with(".sh")
                || self.slice(command.name_span).contains('/')
                    && !self.slice(command.name_span).starts_with("/usr/")
        };
        (run + 1..self.runs.len()).any(|later| {
            installs_without(later) || self.runs[later].script.commands.iter().any(unknown)
        })
    }

    /// Whether the RUN's user is root, as far as the file says: no USER, or one that names root.
    pub fn runs_as_root(&self, install: &Install) -> bool {
        self.states[self.runs[install.run].id()].is_root()
    }

    fn slice(&self, span: Span) -> &str {
        self.doc.source.slice(span)
    }

    /// ` && ` as this RUN writes it.
    fn joint(&self, run: &Run<'_>, last: &Command) -> String {
        let source = self.doc.source;
        let (first_line, last_line) =
            (source.line(run.instruction.span.start), source.line(last.span.start));
        if first_line == last_line {
            return " && ".to_owned();
        }
        let text = &source.text;
        let start = text[..last.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let indent: String =
            text[start..].chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
        // The words of the last command may stand a level deeper than it does.
        let line_end = if text[..start].ends_with("\r\n") { "\r\n" } else { "\n" };
        let indent = if indent.is_empty() { "    " } else { indent.as_str() };
        format!(" {}{line_end}{indent}&& ", self.doc.escape)
    }
}

/// Whether the RUN is shell text that was read to its end, without heredocs and outside ONBUILD.
fn is_plain(run: &Run<'_>) -> bool {
    matches!(run.form, Form::Shell(_))
        && run.instruction.heredocs.is_empty()
        && run.script.complete
        && run.script.dialect.is_bourne()
}

#[cfg(test)]
mod tests {
    use crate::model::Manager;
    use crate::model::tests::of;

    /// The RUN with a command added at its end.
    fn added(run: &str) -> Option<String> {
        let text = format!("FROM a\n{run}\n");
        of(&text, |model| {
            let tail = model.tail(&model.runs[0])?;
            let mut text = text.clone();
            text.insert_str(tail.at.start as usize, &format!("{}clean", tail.joint));
            Some(text["FROM a\n".len()..].trim_end().to_owned())
        })
    }

    #[test]
    fn a_command_goes_after_the_last_one_in_the_style_of_the_run() {
        assert_eq!(added("RUN a && b c").as_deref(), Some("RUN a && b c && clean"));
        let run = "RUN a \\\n  && b > c";
        assert_eq!(added(run).as_deref(), Some("RUN a \\\n  && b > c \\\n  && clean"));
        let run = "RUN a && \\\n\tb";
        assert_eq!(added(run).as_deref(), Some("RUN a && \\\n\tb \\\n\t&& clean"));
    }

    #[test]
    fn nothing_goes_where_it_might_be_read_otherwise() {
        for run in [
            "RUN a || b",
            "RUN a; b",
            "RUN a | b",
            "RUN (a; b)",
            "RUN if a; then b; fi",
            "RUN a &",
            "RUN a # b",
            "RUN a;",
            "RUN [\"a\"]",
            "RUN <<E\na\nE",
            "RUN a \"$(b)\" && {",
        ] {
            assert_eq!(added(run), None, "{run}");
        }
    }

    #[test]
    fn words_go_into_plain_commands_only() {
        let takes = |run: &str| {
            of(&format!("FROM a\n{run}\n"), |model| {
                let run = &model.runs[0];
                let commands = &run.script.commands;
                commands.iter().any(|it| it.is("x") && model.takes_words(run, it))
            })
        };
        assert!(takes("RUN x a") && takes("RUN if a; then x; fi") && takes("RUN sudo x"));
        assert!(!takes("RUN [\"x\"]") && !takes("RUN sh -c 'x a'") && !takes("RUN a $(x)"));
        assert!(!takes("RUN <<E\nx\nE"));
    }

    #[test]
    fn an_index_may_be_wanted_later() {
        let wanted = |rest: &str| {
            let text = format!("FROM a\nRUN apt-get update && apt-get install -y a\n{rest}");
            of(&text, |model| model.index_is_wanted_after(0, Manager::Apt))
        };
        assert!(!wanted("") && !wanted("RUN make install\n"));
        assert!(!wanted("RUN apt-get update && apt-get install -y b\n"));
        assert!(wanted("RUN apt-get install -y b\n") && wanted("RUN ./setup.sh\n"));
    }
}
