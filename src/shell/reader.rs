//! Collects the commands of a script and of the scripts nested in it.

use std::ops::Range;

use shuck_parser::parser::{ParseResult, ParseStatus};

use super::bounds::{self, Bound};
use super::nested::{self, Nested, Origin};
use super::walk::Walker;
use super::word;
use super::wrappers::{self, Target};
use super::{Assignment, Command, Connector, Inside, Pipe, Redirect, ShellWord, Wrapper};
use crate::source::Span;

/// Scripts in words of scripts in words … are read this deep.
const DEEPEST_NESTED: u8 = 4;

/// What is around a command.
#[derive(Debug, Clone)]
pub(super) struct Around {
    pub(super) connector: Connector,
    pub(super) piped: bool,
    pub(super) depth: u16,
    pub(super) inside: Inside,
    /// Wrappers of the script that the text is nested in.
    pub(super) outer: Vec<Wrapper>,
    /// How many scripts it is nested in.
    pub(super) nested: u8,
}

impl Around {
    /// The top of a script.
    pub(super) fn top() -> Self {
        Self {
            connector: Connector::First,
            piped: false,
            depth: 0,
            inside: Inside::default(),
            outer: Vec::new(),
            nested: 0,
        }
    }

    /// The first command of a construct here.
    pub(super) fn first(&self) -> Self {
        Self { connector: Connector::First, ..self.deeper() }
    }

    /// One construct deeper.
    pub(super) fn deeper(&self) -> Self {
        Self { depth: self.depth.saturating_add(1), ..self.clone() }
    }
}

/// Options of the shell that a script can set.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Options {
    pub(super) errexit: bool,
    pub(super) pipefail: bool,
}

/// A simple command before its wrappers are taken off.
pub(super) struct Simple {
    pub(super) words: Vec<ShellWord>,
    pub(super) assignments: Vec<Assignment>,
    pub(super) redirects: Vec<Redirect>,
}

/// Collects commands.
pub(super) struct Reader {
    pub(super) commands: Vec<Command>,
    pub(super) pipes: Vec<Pipe>,
    pub(super) options: Options,
    /// Whether all could be read.
    pub(super) complete: bool,
    /// What was too much to be read, if anything was.
    pub(super) beyond: Option<Bound>,
    /// What linting it may cost.
    pub(super) units: u64,
    /// `(( … ))` that holds no arithmetic, as ranges of the outermost text.
    pub(super) double_parens: Vec<Range<usize>>,
    /// The statements of all lists of the outermost text.
    pub(super) tops: Vec<Span>,
    queue: Vec<(Nested, Around)>,
}

impl Reader {
    /// One that has read nothing yet.
    pub(super) fn new() -> Self {
        Self {
            commands: Vec::new(),
            pipes: Vec::new(),
            options: Options::default(),
            complete: true,
            beyond: None,
            units: 0,
            double_parens: Vec::new(),
            tops: Vec::new(),
            queue: Vec::new(),
        }
    }

    /// Reads a text and what is nested in it.
    pub(super) fn script(&mut self, text: &str, base: u32) -> Option<ParseResult> {
        let parsed = bounds::parse(text).map_err(|bound| self.beyond = Some(bound)).ok();
        let Some(parsed) = parsed else {
            self.complete = false;
            return None;
        };
        self.complete = parsed.status == ParseStatus::Clean;
        if parsed.status != ParseStatus::Fatal {
            let origin = Origin::At(base);
            Walker { text, origin, substitutions: true, reader: self }
                .list(&parsed.file.body, &Around::top());
        }
        self.nested();
        Some(parsed)
    }

    /// Reads the queued nested scripts, and those that they queue.
    pub(super) fn nested(&mut self) {
        while let Some((nested, around)) = self.queue.pop() {
            let parsed =
                bounds::parse(&nested.text).map_err(|bound| self.beyond = Some(bound)).ok();
            let parsed = parsed.filter(|it| it.status == ParseStatus::Clean);
            let Some(parsed) = parsed else { continue };
            let options = std::mem::take(&mut self.options);
            let (text, origin) = (nested.text.as_str(), nested.origin);
            Walker { text, origin, substitutions: nested.literal, reader: self }
                .list(&parsed.file.body, &around);
            self.options = options;
        }
        self.commands.sort_by_key(|command| (command.span.start, command.depth));
        self.pipes.sort_by_key(|pipe| pipe.span);
    }

