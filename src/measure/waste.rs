//! Bytes that an image wastes, by reason, and the layers that make them and that should change.

use std::collections::{BTreeMap, HashSet};

use super::class::Class;
use super::items::{Item, Waste};
use super::leftovers;
use super::packages;
use super::tree::{Loss, Place, Tree};
use crate::image::{Entry, Image, Layer};

/// Class, the layer that holds the bytes, the layer that should change, and what changed.
type Group = (Class, usize, usize, Option<&'static str>);

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
