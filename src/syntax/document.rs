//! The file as a whole: its items in order, and what is wrong with all of it.

use super::ast::{Comment, Dockerfile, Heredoc, Instruction, Item, ItemKind, Keyword, Kind};
use super::cx::Cx;
use super::directives::Block;
use super::false_heredoc;
use super::heredoc;
use super::instruction::{self, Head};
use super::json_form;
use super::lines::{self, Line, Lines, Logical, MAX_LINE};
use super::message::error;
use super::text::{Mapped, narrow};
use crate::source::{Encoding, Source, Span};

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A file with more errors is not read any further: nobody reads them, and each takes memory.
const MOST_ERRORS: usize = 10_000;

/// Parses a file. Never fails: what is broken is in [`Dockerfile::errors`].
pub fn parse(source: &Source) -> Dockerfile<'_> {
    if source.encoding == Encoding::Wide {
        return opaque(source, "the file is UTF-16 or UTF-32", "save the file as UTF-8");
    }
    let doc = Parser::new(source).run();
    if source.encoding != Encoding::Binary {
        return doc;
    }
    // BuildKit minds no NUL byte in a comment, so that only a file that starts like nothing is binary.
    match doc.instructions.first() {
        Some(first) if first.keyword != Keyword::Unknown => without_nul(doc),
        _ => opaque(source, "the file is binary", "give the path of a Dockerfile"),
    }
}

fn opaque<'s>(source: &'s Source, message: &str, help: &str) -> Dockerfile<'s> {
    let first = source.text.chars().next().map_or(0, char::len_utf8);
    let mut doc = empty(source);
    doc.items.push(Item { kind: ItemKind::Opaque, span: source.span() });
    doc.errors.push(error(Span::new(0, first), message, help));
    doc
}

fn empty(source: &Source) -> Dockerfile<'_> {
    Dockerfile {
        source,
        items: Vec::new(),
        directives: Vec::new(),
        comments: Vec::new(),
        instructions: Vec::new(),
        errors: Vec::new(),
        escape: '\\',
    }
}

