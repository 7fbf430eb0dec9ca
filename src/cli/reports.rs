//! `--format` and `--output`: which reports are written, and where to.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::common_args::When;
use super::output::{Output, style};
use crate::config::without_links;
use crate::error::Error;
use crate::report::{self, Format, Outcome, Report, Style, Summary};

/// The reports that are asked for, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Reports(Vec<Wanted>);

/// One report that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    /// None: the format that the settings say.
    format: Option<Format>,
    /// None: standard output.
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Flags {
    /// How to print findings; repeat with an `--output` for each
    /// to write several reports [default: full]
    #[arg(long, value_enum, help_heading = "Output")]
    format: Vec<Format>,

    /// Write the report of the preceding `--format` to a file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output: Vec<PathBuf>,
}

impl Args for Reports {
    fn augment_args(command: Command) -> Command {
        Flags::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args_for_update(command)
    }
}

impl FromArgMatches for Reports {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let places = |name| matches.indices_of(name).into_iter().flatten().collect::<Vec<_>>();
        let (formats, outputs) = (places("format"), places("output"));
        let flags = Flags::from_arg_matches(matches)?;
        let formats = formats.into_iter().zip(flags.format).collect();
        pair(formats, outputs.into_iter().zip(flags.output).collect())
            .map(Self)
            .map_err(|text| clap::Error::raw(ErrorKind::ArgumentConflict, text + "\n"))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Gives each output to the format before it, or to the first one if there is none before. The numbers are places on
/// the command line.
fn pair(
    formats: Vec<(usize, Format)>,
    outputs: Vec<(usize, PathBuf)>,
) -> Result<Vec<Wanted>, String> {
    let starts: Vec<usize> = formats.iter().map(|(at, _)| *at).collect();
    let wanted = formats.into_iter().map(|(_, it)| Wanted { format: Some(it), output: None });
    let mut reports: Vec<Wanted> = wanted.collect();
    if reports.is_empty() {
        reports.push(Wanted { format: None, output: None });
    }
    for (at, path) in outputs {
        let before = starts.iter().filter(|start| **start < at).count();
        let report = &mut reports[before.saturating_sub(1)];
        if report.output.is_some() {
            return Err(format!(
                "`--output {}` needs its own `--format` before it",
                path.display()
            ));
        }
        report.output = Some(path);
    }
    for report in &mut reports {
        // The name that other tools have for standard output.
        report.output = report.output.take().filter(|path| path.as_os_str() != "-");
    }
    if reports.iter().filter(|it| it.output.is_none()).count() > 1 {
        let text = "two reports would go to standard output; add an `--output` to all but one";
        return Err(text.to_owned());
    }
    let mut seen = Vec::new();
    for path in reports.iter().filter_map(|it| it.output.as_deref()) {
        let plain = plain(path);
        if seen.contains(&plain) {
            return Err(format!("two reports would go to {}", path.display()));
        }
        seen.push(plain);
    }
    Ok(reports)
}

/// A path by which files can be compared.
fn plain(path: &Path) -> PathBuf {
    let folder = without_links(path.parent().unwrap_or(Path::new("")));
    path.file_name().map_or(folder.clone(), |name| folder.join(name))
}

impl Reports {
    /// Whether a format was chosen.
    pub(super) fn chose_format(&self) -> bool {
        self.0.iter().any(|it| it.format.is_some())
    }

    /// Opens all of them: what makes the texts, and where they go. No file is there before [`Sinks::finish`].
    pub(super) fn open(&self, look: &Look) -> Result<(Writers, Sinks), Error> {
        let (mut writers, mut sinks) = (Vec::new(), Vec::new());
        for wanted in &self.0 {
            let format = wanted.format.unwrap_or(look.default);
            if look.statistics && !report::has_statistics(format) {
                let text = "`--statistics` works with the formats full, concise, json and jsonl";
                return Err(Error::Usage(text.to_owned()));
            }
            let style = style(look.color, wanted.output.is_none());
            let report = format.report(style);
            sinks.push(Sink {
                separator: report.separator(),
                is_first: true,
                output: Output::open(wanted.output.as_deref())?,
                is_open: true,
            });
            let is_stdout = wanted.output.is_none();
            writers.push(Writer { format, style, report, is_stdout });
        }
        Ok((
            Writers { list: writers, statistics: look.statistics, quiet: look.quiet },
            Sinks(sinks),
        ))
    }
}

/// How reports look, whatever their number.
pub(super) struct Look {
    /// The format if none is chosen.
    pub(super) default: Format,
    /// When to use colours.
    pub(super) color: When,
    /// Whether counts take the place of findings.
    pub(super) statistics: bool,
    /// Whether people want to hear no summary.
    pub(super) quiet: bool,
}

/// What makes the texts of all reports. Threads share it.
pub(super) struct Writers {
    list: Vec<Writer>,
    statistics: bool,
    quiet: bool,
}

struct Writer {
    format: Format,
    style: Style,
    report: Box<dyn Report>,
    is_stdout: bool,
}

impl Writers {
    /// What comes first in each.
    pub(super) fn start(&self) -> Vec<String> {
        self.texts(|it| it.report.start())
    }

