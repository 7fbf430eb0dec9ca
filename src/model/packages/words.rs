//! What the words of a command say, as data.

use crate::shell::{Command, ShellWord};

/// What a command says when it does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Its first operand is one of these.
    Verb(&'static [&'static str]),
    /// One of its operands is one of these.
    Operand(&'static [&'static str]),
    /// Of each list, one is among its words.
    Words(&'static [&'static [&'static str]]),
    /// It has one of these options, given without dashes.
    Flag(&'static [&'static str]),
    /// A cluster of options without values has this letter.
    Letter(char),
    /// A word begins with this and has the letter, as in `-Sy`.
    Cluster(&'static str, char),
}

impl Says {
    /// The word by which a command says it.
    pub fn word(self, command: &Command) -> Option<&ShellWord> {
        match self {
            Self::Verb(verbs) => command.verb().filter(|it| verbs.contains(&it.text.as_str())),
            Self::Operand(words) => command.operands().find(|it| words.contains(&it.text.as_str())),
            Self::Words(lists) => {
                let find = |list: &[&str]| {
                    command.args.iter().find(|word| list.contains(&word.text.as_str()))
                };
                let first = find(lists.first()?)?;
                lists.iter().skip(1).all(|it| find(it).is_some()).then_some(first)
            }
            Self::Flag(names) => {
                let mut words = command.args.iter().take_while(|word| word.text != "--");
                words.find(|word| names.iter().any(|name| word.is_flag(name)))
            }
            Self::Letter(letter) => lettered(command, letter),
            Self::Cluster(start, letter) => command
                .args
                .iter()
                .find(|word| word.text.starts_with(start) && word.text.contains(letter)),
        }
    }
}

/// Whether a command says one of these.
pub(crate) fn says(command: &Command, any: &[Says]) -> bool {
    any.iter().any(|it| it.word(command).is_some())
}

/// Whether a cluster of options without values has a letter; `-oDpkg::Options` is none.
pub(crate) fn has_letter(command: &Command, letter: char) -> bool {
    lettered(command, letter).is_some()
}

fn lettered(command: &Command, letter: char) -> Option<&ShellWord> {
    command.args.iter().take_while(|word| word.text != "--").find(|word| {
        let cluster = word.text.strip_prefix('-').unwrap_or("");
        cluster.contains(letter)
            && cluster.len() <= 6
            && cluster.bytes().all(|it| it.is_ascii_alphabetic())
            && !cluster.starts_with(['o', 't', 'c', 'a'])
    })
}
