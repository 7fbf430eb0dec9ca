//! What sources of COPY name in the context.

use std::sync::Arc;

use super::disk::{EntryKind, Item};
use super::found::{Entry, Found, Matches, join};
use super::ignore_file::Standing;
use super::pattern::Glob;
use super::tree::{State, Tree};

/// More matches of one source are not listed.
pub const MOST_MATCHES: usize = 10_000;

/// Longer lists of matches are not kept for the next one who asks.
const MOST_KEPT_MATCHES: usize = 100;

impl Tree {
    /// What a source of COPY names: itself, or what its wildcards match. With `--parents`, `**` is any number of folders.
    pub fn matching(&self, source: &str, parents: bool) -> Arc<Matches> {
        self.ask(|state| self.matching_in(state, source, parents))
    }

    fn matching_in(&self, state: &mut State, source: &str, parents: bool) -> Arc<Matches> {
        let key = (source.to_owned(), parents);
        if let Some(known) = state.matches.get(&key) {
            return Arc::clone(known);
        }
        let literal = literal_part(source);
        let mut matches = Matches { is_certain: true, ..Matches::default() };
        match self.find_in(state, &literal) {
            Found::Missing => matches.missing = Some(literal),
            Found::Unknown => matches.is_certain = false,
            Found::Entry(entry) if literal == source => matches.entries.push(entry),
            Found::Entry(entry) if entry.kind == EntryKind::Folder => {
                let standing = self.standing_of(state, &literal);
                let rest: Vec<&str> =
                    source[literal.len()..].split('/').filter(|it| !it.is_empty()).collect();
                let found = self.expand(state, &literal, &standing, &rest, parents, &mut matches);
                let knows = self.still_knows(state);
                matches.is_certain &= found.is_some() && knows;
                matches.entries.dedup();
            }
            Found::Entry(entry) => matches.is_certain = entry.kind == EntryKind::File,
        }
        let matches = Arc::new(matches);
        if matches.entries.len() <= MOST_KEPT_MATCHES && !self.is_exhausted(state) {
            state.matches.insert(key, Arc::clone(&matches));
        }
        matches
    }

    /// Adds what the components match in a folder; none if that is not known, or too much.
    fn expand(
        &self,
        state: &mut State,
        folder: &str,
        standing: &Standing,
        rest: &[&str],
        parents: bool,
        matches: &mut Matches,
    ) -> Option<()> {
        let Some((first, rest)) = rest.split_first() else { return Some(()) };
        let any_depth = parents && *first == "**";
        if any_depth && !rest.is_empty() {
            self.expand(state, folder, standing, rest, parents, matches)?;
        }
        let glob = Glob::parse(first)?;
        let start = first.split(['*', '?', '[', '\\']).next();
        let listing = self.list(state, folder)?;
        for Item { name, kind } in listing.starting(start.unwrap_or("")) {
            if self.is_exhausted(state) {
                return None;
            }
            if !glob.matches(name, &mut state.effort.work) {
                continue;
            }
            let path = join(folder, name);
            if rest.is_empty() {
                if matches.entries.len() >= MOST_MATCHES {
                    return None;
                }
                let line = self.line_of(state, standing, &path);
                let ignored = self.leaves_out(line);
                matches.entries.push(Entry { path, kind: *kind, ignored });
            } else if *kind == EntryKind::Folder {
                let below = self.enter(state, standing, &path);
                if any_depth {
                    let again = [&["**"], rest].concat();
                    self.expand(state, &path, &below, &again, parents, matches)?;
                } else {
                    self.expand(state, &path, &below, rest, parents, matches)?;
                }
            } else if *kind == EntryKind::Link {
                // What is behind it is not known.
                matches.is_certain = false;
            }
        }
        Some(())
    }
}

/// Whether a source of COPY has wildcards.
pub fn has_wildcard(source: &str) -> bool {
    source.contains(['*', '?', '['])
}

/// The part of a source before its first component with a wildcard: what has to be listed to find what it names.
pub fn literal_part(source: &str) -> String {
    let parts = source.split('/').take_while(|it| !has_wildcard(it));
    parts.collect::<Vec<_>>().join("/")
}
