//! Package installs: which manager, which packages in which versions, with which options.
//!
//! A file in this folder describes one package manager. To add one, write its file and list it below.

mod apk;
mod apt;
mod bun;
mod bundler;
mod cabal;
mod cargo;
mod composer;
mod conda;
mod cpanm;
mod dart;
mod deno;
mod description;
mod dnf;
mod dotnet;
mod gem;
mod go;
mod gradle;
mod grammar;
mod inputs;
#[cfg(test)]
mod made_up;
mod managers;
mod maven;
mod mix;
mod node;
mod npm;
mod opam;
mod pacman;
mod pdm;
mod pecl;
mod pip;
mod pipenv;
mod pipx;
mod playwright;
mod pnpm;
mod poetry;
mod r;
mod sbt;
mod stack;
mod swift;
mod uv;
mod words;
mod yarn;
mod zypper;

use super::{Model, Run};
use crate::shell::{Command, ShellWord};
use crate::source::Span;
pub use description::{
    Advice, Alone, Cache, CachePath, Commands, Database, DatabaseFormat, Description, Development,
    Ecosystem, Fetches, Fills, KeptEmpty, Known, Mounts, Moved, Scripts, System,
};
pub use grammar::{Grammar, VersionStyle};
pub use inputs::{Reading, Reads};
pub use managers::Manager;
pub use words::Says;
pub(super) use words::{has_letter, says};

