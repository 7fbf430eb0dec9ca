//! What a folder of the context brings along that no build needs or that nobody should see.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use super::baggage::baggage;
use super::disk::EntryKind;
use super::folders_of;
use super::found::{Found, Sum, join};
use super::heaps::{Haul, Heap, Pile, Secret};
use super::ignore_file::Standing;
use super::secrets::{SecretKind, may_be_secret, secret_by_name, secret_in};
use super::side_file::open_side_file;
use super::tree::{State, Tree};

/// A file that may hold a secret is read up to here.
const MOST_SECRET_BYTES: u64 = 64 << 10;

/// To read a folder takes as long as to look at so many of its entries.
const COST_OF_FOLDER: usize = 5;

/// More files are not opened for one Dockerfile.
const MOST_OPENED: usize = 1000;

impl Tree {
    /// What a path brings along. Folders are searched once, however many ask.
    pub fn haul(&self, path: &str) -> Arc<Haul> {
        self.ask(|state| {
            if let Some(known) = state.hauls.get(path) {
                return Arc::clone(known);
            }
            let haul = Arc::new(self.find_haul(state, path));
            if !self.is_exhausted(state) && state.effort.opened <= MOST_OPENED {
                state.hauls.insert(path.to_owned(), Arc::clone(&haul));
            }
            haul
        })
    }

    fn find_haul(&self, state: &mut State, path: &str) -> Haul {
        let mut haul = Haul { complete: true, ..Haul::default() };
        // What is copied by its name is wanted.
        let is_wanted = folders_of(path)
            .chain([path])
            .filter(|it| !it.is_empty())
            .any(|it| self.is_heap(state, it));
        let entry = match self.find_in(state, path) {
            Found::Entry(entry) => entry,
            Found::Missing => return haul,
            Found::Unknown => return Haul::default(),
        };
        if entry.kind == EntryKind::File && !entry.ignored {
            let kind = secret_by_name(path).filter(|kind| self.holds_secret(state, path, *kind));
            haul.secrets.extend(kind.map(|kind| Secret { path: path.to_owned(), kind }));
        }
        if is_wanted || entry.kind != EntryKind::Folder {
            return haul;
        }
        let standing = self.standing_of(state, path);
        self.search(state, path, standing, &mut haul);
        haul.heaps.sort_by_cached_key(|it| key(&it.path));
        haul.secrets.sort_by_cached_key(|it| key(&it.path));
        for heap in &haul.heaps {
            let piles = &mut haul.piles;
            let at = piles.iter().position(|it| std::ptr::eq(it.kind, heap.kind));
            let at = at.unwrap_or_else(|| {
                piles.push(Pile { kind: heap.kind, bytes: 0, files: 0, deeper: None });
                piles.len() - 1
            });
            piles[at].bytes = piles[at].bytes.saturating_add(heap.bytes);
            piles[at].files += heap.files;
            if piles[at].deeper.is_none() && heap.path.contains('/') {
                piles[at].deeper = Some(heap.path.clone());
            }
        }
        haul.piles.sort_by_key(|it| std::cmp::Reverse(it.bytes));
        haul
    }

    fn is_heap(&self, state: &mut State, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut listing = None;
        let has = |name: &str| {
            let listing = listing.get_or_insert_with(|| self.list(state, folder));
            listing.as_ref().is_some_and(|it| it.has(name))
        };
        baggage(name, true, has).is_some()
    }

    /// Searches a folder level by level: what nobody needs mostly is near the root, and a huge tree is not looked at to
    /// its end.
    fn search(&self, state: &mut State, folder: &str, standing: Standing, haul: &mut Haul) {
        let mut folders = VecDeque::from([(folder.to_owned(), standing)]);
        let mut seen = 0;
        while let Some((folder, standing)) = folders.pop_front() {
            if !self.lets_through(&standing) {
                continue;
            }
            let listing =
                if seen < self.limits.searched { self.list(state, &folder) } else { None };
            let Some(listing) = listing else {
                haul.complete = false;
                continue;
            };
            seen += listing.items.len() + COST_OF_FOLDER;
            for item in &listing.items {
                let is_folder = item.kind == EntryKind::Folder;
                let kind = baggage(&item.name, is_folder, |it| listing.has(it));
                // To hold a path against patterns costs more than a look at its name.
                let is_dull = !is_folder && kind.is_none() && !may_be_secret(&item.name);
                if item.kind == EntryKind::Link || is_dull {
                    continue;
                }
                let path = join(&folder, &item.name);
                let line = self.line_of(state, &standing, &path);
                let ignored = self.leaves_out(line);
                let is_junk = kind.filter(|_| !ignored && !self.is_kept(&standing, line));
                if is_folder {
                    let below = self.enter(state, &standing, &path);
                    match (kind, is_junk) {
                        (_, Some(kind)) => {
                            let Sum { bytes, files, .. } =
                                self.sum_of(state, &path, &below, u64::MAX);
                            haul.heaps.push(Heap { path, kind, bytes, files });
                        }
                        // It is wanted, with all that is in it.
                        (Some(_), None) if !ignored => {}
                        _ => folders.push_back((path, below)),
                    }
                } else if !ignored {
                    let secret = secret_by_name(&path);
                    if let Some(kind) = secret.filter(|it| self.holds_secret(state, &path, *it)) {
                        haul.secrets.push(Secret { path: path.clone(), kind });
                    }
                    if let Some(kind) = is_junk {
                        let bytes = self.weight(&path, item.kind).bytes;
                        haul.heaps.push(Heap { path, kind, bytes, files: 1 });
                    }
                }
            }
        }
        haul.complete &= self.still_knows(state);
    }

    /// Whether a `!` of .dockerignore is about the entry, and not only about its folder: it is wanted.
    fn is_kept(&self, folder: &Standing, line: Option<u32>) -> bool {
        let line = line.filter(|_| line != folder.line);
        let line = self.ignore.as_ref().and_then(|it| it.line(line));
        line.is_some_and(|it| it.restores)
    }

    fn holds_secret(&self, state: &mut State, path: &str, kind: SecretKind) -> bool {
        if kind == SecretKind::KeyStore {
            return true;
        }
        if let Some(known) = state.secrets.get(path) {
            return *known;
        }
        state.effort.opened += 1;
        if state.effort.opened > MOST_OPENED {
            return false;
        }
        let mut text = Vec::new();
        let file = open_side_file(&self.folder.join(path), self.finder());
        let holds = file.is_ok_and(|it| it.take(MOST_SECRET_BYTES).read_to_end(&mut text).is_ok())
            && secret_in(kind, &String::from_utf8_lossy(&text));
        state.secrets.insert(path.to_owned(), holds);
        holds
    }
}

/// A path as it is sorted: what is in a folder follows it.
fn key(path: &str) -> String {
    path.replace('/', "\0")
}
