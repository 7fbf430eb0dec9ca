//! The images of a store: which there are, and which is meant.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::digest::Digest;
use super::fault::{Fault, Result};
use super::manifest::{ArchiveItem, Configuration, Descriptor, Manifest};
use super::store::Store;

/// Which images of those that are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Those of this name.
    pub name: Option<String>,
    /// Those for this platform, such as `linux/arm64`; `all` for those of every platform.
    pub platform: Option<String>,
}

/// An image whose layers are not read yet.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) names: Vec<String>,
    pub(super) id: Digest,
    pub(super) platform: String,
    pub(super) configuration: Configuration,
    pub(super) blobs: Vec<Blob>,
}

/// The blob of a layer.
#[derive(Debug)]
pub(super) struct Blob {
    /// Its name in the store.
    pub(super) name: String,
    /// What its digest has to be, where that is said.
    pub(super) digest: Option<Digest>,
}

/// How deep indexes may be in each other, and how many manifests they may name.
const MOST_DEPTH: usize = 4;
const MOST_MANIFESTS: usize = 1000;

/// Images that an error lists.
const MOST_LISTED: usize = 20;

/// Images that are read at once.
const MOST_CHOSEN: usize = 100;

/// All images of a store.
pub(super) fn images(store: &Store) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let text = store.json("manifest.json")?;
    let is_list = text.as_ref().is_some_and(|it| it.trim_ascii_start().starts_with(b"["));
    let index = store.json("index.json")?;
    let is_nothing = text.is_none() && index.is_none();
    match &text {
        Some(text) if is_list => {
            let items: Vec<ArchiveItem> = parse(text, "manifest.json")?;
            found.extend(of_archive(store, items)?);
        }
        // The folder that `skopeo copy … dir:` writes: its manifest and its blobs, without folders.
        Some(text) if index.is_none() => {
            let manifest = parse::<Manifest>(text, "manifest.json")?;
            found.extend(of_manifest(store, &manifest, None, &flat)?);
            if found.is_empty() {
                return Err(Fault::new(
                    "manifest.json does not name a configuration: this is not an image",
                ));
            }
        }
        _ => {}
    }
    if let Some(index) = index {
        let mut walk = Walk { store, found: Vec::new(), left: MOST_MANIFESTS, missing: None };
        walk.index(&parse(&index, "index.json")?, None, 0)?;
        // What docker-archives say twice.
        let mut known: HashMap<Digest, usize> =
            found.iter().enumerate().map(|(at, it)| (it.id, at)).collect();
        for image in walk.found {
            match known.get(&image.id) {
                Some(at) if is_list => {
                    let names = &mut found[*at].names;
                    if names.is_empty() {
                        names.extend(image.names);
                    }
                }
                Some(at) => found[*at].names.extend(image.names),
                None => {
                    known.insert(image.id, found.len());
                    found.push(image);
                }
            }
        }
        if let (true, Some(fault)) = (found.is_empty(), walk.missing) {
            return Err(fault);
        }
    }
    if found.is_empty() {
        let reason = if is_nothing {
            "has neither manifest.json nor index.json: this is not an image"
        } else {
            "names no image"
        };
        return Err(Fault::new(reason));
    }
    Ok(found)
}

fn parse<T: DeserializeOwned>(bytes: &[u8], name: &str) -> Result<T> {
    serde_json::from_slice(bytes)
        .map_err(|error| Fault::new(format!("is malformed: {error}")).in_part(name))
}

/// Where a blob is in a layout.
fn nested(digest: &str) -> String {
    format!("blobs/{}", digest.replacen(':', "/", 1))
}

/// Where a blob is in a `dir:` folder.
fn flat(digest: &str) -> String {
    digest.strip_prefix("sha256:").unwrap_or(digest).to_owned()
}

/// The digest that the name of a file promises.
fn promised(name: &str) -> Option<Digest> {
    let last = name.rsplit('/').next().unwrap_or(name);
    let last = last.strip_prefix("sha256:").unwrap_or(last);
    let hex = last.split('.').next().unwrap_or(last);
    Digest::parse(hex)
}

