//! The tree: what a Dockerfile says, with the place of every part of it.
//!
//! It borrows the source, and it is never an `Err`: what is broken is an [`Kind::Invalid`] instruction
//! and an entry in [`Dockerfile::errors`]. [`Dockerfile::items`] tile the file, so that printing them in
//! order gives every byte back.

use std::borrow::Cow;

pub use super::keyword::Keyword;
use super::message::without_code;
use crate::source::{Source, Span};

/// A parsed Dockerfile.
#[derive(Debug, Clone)]
pub struct Dockerfile<'s> {
    /// The text that the tree borrows.
    pub source: &'s Source,
    /// Every top-level piece in order; their spans tile the file without a gap.
    pub items: Vec<Item>,
    /// Parser directives of the block at the top, known or not.
    pub directives: Vec<Directive<'s>>,
    /// All comments in order, also those inside continued instructions.
    pub comments: Vec<Comment>,
    /// The instructions in order, broken ones too. `instructions[i].id == i`.
    pub instructions: Vec<Instruction<'s>>,
    /// What BuildKit would refuse, in order of place.
    pub errors: Vec<SyntaxError>,
    /// The escape character in force: `\` or `` ` ``.
    pub escape: char,
}

/// A top-level piece of the file, with its line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its bytes, the line end included.
    pub span: Span,
}

/// What a top-level piece is; the number is an index into the list of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// The byte order mark.
    ByteOrderMark,
    /// A parser directive.
    Directive(usize),
    /// A comment line.
    Comment(usize),
    /// An empty or blank line.
    Blank,
    /// An instruction with its continuation lines and heredocs.
    Instruction(usize),
    /// Text that could not be read at all (UTF-16, binary).
    Opaque,
}

/// What is wrong with the syntax at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The smallest place that shows it.
    pub span: Span,
    /// What is wrong, in lower case and without a period.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl SyntaxError {
    /// What is wrong, without the words of the file that the message quotes.
    pub fn kind(&self) -> String {
        without_code(&self.message)
    }
}

/// A parser directive: `# key=value` in the block at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive<'s> {
    /// The whole comment, without the line end.
    pub span: Span,
    /// The key in lower case: `syntax`, `escape` or `check`.
    pub key: String,
    /// Where the key is.
    pub key_span: Span,
    /// The value, trimmed on the right.
    pub value: &'s str,
    /// Where the value is.
    pub value_span: Span,
}

/// A comment, from its `#` to the end of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// From `#` to the last byte before the line end.
    pub span: Span,
    /// The instruction in whose continuation it is, by index.
    pub inside: Option<usize>,
}

/// An instruction.
#[derive(Debug, Clone)]
pub struct Instruction<'s> {
    /// Its index in [`Dockerfile::instructions`]; a wrapped instruction has that of its ONBUILD.
    pub id: usize,
    /// From the first byte of the keyword to the last byte that belongs to it (heredoc bodies and
    /// their terminators included), without the final line end.
    pub span: Span,
    /// Which instruction it is.
    pub keyword: Keyword,
    /// The keyword as it is written, or the word that is none.
    pub word: Cow<'s, str>,
    /// Where the keyword is.
    pub keyword_span: Span,
    /// The leading `--flags`.
    pub flags: Vec<Flag<'s>>,
    /// All that follows the flags, trimmed on both sides: the joined text, with its places.
    pub body: Text<'s>,
    /// What it says.
    pub kind: Kind<'s>,
    /// Its heredocs in order.
    pub heredocs: Vec<Heredoc<'s>>,
    /// Blank lines inside its continuation, which BuildKit warns about.
    pub empty_lines: Vec<Span>,
}