/// Lists the managers: the name of each for rules that are about it alone, and its file.
macro_rules! managers {
    ($($(#[$meta:meta])* $name:ident = $module:ident,)*) => {
        #[allow(missing_docs, reason = "each is the manager of its name")]
        impl Manager {
            $($(#[$meta])* pub const $name: Self = Self::of(&$module::DESCRIPTION);)*

            /// All package managers.
            pub const ALL: &'static [Self] = &[$($(#[$meta])* Self::$name,)*];
        }
    };
}

managers! {
    APT = apt,
    APK = apk,
    DNF = dnf,
    ZYPPER = zypper,
    PACMAN = pacman,
    PIP = pip,
    PIPX = pipx,
    PIPENV = pipenv,
    POETRY = poetry,
    UV = uv,
    PDM = pdm,
    CONDA = conda,
    NPM = npm,
    YARN = yarn,
    PNPM = pnpm,
    BUN = bun,
    GEM = gem,
    BUNDLER = bundler,
    COMPOSER = composer,
    GO = go,
    CARGO = cargo,
    MAVEN = maven,
    GRADLE = gradle,
    DOTNET = dotnet,
    MIX = mix,
    SBT = sbt,
    R = r,
    CABAL = cabal,
    STACK = stack,
    SWIFT = swift,
    DART = dart,
    DENO = deno,
    CPANM = cpanm,
    PECL = pecl,
    PLAYWRIGHT = playwright,
    OPAM = opam,
    #[cfg(test)]
    MADE_UP = made_up,
}

/// One command that installs packages.
#[derive(Debug, Clone)]
pub struct Install {
    /// The package manager.
    pub manager: Manager,
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// Where the verb is (`install`, `add`, `ci`); the command's name where there is none (`yarn`).
    pub verb: Span,
    /// The verb; empty where there is none.
    pub verb_name: &'static str,
    /// What is named to be installed; empty where a manifest says it.
    pub packages: Vec<Package>,
}

impl Install {
    /// Whether the manager only upgrades itself and what it installs with: a download of a few megabytes.
    pub fn only_upgrades_itself(&self) -> bool {
        !self.packages.is_empty()
            && self.packages.iter().all(|it| self.manager.itself.contains(&it.name.as_str()))
    }
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
    /// Whether the word says which version is taken: a version, or a file or address that stands for one.
    pub pinned: bool,
    /// Whether the word is free of expansions.
    pub is_static: bool,
    /// Where the word is.
    pub span: Span,
}

/// Finds the installs of all RUNs.
pub(super) fn find(model: &Model<'_>) -> Vec<Install> {
    let mut found = Vec::new();
    for (run_index, run) in model.runs.iter().enumerate() {
        for (index, command) in run.script.commands.iter().enumerate() {
            let name = canonical(&command.name);
            let Some(manager) = Manager::of_program(name) else { continue };
            let mut grammars = manager.installs.iter().filter(|it| it.is_of(name));
            let install = grammars.find_map(|it| read(command, &manager, it));
            found.extend(install.map(|(verb, verb_name, packages)| Install {
                manager,
                run: run_index,
                command: index,
                verb,
                verb_name,
                packages,
            }));
        }
    }
    found
}

/// The name without the version that pip and python carry: `pip3.11` and `pip-3.6` are `pip`.
fn canonical(name: &str) -> &str {
    let bare =
        name.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.').trim_end_matches('-');
    if matches!(bare, "pip" | "python") { bare } else { name }
}

/// Reads one command by a manager's grammar: the place of the verb, the verb and the packages.
fn read(
    command: &Command,
    manager: &Description,
    grammar: &Grammar,
) -> Option<(Span, &'static str, Vec<Package>)> {
    if only_informs(command, manager) {
        return None;
    }
    let operands = operands(command, grammar.value_flags);
    // Variables before the verb hold options: `apt-get $OPTIONS install`.
    let n_variables = operands.iter().take_while(|it| is_variable(it)).count();
    let mut rest = operands.get(n_variables..)?;
    for expected in grammar.prefix {
        let (first, tail) = rest.split_first()?;
        if first.text != *expected {
            return None;
        }
        rest = tail;
    }
    let (verb, name, rest) = match rest.split_first() {
        Some(_) if grammar.verbs.is_empty() => (command.name_span, "", rest),
        Some((first, tail)) => {
            (first.span, *grammar.verbs.iter().find(|verb| **verb == first.text)?, tail)
        }
        None if grammar.bare => (command.name_span, "", rest),
        None => return None,
    };
    let end = command.args.iter().find(|word| manager.ends_packages && word.text == "--");
    let rest = rest.iter().take_while(|word| end.is_none_or(|it| word.span < it.span));
    Some((verb, name, rest.map(|word| package(word, manager, grammar.version)).collect()))
}

/// Whether a command only shows its version or its help.
fn only_informs(command: &Command, manager: &Description) -> bool {
    let [first, ..] = command.args.as_slice() else { return false };
    let alone = command.args.len() == 1 && matches!(first.text.as_str(), "-v" | "-V" | "-h");
    alone || matches!(first.text.as_str(), "--version" | "--help") && !manager.ends_packages
}

/// Whether a word is an expansion from its first to its last byte.
fn is_variable(word: &ShellWord) -> bool {
    !word.is_static && word.text.starts_with('$')
}

/// The words of a command that are neither options nor, for a package manager, the values of options: in
/// `npm --prefix web run build` the first is `run`.
pub(super) fn operands_of(command: &Command) -> Vec<&ShellWord> {
    let grammars = Manager::of_program(&command.name).map_or(&[][..], |it| it.about().installs);
    let grammar = grammars.iter().find(|it| it.is_of(&command.name));
    operands(command, grammar.map_or(&[][..], |it| it.value_flags))
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
fn package(word: &ShellWord, manager: &Description, style: VersionStyle) -> Package {
    let (name, version) = style.split(&word.text);
    Package {
        pinned: (manager.pins)(&word.text, version),
        text: word.text.clone(),
        name: name.to_owned(),
        version: version.map(str::to_owned),
        is_static: word.is_static,
        span: word.span,
    }
}

impl Package {
    /// The word, shortened for a message.
    pub fn shown(&self) -> String {
        const MOST: usize = 32;
        if self.text.chars().count() <= MOST {
            return self.text.replace(char::is_whitespace, " ");
        }
        let start: String = self.text.chars().take(MOST - 1).collect();
        format!("{}…", start.replace(char::is_whitespace, " "))
    }
}

impl<'s> Model<'s> {
    /// The installs of all managers, RUN by RUN.
    pub fn installs_by_run(&self) -> impl Iterator<Item = (&Run<'s>, &[Install])> {
        self.installs.chunk_by(|a, b| a.run == b.run).map(|it| (&self.runs[it[0].run], it))
    }

    /// The command of an install.
    pub fn command_of(&self, install: &Install) -> &Command {
        &self.runs[install.run].script.commands[install.command]
    }
}

#[cfg(test)]
mod tests;