/// The images of a docker-archive. Those that have the same configuration and layers are one with several names.
fn of_archive(store: &Store, items: Vec<ArchiveItem>) -> Result<Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    let mut known: HashMap<(String, Option<Vec<String>>), usize> = HashMap::new();
    for item in items {
        match known.get(&(item.config.clone(), item.layers.clone())) {
            Some(at) => found[*at].names.extend(item.repo_tags.unwrap_or_default()),
            None if found.len() == MOST_MANIFESTS => {
                let fault = Fault::new(format!("names more than {MOST_MANIFESTS} images"));
                return Err(fault.in_part("manifest.json"));
            }
            None => {
                known.insert((item.config.clone(), item.layers.clone()), found.len());
                found.push(of_item(store, item)?);
            }
        }
    }
    Ok(found)
}

fn of_item(store: &Store, item: ArchiveItem) -> Result<Found> {
    let missing = || Fault::new("is missing").in_part(format!("configuration {}", item.config));
    let bytes = store.json(&item.config)?.ok_or_else(missing)?;
    let id = Digest::of(&bytes);
    check(promised(&item.config), id, &item.config)?;
    let configuration: Configuration = parse(&bytes, &item.config)?;
    let blob = |name: String| {
        // The links that stand for a repeated layer have the name of another.
        let digest = promised(&name).filter(|_| store.real_name(&name) == name);
        Blob { digest, name }
    };
    Ok(Found {
        names: item.repo_tags.unwrap_or_default(),
        id,
        platform: platform_of(&configuration),
        configuration,
        blobs: item.layers.unwrap_or_default().into_iter().map(blob).collect(),
    })
}

fn check(expected: Option<Digest>, found: Digest, part: &str) -> Result<()> {
    match expected {
        Some(expected) if expected != found => Err(Fault::new(format!(
            "its digest is {found}, but should be {expected}: it was changed or damaged"
        ))
        .in_part(part)),
        _ => Ok(()),
    }
}

/// The image of a manifest; none if it is of something else.
fn of_manifest(
    store: &Store,
    manifest: &Manifest,
    name: Option<String>,
    place: &dyn Fn(&str) -> String,
) -> Result<Option<Found>> {
    let Some(config) = &manifest.config else { return Ok(None) };
    if !config.media_type.is_empty() && !config.media_type.contains("image") {
        return Ok(None);
    }
    let file = place(&config.digest);
    let missing = || Fault::new("is missing").in_part(format!("configuration {}", config.digest));
    let bytes = store.json(&file)?.ok_or_else(missing)?;
    let id = Digest::of(&bytes);
    check(digest_of(config)?, id, &format!("configuration {}", config.digest))?;
    let configuration: Configuration = parse(&bytes, &file)?;
    let mut blobs = Vec::new();
    for (index, layer) in manifest.layers.iter().enumerate() {
        if layer.media_type.ends_with("+encrypted") {
            let part = format!("layer {index} ({})", layer.digest);
            return Err(Fault::new("is encrypted: decrypt the image first").in_part(part));
        }
        blobs.push(Blob { name: place(&layer.digest), digest: digest_of(layer)? });
    }
    Ok(Some(Found {
        names: name.into_iter().collect(),
        id,
        platform: platform_of(&configuration),
        configuration,
        blobs,
    }))
}

fn digest_of(descriptor: &Descriptor) -> Result<Option<Digest>> {
    let digest = Digest::parse(&descriptor.digest);
    let unknown = || {
        Fault::new(format!(
            "`{}` is not a SHA-256 digest",
            super::show(descriptor.digest.as_bytes())
        ))
    };
    digest.map(Some).ok_or_else(unknown)
}

fn platform_of(configuration: &Configuration) -> String {
    let Configuration { os, architecture, variant, .. } = configuration;
    let parts = [os.as_str(), architecture, variant];
    let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    parts.join("/")
}

/// A walk through indexes that are in indexes.
struct Walk<'s> {
    store: &'s Store,
    found: Vec<Found>,
    left: usize,
    /// The first manifest that is named and not there: legal, as long as there is another image.
    missing: Option<Fault>,
}