/// Marks the first NUL byte of each instruction: nothing that an instruction says can hold one.
fn without_nul(mut doc: Dockerfile<'_>) -> Dockerfile<'_> {
    let found = doc.instructions.iter().filter_map(|instruction| {
        let at = instruction.body.offset(narrow(instruction.body.value.find('\0')?));
        let help = "remove the byte; commands, paths and values cannot contain it";
        Some(error(Span { start: at, end: at + 1 }, "the instruction contains a NUL byte", help))
    });
    let found: Vec<_> = found.collect();
    doc.errors.extend(found);
    doc.errors.sort_by_key(|error| error.span.start);
    doc
}

struct Parser<'s> {
    file: &'s str,
    lines: Lines<'s>,
    cx: Cx,
    doc: Dockerfile<'s>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s Source) -> Self {
        let mut doc = empty(source);
        let mark =
            if source.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        if mark > 0 {
            doc.items.push(Item { kind: ItemKind::ByteOrderMark, span: Span::new(0, mark) });
        }
        Self {
            file: &source.text,
            lines: Lines::new(&source.text, mark),
            cx: Cx { escape: '\\', errors: Vec::new() },
            doc,
        }
    }

    fn run(mut self) -> Dockerfile<'s> {
        let mut block = Block::new();
        while self.cx.errors.len() < MOST_ERRORS {
            let Some(line) = self.lines.next() else { return self.finish() };
            let kind = self.line(&mut block, line);
            let span = Span::new(line.start, self.lines.next_offset());
            self.doc.items.push(Item { kind, span });
        }
        self.leave_rest();
        self.finish()
    }

    /// Makes one item of all that follows.
    fn leave_rest(&mut self) {
        let (start, end) = (self.lines.next_offset(), self.file.len());
        if start == end {
            return;
        }
        self.doc.items.push(Item { kind: ItemKind::Opaque, span: Span::new(start, end) });
        let message = format!("the file has more than {MOST_ERRORS} errors; the rest was not read");
        let line = Lines::new(self.file, start).next().map_or(Span::at(narrow(start)), Line::span);
        self.cx.refuse(line, message, "fix the errors above first, if this is a Dockerfile at all");
    }

    fn line(&mut self, block: &mut Block, line: Line) -> ItemKind {
        if let Some(directive) = block.read(&mut self.cx, self.file, line) {
            self.doc.directives.push(directive);
            return ItemKind::Directive(self.doc.directives.len() - 1);
        }
        let text = self.file[line.start..line.content].trim_start();
        if text.is_empty() {
            return ItemKind::Blank;
        }
        let start = line.content - text.len();
        if text.starts_with('#') {
            let span = Span::new(start, line.content);
            self.doc.comments.push(Comment { span, inside: None });
            return ItemKind::Comment(self.doc.comments.len() - 1);
        }
        let logical = lines::join(&mut self.lines, line, start, self.cx.escape);
        self.instruction(logical, line)
    }

    fn instruction(&mut self, logical: Logical<'s>, first: Line) -> ItemKind {
        let id = self.doc.instructions.len();
        let text = &logical.text;
        let head = Head::split(self.file, text, text.range(), self.cx.escape);
        let is_read = !self.lines.are_too_long_from(first);
        let heredocs = self.heredocs(text, &head);
        let end = self.end(first, &heredocs, &logical);
        let mut instruction =
            instruction::build(&mut self.cx, self.file, text, head, heredocs, end, is_read);
        instruction.id = id;
        instruction.empty_lines = logical.blanks;
        if let Kind::Onbuild(inner) = &mut instruction.kind {
            inner.id = id;
            // Its heredocs are those of the instruction that it wraps.
            instruction.heredocs = Vec::new();
        }
        let comments = logical.comments.into_iter();
        self.doc.comments.extend(comments.map(|span| Comment { span, inside: Some(id) }));
        self.doc.instructions.push(instruction);
        ItemKind::Instruction(id)
    }

    /// Reads the heredocs of an instruction that may have some.
    fn heredocs(&mut self, text: &Mapped<'s>, head: &Head<'s>) -> Vec<Heredoc<'s>> {
        if !text.as_str().contains("<<") {
            return Vec::new();
        }
        let wrapped;
        let head = if head.keyword == Keyword::Onbuild {
            wrapped = Head::split(self.file, text, head.body.clone(), self.cx.escape);
            &wrapped
        } else {
            head
        };
        let possible = matches!(head.keyword, Keyword::Run | Keyword::Copy | Keyword::Add)
            && !json_form::is_json(self.file, text, head.body.clone());
        if !possible {
            return Vec::new();
        }
        let markers = heredoc::markers(text.as_str());
        heredoc::bodies(self.file, &mut self.lines, text, markers, &mut self.cx.errors)
    }

    /// Where an instruction ends: behind its last byte that is not white space, or its last heredoc.
    fn end(&self, first: Line, heredocs: &[Heredoc<'s>], logical: &Logical<'s>) -> u32 {
        if let Some(last) = heredocs.last() {
            return last.terminator.end;
        }
        let text = &self.file[first.start..self.lines.next_offset()];
        let end = narrow(first.start + text.trim_end().len());
        logical.comments.last().map_or(end, |comment| comment.end.max(end))
    }

    fn finish(mut self) -> Dockerfile<'s> {
        for span in std::mem::take(&mut self.lines.too_long) {
            let message = format!("the line is longer than {MAX_LINE} bytes");
            self.cx.refuse(span, message, "split it with continuations, or move it into a script");
        }
        false_heredoc::settle(&mut self.doc, &mut self.cx);
        self.stages();
        self.doc.escape = self.cx.escape;
        self.doc.errors = self.cx.errors;
        self.doc.errors.sort_by_key(|error| error.span.start);
        self.doc
    }

    /// Says what is wrong where no stage is, or something comes before the first.
    fn stages(&mut self) {
        let instructions = &self.doc.instructions;
        let Some(first) = instructions.first() else {
            let help = "start with `FROM` and the image to build on";
            self.cx.refuse(Span::at(0), "the file has no instructions", help);
            return;
        };
        let from = instructions.iter().position(|it| it.keyword == Keyword::From);
        let before = &instructions[..from.unwrap_or(instructions.len())];
        let early = before.iter().find(|it| !may_come_first(it));
        let (place, message) = match (early, from) {
            (Some(early), Some(_)) => {
                (early, format!("`{}` comes before `FROM`", early.keyword.name()))
            }
            // It may be in what was not read.
            (_, None) if self.doc.is_cut() => return,
            (_, None) => (early.unwrap_or(first), "the file has no `FROM`".to_owned()),
            (None, Some(_)) => return,
        };
        let help = "start the stage with `FROM`; only `ARG` may come before it";
        self.cx.refuse(place.keyword_span, message, help);
    }
}