    /// Adds a simple command, without its wrappers.
    pub(super) fn command(&mut self, simple: Simple, text: &str, origin: Origin, around: &Around) {
        let Simple { words, assignments, redirects } = simple;
        let spans = words.iter().map(|word| word.span);
        let spans = spans.chain(assignments.iter().map(|it| it.span));
        let Some(span) = spans.chain(redirects.iter().map(|it| it.span)).reduce(Span::cover) else {
            return;
        };
        if let (Origin::At(base), 0) = (origin, around.nested) {
            let values = assignments.iter().map(|it| it.value.span);
            let targets = redirects.iter().map(|it| it.target.span);
            let mut all = words.iter().map(|it| it.span).chain(values).chain(targets);
            let raw = |it: Span| {
                text.get(
                    it.start.saturating_sub(base) as usize..it.end.saturating_sub(base) as usize,
                )
            };
            self.complete &= !all.any(|it| raw(it).is_some_and(word::is_broken));
        }
        self.units = self.units.saturating_add(bounds::of_command(&words, assignments.len()));
        for target in wrappers::unwrap(words) {
            let mut command = resolve(target, text, origin);
            command.span = span;
            command.assignments.splice(0..0, assignments.iter().cloned());
            command.redirects.clone_from(&redirects);
            self.add(command, text, origin, around);
        }
    }

    fn add(&mut self, mut command: Command, text: &str, origin: Origin, around: &Around) {
        command.hidden |= !around.outer.is_empty();
        command.wrappers.splice(0..0, around.outer.iter().cloned());
        command.connector = around.connector;
        command.piped = around.piped;
        command.depth = around.depth;
        command.inside = around.inside;
        command.errexit = self.options.errexit;
        if command.name == "set" && around.nested == 0 {
            set_options(&command.args, &mut self.options);
        }
        if around.nested < DEEPEST_NESTED {
            self.queue_nested(&command, text, origin, around);
        }
        self.commands.push(command);
    }

    fn queue_nested(&mut self, command: &Command, text: &str, origin: Origin, around: &Around) {
        let is_candidate = matches!(
            command.name.as_str(),
            "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "mksh" | "su" | "runuser" | "eval"
        );
        if !is_candidate {
            return;
        }
        let name = ShellWord {
            text: command.name.clone(),
            is_static: true,
            quoted: false,
            span: command.name_span,
        };
        let words: Vec<_> = std::iter::once(name).chain(command.args.iter().cloned()).collect();
        let Some(nested) = nested::find(&words, text, origin) else { return };
        let mut inner = around.first();
        inner.inside.nested_script = true;
        inner.nested += 1;
        inner.outer = command.wrappers.clone();
        inner.outer.push(Wrapper {
            name: nested.wrapper.clone(),
            span: command.name_span,
            args: command.args.clone(),
        });
        self.queue.push((nested, inner));
    }
}

fn resolve(target: Target, text: &str, origin: Origin) -> Command {
    let mut words = target.words.into_iter();
    let first = words.next();
    let written = first.as_ref().filter(|word| word.is_static).map_or("", |word| &word.text);
    let name_span = first.as_ref().map_or(Span::default(), |word| word.span);
    let escaped = match origin {
        Origin::At(base) => {
            let start = name_span.start.saturating_sub(base) as usize;
            text.as_bytes().get(start) == Some(&b'\\')
        }
        _ => false,
    };
    Command {
        name: wrappers::base_name(written).to_owned(),
        name_span,
        args: words.collect(),
        assignments: target.assignments,
        redirects: Vec::new(),
        wrappers: target.wrappers,
        connector: Connector::First,
        piped: false,
        depth: 0,
        inside: Inside::default(),
        span: name_span,
        errexit: false,
        hidden: target.hidden || escaped || written.contains('/'),
    }
}

/// What `set` does to the options that matter here.
fn set_options(words: &[ShellWord], options: &mut Options) {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let on = word.text.starts_with('-');
        if word.text == "--" || !(on || word.text.starts_with('+')) {
            return;
        }
        for letter in word.text.chars().skip(1) {
            match letter {
                'e' => options.errexit = on,
                'o' => match words.next().map(|name| name.text.as_str()) {
                    Some("pipefail") => options.pipefail = on,
                    Some("errexit") => options.errexit = on,
                    _ => {}
                },
                _ => {}
            }
        }
    }
}
