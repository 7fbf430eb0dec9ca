//! The file system that layers make when they are on each other, and the fate of every file's bytes in them.
//!
//! A *copy* is the content that one layer holds for one file, however many hard links name it. A copy is lost when no
//! path shows it any more. A copy that only changes the metadata of the one below is lost at once, and the one below
//! goes on to be the content of the file; so of N copies that say the same N-1 are lost, however the story ends.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

use super::class::Class;
use crate::image::{Digest, Entry, Image, Kind, split};

/// Smaller files that are equal are how packages are made: licences, empty modules, icons.
const LEAST_TWIN: u64 = 4096;

/// An entry of a layer: both by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The layer.
    pub layer: usize,
    /// The entry in it.
    pub entry: usize,
}

/// Bytes that a layer wastes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Why.
    pub class: Class,
    /// The entry with the bytes.
    pub place: Place,
    /// The layer that should have avoided it, by index.
    pub fix_in: usize,
    /// Of a copy that only changes metadata, what was at its path.
    pub before: Option<Place>,
}

/// A place, or the number of a copy, in half the room: there are as many as the image has files, and no image has four
/// thousand million entries.
#[derive(Debug, Clone, Copy)]
struct Spot {
    layer: u32,
    entry: u32,
}

/// The number of a copy; none for [`CopyId::NONE`].
#[derive(Debug, Clone, Copy)]
struct CopyId(u32);

/// The content of a file in one layer.
#[derive(Debug)]
struct Copy {
    place: Spot,
    /// How many paths show it.
    names: u32,
    /// The copy below that has the same content, and stands for it.
    stands_for: CopyId,
    is_lost: bool,
}

/// What a path is.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// The entry that says so.
    place: Spot,
    /// The content that is not lost.
    copy: CopyId,
}

impl From<Place> for Spot {
    fn from(place: Place) -> Self {
        let fits = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Self { layer: fits(place.layer), entry: fits(place.entry) }
    }
}

impl From<Spot> for Place {
    fn from(spot: Spot) -> Self {
        Self { layer: spot.layer as usize, entry: spot.entry as usize }
    }
}

impl CopyId {
    const NONE: Self = Self(u32::MAX);

    fn of(number: Option<usize>) -> Self {
        number.map_or(Self::NONE, |it| Self(u32::try_from(it).unwrap_or(u32::MAX)))
    }

    fn get(self) -> Option<usize> {
        (self.0 != u32::MAX).then_some(self.0 as usize)
    }
}

/// The merged file system.
#[derive(Debug)]
pub struct Tree<'i> {
    layers: Vec<&'i [Entry]>,
    nodes: BTreeMap<&'i [u8], Node>,
    copies: Vec<Copy>,
    /// What was lost, in order.
    pub losses: Vec<Loss>,
}

impl<'i> Tree<'i> {
    /// The layers of an image on each other.
    pub fn of(image: &'i Image) -> Self {
        Self::new(image.layers.iter().map(|it| &*it.content.entries))
    }

    /// Puts layers on each other, from the lowest.
    pub fn new(layers: impl IntoIterator<Item = &'i [Entry]>) -> Self {
        let mut tree = Self {
            layers: Vec::new(),
            nodes: BTreeMap::new(),
            copies: Vec::new(),
            losses: Vec::new(),
        };
        for layer in layers {
            tree.add(layer);
        }
        tree.find_twins();
        tree
    }

    /// The paths in order, with the entry that says what each is.
    pub fn paths(&self) -> impl Iterator<Item = (&'i [u8], Place)> {
        self.nodes.iter().map(|(path, node)| (*path, node.place.into()))
    }

