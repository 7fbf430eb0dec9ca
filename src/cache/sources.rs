//! What the sources of an instruction name in a context: paths, patterns, and links on the way.

use super::facts::from_parent;
use super::select::{At, Filter, Root, Selector, below, inside};
use super::tree::{Entry, Id, Kind, Lack};
use crate::context::{Glob, clean, has_wildcard, literal_part};

/// More links are not followed.
const MOST_LINKS: usize = 32;

/// A source of an instruction.
pub(super) struct Search {
    context: Id,
    /// Its path or pattern from the root of the context.
    pub(super) source: String,
    /// With `--parents`, the folder from which paths are kept.
    parent: Option<String>,
}

impl Search {
    pub(super) fn new(context: Id, source: &str, parents: bool) -> Self {
        // What leads out of the context is taken from its root: BuildKit strips such a `..`
        // (<https://docs.docker.com/build/concepts/context/>), the classic builder refuses it.
        let (parent, pattern) = match parents {
            true => from_parent(source),
            false => {
                (String::new(), clean(&format!("/{source}")).trim_start_matches('/').to_owned())
            }
        };
        let source = if pattern.is_empty() { parent.clone() } else { below(&parent, &pattern) };
        Self { context, source, parent: Some(parent).filter(|_| parents) }
    }
}

impl Selector<'_> {
    /// Adds what a source names, and says whether the folder is there that its wildcards look into. Links on the way are
    /// followed, as builders do.
    pub(super) fn roots(
        &mut self,
        search: &Search,
        filter: &Filter,
        found: &mut Vec<Root>,
    ) -> Result<bool, Lack> {
        let source = search.source.as_str();
        let literal = literal_part(source);
        let Some((path, entry)) = self.follow(search.context, &literal)? else {
            return Ok(false);
        };
        let rest: Vec<&str> = source.split('/').skip_while(|it| !has_wildcard(it)).collect();
        let first = found.len();
        if rest.is_empty() {
            let (kept, base) = match &search.parent {
                Some(parent) => (inside(&path, parent).to_owned(), parent.clone()),
                None => (String::new(), path.clone()),
            };
            let above = self.standing(filter, &path);
            let at = At { filter, above: &above, path: &path, base: &base };
            let gone = entry.kind != Kind::Folder && self.leaves_out(at);
            if !gone {
                found.push(Root { path, entry, is_named: true, kept, base });
            }
            return Ok(true);
        }
        self.expand(search, &path, &entry, &rest, found)?;
        // One file in a folder that a pattern matches, under the name that is written, counts by its content.
        let is_named = rest.last().is_some_and(|it| !has_wildcard(it));
        if let [only] = &mut found[first..]
            && is_named
            && search.parent.is_none()
            && only.entry.kind != Kind::Folder
        {
            only.kept.clear();
        }
        let prefix = format!("{path}/");
        for root in &mut found[first..] {
            if self.traits.matched_folders && search.parent.is_none() {
                root.kept = root.kept.strip_prefix(&prefix).unwrap_or(&root.kept).to_owned();
            } else if search.parent.is_none() {
                root.kept = root.kept.rsplit('/').next().unwrap_or_default().to_owned();
            }
        }
        Ok(true)
    }

    fn expand(
        &mut self,
        search: &Search,
        path: &str,
        entry: &Entry,
        rest: &[&str],
        found: &mut Vec<Root>,
    ) -> Result<(), Lack> {
        let Some((first, rest)) = rest.split_first() else { return Ok(()) };
        if entry.kind != Kind::Folder {
            return Ok(());
        }
        let is_deep = *first == "**" && (search.parent.is_some() || self.traits.deep_patterns);
        if is_deep {
            self.expand(search, path, entry, rest, found)?;
        }
        let Some(glob) = Glob::parse(if *first == "**" { "*" } else { first }) else {
            return Ok(());
        };
        for child in self.objects.folder(entry.id)?.iter() {
            if !glob.matches(&child.name, &mut self.work) {
                continue;
            }
            let path = below(path, &child.name);
            if is_deep && !rest.is_empty() {
                let again = [&["**"], rest].concat();
                self.expand(search, &path, child, &again, found)?;
            } else if rest.is_empty() {
                found.push(self.matched(search, path, child)?);
            } else {
                self.expand(search, &path, child, rest, found)?;
            }
        }
        Ok(())
    }

    /// Something that a pattern matches.
    fn matched(&self, search: &Search, path: String, entry: &Entry) -> Result<Root, Lack> {
        let plain = (path.clone(), entry.clone());
        let Some(parent) = &search.parent else {
            let is_followed = self.traits.follows_matches && entry.kind == Kind::Link;
            let followed = match is_followed {
                true => self.follow(search.context, &path)?.unwrap_or(plain),
                false => plain,
            };
            let (at, entry) = followed;
            let base = at.clone();
            return Ok(Root { path: at, entry, is_named: false, kept: path, base });
        };
        let (kept, base) = (inside(&path, parent).to_owned(), parent.clone());
        Ok(Root { path, entry: plain.1, is_named: false, kept, base })
    }

    /// What is at a path, and where that is once links are followed.
    fn follow(&self, context: Id, path: &str) -> Result<Option<(String, Entry)>, Lack> {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            match self.walk(context, &path)? {
                Walked::At(entry) => return Ok(Some((path, entry))),
                Walked::Link(to) => path = to,
                Walked::Nothing => return Ok(None),
            }
        }
        Ok(None)
    }

    fn walk(&self, context: Id, path: &str) -> Result<Walked, Lack> {
        let root = super::tree::find(self.objects, context, "")?;
        let Some(mut at) = root else { return Ok(Walked::Nothing) };
        let names: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
        for (index, name) in names.iter().enumerate() {
            let Some(next) = super::tree::find(self.objects, at.id, name)? else {
                return Ok(Walked::Nothing);
            };
            if next.kind == Kind::Link {
                let target = self.objects.content(next.id)?;
                let target = String::from_utf8_lossy(&target).into_owned();
                let folder = if target.starts_with('/') { "" } else { &names[..index].join("/") };
                let rest = names[index + 1..].join("/");
                let full = clean(&format!("/{folder}/{target}/{rest}"));
                return Ok(Walked::Link(full.trim_matches('/').to_owned()));
            }
            if next.kind != Kind::Folder && index + 1 < names.len() {
                return Ok(Walked::Nothing);
            }
            at = next;
        }
        Ok(Walked::At(at))
    }
}

enum Walked {
    At(Entry),
    Link(String),
    Nothing,
}
