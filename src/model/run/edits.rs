//! Where a fix can put words and commands into a RUN, so that the shell reads what is meant.

use crate::model::{Model, Run};
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
    /// nested scripts and substitutions, whose quotes would have to be honoured.
    pub fn takes_words(&self, run: &Run<'_>, command: &Command) -> bool {
        is_plain(run)
            && !command.inside.nested_script
            && !command.inside.substitution
            && !command.is_behind("xargs")
    }

    /// Where a command can be added that runs when all others of the RUN have succeeded; none where the last command
    /// is in a construct, a pipe or an alternative, or where something follows it.
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

    /// A command and the `&&` behind it, where it is alone in a row of `&&` with another one after it: what to take
    /// out to leave the rest of the row, and the comments between, as they are.
    pub fn leading_command(&self, run: &Run<'_>, command: usize) -> Option<Vec<Span>> {
        let commands = &run.script.commands;
        let (it, next) = (commands.get(command)?, commands.get(command + 1)?);
        let plain = |it: &Command| {
            it.depth == 0
                && it.inside == Inside::default()
                && !it.piped
                && it.redirects.is_empty()
                && it.assignments.is_empty()
        };
        let in_row = matches!(it.connector, Connector::First | Connector::And)
            && next.connector == Connector::And
            && plain(it)
            && next.depth == 0;
        if !in_row || !is_plain(run) {
            return None;
        }
        let between = self.doc.source.slice(Span { start: it.span.end, end: next.span.start });
        if !between.lines().any(is_comment) {
            return Some(vec![Span { start: it.span.start, end: next.span.start }]);
        }
        let mut at = 0;
        let and = between.split_inclusive('\n').find_map(|line| {
            let found = line.find("&&").filter(|_| !is_comment(line)).map(|it| at + it);
            at += line.len();
            found
        })?;
        let place = |at: usize| it.span.end + u32::try_from(at).unwrap_or(u32::MAX);
        let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
        let and_end = and + 2 + blanks(&between[and + 2..]);
        if between[..and].contains('\n') {
            let end = place(blanks(between));
            let own = Span { start: it.span.start, end };
            return Some(vec![own, Span { start: place(and), end: place(and_end) }]);
        }
        Some(vec![Span { start: it.span.start, end: place(and_end) }])
    }

    /// How the file indents the lines by which an instruction goes on; four blanks where none does.
    pub fn indent(&self) -> &str {
        let found = self.found.indent.get_or_init(|| self.find_indent());
        found.map_or("    ", |it| self.doc.source.slice(it))
    }

    fn find_indent(&self) -> Option<Span> {
        let text = self.doc.source.text.as_str();
        let mut lines = self.doc.instructions.iter().filter_map(|it| {
            let own = self.doc.source.slice(it.span).trim_end();
            let start = it.span.start as usize + own.find('\n')? + 1;
            let rest = &text[start..it.span.end as usize];
            let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            (indent > 0).then(|| Span::new(start, start + indent))
        });
        lines.next()
    }

    /// Whether the RUN's user is root, as far as the file says: no USER, or one that names root.
    pub fn runs_as_root(&self, run: usize) -> bool {
        self.states[self.runs[run].id()].is_root()
    }

    /// ` && ` as this RUN writes it: on one line where the RUN has one, else on its own line, indented as its other
    /// lines are and with the `&&` at the side where it has them.
    fn joint(&self, run: &Run<'_>, last: &Command) -> String {
        let source = self.doc.source;
        let (first, own, end) = (
            source.line(run.instruction.span.start),
            source.line(last.span.start),
            source.line(last.span.end.saturating_sub(1)),
        );
        if first == end {
            return " && ".to_owned();
        }
        let text_of = |line| source.slice(source.line_span(line));
        let indent_of = |line| {
            let text = text_of(line);
            &text[..text.len() - text.trim_start_matches([' ', '\t']).len()]
        };
        // The words of a command that started on the first line are a level deeper than a command.
        let indent = if own > first {
            indent_of(own)
        } else if indent_of(first + 1).starts_with('\t') {
            "\t"
        } else {
            Some(indent_of(first + 1)).filter(|it| (1..=4).contains(&it.len())).unwrap_or("    ")
        };
        let indent = if indent.is_empty() { "    " } else { indent };
        let (escape, line_end) = (self.doc.escape, source.line_end());
        let trails = (first..end).any(|line| {
            text_of(line).trim_end().trim_end_matches(escape).trim_end().ends_with("&&")
        });
        let leads = (first + 1..=end).any(|line| text_of(line).trim_start().starts_with("&&"));
        if trails && !leads {
            format!(" && {escape}{line_end}{indent}")
        } else {
            format!(" {escape}{line_end}{indent}&& ")
        }
    }
}

/// Whether the RUN is shell text that was read to its end, without heredocs and outside ONBUILD.
fn is_plain(run: &Run<'_>) -> bool {
    matches!(run.form, Form::Shell(_))
        && run.instruction.heredocs.is_empty()
        && run.script.complete
        && run.script.dialect.is_bourne()
}

/// Whether a line between the lines of an instruction is a comment.
fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

#[cfg(test)]
mod tests {
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
        assert_eq!(added(run).as_deref(), Some("RUN a && \\\n\tb && \\\n\tclean"));
        let run = "RUN a && b \\\n        c \\\n        d";
        assert_eq!(added(run), Some(format!("{run} \\\n    && clean")));
        let run = "RUN a && b \\\n\tc";
        assert_eq!(added(run), Some(format!("{run} \\\n\t&& clean")));
        let run = "RUN a \\\n  && b \\\n      c";
        assert_eq!(added(run), Some(format!("{run} \\\n  && clean")));
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
            "RUN a !(b",
            "RUN a && b c*(d e",
            "RUN A=x@(b",
            "RUN a > ?(b",
        ] {
            assert_eq!(added(run), None, "{run}");
        }
    }

    #[test]
    fn lines_go_on_as_the_file_has_it() {
        let indent = |text: &str| of(text, |model| model.indent().to_owned());
        assert_eq!(indent("FROM a\nRUN b \\\n\t&& c\n"), "\t");
        assert_eq!(indent("FROM a\nRUN b\nENV A=b \\\n  C=d\n"), "  ");
        assert_eq!(indent("FROM a\nRUN b\n"), "    ");
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
}
