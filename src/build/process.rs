//! A program that runs: its output is read while it runs, and it ends when it takes too long or somebody wants it to.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::progress::{Dialect, Step, read_step};
use crate::error::Cause;

/// Set when a run is to stop.
pub type Cancel = Arc<AtomicBool>;

/// How many lines of output a failure shows.
const LAST_LINES: usize = 12;

/// Longer lines are cut.
const LONGEST_LINE: u64 = 16 << 10;

/// How long a program may take to stop by itself.
const GRACE: Duration = Duration::from_secs(5);

/// How often it is looked at.
const PULSE: Duration = Duration::from_millis(20);

/// The longest that an engine may take to say that it is there.
const PROBE: Duration = Duration::from_secs(10);

/// How long an engine may take, and whether somebody wants it to stop.
#[derive(Debug, Clone, Default)]
pub struct Patience {
    /// The longest that one run may take; none for no end.
    pub timeout: Option<Duration>,
    /// Set when the run is to stop.
    pub cancel: Cancel,
}

impl Patience {
    /// What a short question may take.
    pub(super) fn of_probe(&self) -> Self {
        let timeout = Some(PROBE.min(self.timeout.unwrap_or(PROBE)));
        Self { timeout, ..self.clone() }
    }
}

/// A program that is about to run.
#[derive(Debug)]
pub struct Run {
    command: Command,
    patience: Patience,
    steps: &'static [Dialect],
}

/// What a program printed last, and which step it was at.
#[derive(Debug, Default)]
struct Printed {
    dialects: &'static [Dialect],
    last: VecDeque<String>,
    /// Steps by mark.
    steps: Vec<(String, String)>,
    failed: Option<String>,
}

impl Printed {
    fn add(&mut self, line: &str) {
        match read_step(self.dialects, line) {
            Some(Step::Starts { mark, text, .. }) => self.steps.push((mark, text)),
            Some(Step::Fails { mark }) => self.failed = self.failed.take().or(Some(mark)),
            None => {}
        }
        if self.last.len() == LAST_LINES {
            self.last.pop_front();
        }
        self.last.push_back(line.to_owned());
    }

    /// The step that failed: the one that was said to, or else the last one.
    fn step(&self) -> Option<String> {
        let failed =
            self.failed.as_ref().and_then(|mark| self.steps.iter().find(|it| it.0 == *mark));
        failed.or(self.steps.last()).map(|it| it.1.clone())
    }
}

impl Run {
    /// A program that may take so long.
    pub fn new(command: Command, patience: &Patience) -> Self {
        Self { command, patience: patience.clone(), steps: &[] }
    }

    /// The same, whose output says in these dialects which step it is at.
    pub(super) fn with_steps(self, steps: &'static [Dialect]) -> Self {
        Self { steps, ..self }
    }

    fn name(&self) -> String {
        self.command.get_program().to_string_lossy().into_owned()
    }

    fn start(&mut self) -> Result<Child, Failure> {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let name = self.name();
        self.command.spawn().map_err(|error| {
            let reason = match error.kind() {
                io::ErrorKind::NotFound => format!("`{name}` is not installed"),
                io::ErrorKind::PermissionDenied => format!("permission denied to run `{name}`"),
                _ => format!("`{name}` cannot be run: {error}"),
            };
            Failure::because(reason, error)
        })
    }

    /// Runs it; what it prints to standard output.
    pub fn output(self) -> Result<String, Failure> {
        self.stream(|reader| {
            let mut text = Vec::new();
            reader.take(64 << 20).read_to_end(&mut text)?;
            Ok::<_, io::Error>(String::from_utf8_lossy(&text).into_owned())
        })
    }

    /// Runs it and hands over each line that it prints.
    pub fn lines(self, each: &(dyn Fn(&str) + Sync)) -> Result<(), Failure> {
        self.run(|out, printed| each_line(out, &mut |line| note(line, printed, each)), each)
    }

    /// Runs it and writes its standard output to a file; hands over the lines of its standard error.
    pub fn into_file(self, path: &Path, each: &(dyn Fn(&str) + Sync)) -> Result<(), Failure> {
        let mut file = File::create(path).map_err(Failure::of)?;
        self.run(|mut out, _| io::copy(&mut out, &mut file).map(drop), each)
    }

