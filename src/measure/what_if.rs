//! What an image would weigh if waste were avoided: its layers without the bytes that are in vain, compressed again.
//!
//! The model: an entry that is in vain is left out of its layer, and nothing else changes. A copy that only changes metadata
//! goes, as its metadata can stand at the copy below, which takes no more room.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Measured, Place};
use crate::image::{Encoded, Limits, Ranges, Result, recode};

/// More items are only told together.
const MOST_ITEMS: usize = 12;

/// Items of fewer bytes are only told together.
const LEAST_ITEM: u64 = 1000;

/// The weights of an image, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// Of its files.
    pub files: u64,
    /// Of its layers' tars.
    pub tar: u64,
    /// Of its layers' blobs, with gzip at level 6.
    pub gzip: u64,
}

/// What an image would weigh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// As it is.
    pub now: Weight,
    /// Without what one item of the waste says, by the index of the item.
    pub alone: Vec<(usize, Weight)>,
    /// Without all waste of its own layers that counts.
    pub together: Weight,
}

/// Predicts the weights of an image that was read from an archive; none for what is no whole image.
pub fn what_if(measured: &Measured, archive: &Path, limits: &Limits) -> Result<Option<WhatIf>> {
    let items: Vec<usize> = (0..measured.waste.items.len())
        .filter(|at| {
            let it = &measured.waste.items[*at];
            it.class.counts() && it.made_in >= measured.base.layers && !it.places.is_empty()
        })
        .collect();
    let is_worth = |at: &&usize| measured.waste.items[**at].bytes >= LEAST_ITEM;
    let alone: Vec<usize> = items.iter().filter(is_worth).take(MOST_ITEMS).copied().collect();
    let mut sets: Vec<Vec<usize>> = alone.iter().map(|it| vec![*it]).collect();
    sets.push(items);
    let predicted = predict(measured, &sets, archive, limits)?;
    Ok(predicted.and_then(|(now, mut weights)| {
        let together = weights.pop()?;
        Some(WhatIf { now, alone: alone.into_iter().zip(weights).collect(), together })
    }))
}

/// What an image weighs, and what it would weigh without each set of items of its waste.
pub fn predict(
    measured: &Measured,
    sets: &[Vec<usize>],
    archive: &Path,
    limits: &Limits,
) -> Result<Option<(Weight, Vec<Weight>)>> {
    let Some(id) = measured.image.id else { return Ok(None) };
    // Each layer as it is, and in each set that changes it.
    let layers = measured.image.layers.len();
    let mut wanted: BTreeMap<usize, Vec<Ranges>> =
        (0..layers).map(|it| (it, vec![Ranges::new()])).collect();
    let mut uses: Vec<Vec<(usize, usize)>> = Vec::new();
    for set in sets {
        let mut used = Vec::new();
        for (layer, ranges) in left_out(measured, set) {
            let list = wanted.entry(layer).or_default();
            let at = list.iter().position(|it| *it == ranges).unwrap_or_else(|| {
                list.push(ranges);
                list.len() - 1
            });
            used.push((layer, at));
        }
        uses.push(used);
    }
    let encoded = recode(archive, id, &wanted, limits)?;
    let of = |layer: usize, at: usize| {
        encoded.get(&layer).and_then(|it| it.get(at)).copied().unwrap_or_default()
    };
    let mut now = Weight { files: measured.file_bytes(), ..Weight::default() };
    for layer in 0..layers {
        let Encoded { tar, gzip } = of(layer, 0);
        (now.tar, now.gzip) = (now.tar + tar, now.gzip + gzip);
    }
    let weights = sets.iter().zip(&uses).map(|(set, used)| {
        let places = set.iter().flat_map(|it| &measured.waste.items[*it].places);
        let files: u64 = places.map(|it| entry(measured, *it).size).sum();
        let mut weight = Weight { files: now.files - files, ..now };
        for (layer, at) in used {
            let (before, after) = (of(*layer, 0), of(*layer, *at));
            weight.tar = weight.tar - before.tar + after.tar;
            weight.gzip = weight.gzip - before.gzip + after.gzip;
        }
        weight
    });
    Ok(Some((now, weights.collect())))
}

fn entry(measured: &Measured, place: Place) -> &crate::image::Entry {
    &measured.image.layers[place.layer].content.entries[place.entry]
}

/// The parts of each layer that go with some items.
fn left_out(measured: &Measured, items: &[usize]) -> BTreeMap<usize, Ranges> {
    let mut ranges: BTreeMap<usize, Ranges> = BTreeMap::new();
    for place in items.iter().flat_map(|it| &measured.waste.items[*it].places) {
        let entry = entry(measured, *place);
        ranges.entry(place.layer).or_default().push(entry.start..entry.start + entry.tar_bytes);
    }
    ranges.values_mut().for_each(|it| it.sort_by_key(|it| it.start));
    ranges
}
