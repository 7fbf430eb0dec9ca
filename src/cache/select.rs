//! Which files of a context an instruction takes, and a digest of them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::builder::Traits;
use super::generators::{GENERATORS, Generator};
use super::key::{Key, Mixer};
use super::tree::{Entry, Id, Kind, Lack, Objects};
use crate::context::{Glob, IgnoreFile, Standing, clean, folders_of, has_wildcard, literal_part};

/// What is left out of a context.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// What distinguishes it from others.
    pub number: u32,
    /// The patterns of the ignore file.
    pub ignore: Option<Arc<IgnoreFile>>,
    /// The patterns of `--exclude`.
    pub exclude: Option<Arc<IgnoreFile>>,
}

/// Something that an instruction names.
#[derive(Debug, Clone)]
pub struct Root {
    /// Its path in the context.
    pub path: String,
    /// What it is.
    pub entry: Entry,
    /// Whether it is named in full, so that a directory gives its content.
    pub is_named: bool,
}

/// What an instruction takes.
#[derive(Debug, Clone)]
pub struct Selected {
    /// What it names.
    pub roots: Vec<Root>,
    /// What it leaves out.
    pub filter: Filter,
    /// All of it.
    pub key: Key,
    /// The source that is not there, if there is one without which a build would fail.
    pub missing: Option<String>,
}

/// A path of a context, and what says whether it gets through.
#[derive(Clone, Copy)]
struct At<'a> {
    filter: &'a Filter,
    /// What holds in the folder that it is in.
    above: &'a Standing,
    path: &'a str,
    /// The folder that the patterns of `--exclude` are relative to.
    base: &'a str,
}

/// The digests of folders, by filter, place and content, and the filters. It holds for one builder.
#[derive(Debug, Default)]
pub struct Memory {
    builder: Option<&'static str>,
    known: HashMap<(u32, u64, Id), Option<Key>>,
    filters: HashMap<Key, Filter>,
}

/// Selects, and remembers the digests of folders: where the objects keep them, from one replay to the next.
pub struct Selector<'o> {
    pub(super) objects: &'o dyn Objects,
    traits: &'static Traits,
    memory: Memory,
    work: u64,
}

impl Drop for Selector<'_> {
    fn drop(&mut self) {
        self.objects.keep_memory(std::mem::take(&mut self.memory));
    }
}

/// When so many digests of folders are kept, all are forgotten.
const MOST_KNOWN: usize = 400_000;

/// When there are so many filters, all is forgotten.
const MOST_FILTERS: usize = 10_000;

/// More folders in each other are not read.
const MOST_DEPTH: usize = 64;

/// More links are not followed.
const MOST_LINKS: usize = 32;

impl<'o> Selector<'o> {
    /// For one builder.
    pub fn new(objects: &'o dyn Objects, traits: &'static Traits) -> Self {
        let kept = objects.take_memory();
        let fits = kept.builder == Some(traits.name) && kept.filters.len() < MOST_FILTERS;
        let memory = match fits {
            true => kept,
            false => Memory { builder: Some(traits.name), ..Memory::default() },
        };
        Self { objects, traits, memory, work: 0 }
    }

    /// The filter of a key, which is made if there is none yet.
    pub(super) fn filter(&mut self, key: Key, make: impl FnOnce(u32) -> Filter) -> Filter {
        let number = u32::try_from(self.memory.filters.len()).unwrap_or(u32::MAX);
        self.memory.filters.entry(key).or_insert_with(|| make(number)).clone()
    }

    /// What the sources of an instruction name in a context.
    ///
    /// # Errors
    /// A folder is missing or broken.
    pub fn select(
        &mut self,
        context: Id,
        filter: &Filter,
        sources: &[String],
        unpack: bool,
    ) -> Result<Selected, Lack> {
        let mut roots = Vec::new();
        // For each source, how many roots there are after it, and whether its folder is there.
        let mut ends = Vec::new();
        for source in sources {
            // What leads out of the context is taken from its root: BuildKit strips such a `..`
            // (<https://docs.docker.com/build/concepts/context/>), the classic builder refuses it.
            let source = clean(&format!("/{source}"));
            let source = source.trim_start_matches('/');
            let has_folder = self.roots(context, source, filter, &mut roots)?;
            ends.push((source.to_owned(), roots.len(), has_folder));
        }
        let mut mixer = Mixer::new("selected");
        let mut is_there = Vec::with_capacity(roots.len());
        for root in &roots {
            let name = root.path.rsplit('/').next().unwrap_or(&root.path);
            let members = if unpack && self.traits.members {
                super::archive::members(self.objects, &root.entry)
            } else {
                None
            };
            let key = match members {
                Some(key) => Some(key),
                None => self.whole(root, filter)?,
            };
            is_there.push(key.is_some());
            if let Some(key) = key {
                // The name of what is named in full is a part of the instruction.
                mixer.text(if root.is_named { "" } else { name });
                mixer.key(key);
            }
        }
        let missing = missing(ends, &is_there);
        Ok(Selected { roots, filter: filter.clone(), key: mixer.done(), missing })
    }

