//! Docker's store with the overlay2 driver.
//!
//! Source: `layer/filestore.go`, `image/fs.go` and `daemon/graphdriver/overlay2` of <https://github.com/moby/moby>.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde::Deserialize;

use super::unreadable::Unreadable;
use super::{Image, Kind, Layer, Marks, Store, names, short, text, unreferenced};
use crate::image::Digest;

/// The one driver that is read.
const DRIVER: &str = "overlay2";

#[derive(Deserialize)]
struct Configuration {
    rootfs: Option<RootFs>,
}

#[derive(Deserialize)]
struct RootFs {
    #[serde(default)]
    diff_ids: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Repositories {
    #[serde(rename = "Repositories", default)]
    repositories: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Container {
    #[serde(rename = "Image", default)]
    image: String,
}

/// Reads it.
pub(super) fn read(root: &Path) -> Result<Store, Unreadable> {
    let drivers = names(&root.join("image"))?;
    if !drivers.contains(DRIVER) {
        let drivers: Vec<String> = drivers.into_iter().collect();
        return Err(Unreadable::new(match drivers.as_slice() {
            [] => "is a store of Docker without images".to_owned(),
            others => {
                format!("keeps layers with {}, but only {DRIVER} is supported", others.join(", "))
            }
        }));
    }
    let index = root.join("image").join(DRIVER);
    let layer_db = index.join("layerdb");
    let images_at = index.join("imagedb/content/sha256");
    let folders_at = root.join(DRIVER);
    let marks = Marks::of([
        index.join("repositories.json"),
        images_at.clone(),
        layer_db.join("sha256"),
        layer_db.join("mounts"),
        folders_at.clone(),
        root.join("containers"),
    ]);
    let mut reading = Reading::default();
    reading.layers(&layer_db.join("sha256"), &folders_at)?;
    reading.mounts(&layer_db.join("mounts"), &folders_at)?;
    let containers = containers(root)?;
    let images = reading.images(&index, &containers)?;
    let Reading { layers, known, faults, .. } = reading;
    let is_known = |it: &str| known.contains(it) || it == "l" || it == "backingFsBlockDev";
    let unreferenced = unreferenced(&folders_at, is_known)?;
    Ok(Store {
        root: root.to_owned(),
        kind: Kind::Docker,
        driver: DRIVER.to_owned(),
        unreferenced,
        containers: containers.len(),
        images,
        layers,
        faults,
        changed: marks.changed(),
    })
}

/// What is known so far.
#[derive(Default)]
struct Reading {
    layers: Vec<Layer>,
    /// The layers by their chain IDs.
    by_chain: HashMap<String, usize>,
    /// The folders of the driver that something names.
    known: BTreeSet<String>,
    faults: Vec<String>,
}

impl Reading {
    /// Reads the layers of images.
    fn layers(&mut self, at: &Path, folders_at: &Path) -> Result<(), Unreadable> {
        for chain in names(at)? {
            let folder = at.join(&chain);
            let read = |name: &str| text(&folder.join(name)).ok();
            let Some(cache) = read("cache-id").map(|it| it.trim().to_owned()) else {
                self.faults.push(format!("layer {} has no cache-id", short(&chain)));
                continue;
            };
            let recorded = read("size").and_then(|it| it.trim().parse().ok()).unwrap_or(0_u64);
            // So that sums of it are numbers.
            let recorded = recorded.min(1 << 50);
            let files = folders_at.join(&cache).join("diff");
            if !files.is_dir() {
                let layer = short(&chain);
                let fault = format!("layer {layer} has no folder: {} is missing", files.display());
                self.faults.push(fault);
            }
            self.known.insert(cache);
            self.by_chain.insert(chain.clone(), self.layers.len());
            self.layers.push(Layer { id: chain, folder: files, recorded, ..Layer::default() });
        }
        Ok(())
    }

    /// Reads the layers of containers.
    fn mounts(&mut self, at: &Path, folders_at: &Path) -> Result<(), Unreadable> {
        for mount in names(at)? {
            for name in ["mount-id", "init-id"] {
                let Ok(id) = text(&at.join(&mount).join(name)) else { continue };
                let id = id.trim().to_owned();
                let folder = folders_at.join(&id).join("diff");
                let layer = Layer { id: id.clone(), folder, is_used: true, ..Layer::default() };
                self.layers.push(layer);
                self.known.insert(id);
            }
        }
        Ok(())
    }

    /// Reads the images; the containers are given by the images they were made from.
    fn images(&mut self, index: &Path, containers: &[String]) -> Result<Vec<Image>, Unreadable> {
        let tags = tags(&index.join("repositories.json"))?;
        let images_at = index.join("imagedb/content/sha256");
        let mut images = Vec::new();
        let mut parents = BTreeSet::new();
        for id in names(&images_at)? {
            let configuration: Result<Configuration, _> =
                serde_json::from_str(&text(&images_at.join(&id))?);
            let Ok(configuration) = configuration else {
                let image = short(&id);
                self.faults.push(format!("the configuration of image {image} is malformed"));
                continue;
            };
            let parent = index.join("imagedb/metadata/sha256").join(&id).join("parent");
            if let Ok(parent) = text(&parent) {
                parents.insert(parent.trim().trim_start_matches("sha256:").to_owned());
            }
            images.push(Image {
                names: tags.get(&id).cloned().unwrap_or_default(),
                layers: self.layers_of(&id, configuration),
                containers: containers.iter().filter(|it| **it == id).count(),
                id,
                is_step: false,
            });
        }
        for image in &mut images {
            image.is_step = image.names.is_empty() && parents.contains(&image.id);
        }
        Ok(images)
    }

    /// The layers that a configuration names by their diff IDs, by index.
    fn layers_of(&mut self, image: &str, configuration: Configuration) -> Vec<usize> {
        let (mut chain, mut own) = (None, Vec::new());
        for diff_id in configuration.rootfs.and_then(|it| it.diff_ids).unwrap_or_default() {
            let Some(diff_id) = Digest::parse(&diff_id) else { continue };
            let next = Digest::chain(chain, diff_id);
            chain = Some(next);
            match self.by_chain.get(&next.hex()) {
                Some(at) => own.push(*at),
                None => self.faults.push(format!(
                    "image {} names layer {}, which does not exist",
                    short(image),
                    next.short()
                )),
            }
        }
        own
    }
}

/// The names of each image by its ID.
fn tags(path: &Path) -> Result<HashMap<String, Vec<String>>, Unreadable> {
    let mut tags: HashMap<String, Vec<String>> = HashMap::new();
    if !path.exists() {
        return Ok(tags);
    }
    let repositories: Repositories = serde_json::from_str(&text(path)?)
        .map_err(|error| Unreadable::at(path, error.to_string(), error))?;
    for (name, id) in repositories.repositories.into_values().flatten() {
        if !name.contains("@sha256:") {
            tags.entry(id.trim_start_matches("sha256:").to_owned()).or_default().push(name);
        }
    }
    Ok(tags)
}

/// The image of each container.
fn containers(root: &Path) -> Result<Vec<String>, Unreadable> {
    let folder = root.join("containers");
    let mut images = Vec::new();
    for name in names(&folder)? {
        let Ok(text) = text(&folder.join(&name).join("config.v2.json")) else {
            continue;
        };
        if let Ok(container) = serde_json::from_str::<Container>(&text) {
            images.push(container.image.trim_start_matches("sha256:").to_owned());
        }
    }
    Ok(images)
}