    /// The entry at a path.
    pub fn get(&self, path: &[u8]) -> Option<&'i Entry> {
        self.nodes.get(path).map(|node| self.entry(node.place.into()))
    }

    /// The contents that are shown, each with one of its paths: once for all hard links.
    pub fn contents(&self) -> Vec<(&'i [u8], Place)> {
        let mut seen = HashSet::new();
        let shown = self.nodes.iter().filter_map(|(path, node)| {
            let copy = node.copy.get()?;
            let is_new = !self.copies[copy].is_lost && seen.insert(node.copy.0);
            is_new.then(|| (*path, self.copies[copy].place.into()))
        });
        shown.collect()
    }

    /// An entry.
    pub fn entry(&self, place: Place) -> &'i Entry {
        &self.layers[place.layer][place.entry]
    }

    fn add(&mut self, entries: &'i [Entry]) {
        let layer = self.layers.len();
        self.layers.push(entries);
        let added: HashSet<Digest> =
            entries.iter().filter(|it| it.size > 0).filter_map(|it| it.digest).collect();
        // Removals are of the layers below, wherever they are in the layer.
        for entry in entries {
            match entry.kind {
                Kind::Whiteout => {
                    self.remove_below(&entry.path, layer, &added);
                    self.remove(&entry.path, layer, &added);
                }
                Kind::Opaque => self.remove_below(&entry.path, layer, &added),
                _ => {}
            }
        }
        let mut last_folder: Option<&[u8]> = None;
        for (index, entry) in entries.iter().enumerate().filter(|(_, it)| !it.kind.is_removal()) {
            let place = Place { layer, entry: index };
            let folder = split(&entry.path).0;
            if last_folder != Some(folder) {
                self.clear_way(folder, layer, &added);
                last_folder = Some(folder);
            }
            if entry.kind != Kind::Directory {
                self.remove_below(&entry.path, layer, &added);
            }
            match entry.kind {
                Kind::File => {
                    let copy = self.copies.len();
                    self.copies.push(Copy {
                        place: place.into(),
                        names: 0,
                        stands_for: CopyId::NONE,
                        is_lost: false,
                    });
                    self.show(&entry.path, place, Some(copy), &added);
                }
                Kind::HardLink => {
                    let target = entry.link.as_deref().and_then(|it| self.nodes.get(it));
                    let copy = target.and_then(|it| it.copy.get());
                    self.show(&entry.path, place, copy, &added);
                }
                _ => self.show(&entry.path, place, None, &added),
            }
        }
    }

    /// Makes a path what an entry says.
    fn show(&mut self, path: &'i [u8], place: Place, copy: Option<usize>, added: &HashSet<Digest>) {
        let below = self.nodes.get(path).and_then(|it| it.copy.get());
        let copy = copy.map(|it| self.copies[it].stands_for.get().unwrap_or(it));
        match (below, copy) {
            (Some(below), Some(new)) if below == new => {
                self.put(path, place, copy);
                return;
            }
            (Some(below), Some(new)) if self.digest(below) == self.digest(new) => {
                self.copies[new].stands_for = CopyId::of(Some(below));
                let before = self.nodes.get(path).map(|it| it.place.into());
                self.lose(
                    new,
                    Class::MetadataOnly,
                    self.copies[below].place.layer as usize,
                    before,
                );
                self.put(path, place, Some(below));
                return;
            }
            (Some(below), Some(_)) => self.release(below, Class::Overwritten, place.layer),
            (Some(below), None) => {
                let class = self.removal(below, added);
                self.release(below, class, place.layer);
            }
            _ => {}
        }
        if let Some(copy) = copy {
            self.copies[copy].names += 1;
        }
        self.put(path, place, copy);
    }

    fn put(&mut self, path: &'i [u8], place: Place, copy: Option<usize>) {
        self.nodes.insert(path, Node { place: place.into(), copy: CopyId::of(copy) });
    }

    /// Removes what is on the way to a folder and is not a folder.
    fn clear_way(&mut self, folder: &'i [u8], layer: usize, added: &HashSet<Digest>) {
        let mut path = folder;
        while !path.is_empty() {
            match self.nodes.get(path).map(|it| self.entry(it.place.into()).kind) {
                // Below a directory there are only directories.
                Some(Kind::Directory) => return,
                Some(Kind::File | Kind::HardLink | Kind::Special) => {
                    self.remove(path, layer, added);
                }
                _ => {}
            }
            path = split(path).0;
        }
    }

    /// Removes a path.
    fn remove(&mut self, path: &[u8], layer: usize, added: &HashSet<Digest>) {
        if let Some(copy) = self.nodes.remove(path).and_then(|it| it.copy.get()) {
            let class = self.removal(copy, added);
            self.release(copy, class, layer);
        }
    }

    /// Removes all that is below a path.
    fn remove_below(&mut self, path: &[u8], layer: usize, added: &HashSet<Digest>) {
        let start = if path.is_empty() { Vec::new() } else { [path, b"/"].concat() };
        let below: Vec<&[u8]> = self
            .nodes
            .range::<[u8], _>((Bound::Included(&*start), Bound::Unbounded))
            .map(|(path, _)| *path)
            .take_while(|path| path.starts_with(&start))
            .collect();
        for path in below {
            self.remove(path, layer, added);
        }
    }

    fn digest(&self, copy: usize) -> Option<Digest> {
        self.entry(self.copies[copy].place.into()).digest
    }

    /// What the removal of a copy is, by a layer that adds these contents.
    fn removal(&self, copy: usize, added: &HashSet<Digest>) -> Class {
        let moved = self.digest(copy).is_some_and(|it| added.contains(&it));
        if moved { Class::Moved } else { Class::Deleted }
    }

    /// One path less shows a copy.
    fn release(&mut self, copy: usize, class: Class, layer: usize) {
        let it = &mut self.copies[copy];
        it.names -= 1;
        if it.names == 0 {
            self.lose(copy, class, layer, None);
        }
    }

    fn lose(&mut self, copy: usize, class: Class, fix_in: usize, before: Option<Place>) {
        let it = &mut self.copies[copy];
        if !std::mem::replace(&mut it.is_lost, true) {
            let place = it.place.into();
            self.losses.push(Loss { class, place, fix_in, before });
        }
    }

    /// Of files that are equal, all but the first are wasted.
    fn find_twins(&mut self) {
        let mut first: HashMap<(u64, Digest), Place> = HashMap::new();
        let mut shown = self.contents();
        shown.sort_by_key(|(_, place)| *place);
        for (_, place) in shown {
            let entry = self.entry(place);
            let Some(digest) = entry.digest.filter(|_| entry.size >= LEAST_TWIN) else { continue };
            if let std::collections::hash_map::Entry::Vacant(e) = first.entry((entry.size, digest))
            {
                e.insert(place);
            } else {
                let (class, fix_in) = (Class::Twin, place.layer);
                self.losses.push(Loss { class, place, fix_in, before: None });
            }
        }
    }
}
