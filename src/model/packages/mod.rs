//! Package installs: which manager, which packages in which versions, with which options.

mod managers;

use super::Model;
use crate::shell::{Command, ShellWord};
use crate::source::Span;
pub use managers::{CachePath, Manager};
use managers::{Grammar, VersionStyle};

/// One command that installs packages.
#[derive(Debug, Clone)]
pub struct Install {
    /// The package manager.
    pub manager: Manager,
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// Where the verb stands (`install`, `add`, `ci`); the command's name where there is none (`yarn`).
    pub verb: Span,
    /// What is named to be installed; empty where a manifest says it.
    pub packages: Vec<Package>,
}

/// One package of an install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The word as the manager sees it.
    pub text: String,
    /// The name without a version.
    pub name: String,
    /// The version or version range, where one is given.
    pub version: Option<String>,
    /// Whether the word is free of expansions.
    pub is_static: bool,
    /// Where the word stands.
    pub span: Span,
}

/// Finds the installs of all RUNs.
pub(super) fn find(model: &Model<'_>) -> Vec<Install> {
    let mut found = Vec::new();
    for (run_index, run) in model.runs.iter().enumerate() {
        for (index, command) in run.script.commands.iter().enumerate() {
            let name = canonical(&command.name);
            for grammar in managers::GRAMMARS.iter().filter(|it| it.names.contains(&name)) {
                if let Some((verb, packages)) = read(command, grammar) {
                    let manager = grammar.manager;
                    found.push(Install { manager, run: run_index, command: index, verb, packages });
                    break;
                }
            }
        }
    }
    found
}

/// The name without the version that pip and python carry: `pip3.11` is `pip`.
fn canonical(name: &str) -> &str {
    let bare = name.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.');
    if matches!(bare, "pip" | "python") { bare } else { name }
}

/// Reads one command by a manager's grammar: the place of the verb and the packages.
fn read(command: &Command, grammar: &Grammar) -> Option<(Span, Vec<Package>)> {
    let operands = operands(command, grammar.value_flags);
    let mut rest = operands.as_slice();
    for expected in grammar.prefix {
        let (first, tail) = rest.split_first()?;
        if first.text != *expected {
            return None;
        }
        rest = tail;
    }
    let (verb, rest) = match rest.split_first() {
        Some((first, tail)) if grammar.verbs.contains(&first.text.as_str()) => (first.span, tail),
        None if grammar.bare => (command.name_span, rest),
        _ => return None,
    };
    Some((verb, rest.iter().map(|word| package(word, grammar.version)).collect()))
}

/// The words that are neither options nor the values of options.
fn operands<'a>(command: &'a Command, value_flags: &[&str]) -> Vec<&'a ShellWord> {
    let mut found = Vec::new();
    let mut words = command.args.iter();
    while let Some(word) = words.next() {
        if word.text == "--" {
            found.extend(words);
            break;
        }
        if !word.text.starts_with('-') || word.text == "-" {
            found.push(word);
        } else if value_flags.contains(&word.text.as_str()) {
            words.next();
        }
    }
    found
}

/// Splits a package word into name and version.
fn package(word: &ShellWord, style: VersionStyle) -> Package {
    let (name, version) = style.split(&word.text);
    Package {
        text: word.text.clone(),
        name: name.to_owned(),
        version: version.map(str::to_owned),
        is_static: word.is_static,
        span: word.span,
    }
}
