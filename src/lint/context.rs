//! What a rule sees: the model's facts, as plain iterators.

use super::suppress::is_hadolint_ignore;
use super::{Edit, Options};
use crate::model::{Install, Manager, Model, Run, Stage};
use crate::shell::Command;
use crate::source::Span;
use crate::syntax::{Dockerfile, Instruction};

/// The facts of one file, for rules.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Everything known about the file.
    pub model: &'a Model<'a>,
    /// What the person chose.
    pub options: &'a Options,
}

impl<'a> Context<'a> {
    /// The tree.
    pub fn doc(&self) -> &'a Dockerfile<'a> {
        self.model.doc
    }

    /// The instructions in order (an ONBUILD is one, what it wraps is not).
    pub fn instructions(&self) -> impl Iterator<Item = &'a Instruction<'a>> + use<'a> {
        self.model.doc.instructions.iter()
    }

    /// The comments that make hadolint ignore something in the instruction below.
    pub fn hadolint_ignores(&self) -> impl Iterator<Item = Span> + use<'a> {
        let doc = self.model.doc;
        let above = doc.comments.iter().filter(|it| it.inside.is_none()).map(|it| it.span);
        above.filter(|span| is_hadolint_ignore(doc.source.slice(*span)))
    }

    /// The stages in order.
    pub fn stages(&self) -> &'a [Stage<'a>] {
        &self.model.stages
    }

    /// The RUN instructions that run when this file is built, in order.
    pub fn runs(&self) -> impl Iterator<Item = &'a Run<'a>> + use<'a> {
        self.model.runs.iter().filter(|run| !run.onbuild)
    }

    /// The RUN instructions in order, also those wrapped in ONBUILD.
    pub fn all_runs(&self) -> impl Iterator<Item = &'a Run<'a>> + use<'a> {
        self.model.runs.iter()
    }

    /// The commands of all RUN instructions, ONBUILD ones too, each with its RUN.
    pub fn commands(&self) -> impl Iterator<Item = (&'a Run<'a>, &'a Command)> + use<'a> {
        self.model
            .runs
            .iter()
            .flat_map(|run| run.script.commands.iter().map(move |command| (run, command)))
    }

    /// The package installs of one manager, ONBUILD ones too.
    pub fn installs(&self, manager: Manager) -> impl Iterator<Item = &'a Install> + use<'a> {
        self.model.installs.iter().filter(move |install| install.manager == manager)
    }

    /// The edit that takes `--platform` out of a FROM with the blanks behind it; none where the image is on another line.
    pub fn without_platform(&self, stage: &Stage<'_>) -> Option<Edit> {
        let flag = stage.instruction.flag("platform")?.span;
        let image = stage.from.image.span;
        let between = self.doc().source.slice(Span { start: flag.end, end: image.start });
        (flag.end < image.start && between.chars().all(|it| matches!(it, ' ' | '\t')))
            .then(|| Edit::delete(Span { start: flag.start, end: image.start }))
    }

    /// The edit that gives an option to an install, right after its verb; none where the command's text has to be
    /// left as it is.
    pub fn option_edit(&self, install: &Install, option: &str) -> Option<Edit> {
        let takes = self.model.takes_words(self.run_of(install), self.command_of(install));
        (takes && !install.verb_name.is_empty())
            .then(|| Edit::insert_after(install.verb, format!(" {option}")))
    }

    /// The first install of each RUN that lacks an option, with the edits that give it to all of the RUN that do; no edits
    /// where the text of one of them has to be left as it is.
    pub fn lacking<'c>(
        &'c self,
        option: &'c str,
        lacks: impl Fn(&Install) -> bool + 'c,
    ) -> impl Iterator<Item = (&'c Install, Option<Vec<Edit>>)> {
        self.model.installs_by_run().filter_map(move |(_, installs)| {
            let lacking = installs.iter().filter(|it| lacks(it));
            let edits = lacking.clone().map(|it| self.option_edit(it, option)).collect();
            lacking.into_iter().next().map(|first| (first, edits))
        })
    }

    /// The lines of an instruction, with their line ends.
    pub fn lines_of(&self, instruction: &Instruction<'_>) -> Span {
        let source = self.model.doc.source;
        let Span { start, end } = instruction.span;
        let last = source.line(end.saturating_sub(1).max(start));
        Span { start, end: source.line_span(last + 1).start }
    }

    /// Where the lines of an instruction start, or those of the comments right above it, which describe it.
    pub fn start_with_comments(&self, instruction: &Instruction<'_>) -> Span {
        let doc = self.model.doc;
        let source = doc.source;
        let mut at = self.lines_of(instruction).start;
        let above = |at: u32| {
            let own = doc.comments.iter().filter(|it| it.inside.is_none() && it.span.end <= at);
            own.into_iter().find(|it| source.line(it.span.start) + 1 == source.line(at))
        };
        while let Some(comment) = above(at) {
            at = source.line_span(source.line(comment.span.start)).start;
        }
        Span::at(at)
    }

    /// An instruction's lines with those of the comments right above it.
    pub fn block_of(&self, instruction: &Instruction<'_>) -> Span {
        let start = self.start_with_comments(instruction).start;
        Span { start, ..self.lines_of(instruction) }
    }

    /// Takes lines out, and where they are between blank lines one of these, unless it is behind `limit`.
    pub fn take_out(&self, lines: Span, limit: u32) -> Edit {
        let source = self.model.doc.source;
        let before = source.slice(Span { start: 0, end: lines.start });
        let after = source.slice(Span { start: lines.end, end: limit.max(lines.end) });
        let blank = ["\n", "\r\n"].into_iter().find(|it| after.starts_with(it));
        let is_between = before.ends_with("\n\n") || before.ends_with("\n\r\n");
        let more = blank.filter(|_| is_between).map_or(0, str::len);
        Edit::delete(Span::new(lines.start as usize, lines.end as usize + more))
    }

    /// The RUN of an install.
    pub fn run_of(&self, install: &Install) -> &'a Run<'a> {
        &self.model.runs[install.run]
    }

    /// The command of an install.
    pub fn command_of(&self, install: &Install) -> &'a Command {
        &self.model.runs[install.run].script.commands[install.command]
    }
}
