//! The store of podman, buildah and skopeo: containers/storage with the overlay or the vfs driver.
//!
//! Source: `layers.go`, `images.go` and `containers.go` of <https://github.com/containers/storage>.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Image, Kind, Layer, Marks, Store, Unreadable, short, text, unreferenced};

#[derive(Deserialize)]
struct LayerItem {
    id: String,
    #[serde(default)]
    parent: String,
    #[serde(default, rename = "diff-size")]
    diff_size: i64,
}

#[derive(Deserialize)]
struct ImageItem {
    id: String,
    #[serde(default)]
    names: Option<Vec<String>>,
    #[serde(default)]
    layer: String,
}

#[derive(Deserialize)]
struct ContainerItem {
    #[serde(default)]
    image: String,
    #[serde(default)]
    layer: String,
}

/// Reads it.
pub(super) fn read(root: &Path, driver: &str) -> Result<Store, Unreadable> {
    let file = |kind: &str| root.join(format!("{driver}-{kind}")).join(format!("{kind}.json"));
    let folders_at = if driver == "vfs" { root.join("vfs/dir") } else { root.join(driver) };
    let marks = Marks::of([file("layers"), file("images"), file("containers"), folders_at.clone()]);
    let items: Vec<LayerItem> = list(&file("layers"))?;
    let mut faults = Vec::new();
    let parents: HashMap<String, String> =
        items.iter().map(|it| (it.id.clone(), it.parent.clone())).collect();
    let by_id: HashMap<String, usize> =
        items.iter().enumerate().map(|(at, it)| (it.id.clone(), at)).collect();
    let mut layers = layers(items, &folders_at, driver, &mut faults);
    let containers: Vec<ContainerItem> = list(&file("containers"))?;
    for container in &containers {
        if let Some(at) = by_id.get(&container.layer) {
            layers[*at].is_used = true;
        }
    }
    let mut images = Vec::new();
    for it in list::<ImageItem>(&file("images"))? {
        let own = chain(&it, &by_id, &parents, &mut faults);
        images.push(Image {
            names: it.names.unwrap_or_default(),
            layers: own,
            containers: containers.iter().filter(|container| container.image == it.id).count(),
            id: it.id,
            is_step: false,
        });
    }
    mark_steps(&mut images);
    let is_known = |it: &str| {
        by_id.contains_key(it)
            || it.starts_with('.')
            || matches!(it, "l" | "backingFsBlockDev" | "staging")
    };
    let unreferenced = unreferenced(&folders_at, is_known)?;
    Ok(Store {
        root: root.to_owned(),
        kind: Kind::Containers,
        driver: driver.to_owned(),
        unreferenced,
        containers: containers.len(),
        images,
        layers,
        faults,
        changed: marks.changed(),
    })
}

fn layers(
    items: Vec<LayerItem>,
    folders_at: &Path,
    driver: &str,
    faults: &mut Vec<String>,
) -> Vec<Layer> {
    let layer = |it: LayerItem| {
        let own = folders_at.join(&it.id);
        Layer {
            recorded: u64::try_from(it.diff_size).unwrap_or(0).min(1 << 50),
            folder: if driver == "vfs" { own } else { own.join("diff") },
            id: it.id,
            ..Layer::default()
        }
    };
    let layers: Vec<Layer> = items.into_iter().map(layer).collect();
    for layer in layers.iter().filter(|it| !it.folder.is_dir()) {
        let (id, folder) = (short(&layer.id), layer.folder.display());
        faults.push(format!("layer {id} has no folder: {folder} is missing"));
    }
    layers
}

/// The layers of an image by index, the lowest first.
fn chain(
    image: &ImageItem,
    by_id: &HashMap<String, usize>,
    parents: &HashMap<String, String>,
    faults: &mut Vec<String>,
) -> Vec<usize> {
    let (mut own, mut next) = (Vec::new(), image.layer.as_str());
    // A store that is damaged may have a circle.
    while !next.is_empty() && own.len() <= by_id.len() {
        let Some(at) = by_id.get(next) else {
            let (image, layer) = (short(&image.id), short(next));
            faults.push(format!("image {image} names layer {layer}, which does not exist"));
            break;
        };
        own.push(*at);
        next = parents.get(next).map_or("", String::as_str);
    }
    own.reverse();
    own
}

/// Builds with layers keep each step as an image without a name.
fn mark_steps(images: &mut [Image]) {
    let below: BTreeSet<usize> = images
        .iter()
        .flat_map(|it| it.layers.split_last().map(|(_, below)| below.to_vec()).unwrap_or_default())
        .collect();
    for image in images {
        image.is_step =
            image.names.is_empty() && image.layers.last().is_some_and(|it| below.contains(it));
    }
}

/// A list in a file; an empty one if the file is not there.
fn list<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Unreadable> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = text(path)?;
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(&text)
        .map_err(|error| Unreadable::at(path, format!("its layout is not known: {error}"), error))
}