    fn whole(&mut self, root: &Root, filter: &Filter) -> Result<Option<Key>, Lack> {
        let above = self.standing(filter, &root.path);
        let path = root.path.as_str();
        let base = if root.entry.kind == Kind::Folder { path } else { "" };
        let at = At { filter, above: &above, path, base };
        self.entry(at, &root.entry, root.is_named || path.is_empty())
    }

    /// What holds in the folder that a path is in.
    fn standing(&mut self, filter: &Filter, path: &str) -> Standing {
        let Some(ignore) = &filter.ignore else { return Standing::default() };
        let work = &mut self.work;
        folders_of(path).fold(ignore.root(), |it, folder| ignore.enter(&it, folder, work))
    }

    fn leaves_out(&mut self, at: At<'_>) -> bool {
        let At { filter, above, path, base } = at;
        let work = &mut self.work;
        let ignored = |it: &IgnoreFile| it.leaves_out(it.line_of(above, path, work));
        let inside = path.strip_prefix(base).unwrap_or(path).trim_start_matches('/');
        filter.ignore.as_deref().is_some_and(ignored)
            || filter.exclude.as_deref().is_some_and(|it| !inside.is_empty() && it.excludes(inside))
    }

    /// The digest of an entry; none where nothing of it gets through.
    fn entry(&mut self, at: At<'_>, entry: &Entry, is_root: bool) -> Result<Option<Key>, Lack> {
        let left_out = !at.path.is_empty() && self.leaves_out(at);
        if entry.kind != Kind::Folder {
            return Ok((!left_out).then(|| self.leaf(entry)));
        }
        let mut mixer = Mixer::new("folder");
        if !is_root || self.traits.root_mode {
            mixer.number(u64::from(entry.mode));
        }
        let place = (at.filter.number, place(at.path, is_root), entry.id);
        let children = match self.memory.known.get(&place) {
            Some(known) => *known,
            None => {
                let children = self.children(at, entry)?;
                if self.memory.known.len() >= MOST_KNOWN {
                    self.memory.known.clear();
                }
                self.memory.known.insert(place, children);
                children
            }
        };
        if left_out && children.is_none() && !is_root {
            return Ok(None);
        }
        children.into_iter().for_each(|it| mixer.key(it));
        Ok(Some(mixer.done()))
    }

    /// The digest of what is in a folder; none where nothing gets through.
    fn children(&mut self, at: At<'_>, entry: &Entry) -> Result<Option<Key>, Lack> {
        let At { filter, above, path, base } = at;
        if path.bytes().filter(|it| *it == b'/').count() > MOST_DEPTH {
            return Err(Lack(format!("`{path}` lies too deep")));
        }
        let opened = IgnoreFile::open(filter.ignore.as_deref(), above, path, &mut self.work);
        let Some(inside) = opened else { return Ok(None) };
        let (mut mixer, mut any) = (Mixer::new("children"), false);
        for child in self.objects.folder(entry.id)?.iter() {
            let path = below(path, &child.name);
            let at = At { filter, above: &inside, path: &path, base };
            if let Some(key) = self.entry(at, child, false)? {
                mixer.text(&child.name);
                mixer.key(key);
                any = true;
            }
        }
        Ok(any.then(|| mixer.done()))
    }

    /// A digest of the files below an entry that a command with stable output depends on.
    ///
    /// # Errors
    /// A folder is missing or broken.
    pub(super) fn stable(
        &mut self,
        entry: &Entry,
        path: &str,
        generator: &'static Generator,
    ) -> Result<Key, Lack> {
        let number = GENERATORS.iter().position(|it| it == generator).unwrap_or_default();
        let number = u32::MAX - u32::try_from(number).unwrap_or_default();
        let place = (number, place(path, false), entry.id);
        if let Some(Some(known)) = self.memory.known.get(&place) {
            return Ok(*known);
        }
        let mut mixer = Mixer::new("stable");
        let folder = path.rsplit('/').next().unwrap_or(path);
        let paths_matter = generator.folders.contains(&folder);
        for child in self.objects.folder(entry.id)?.iter() {
            let name = &*child.name;
            if child.kind == Kind::Folder {
                mixer.key(self.stable(child, &below(path, name), generator)?);
            } else if generator.contents.contains(&name) {
                mixer.text(&below(path, name));
                mixer.bytes(&child.id.0);
            } else if paths_matter || generator.names.contains(&name) {
                mixer.text(&below(path, name));
            }
        }
        let key = mixer.done();
        self.memory.known.insert(place, Some(key));
        Ok(key)
    }