impl Walk<'_> {
    fn index(&mut self, index: &Manifest, name: Option<&String>, depth: usize) -> Result<()> {
        for descriptor in &index.manifests {
            if descriptor.is_attestation() {
                continue;
            }
            self.left = self
                .left
                .checked_sub(1)
                .ok_or_else(|| Fault::new(format!("names more than {MOST_MANIFESTS} manifests")))?;
            let part = format!("manifest {}", descriptor.digest);
            let digest = digest_of(descriptor)?;
            let Some(bytes) = self.store.json(&nested(&descriptor.digest))? else {
                self.missing.get_or_insert(Fault::new("is missing").in_part(part));
                continue;
            };
            check(digest, Digest::of(&bytes), &part)?;
            let manifest: Manifest = parse(&bytes, &part)?;
            let own = descriptor.name();
            let name = own.as_ref().or(name);
            if !manifest.manifests.is_empty() {
                if depth >= MOST_DEPTH {
                    return Err(Fault::new("indexes are nested without end").in_part(part));
                }
                self.index(&manifest, name, depth + 1)?;
            } else {
                self.found.extend(of_manifest(self.store, &manifest, name.cloned(), &nested)?);
            }
        }
        Ok(())
    }
}

/// What asks for the images of every platform.
const ALL_PLATFORMS: &str = "all";

/// The platform that this program runs on, in Docker's words. Images are nearly always of Linux.
fn host() -> String {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("linux/{architecture}")
}

/// The images that are meant. Of one name, only those for this machine, unless a platform is asked for.
pub(super) fn choose(found: Vec<Found>, choice: &Choice) -> Result<Vec<Found>> {
    let chosen = chosen(found, choice)?;
    if chosen.len() > MOST_CHOSEN {
        return Err(Fault::new(format!(
            "holds {} images, and {MOST_CHOSEN} are the most that are read at once: choose one by its name",
            chosen.len()
        )));
    }
    Ok(chosen)
}

fn chosen(mut found: Vec<Found>, choice: &Choice) -> Result<Vec<Found>> {
    let list = |found: &[Found]| {
        let names = found.iter().map(|it| {
            let name =
                it.names.first().cloned().unwrap_or_else(|| format!("sha256:{}", it.id.short()));
            format!("{name} ({})", it.platform)
        });
        let more = found.len().saturating_sub(MOST_LISTED);
        let more = (more > 0).then(|| format!("and {more} more"));
        names.take(MOST_LISTED).chain(more).collect::<Vec<_>>().join(", ")
    };
    let all = list(&found);
    if let Some(name) = &choice.name {
        let id = name.strip_prefix("sha256:").unwrap_or(name);
        let is_id = |it: &Found| id.len() >= 6 && it.id.hex().starts_with(id);
        found.retain(|it| is_id(it) || it.names.iter().any(|own| is_same_name(own, name)));
        if found.is_empty() {
            return Err(Fault::new(format!("has no image `{name}`; it has {all}")));
        }
    }
    if choice.platform.as_deref() == Some(ALL_PLATFORMS) {
        return Ok(found);
    }
    if let Some(platform) = &choice.platform {
        found.retain(|it| {
            it.platform == *platform
                || it
                    .platform
                    .strip_prefix(platform.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
        });
        if found.is_empty() {
            return Err(Fault::new(format!("has no image for {platform}; it has {all}")));
        }
        return Ok(found);
    }
    let host = host();
    let is_for_host = |it: &Found| it.platform.starts_with(&host);
    let served: Vec<Vec<String>> =
        found.iter().filter(|it| is_for_host(it)).map(|it| it.names.clone()).collect();
    found.retain(|it| is_for_host(it) || !served.contains(&it.names));
    let mut platforms: Vec<&str> = found.iter().map(|it| it.platform.as_str()).collect();
    platforms.sort_unstable();
    platforms.dedup();
    if platforms.len() > 1 && found.iter().all(|it| it.names == found[0].names) {
        return Err(Fault::new(format!(
            "has images for several platforms; choose one of them, or `all`, with `--platform`: {}",
            platforms.join(", ")
        )));
    }
    Ok(found)
}

/// Whether two names mean one image: `busybox` is `docker.io/library/busybox:latest`.
fn is_same_name(own: &str, wanted: &str) -> bool {
    let familiar = |name: &str| {
        let name = name.strip_prefix("docker.io/").unwrap_or(name);
        let name = name
            .strip_prefix("library/")
            .or_else(|| name.strip_prefix("localhost/"))
            .unwrap_or(name);
        let last = name.rsplit('/').next().unwrap_or(name);
        if last.contains([':', '@']) { name.to_owned() } else { format!("{name}:latest") }
    };
    own == wanted || familiar(own) == familiar(wanted)
}
