//! Lines of a .dockerignore that do not do what they seem to do.

use super::baggage::{ALL, Baggage};
use super::found::Found;
use super::tree::{State, Tree};

/// A line of a .dockerignore that does not do what it seems to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// Its number, from 1.
    pub line: u32,
    /// Its pattern, with its `!`.
    pub pattern: String,
    /// What is odd.
    pub kind: OddKind,
}

/// What is odd about a line of a .dockerignore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OddKind {
    /// It brings back a path that a later line leaves out again; that line's number.
    Overridden(u32),
    /// It names what is of no use anywhere, but leaves it out of the root only.
    OnlyInRoot {
        /// What it names.
        junk: &'static Baggage,
        /// A path with that name which stays in the context.
        deeper: String,
    },
}

impl Tree {
    /// The lines with `!` that bring back a path which a later line leaves out again. What wildcards would bring back is not
    /// looked for.
    pub fn overridden_lines(&self) -> Vec<Odd> {
        let lines = self.ignore.as_ref().map_or(&[][..], |it| it.lines());
        self.ask(|state| {
            let restoring = (0..).zip(lines).filter(|(_, it)| it.restores);
            let found = restoring.filter_map(|(index, line)| {
                let by = self.overriding(state, index, &line.name)?;
                let pattern = format!("!{}", line.name);
                Some(Odd { line: line.number, pattern, kind: OddKind::Overridden(by) })
            });
            found.collect()
        })
    }

    /// The lines that name what is of no use anywhere, but leave it out of the root only.
    pub fn shallow_lines(&self) -> Vec<Odd> {
        let lines = self.ignore.as_ref().map_or(&[][..], |it| it.lines());
        // Who knows the one form means the other.
        if lines.iter().any(|it| it.name.starts_with("**")) {
            return Vec::new();
        }
        let plain = lines.iter().filter(|it| !it.restores && !it.is_rooted);
        let found = plain.filter_map(|line| {
            let kind = self.only_in_root(&line.name)?;
            Some(Odd { line: line.number, pattern: line.name.clone(), kind })
        });
        found.collect()
    }

    fn only_in_root(&self, name: &str) -> Option<OddKind> {
        let junk = ALL.iter().find(|it| it.name == name && it.is_junk_anywhere())?;
        let haul = self.haul("");
        let pile = haul.piles.iter().find(|it| std::ptr::eq(it.kind, junk))?;
        pile.deeper.clone().map(|deeper| OddKind::OnlyInRoot { junk, deeper })
    }

    /// The number of a line below that of a `!` which leaves out the path that it would bring back.
    fn overriding(&self, state: &mut State, index: u32, name: &str) -> Option<u32> {
        if name.contains(['*', '?', '[', '\\']) {
            return None;
        }
        let Found::Entry(entry) = self.find_in(state, name) else { return None };
        if !entry.ignored {
            return None;
        }
        let above = name.rsplit_once('/').map_or("", |it| it.0);
        let folder = self.standing_of(state, above);
        let by = self.line_of(state, &folder, name).filter(|by| *by > index);
        self.ignore.as_ref()?.line(by).map(|it| it.number)
    }
}
