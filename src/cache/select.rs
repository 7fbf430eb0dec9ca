//! Which files of a context an instruction takes, and a digest of them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::builder::Traits;
use super::generators::{GENERATORS, Generator};
use super::key::{Key, Mixer};
use super::plan::Taken;
use super::sources::Search;
use super::tree::{Entry, Id, Kind, Lack, Objects};
use crate::context::{Glob, IgnoreFile, Standing, folders_of, has_wildcard};

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
    /// What of its path counts, besides what is there. The name of what is named in full is a part of the instruction.
    pub kept: String,
    /// The folder that the patterns of `--exclude` are relative to: BuildKit takes them from the source, or from the folder that
    /// `--parents` starts at, so that they never leave out a file that the instruction names or matches.
    pub base: String,
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
pub(super) struct At<'a> {
    pub(super) filter: &'a Filter,
    /// What holds in the folder that it is in.
    pub(super) above: &'a Standing,
    pub(super) path: &'a str,
    /// The folder that the patterns of `--exclude` are relative to.
    pub(super) base: &'a str,
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
    pub(super) traits: &'static Traits,
    memory: Memory,
    pub(super) work: u64,
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

    /// What an instruction takes from a context.
    ///
    /// # Errors
    /// A folder is missing or broken.
    pub fn select(
        &mut self,
        context: Id,
        filter: &Filter,
        taken: &Taken,
    ) -> Result<Selected, Lack> {
        let mut roots = Vec::new();
        // For each source, how many roots there are after it, and whether its folder is there.
        let mut ends = Vec::new();
        for source in &taken.sources {
            let search = Search::new(context, source, taken.parents);
            let has_folder = self.roots(&search, filter, &mut roots)?;
            ends.push((search.source, roots.len(), has_folder));
        }
        let mut mixer = Mixer::new("selected");
        let mut is_there = Vec::with_capacity(roots.len());
        for root in &roots {
            let members = if taken.unpack && self.traits.members {
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
                mixer.text(&root.kept);
                mixer.key(key);
            }
        }
        let missing = missing(ends, &is_there);
        Ok(Selected { roots, filter: filter.clone(), key: mixer.done(), missing })
    }

    fn whole(&mut self, root: &Root, filter: &Filter) -> Result<Option<Key>, Lack> {
        let above = self.standing(filter, &root.path);
        let (path, base) = (root.path.as_str(), root.base.as_str());
        let at = At { filter, above: &above, path, base };
        self.entry(at, &root.entry, root.is_named || path.is_empty())
    }

    /// What holds in the folder that a path is in.
    pub(super) fn standing(&mut self, filter: &Filter, path: &str) -> Standing {
        let Some(ignore) = &filter.ignore else { return Standing::default() };
        let work = &mut self.work;
        folders_of(path).fold(ignore.root(), |it, folder| ignore.enter(&it, folder, work))
    }

    pub(super) fn leaves_out(&mut self, at: At<'_>) -> bool {
        let At { filter, above, path, base } = at;
        let work = &mut self.work;
        let ignored = |it: &IgnoreFile| it.leaves_out(it.line_of(above, path, work));
        let inside = inside(path, base);
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
                mixer.text(&root.kept);
                mixer.key(key);
            }
        }
        Ok(mixer.done())
    }
}

/// A path from a folder above it.
pub(super) fn inside<'p>(path: &'p str, folder: &str) -> &'p str {
    path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/')
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
