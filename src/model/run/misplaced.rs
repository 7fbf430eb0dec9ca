//! Instructions and comments that are where the shell reads them, and where a fix can put them.

use crate::model::{Model, Run};
use crate::shell::{Command, ShellWord};
use crate::source::Span;
use crate::syntax::Form;

/// The keywords of instructions, sorted.
const KEYWORDS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word).is_ok()
}

impl Model<'_> {
    /// Whether a command's name is the keyword of an instruction in capitals, which no function of the script has.
    pub fn is_instruction_as_command(&self, run: &Run<'_>, command: &Command) -> bool {
        let defines = |name: &str| {
            let text = &run.script.view.text;
            text.contains(&format!("{name}()")) || text.contains(&format!("function {name}"))
        };
        is_keyword(&command.name)
            && self.doc.source.slice(command.name_span) == command.name
            && !matches!(run.form, Form::Json(_))
            && !run.is_unterminated()
            && !defines(&command.name)
    }

    /// The argument of a command that is the keyword of an instruction in capitals at the very start of a line.
    pub fn instruction_as_argument<'c>(
        &self,
        run: &Run<'_>,
        command: &'c Command,
    ) -> Option<&'c ShellWord> {
        let source = self.doc.source;
        let starts_line = |word: &&ShellWord| {
            let before = source.text.as_bytes().get((word.span.start as usize).wrapping_sub(1));
            before == Some(&b'\n') && source.slice(word.span) == word.text
        };
        let has_more =
            |word: &&ShellWord| command.args.last().is_some_and(|it| it.span > word.span);
        let plain = !matches!(run.form, Form::Json(_)) && run.instruction.heredocs.is_empty();
        let mut words = command.args.iter().filter(|it| plain && is_keyword(&it.text));
        words.find(|it| starts_line(it) && has_more(it))
    }

    /// The edits that put a comment behind a command on its own line above it.
    pub fn comment_on_own_line(&self, comment: Span) -> [(Span, String); 2] {
        let source = self.doc.source;
        let line = source.line_span(source.line(comment.start));
        let before = source.slice(Span { start: line.start, end: comment.start });
        let indent: String = before.chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        #[allow(clippy::cast_possible_truncation, reason = "a line is a part of the file")]
        let start = comment.start - blanks as u32;
        let own = format!("{indent}{}{}", source.slice(comment), source.line_end());
        let gap = if before.trim().is_empty() || before.trim().eq_ignore_ascii_case("run") {
            " "
        } else {
            ""
        };
        [(Span::at(line.start), own), (Span { start, end: comment.end }, gap.to_owned())]
    }

    /// The edit that makes a RUN's script stop at the first failure.
    pub fn errexit_edit(&self, run: &Run<'_>) -> Option<(Span, String)> {
        let source = self.doc.source;
        if run.instruction.is_heredoc_script() {
            let body = run.instruction.heredocs.first()?.body;
            let first = source.slice(body).lines().next()?;
            if first.starts_with("#!") {
                return None;
            }
            let indent: String = first.chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
            let text = format!("{indent}set -e{}", source.line_end());
            return Some((Span::at(body.start), text));
        }
        let Form::Shell(text) = run.form else { return None };
        let plain = run.instruction.heredocs.is_empty() && run.script.complete;
        let first = run.script.commands.first().filter(|it| it.depth == 0)?;
        let at = Span::at(text.span.start);
        (plain && first.span.start == at.start).then(|| (at, "set -e; ".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::KEYWORDS;

    #[test]
    fn the_keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }
}