/// What an instruction says.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each is the instruction of its name")]
pub enum Kind<'s> {
    /// Boxed: it is twice as large as the others.
    From(Box<From<'s>>),
    Run(Run<'s>),
    Cmd(Form<'s>),
    Entrypoint(Form<'s>),
    Copy(Transfer<'s>),
    Add(Transfer<'s>),
    Env(Pairs<'s>),
    Label(Pairs<'s>),
    Arg(Vec<ArgDeclaration<'s>>),
    Expose(Vec<Word<'s>>),
    Healthcheck(Healthcheck<'s>),
    Onbuild(Box<Instruction<'s>>),
    /// The words of the JSON array.
    Shell(Vec<Word<'s>>),
    Stopsignal(Word<'s>),
    User(Word<'s>),
    Volume(Vec<Word<'s>>),
    Workdir(Word<'s>),
    Maintainer(Word<'s>),
    /// BuildKit would refuse it; [`Dockerfile::errors`] says why.
    Invalid,
}

/// `FROM [--platform=…] image [AS name]`.
#[derive(Debug, Clone)]
pub struct From<'s> {
    /// The image or stage, before expansion.
    pub image: Word<'s>,
    /// The value of `--platform`.
    pub platform: Option<Word<'s>>,
    /// The name of the stage.
    pub alias: Option<Alias<'s>>,
}

/// `AS name`.
#[derive(Debug, Clone)]
pub struct Alias<'s> {
    /// Where the keyword `AS` is; empty where it is missing.
    pub as_span: Span,
    /// The name as it is written.
    pub name: Word<'s>,
}

/// `RUN`.
#[derive(Debug, Clone)]
pub struct Run<'s> {
    /// Shell or JSON form. With heredocs it is the shell form, and its text is that of the first line.
    pub form: Form<'s>,
    /// The `--mount` flags in order.
    pub mounts: Vec<Mount<'s>>,
}

impl Instruction<'_> {
    /// Whether this is a RUN whose only word is one heredoc, whose body is then the script itself.
    pub fn is_heredoc_script(&self) -> bool {
        matches!(&self.kind, Kind::Run(Run { form: Form::Shell(text), .. })
            if self.heredocs.len() == 1 && text.span == self.heredocs[0].marker_span)
    }

    /// The flag of that name (without `--`), if it is given.
    pub fn flag(&self, name: &str) -> Option<&Flag<'_>> {
        self.flags.iter().find(|flag| flag.name == name)
    }
}

/// The two ways to write a command.
#[derive(Debug, Clone)]
pub enum Form<'s> {
    /// Text for a shell, with continuations joined.
    Shell(Text<'s>),
    /// A JSON array of strings; each word's `text` is the decoded string.
    Json(Vec<Word<'s>>),
}

/// A `--flag` or `--flag=value`.
#[derive(Debug, Clone)]
pub struct Flag<'s> {
    /// The name without dashes, quotes removed, as BuildKit sees it.
    pub name: Cow<'s, str>,
    /// The value after `=`, quotes removed.
    pub value: Option<Word<'s>>,
    /// The whole flag.
    pub span: Span,
}

/// The kinds of `--mount`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the mount type of its name")]
pub enum MountType {
    Bind,
    Cache,
    Tmpfs,
    Secret,
    Ssh,
    /// The type is unknown or comes from a variable.
    Unknown,
}

/// One `--mount`.
#[derive(Debug, Clone)]
pub struct Mount<'s> {
    /// Its type; `bind` where none is given.
    pub kind: MountType,
    /// The whole flag.
    pub span: Span,
    /// All options in order, keys in lower case and synonyms made one
    /// (`src` is `source`; `dst` and `destination` are `target`; `ro` is `readonly`; `rw` is `readwrite`).
    pub options: Vec<MountOption<'s>>,
}

impl<'s> Mount<'s> {
    /// The value of an option by its canonical key; the last one counts.
    pub fn option(&self, key: &str) -> Option<&Word<'s>> {
        self.options
            .iter()
            .rev()
            .find(|option| option.key == key)
            .and_then(|option| option.value.as_ref())
    }
}

/// `key=value` or `key` in a `--mount`.
#[derive(Debug, Clone)]
pub struct MountOption<'s> {
    /// The canonical key.
    pub key: Cow<'s, str>,
    /// The value; none where only the key is given.
    pub value: Option<Word<'s>>,
    /// Key and value.
    pub span: Span,
}

/// COPY or ADD.
#[derive(Debug, Clone)]
pub struct Transfer<'s> {
    /// What is copied.
    pub sources: Vec<TransferSource<'s>>,
    /// Where it goes.
    pub destination: Word<'s>,
    /// Whether the words are in a JSON array.
    pub json: bool,
}

/// A source of COPY or ADD.
#[derive(Debug, Clone)]
pub struct TransferSource<'s> {
    /// The path, URL or heredoc marker.
    pub word: Word<'s>,
    /// Which heredoc of the instruction it is, by index, if it is one.
    pub heredoc: Option<usize>,
}

/// ENV or LABEL.
#[derive(Debug, Clone)]
pub struct Pairs<'s> {
    /// Keys and values in order.
    pub pairs: Vec<Pair<'s>>,
    /// Whether it is the old form with a blank instead of `=`.
    pub legacy: bool,
}

/// One `key=value`.
#[derive(Debug, Clone)]
pub struct Pair<'s> {
    /// The key as it is written, quotes included.
    pub key: Word<'s>,
    /// The value as it is written, quotes included.
    pub value: Word<'s>,
}

/// One name of an ARG.
#[derive(Debug, Clone)]
pub struct ArgDeclaration<'s> {
    /// The name.
    pub name: Word<'s>,
    /// The default.
    pub value: Option<Word<'s>>,
}

/// HEALTHCHECK.
#[derive(Debug, Clone)]
pub enum Healthcheck<'s> {
    /// `HEALTHCHECK NONE`.
    None,
    /// `HEALTHCHECK CMD …`; the span is that of the word `CMD`.
    Cmd(Span, Form<'s>),
}

/// A heredoc.
#[derive(Debug, Clone)]
pub struct Heredoc<'s> {
    /// The delimiter with quotes removed.
    pub name: Cow<'s, str>,
    /// Where `<<NAME` is.
    pub marker_span: Span,
    /// Which file descriptor it feeds, where one is written.
    pub fd: Option<u32>,
    /// `<<-`: leading tabs go.
    pub strip_tabs: bool,
    /// Whether variables in the body are expanded: no part of the delimiter is quoted.
    pub expand: bool,
    /// The body's lines, the last line end included, the terminator not.
    pub body: Span,
    /// The line of the delimiter, without its line end; empty where it is missing.
    pub terminator: Span,
}

/// Text of one instruction with continuations, comments and blank lines inside them taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'s> {
    /// The joined text.
    pub value: Cow<'s, str>,
    /// From its first to its last byte in the file.
    pub span: Span,
    /// Where the joined text goes on elsewhere: (offset in `value`, offset in the file), ascending.
    /// Empty where the text is in the file as it is.
    pub joins: Vec<(u32, u32)>,
}

impl Text<'_> {
    /// The file offset of the byte at `offset` of the joined text.
    pub fn offset(&self, offset: u32) -> u32 {
        let index = self.joins.partition_point(|&(from, _)| from <= offset);
        match index.checked_sub(1) {
            Some(index) => self.joins[index].1 + (offset - self.joins[index].0),
            None => self.span.start + offset,
        }
    }

    /// The file span of a range of the joined text; its last byte decides the end.
    pub fn span_of(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.offset(u32::try_from(range.start).unwrap_or(u32::MAX));
        if range.is_empty() {
            return Span::at(start);
        }
        let last = self.offset(u32::try_from(range.end - 1).unwrap_or(u32::MAX));
        Span { start, end: last + 1 }
    }
}

/// A word in Docker's grammar, which is not the shell's.
#[derive(Debug, Clone)]
pub struct Word<'s> {
    /// Its text as it is written, joined over continuations, quotes and escapes kept
    /// (in a JSON array: the decoded string).
    pub text: Cow<'s, str>,
    /// Its place in the file (in a JSON array: with the quotes).
    pub span: Span,
    /// Literal text and variables in order. Quotes and escapes are resolved. A word of a JSON array of
    /// RUN, CMD, ENTRYPOINT or SHELL, which the builder does not expand, is one literal part.
    pub parts: Vec<Part>,
}

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Literal text without quotes and escapes.
    Text(String),
    /// A variable; boxed, since nearly all parts are text and a file may have a million of them.
    Var(Box<Var>),
}