    fn leaf(&self, entry: &Entry) -> Key {
        let mut mixer = Mixer::new("leaf");
        mixer.number(entry.kind as u64);
        if entry.kind == Kind::File {
            mixer.number(u64::from(entry.mode));
        }
        mixer.bytes(&entry.id.0);
        if let Some(extra) = &entry.extra {
            if self.traits.owner && extra.owner != (0, 0) {
                mixer.text(&format!("{:?}", extra.owner));
            }
            if self.traits.attributes && !extra.attributes.is_empty() {
                mixer.text(&extra.attributes);
            }
        }
        mixer.done()
    }

    /// A digest of what a step copied, without the paths that are gone later. `filter` leaves them out of folders.
    pub(super) fn without(
        &mut self,
        roots: &[Root],
        filter: &Filter,
        gone: &[String],
    ) -> Result<Key, Lack> {
        let mut mixer = Mixer::new("selected");
        for root in roots {
            let name = root.path.rsplit('/').next().unwrap_or(&root.path);
            let is_gone = |pattern: &String, work: &mut u64| {
                pattern.is_empty() || Glob::parse(pattern).is_none_or(|it| it.matches(name, work))
            };
            if root.entry.kind != Kind::Folder && gone.iter().any(|it| is_gone(it, &mut self.work))
            {
                continue;
            }
            if let Some(key) = self.whole(root, filter)? {
                mixer.text(if root.is_named { "" } else { name });
                mixer.key(key);
            }
        }
        Ok(mixer.done())
    }

    /// Adds what a source names, and says whether the folder is there that its wildcards look into. Links on the way are
    /// followed, as builders do.
    fn roots(
        &mut self,
        context: Id,
        source: &str,
        filter: &Filter,
        found: &mut Vec<Root>,
    ) -> Result<bool, Lack> {
        let literal = literal_part(source);
        let mut path = literal;
        let mut place = None;
        for _ in 0..MOST_LINKS {
            match self.walk(context, &path)? {
                Walked::At(entry) => {
                    place = Some(entry);
                    break;
                }
                Walked::Link(to) => path = to,
                Walked::Nothing => return Ok(false),
            }
        }
        let Some(entry) = place else { return Ok(false) };
        let rest: Vec<&str> = source.split('/').skip_while(|it| !has_wildcard(it)).collect();
        if rest.is_empty() {
            let above = self.standing(filter, &path);
            let at = At { filter, above: &above, path: &path, base: "" };
            let gone = entry.kind != Kind::Folder && self.leaves_out(at);
            if !gone {
                found.push(Root { path, entry, is_named: true });
            }
            return Ok(true);
        }
        self.expand(&path, &entry, &rest, found)?;
        Ok(true)
    }

    fn expand(
        &mut self,
        path: &str,
        entry: &Entry,
        rest: &[&str],
        found: &mut Vec<Root>,
    ) -> Result<(), Lack> {
        let Some((first, rest)) = rest.split_first() else { return Ok(()) };
        if entry.kind != Kind::Folder {
            return Ok(());
        }
        if *first == "**" {
            self.expand(path, entry, rest, found)?;
        }
        let Some(glob) = Glob::parse(if *first == "**" { "*" } else { first }) else {
            return Ok(());
        };
        for child in self.objects.folder(entry.id)?.iter() {
            if !glob.matches(&child.name, &mut self.work) {
                continue;
            }
            let path = below(path, &child.name);
            if *first == "**" && !rest.is_empty() {
                let again = [&["**"], rest].concat();
                self.expand(&path, child, &again, found)?;
            } else if rest.is_empty() {
                found.push(Root { path, entry: child.clone(), is_named: false });
            } else {
                self.expand(&path, child, rest, found)?;
            }
        }
        Ok(())
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

/// The source without which a build would fail, if there is one: a file that is named; a pattern that matches nothing, unless
/// another source is there and the folder of the pattern too. All builders were seen to accept that, and each of them fails in
/// some of the other cases.
fn missing(ends: Vec<(String, usize, bool)>, is_there: &[bool]) -> Option<String> {
    let mut start = 0;
    let any = is_there.contains(&true);
    for (source, end, has_folder) in ends {
        let parts = &is_there[start..end];
        let is_named = !has_wildcard(&source);
        let lacks = if is_named { parts.is_empty() } else { !parts.contains(&true) };
        if lacks && (is_named || !has_folder || !any) {
            return Some(source);
        }
        start = end;
    }
    None
}

pub(super) fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

fn place(path: &str, is_root: bool) -> u64 {
    let mut hasher = DefaultHasher::new();
    (path, is_root).hash(&mut hasher);
    hasher.finish()
}
