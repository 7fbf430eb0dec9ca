//! What an image would weigh if waste were avoided: its layers without the bytes that are wasted, compressed again.
//!
//! The model: an entry that is wasted is left out of its layer, and nothing else changes. A copy that only changes metadata
//! goes, as its metadata can be at the copy below, which takes no more room.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::{Measured, Place, Tree};
use crate::image::{Encoded, Entry, Kind, Limits, Ranges, Result, clean, recode, split};

/// More items are only reported together.
const MOST_ITEMS: usize = 12;

/// Items of fewer bytes are only reported together.
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
    /// Without all waste in its own layers that counts.
    pub together: Weight,
    /// With only the program in its own layers that CMD or ENTRYPOINT starts, as a build in its own stage could leave
    /// it: the least that can be. What else the program needs is not known, so it is a bound and no prediction. None where
    /// no such program is in the own layers.
    pub program_alone: Option<Weight>,
}

/// Predicts the weights of an image that was read from an archive; none for what is not a whole image.
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
    let places = |items: &Vec<usize>| -> Vec<Place> {
        items.iter().flat_map(|it| measured.waste.items[*it].places.iter().copied()).collect()
    };
    sets.push(items);
    let mut sets: Vec<Vec<Place>> = sets.iter().map(places).collect();
    let all_but_program = all_but_program(measured);
    sets.extend(all_but_program.clone());
    let predicted = weigh(measured, &sets, archive, limits)?;
    Ok(predicted.and_then(|(now, mut weights)| {
        let program_alone = all_but_program.and_then(|_| weights.pop());
        let together = weights.pop()?;
        let alone = alone.into_iter().zip(weights).collect();
        Some(WhatIf { now, alone, together, program_alone })
    }))
}

/// What an image weighs, and what it would weigh without each set of items of its waste.
pub fn predict(
    measured: &Measured,
    sets: &[Vec<usize>],
    archive: &Path,
    limits: &Limits,
) -> Result<Option<(Weight, Vec<Weight>)>> {
    let places = |set: &Vec<usize>| -> Vec<Place> {
        set.iter().flat_map(|it| measured.waste.items[*it].places.iter().copied()).collect()
    };
    weigh(measured, &sets.iter().map(places).collect::<Vec<_>>(), archive, limits)
}

/// What an image weighs, and what it would weigh without each set of entries.
fn weigh(
    measured: &Measured,
    sets: &[Vec<Place>],
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
        let files: u64 = set.iter().map(|it| file_bytes(entry(measured, *it))).sum();
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

fn entry(measured: &Measured, place: Place) -> &Entry {
    &measured.image.layers[place.layer].content.entries[place.entry]
}

/// The bytes that an entry adds to those of the files of its layer.
fn file_bytes(entry: &Entry) -> u64 {
    let link = if entry.kind == Kind::Symlink { entry.link.as_ref() } else { None };
    entry.size + link.map_or(0, |it| it.len() as u64)
}

/// Where programs are that are named without a path.
const PROGRAMS: &[&str] =
    &["usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin"];

/// Words in front of the program itself.
const STARTERS: &[&str] = &["sh", "/bin/sh", "bash", "/bin/bash", "-c", "exec"];

/// The file that a link leads to, if it is one; a few links on.
fn followed(tree: &Tree<'_>, mut path: Vec<u8>) -> Vec<u8> {
    for _ in 0..8 {
        let link =
            tree.get(&path).filter(|it| it.kind == Kind::Symlink).and_then(|it| it.link.as_ref());
        let Some(link) = link else { break };
        let target = match link.strip_prefix(b"/") {
            Some(absolute) => absolute.to_vec(),
            None => [split(&path).0, link].join(&b'/'),
        };
        match clean(&target) {
            Ok(target) => path = target.into_vec(),
            Err(_) => break,
        }
    }
    path
}

/// All entries of the own layers but the program that the image starts; none if that is not in them.
fn all_but_program(measured: &Measured) -> Option<Vec<Place>> {
    let layers = &measured.image.layers;
    let tree = Tree::of(&measured.image);
    let contents: HashMap<&[u8], Place> = tree.contents().into_iter().collect();
    let words = measured.image.command.iter().flat_map(|it| it.split_whitespace());
    let mut words =
        words.map(|it| it.trim_matches(['"', '\'', ';'])).skip_while(|it| STARTERS.contains(it));
    let word = words.next()?;
    let paths: Vec<String> = match word.strip_prefix('/') {
        Some(path) => vec![path.to_owned()],
        None if word.contains('/') => {
            let folder = measured.image.workdir.trim_matches('/');
            let path = format!("{folder}/{}", word.trim_start_matches("./"));
            vec![path.trim_start_matches('/').to_owned()]
        }
        None => PROGRAMS.iter().map(|it| format!("{it}/{word}")).collect(),
    };
    let path = paths.into_iter().map(String::into_bytes).find(|it| tree.get(it).is_some())?;
    let program = *contents.get(&*followed(&tree, path))?;
    if program.layer < measured.base.layers {
        return None;
    }
    // Folders cost next to nothing, and the program may need its own.
    let goes = |place: &Place| *place != program && entry(measured, *place).kind != Kind::Directory;
    let own = (measured.base.layers..layers.len()).flat_map(|layer| {
        (0..layers[layer].content.entries.len()).map(move |entry| Place { layer, entry })
    });
    Some(own.filter(goes).collect())
}

/// The parts of each layer that go with some entries.
fn left_out(measured: &Measured, places: &[Place]) -> BTreeMap<usize, Ranges> {
    let mut ranges: BTreeMap<usize, Ranges> = BTreeMap::new();
    for place in places {
        let entry = entry(measured, *place);
        ranges.entry(place.layer).or_default().push(entry.start..entry.start + entry.tar_bytes);
    }
    ranges.values_mut().for_each(|it| it.sort_by_key(|it| it.start));
    ranges
}
