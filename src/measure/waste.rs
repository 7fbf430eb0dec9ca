//! Bytes that an image wastes, by reason, and the layers that make them and that should change.

use std::collections::{BTreeMap, HashSet};

use super::leftovers;
use super::packages;
use super::tree::{Loss, Place, Tree};
use crate::image::{Entry, Image, Layer};

/// Why bytes are in an image for nothing, or could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// W1: a later layer deletes it, or puts something else in its place.
    Deleted,
    /// W2: a later layer has other content at its path.
    Overwritten,
    /// W3: a later layer repeats the content to change mode, owner, attributes or times.
    MetadataOnly,
    /// W4: a later layer moves it.
    Moved,
    /// W5: caches and indexes of package managers, temporary files, logs.
    Cache,
    /// W6: packages that only builds need.
    BuildTool,
    /// W7: packages that came as recommendations alone.
    Recommended,
    /// W8: the same content at another path.
    Twin,
    /// W9: what is in the folders of projects, and no image needs.
    Baggage,
    /// W10: documentation, manuals, translations.
    Documentation,
    /// W11: archives kept, symbols not stripped, files of zeros.
    Unstripped,
    /// W12: layers that hold next to nothing.
    TinyLayers,
    /// W13: a layer that differs from another image's by its times alone.
    Unshared,
    /// W14: login logs with holes, which layers fill with zeros.
    Sparse,
    /// W15: a secret that a later layer deletes.
    Secret,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Deleted,
        Self::Overwritten,
        Self::MetadataOnly,
        Self::Moved,
        Self::Cache,
        Self::BuildTool,
        Self::Recommended,
        Self::Twin,
        Self::Baggage,
        Self::Documentation,
        Self::Unstripped,
        Self::TinyLayers,
        Self::Unshared,
        Self::Sparse,
        Self::Secret,
    ];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|it| *it == self).unwrap_or(0) + 1
    }

    /// Its code, such as `W1`.
    pub fn code(self) -> String {
        format!("W{}", self.number())
    }

    /// Whether the bytes count as waste: no container can see them, or none misses them. The others may be wanted.
    pub fn counts(self) -> bool {
        !matches!(
            self,
            Self::BuildTool
                | Self::Recommended
                | Self::Documentation
                | Self::Unstripped
                | Self::TinyLayers
                | Self::Unshared
        )
    }

    /// What it is, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Deleted => "deleted by a later layer",
            Self::Overwritten => "overwritten by a later layer",
            Self::MetadataOnly => "copied again for its metadata",
            Self::Moved => "moved by a later layer",
            Self::Cache => "caches, indexes, logs",
            Self::BuildTool => "packages that only builds need",
            Self::Recommended => "recommended packages",
            Self::Twin => "same content twice",
            Self::Baggage => "project files no image needs",
            Self::Documentation => "documentation, translations",
            Self::Unstripped => "could be stored smaller",
            Self::TinyLayers => "tiny layers",
            Self::Unshared => "differs by times alone",
            Self::Sparse => "zeros of login logs",
            Self::Secret => "secret, deleted by a later layer",
        }
    }
}

/// One reason at one pair of layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The reason.
    pub class: Class,
    /// File bytes.
    pub bytes: u64,
    /// The layer that holds the bytes, by index.
    pub made_in: usize,
    /// The layer whose instruction should change, by index.
    pub fix_in: usize,
    /// The paths, or the names of packages, with their bytes: the largest first.
    pub paths: Vec<(String, u64)>,
    /// What happened to them, where that can be reported: `mode`, `owner`, `attributes`, `times`.
    pub change: Option<&'static str>,
    /// The entries with the bytes; none where packages or layers are meant.
    pub places: Vec<Place>,
}

/// Class, the layer that holds the bytes, the layer that should change, and what changed.
type Group = (Class, usize, usize, Option<&'static str>);

/// All that is wasted in an image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waste {
    /// The reasons, the largest first.
    pub items: Vec<Item>,
    /// The bytes that count, of the layers above the base.
    pub own: u64,
    /// The bytes that count, of the base.
    pub inherited: u64,
}