    /// What each says of a file.
    pub(super) fn file(&self, outcome: Outcome<'_>) -> Vec<String> {
        self.texts(|it| it.report.file(outcome))
    }

    fn texts(&self, text: impl Fn(&Writer) -> String) -> Vec<String> {
        let texts = self.list.iter();
        texts.map(|it| if self.statistics { String::new() } else { text(it) }).collect()
    }

    /// What comes last in each.
    pub(super) fn end(&self, summary: &Summary) -> Vec<String> {
        let texts = self.list.iter().map(|it| {
            if self.statistics {
                report::statistics(summary, it.format, it.style)
            } else if self.quiet && it.format.is_for_people() {
                String::new()
            } else {
                it.report.end(summary)
            }
        });
        texts.collect()
    }

    /// Whether standard output names the files that were not checked.
    pub(super) fn tell_notes(&self) -> bool {
        self.list.iter().any(|it| it.is_stdout && it.format.tells_notes())
    }

    /// Whether standard output names the files that could not be read.
    pub(super) fn tell_errors(&self) -> bool {
        self.list.iter().any(|it| it.is_stdout && it.format.tells_errors())
    }
}

/// Where the texts of all reports go.
pub(super) struct Sinks(Vec<Sink>);

struct Sink {
    output: Output,
    separator: &'static str,
    is_first: bool,
    is_open: bool,
}

impl Sinks {
    /// Writes a text to each; breaks once nobody reads any of them.
    pub(super) fn write(&mut self, texts: &[String]) -> ControlFlow<()> {
        for (sink, text) in self.0.iter_mut().zip(texts) {
            sink.write(text);
        }
        match self.0.iter().any(|it| it.is_open) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }

    /// Writes what is reported about a file to each.
    pub(super) fn write_file(&mut self, texts: &[String]) -> ControlFlow<()> {
        for (sink, text) in self.0.iter_mut().zip(texts) {
            if !text.is_empty() && !std::mem::take(&mut sink.is_first) {
                sink.write(sink.separator);
            }
        }
        self.write(texts)
    }

    /// Puts the files in place. Returns whether standard output is still read.
    pub(super) fn finish(self) -> Result<bool, Error> {
        let mut is_read = true;
        for sink in self.0 {
            is_read &= sink.output.finish()?;
        }
        Ok(is_read)
    }
}

impl Sink {
    fn write(&mut self, text: &str) {
        self.is_open = self.is_open && self.output.write(text).is_continue();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    fn paired(words: &[(&str, &str)]) -> Result<Vec<Wanted>, String> {
        let (mut formats, mut outputs) = (Vec::new(), Vec::new());
        for (at, (flag, value)) in words.iter().enumerate() {
            match *flag {
                "format" => {
                    formats.push((at, <Format as clap::ValueEnum>::from_str(value, true).unwrap()));
                }
                _ => outputs.push((at, PathBuf::from(value))),
            }
        }
        pair(formats, outputs)
    }

    #[test]
    fn an_output_follows_its_format() {
        let report =
            |format, output: Option<&str>| Wanted { format, output: output.map(Into::into) };
        let json = || report(Some(Format::Json), Some("a"));
        let full = || report(Some(Format::Full), None);
        for (words, expected) in [
            (&[][..], vec![report(None, None)]),
            (&[("output", "a")], vec![report(None, Some("a"))]),
            (&[("output", "-")], vec![report(None, None)]),
            (&[("output", "a"), ("format", "json")], vec![json()]),
            (&[("format", "json"), ("output", "a")], vec![json()]),
            (&[("format", "json"), ("output", "a"), ("format", "full")], vec![json(), full()]),
            (&[("format", "full"), ("format", "json"), ("output", "a")], vec![full(), json()]),
        ] {
            assert_eq!(paired(words), Ok(expected), "{words:?}");
        }
    }

    #[test]
    fn reports_do_not_share_a_place() {
        for words in [
            &[("format", "json"), ("format", "full")][..],
            &[("format", "json"), ("output", "a"), ("output", "b")],
            &[("format", "json"), ("output", "a"), ("format", "full"), ("output", "./a")],
            &[("format", "json"), ("output", "-"), ("format", "full")],
        ] {
            assert!(paired(words).is_err(), "{words:?}");
        }
    }
}
