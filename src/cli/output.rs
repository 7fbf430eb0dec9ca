//! Where reports go: standard output or a file. A reader that went away is not an error.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::common_args::When;
use super::write::Replacement;
use crate::error::Error;
use crate::escape;
use crate::report::Style;

/// A place that a report is written to.
pub(super) struct Output {
    writer: Writer,
    path: PathBuf,
    error: Option<io::Error>,
}

enum Writer {
    Stdout(BufWriter<StdoutLock<'static>>),
    File(Replacement),
}

impl Output {
    /// A file, which is there once the output is finished, or standard output.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path else { return Ok(Self::stdout()) };
        let file = Replacement::new(path).map_err(|error| Error::io(path, &error))?;
        Ok(Self { writer: Writer::File(file), path: path.to_owned(), error: None })
    }

    /// Standard output.
    pub(super) fn stdout() -> Self {
        let writer = Writer::Stdout(BufWriter::new(io::stdout().lock()));
        Self { writer, path: PathBuf::from("standard output"), error: None }
    }

    /// Writes text; breaks once writing has failed.
    pub(super) fn write(&mut self, text: &str) -> ControlFlow<()> {
        let result = match &mut self.writer {
            Writer::Stdout(stdout) => stdout.write_all(text.as_bytes()),
            Writer::File(file) => file.write_all(text.as_bytes()),
        };
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.error.get_or_insert(error);
                ControlFlow::Break(())
            }
        }
    }

    /// Writes what is buffered. Returns whether anybody still reads it: a closed pipe is not an error.
    pub(super) fn finish(mut self) -> Result<bool, Error> {
        let result = match (self.error.take(), &mut self.writer) {
            (Some(error), _) => Err(error),
            (None, Writer::Stdout(stdout)) => stdout.flush(),
            (None, Writer::File(file)) => file.finish(),
        };
        match result {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(Error::io(&self.path, &error)),
        }
    }
}

/// Says on standard error what went wrong.
pub(super) fn complain(error: &Error) {
    // It is harmless already, and may have several lines.
    say(&format!("error: {error}"));
}

/// Says what is wrong with the command line, or prints the help that was asked for. Gives the exit code.
pub(super) fn misused(error: &clap::Error) -> u8 {
    let text = error.render().to_string();
    let shown = escape::lines(&text);
    if error.use_stderr() && shown != text.trim_end_matches('\n') {
        say(&shown);
    } else {
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).unwrap_or(super::FAILURE)
}

/// Says something on standard error, in one line.
pub(super) fn remark(text: &str) {
    say(&escape::line(text));
}

/// Writes to standard error; a closed pipe is not an error.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The widest lines that are written: longer ones are hard to read.
const MAX_WIDTH: usize = 100;

/// How output looks on standard output, or in a file if it does not go there.
pub(super) fn style(color: When, to_stdout: bool) -> Style {
    let terminal = to_stdout && io::stdout().is_terminal();
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let color = match color {
        When::Always => true,
        When::Never => false,
        When::Auto => terminal && !set("NO_COLOR") && !dumb(),
    };
    let columns = if terminal { terminal_size::terminal_size() } else { None };
    let width = columns.map_or(80, |(width, _)| usize::from(width.0).clamp(40, MAX_WIDTH));
    Style { color, width }
}
