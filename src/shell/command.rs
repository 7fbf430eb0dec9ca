//! Commands as rules see them: names, words and places, whatever the shell syntax around them.

use crate::source::Span;
use crate::source::work::count;

/// Which shell a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the shell of its name")]
pub enum Dialect {
    /// `/bin/sh`, dash, ash: POSIX.
    Sh,
    Bash,
    Ksh,
    Zsh,
    /// PowerShell: left alone.
    PowerShell,
    /// Windows' cmd: its commands are read, nothing else.
    Cmd,
    /// A heredoc's interpreter that is not a shell (python, perl, node …), or a shell we do not know: left alone.
    Other,
}

impl Dialect {
    /// Whether the text can be read as a Bourne shell's.
    pub fn is_bourne(self) -> bool {
        matches!(self, Self::Sh | Self::Bash | Self::Ksh | Self::Zsh)
    }
}

/// One simple command.
#[derive(Debug, Clone)]
pub struct Command {
    /// The command's name after its wrappers, without its folder (`/usr/bin/apt-get` is `apt-get`);
    /// empty where it is dynamic or where there are only assignments.
    pub name: String,
    /// Where the name is (the whole word).
    pub name_span: Span,
    /// The words after the name.
    pub args: Vec<ShellWord>,
    /// Assignments before the name (also those given to `env`): `NAME=value`.
    pub assignments: Vec<Assignment>,
    /// Redirections of the command.
    pub redirects: Vec<Redirect>,
    /// What the name was found behind, outermost first.
    pub wrappers: Vec<Wrapper>,
    /// How it is joined to what is before it.
    pub connector: Connector,
    /// Whether its output goes into a pipe.
    pub piped: bool,
    /// How many constructs (groups, subshells, conditions, loops, functions, substitutions, nested
    /// scripts) are around it.
    pub depth: u16,
    /// What kinds of construct are around it.
    pub inside: Inside,
    /// From its first to its last word or redirection, its wrappers included.
    pub span: Span,
    /// Whether the script has turned on `errexit` (`set -e`) before it.
    pub errexit: bool,
    /// Whether hadolint does not see it under its name: behind `sudo`, `env`, `xargs` and their like, in a
    /// nested script, or written with a folder or a backslash.
    pub hidden: bool,
}

/// A `|` or `|&`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipe {
    /// Where the operator is.
    pub span: Span,
    /// What is on its left, with all pipes before it.
    pub left: Span,
    /// What is on its right, up to the next pipe.
    pub right: Span,
    /// Whether the script has turned on `pipefail` before it.
    pub pipefail: bool,
    /// What kinds of construct are around it.
    pub inside: Inside,
}

/// The constructs around a command; several can hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, read one at a time")]
pub struct Inside {
    /// `( … )`.
    pub subshell: bool,
    /// The condition or a branch of `if` or `case`.
    pub conditional: bool,
    /// The condition of `if`, `while` or `until`: its failure is an answer.
    pub condition: bool,
    /// The body or condition of a loop.
    pub looped: bool,
    /// The body of a function.
    pub function: bool,
    /// `$( … )`, backticks or `<( … )`.
    pub substitution: bool,
    /// The text given to `sh -c`, `bash -c` or `eval`.
    pub nested_script: bool,
}

/// How a command is joined to the one before it in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connector {
    /// The first command of its list.
    First,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `;` or a line end.
    Sequence,
    /// `|` or `|&`.
    Pipe,
    /// `&`: the one before runs in the background.
    Background,
}

/// A word of a command.
#[derive(Debug, Clone)]
pub struct ShellWord {
    /// The word with quotes and escapes resolved; expansions are in it as they are written (`$X`, `${X}`, `$(…)`).
    pub text: String,
    /// Whether `text` is the whole truth: no expansion or glob of the shell is in it.
    pub is_static: bool,
    /// Whether any part of it is quoted.
    pub quoted: bool,
    /// Its place in the file, quotes included.
    pub span: Span,
}

/// `NAME=value` before a command.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// The value.
    pub value: ShellWord,
    /// The whole assignment: its name, an index and a `+` too.
    pub span: Span,
}

/// A redirection.
#[derive(Debug, Clone)]
pub struct Redirect {
    /// The operator: `>`, `>>`, `<`, `>|`, `&>`, `2>` is `>` with `fd` 2.
    pub operator: &'static str,
    /// The file descriptor, where one is written.
    pub fd: Option<u32>,
    /// The target; for a heredoc its delimiter.
    pub target: ShellWord,
    /// The whole redirection.
    pub span: Span,
}

/// A prefix that runs another command.
#[derive(Debug, Clone)]
pub struct Wrapper {
    /// Its name: `sudo`, `env`, `exec`, `command`, `builtin`, `busybox`, `nice`, `nohup`, `time`, `timeout`,
    /// `xargs`, `gosu`, `su-exec`, `chroot`, `find` (`-exec`), `sh` (`-c`), `eval` …
    pub name: String,
    /// Where the name is.
    pub span: Span,
    /// The wrapper's own words (options, user names, durations).
    pub args: Vec<ShellWord>,
}

impl Command {
    /// All words but its name: arguments, targets of redirections, values of assignments.
    pub fn words(&self) -> impl Iterator<Item = &ShellWord> {
        count(1);
        let targets = self.redirects.iter().map(|it| &it.target);
        let values = self.assignments.iter().map(|it| &it.value);
        self.args.iter().chain(targets).chain(values)
    }

    /// Whether the command is `name`.
    pub fn is(&self, name: &str) -> bool {
        count(1);
        self.name == name
    }

    /// Whether it is behind a wrapper of that name.
    pub fn is_behind(&self, wrapper: &str) -> bool {
        self.wrappers.iter().any(|it| it.name == wrapper)
    }

    /// The words that are not options, in order. Words after `--` are all operands.
    pub fn operands(&self) -> impl Iterator<Item = &ShellWord> {
        count(1);
        let mut only_operands = false;
        self.args.iter().filter(move |word| {
            if only_operands {
                return true;
            }
            only_operands = word.text == "--";
            !word.text.starts_with('-') || word.text == "-"
        })
    }

    /// The first operand: the verb of `apt-get install`, `npm ci` and their like.
    pub fn verb(&self) -> Option<&ShellWord> {
        self.operands().next()
    }

    /// Whether an option is given: `--name`, `--name=…`, or a letter in a cluster such as `-rf`.
    pub fn has_flag(&self, name: &str) -> bool {
        count(self.args.len());
        self.args.iter().take_while(|word| word.text != "--").any(|word| word.is_flag(name))
    }
}

impl ShellWord {
    /// Whether the word gives the option `name`: a long one (`no-cache` for `--no-cache[=v]`), or a letter in a cluster.
    pub fn is_flag(&self, name: &str) -> bool {
        if let Some(long) = self.text.strip_prefix("--") {
            return long.split('=').next() == Some(name);
        }
        let mut letters = name.chars();
        match (self.text.strip_prefix('-'), letters.next(), letters.next()) {
            (Some(cluster), Some(letter), None) => cluster.contains(letter),
            _ => false,
        }
    }
}