/// Whether an instruction before the first FROM is not its own fault.
fn may_come_first(instruction: &Instruction<'_>) -> bool {
    matches!(instruction.keyword, Keyword::Arg | Keyword::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<(String, String)> {
        let source = Source::new("", text);
        let shown = |error: super::super::ast::SyntaxError| {
            (source.slice(error.span).to_owned(), error.message)
        };
        parse(&source).errors.into_iter().map(shown).collect()
    }

    fn error(place: &str, message: &str) -> Vec<(String, String)> {
        vec![(place.to_owned(), message.to_owned())]
    }

    #[test]
    fn a_stage_is_needed() {
        assert_eq!(errors(""), error("", "the file has no instructions"));
        assert_eq!(errors("# x\n\n"), error("", "the file has no instructions"));
        assert_eq!(errors("ARG a\n"), error("ARG", "the file has no `FROM`"));
        assert_eq!(errors("ARG a\nRUN b\n"), error("RUN", "the file has no `FROM`"));
        assert_eq!(errors("RUN b\nFROM a\n"), error("RUN", "`RUN` comes before `FROM`"));
        assert_eq!(errors("ARG a\nFROM a\n"), []);
    }

    #[test]
    fn a_template_breaks_only_its_own_lines() {
        let found = errors("FROM a\n{{ if .x }}\nRUN b\n{{ end }}\nRUN c\n");
        assert_eq!(
            found,
            [error("{{", "unknown instruction `{{`"), error("{{", "unknown instruction `{{`")]
                .concat()
        );
    }

    #[test]
    fn unknown_instructions_have_a_helpful_neighbour() {
        let source = Source::new("", "FORM a\nFROM\u{a0}b\nFROM c\n");
        let help: Vec<_> = parse(&source).errors.into_iter().filter_map(|it| it.help).collect();
        assert_eq!(help[0], "did you mean `FROM`?");
        assert!(help[1].contains("plain space"));
    }

    #[test]
    fn every_piece_is_an_item() {
        let source = Source::new("", "\u{feff}# escape=`\n# c\n\nRUN a `\n# d\n\n b\r\nFROM x");
        let doc = parse(&source);
        let kinds: Vec<_> = doc.items.iter().map(|item| item.kind).collect();
        assert_eq!(
            kinds,
            [
                ItemKind::ByteOrderMark,
                ItemKind::Directive(0),
                ItemKind::Comment(0),
                ItemKind::Blank,
                ItemKind::Instruction(0),
                ItemKind::Instruction(1),
            ]
        );
        assert_eq!(doc.comments[1].inside, Some(0));
        assert_eq!(doc.instructions[0].empty_lines.len(), 1);
        assert_eq!(doc.instructions[0].body.value, "a  b");
        assert_eq!(source.slice(doc.instructions[0].span), "RUN a `\n# d\n\n b");
    }

    #[test]
    fn a_heredoc_belongs_to_its_instruction() {
        let source = Source::new("", "FROM x\nRUN <<-E\n# no comment \\\n\tE\nUSER a\n");
        let doc = parse(&source);
        assert_eq!(doc.errors, []);
        let run = &doc.instructions[1];
        assert!(run.is_heredoc_script());
        assert_eq!(source.slice(run.heredocs[0].body), "# no comment \\\n");
        assert_eq!(source.slice(run.span), "RUN <<-E\n# no comment \\\n\tE");
        assert_eq!(doc.instructions[2].keyword, Keyword::User);
    }
}