    /// Runs it and reads its standard output.
    pub fn stream<T, E: std::error::Error + Send + Sync + 'static>(
        self,
        read: impl FnOnce(&mut (dyn Read + Send)) -> Result<T, E>,
    ) -> Result<T, Failure> {
        self.run(|mut out, _| read(&mut out), &|_| {})
    }

    fn run<T, E: std::error::Error + Send + Sync + 'static>(
        mut self,
        read: impl FnOnce(std::process::ChildStdout, &Mutex<Printed>) -> Result<T, E>,
        each: &(dyn Fn(&str) + Sync),
    ) -> Result<T, Failure> {
        let mut child = self.start()?;
        let (Some(out), Some(errors)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(Failure::new(format!("`{}` has no output", self.name())));
        };
        let printed = Mutex::new(Printed { dialects: self.steps, ..Printed::default() });
        let is_read = AtomicBool::new(false);
        let (result, ended) = thread::scope(|scope| {
            scope.spawn(|| each_line(errors, &mut |line| note(line, &printed, each)));
            let guard = scope.spawn(|| watch(&mut child, &self.patience, &is_read));
            let result = read(out, &printed);
            is_read.store(true, Ordering::Relaxed);
            (result, guard.join())
        });
        let ended = ended.unwrap_or(Err(Stop::Lost));
        let printed = printed.into_inner().unwrap_or_else(PoisonError::into_inner);
        let output = || printed.last.iter().cloned().collect();
        let fail = |reason: String| Failure {
            output: output(),
            step: printed.step(),
            ..Failure::new(reason)
        };
        match ended {
            Ok(status) if status.success() => result.map_err(Failure::of),
            Ok(status) => {
                let ended = match status.code() {
                    Some(code) => format!("`{}` failed with exit code {code}", self.name()),
                    None => format!("`{}` was killed", self.name()),
                };
                Err(match result.err() {
                    // Who is not read any more ends so; why it was not read is what counts.
                    Some(error) if is_broken_pipe(status) => Failure::of(error),
                    Some(error) => {
                        let failure = fail(format!("{error}; {ended}"));
                        Failure { cause: Some(Cause::new(error)), ..failure }
                    }
                    None => fail(ended),
                })
            }
            Err(Stop::Timeout) => {
                let seconds = self.patience.timeout.unwrap_or_default().as_secs_f64();
                Err(fail(format!(
                    "`{}` took longer than {seconds} s (`--timeout`) and was stopped",
                    self.name()
                )))
            }
            Err(Stop::Cancelled) => Err(Failure::new(format!("`{}` was interrupted", self.name()))),
            Err(Stop::Lost) => Err(fail(format!("`{}` was lost", self.name()))),
        }
    }
}

/// Whether a program ended because nobody read what it wrote.
fn is_broken_pipe(status: ExitStatus) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        status.signal() == Some(nix::sys::signal::Signal::SIGPIPE as i32)
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        false
    }
}

fn note(line: &str, printed: &Mutex<Printed>, each: &(dyn Fn(&str) + Sync)) {
    printed.lock().unwrap_or_else(PoisonError::into_inner).add(line);
    each(line);
}

/// Why a program was stopped.
enum Stop {
    Timeout,
    Cancelled,
    Lost,
}

/// Waits for a program, and stops it if it has to.
fn watch(child: &mut Child, patience: &Patience, is_read: &AtomicBool) -> Result<ExitStatus, Stop> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    let mut left_alone: Option<Instant> = None;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(_) => return Err(Stop::Lost),
        }
        if patience.cancel.load(Ordering::Relaxed) {
            stop(child);
            return Err(Stop::Cancelled);
        }
        if patience.timeout.is_some_and(|it| start.elapsed() > it) {
            stop(child);
            return Err(Stop::Timeout);
        }
        // Nobody reads it any more: it ends by itself, or not.
        if is_read.load(Ordering::Relaxed)
            && left_alone.get_or_insert_with(Instant::now).elapsed() > GRACE
        {
            stop(child);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(PULSE);
    }
}

/// Asks a program to stop, and then makes it.
fn stop(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(id) = i32::try_from(child.id()) {
        use nix::sys::signal::{Signal, kill};
        let _ = kill(nix::unistd::Pid::from_raw(id), Signal::SIGTERM);
        let start = Instant::now();
        while start.elapsed() < GRACE {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(PULSE);
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Hands over each line of a stream; carriage returns end lines too, as progress bars use them.
fn each_line(reader: impl Read, each: &mut dyn FnMut(&str)) -> io::Result<()> {
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line);
        if read? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        for part in text.split(['\n', '\r']).map(plain).filter(|it| !it.trim().is_empty()) {
            each(&part);
        }
    }
}

/// A line without colours and control characters.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' && characters.next_if_eq(&'[').is_some() {
            let _ = characters.by_ref().find(char::is_ascii_alphabetic);
        } else if !character.is_control() || character == '\t' {
            text.push(character);
        }
    }
    text
}