/// `$NAME` or `${NAME…}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Var {
    /// The name.
    pub name: String,
    /// From `$` to its last byte.
    pub span: Span,
    /// The modifier, if there is one: `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/` or `//`.
    pub op: Option<&'static str>,
    /// What follows the modifier (the default, the alternative, the message, the pattern).
    pub operand: Vec<Part>,
    /// The replacement of `/` and `//`.
    pub replacement: Vec<Part>,
}

impl Word<'_> {
    /// The value where no variable is in it: quotes and escapes resolved.
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        match self.parts.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [Part::Text(text)] => Some(Cow::Borrowed(text)),
            parts => parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => Some(text.as_str()),
                    Part::Var(_) => None,
                })
                .collect::<Option<String>>()
                .map(Cow::Owned),
        }
    }

    /// The variables in it, those inside operands too, outermost first.
    pub fn variables(&self) -> Vec<&Var> {
        let mut found = Vec::new();
        let mut stack: Vec<&Part> = self.parts.iter().rev().collect();
        while let Some(part) = stack.pop() {
            if let Part::Var(var) = part {
                found.push(&**var);
                stack.extend(var.replacement.iter().rev());
                stack.extend(var.operand.iter().rev());
            }
        }
        found
    }
}

impl Dockerfile<'_> {
    /// Whether an error starts in a place.
    pub fn is_broken(&self, place: Span) -> bool {
        let first = self.errors.partition_point(|it| it.span.start < place.start);
        self.errors.get(first).is_some_and(|it| it.span.start < place.end)
    }

    /// Whether the end of the file was not read, or nothing of it.
    pub fn is_cut(&self) -> bool {
        self.items.last().is_some_and(|it| it.kind == ItemKind::Opaque)
    }

    /// Prints the tree: the concatenated text of its items, which is the file byte for byte.
    pub fn print(&self) -> Vec<u8> {
        let bytes = self.source.bytes();
        self.items
            .iter()
            .flat_map(|item| bytes.get(item.span.range()).unwrap_or_default())
            .copied()
            .collect()
    }
}
