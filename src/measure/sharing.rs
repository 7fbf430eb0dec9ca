//! What images share, and what they would share if it were not for times or owners.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest as _, Sha256};

use super::Measured;
use crate::image::{Digest, Layer};

/// What images share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sharing {
    /// File bytes of layers that several images have, each counted once.
    pub shared_bytes: u64,
    /// File bytes of all layers, each counted once: what the images take together.
    pub total_bytes: u64,
    /// Of each image: the file bytes of layers that others have too, and of those that only it has.
    pub images: Vec<(u64, u64)>,
    /// Layers that are stored twice although they hold the same.
    pub twins: Vec<Twin>,
}

/// Two layers that hold the same and have different digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// An image and a layer of it, both by index.
    pub first: (usize, usize),
    /// Another image and its layer.
    pub second: (usize, usize),
    /// File bytes that would be stored once.
    pub bytes: u64,
    /// What makes the difference: `times`, or `owners`.
    pub differ: &'static str,
}

/// What images share: layers with the same ChainID, which a store keeps once.
pub fn sharing(images: &[Measured]) -> Sharing {
    let layers = |it: &Measured| -> Vec<(Digest, u64)> {
        it.image.layers.iter().map(|layer| (layer.chain_id, layer.file_bytes())).collect()
    };
    let mut users: BTreeMap<Digest, (usize, u64)> = BTreeMap::new();
    for (chain, bytes) in images.iter().flat_map(layers) {
        users.entry(chain).or_insert((0, bytes)).0 += 1;
    }
    let of = |image: &Measured| {
        let (mut shared, mut unique) = (0, 0);
        for (chain, bytes) in layers(image) {
            *(if users[&chain].0 > 1 { &mut shared } else { &mut unique }) += bytes;
        }
        (shared, unique)
    };
    Sharing {
        shared_bytes: users.values().filter(|it| it.0 > 1).map(|it| it.1).sum(),
        total_bytes: users.values().map(|it| it.1).sum(),
        images: images.iter().map(of).collect(),
        twins: twins(images),
    }
}

/// Finds layers of two images that hold the same but for times or owners: waste of class W13.
fn twins(images: &[Measured]) -> Vec<Twin> {
    let mut twins: Vec<Twin> = Vec::new();
    for (differ, with_owners) in [("times", true), ("owners", false)] {
        let mut first: HashMap<Digest, (usize, usize)> = HashMap::new();
        for (image, it) in images.iter().enumerate() {
            for (index, layer) in
                it.image.layers.iter().enumerate().filter(|it| it.1.file_bytes() > 0)
            {
                let place = *first.entry(content(layer, with_owners)).or_insert((image, index));
                let other = &images[place.0].image.layers[place.1];
                let is_told = twins.iter().any(|it| it.second == (image, index));
                if place.0 != image && other.content.diff_id != layer.content.diff_id && !is_told {
                    let bytes = layer.file_bytes();
                    twins.push(Twin { first: place, second: (image, index), bytes, differ });
                }
            }
        }
    }
    twins.sort_by_key(|it| std::cmp::Reverse(it.bytes));
    twins
}

/// A digest of what a layer holds, without times.
fn content(layer: &Layer, with_owners: bool) -> Digest {
    let mut lines: Vec<Vec<u8>> = layer
        .content
        .entries
        .iter()
        .map(|it| {
            let owner = if with_owners { (it.uid, it.gid) } else { (0, 0) };
            let facts = format!(
                "{:?} {:o} {owner:?} {} {:?} {:?} ",
                it.kind, it.mode, it.size, it.digest, it.xattrs
            );
            let link = it.link.as_deref().unwrap_or_default();
            [facts.as_bytes(), &it.path, b"\0", link].concat()
        })
        .collect();
    lines.sort_unstable();
    let mut hash = Sha256::new();
    for line in lines {
        hash.update((line.len() as u64).to_be_bytes());
        hash.update(line);
    }
    Digest(hash.finalize().into())
}