/// Finds what is wasted in an image whose lowest `base` layers are those of its base. Paths for which `ignored` holds
/// are left out.
pub(super) fn find(image: &Image, base: usize, ignored: &dyn Fn(&str) -> bool) -> Waste {
    let tree = Tree::of(image);
    let mut losses = tree.losses.clone();
    for loss in &mut losses {
        let secret = tree.entry(loss.place).seen().secret.is_some();
        if secret && matches!(loss.class, Class::Deleted | Class::Moved | Class::Overwritten) {
            loss.class = Class::Secret;
        }
    }
    let lost: HashSet<Place> = losses.iter().map(|it| it.place).collect();
    let shown = tree.contents();
    for (path, place) in shown.iter().filter(|(_, place)| !lost.contains(place)) {
        let entry = tree.entry(*place);
        if let Some(class) = leftovers::class(path, entry) {
            losses.push(Loss { class, place: *place, fix_in: place.layer, before: None });
        }
    }
    let mut groups: BTreeMap<Group, Vec<(String, u64, Place)>> = BTreeMap::new();
    for loss in losses {
        let entry = tree.entry(loss.place);
        let path = crate::image::show(&entry.path);
        let bytes = match loss.class {
            Class::Sparse => entry.seen().zeros,
            Class::Unstripped if entry.seen().debug > 0 => entry.seen().debug.min(entry.size),
            Class::Unstripped if entry.seen().zeros > 0 => entry.seen().zeros,
            _ => entry.size,
        };
        if ignored(&path) || bytes == 0 && loss.class != Class::Secret {
            continue;
        }
        let change = loss.before.map(|it| change(tree.entry(it), entry));
        groups
            .entry((loss.class, loss.place.layer, loss.fix_in, change))
            .or_default()
            .push((path, bytes, loss.place));
    }
    let mut items: Vec<Item> = groups
        .into_iter()
        .map(|((class, made_in, fix_in, change), paths)| {
            item(class, made_in, fix_in, paths, change)
        })
        .collect();
    items.extend(packages::items(&image.layers));
    items.extend(tiny(&image.layers, base));
    items.sort_by(|a, b| {
        b.bytes.cmp(&a.bytes).then(a.class.cmp(&b.class)).then(a.made_in.cmp(&b.made_in))
    });
    let sum = |is_base: bool| {
        let counted = items.iter().filter(|it| it.class.counts() && (it.made_in < base) == is_base);
        counted.map(|it| it.bytes).sum()
    };
    Waste { own: sum(false), inherited: sum(true), items }
}

fn item(
    class: Class,
    made_in: usize,
    fix_in: usize,
    mut found: Vec<(String, u64, Place)>,
    change: Option<&'static str>,
) -> Item {
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let places = found.iter().map(|it| it.2).collect();
    let paths: Vec<(String, u64)> =
        found.into_iter().map(|(path, bytes, _)| (path, bytes)).collect();
    let bytes = paths.iter().map(|it| it.1).sum();
    Item { class, bytes, made_in, fix_in, paths, change, places }
}

/// What a copy changes of what was at its path.
fn change(old: &Entry, new: &Entry) -> &'static str {
    if (old.uid, old.gid) != (new.uid, new.gid) {
        "owner"
    } else if old.mode != new.mode {
        "mode"
    } else if old.xattrs != new.xattrs {
        "attributes"
    } else {
        "times"
    }
}

/// A layer with fewer file bytes is tiny.
const TINY: u64 = 4096;

/// As many are not worth a word: they cost some kilobytes in all.
const MANY_TINY: usize = 8;

/// What a layer costs in blob, manifest and configuration, in bytes, however little is in it: measured with gzip blobs
/// of 61 layers against 2 of the same files.
const LAYER_COST: u64 = 580;

fn tiny(layers: &[Layer], base: usize) -> Option<Item> {
    let own = layers.iter().enumerate().skip(base);
    let tiny: Vec<usize> = own.filter(|(_, it)| it.file_bytes() < TINY).map(|(at, _)| at).collect();
    let (first, last) = (*tiny.first()?, *tiny.last()?);
    (tiny.len() >= MANY_TINY).then(|| Item {
        class: Class::TinyLayers,
        bytes: tiny.len() as u64 * LAYER_COST,
        made_in: first,
        fix_in: last,
        paths: tiny.iter().map(|at| (format!("layer {at}"), LAYER_COST)).collect(),
        change: None,
        places: Vec::new(),
    })
}
