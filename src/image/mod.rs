//! Images and their layers, read from docker-archives, OCI layouts and `dir:` folders. Nothing is unpacked to disk; each
//! layer is read once, and what its digests promise is checked.

mod codec;
mod digest;
mod entry;
mod fault;
mod find;
mod layer;
mod manifest;
mod pax;
mod recode;
mod store;
mod tar_stream;
mod watch;

pub use codec::Codec;
pub use digest::Digest;
pub use entry::{Entry, Kind, Seen, clean, split};
pub use fault::{Fault, Result};
pub use find::Choice;
pub use layer::{Databases, LayerContent, Limits, read as read_layer};
pub use manifest::Step;
pub use recode::{Encoded, Ranges, recode, spool};
pub use tar_stream::{BLOCK, Forward, Member, Members};

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::escape::is_live;
use store::Store;

/// An image.
#[derive(Debug, Clone)]
pub struct Image {
    /// The names it has where it was read.
    pub names: Vec<String>,
    /// The digest of its configuration, which classic stores show as its ID; none for what is not a whole image.
    pub id: Option<Digest>,
    /// What it runs on, such as `linux/amd64`.
    pub platform: String,
    /// The working directory of its containers; empty where none is set.
    pub workdir: String,
    /// What its containers start: the words of ENTRYPOINT and CMD.
    pub command: Vec<String>,
    /// What built it, step by step, as its configuration says.
    pub history: Vec<Step>,
    /// Its layers, from the lowest.
    pub layers: Vec<Layer>,
}

/// A layer of an image.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The digest of the stack up to it.
    pub chain_id: Digest,
    /// Its bytes.
    pub content: Arc<LayerContent>,
    /// The element of [`Image::history`] that made it; none if history and layers do not agree.
    pub step: Option<usize>,
}

impl Layer {
    /// The sum of the sizes of its files and of the lengths of its symbolic links, as Docker counts it.
    ///
    /// Source: `daemon/internal/directory` of <https://github.com/moby/moby>.
    pub fn file_bytes(&self) -> u64 {
        let link = |it: &Entry| match it.kind {
            Kind::Symlink => it.link.as_ref().map_or(0, |link| link.len() as u64),
            _ => 0,
        };
        self.content.entries.iter().map(|it| it.size + link(it)).sum()
    }

    /// The bytes of its compressed blob; none if it is stored as it is.
    pub fn compressed(&self) -> Option<u64> {
        (self.content.codec != Codec::Plain).then_some(self.content.stored)
    }
}

/// Reads the images that are at a path and are chosen.
pub fn open(path: &Path, choice: &Choice, limits: &Limits) -> Result<Vec<Image>> {
    load(&Store::open(path, limits)?, choice, limits)
}

/// Reads the images of a stream, such as what an engine saves.
pub fn from_stream(
    stream: impl Read + Send,
    choice: &Choice,
    limits: &Limits,
) -> Result<Vec<Image>> {
    load(&Store::pass(stream, limits)?, choice, limits)
}

fn load(store: &Store, choice: &Choice, limits: &Limits) -> Result<Vec<Image>> {
    let found = find::images(store)?;
    let chosen = find::choose(found, choice)?;
    let mut known = Contents::new();
    chosen.into_iter().map(|it| read(store, it, &mut known, limits)).collect()
}

/// What was read of the layers, by the names of their blobs: images share them.
type Contents = HashMap<String, Result<Option<Arc<LayerContent>>>>;

/// Images with more layers are refused; no engine makes more than some hundred.
const MOST_LAYERS: usize = 1000;

/// Reads the layers of an image.
fn read(store: &Store, found: find::Found, known: &mut Contents, limits: &Limits) -> Result<Image> {
    let diff_ids = found.configuration.rootfs.diff_ids.unwrap_or_default();
    if diff_ids.len() != found.blobs.len() {
        return Err(Fault::new(format!(
            "names {} layers, and its configuration has {}",
            found.blobs.len(),
            diff_ids.len()
        )));
    }
    if found.blobs.len() > MOST_LAYERS {
        return Err(Fault::new(format!("has more than {MOST_LAYERS} layers")));
    }
    let mut names: Vec<String> = found.blobs.iter().map(|it| store.real_name(&it.name)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|it| !known.contains_key(it));
    let contents: Vec<_> = names.par_iter().map(|name| store.layer(name, limits)).collect();
    known.extend(names.into_iter().zip(contents));
    let mut layers: Vec<Layer> = Vec::new();
    for (index, (blob, diff_id)) in found.blobs.iter().zip(&diff_ids).enumerate() {
        let part = || format!("layer {index} ({})", blob.name);
        let content = known.get(&store.real_name(&blob.name)).cloned();
        let content = content.unwrap_or(Ok(None)).map_err(|fault| fault.in_part(part()))?;
        let missing = || Fault::new("its blob is missing").in_part(part());
        let content = content.ok_or_else(missing)?;
        let mismatch = |what: &str, expected: &str, found: Digest| {
            let text = format!(
                "its {what} is {found}, but should be {expected}: it was changed or damaged"
            );
            Fault::new(text).in_part(part())
        };
        if let Some(expected) = blob.digest.filter(|it| *it != content.digest) {
            return Err(mismatch("digest", &expected.to_string(), content.digest));
        }
        if Digest::parse(diff_id) != Some(content.diff_id) {
            return Err(mismatch("DiffID", diff_id, content.diff_id));
        }
        let chain_id = Digest::chain(layers.last().map(|it| it.chain_id), content.diff_id);
        layers.push(Layer { chain_id, content, step: None });
    }
    let history = found.configuration.history.unwrap_or_default();
    let filled: Vec<usize> = (0..history.len()).filter(|at| !history[*at].empty_layer).collect();
    if filled.len() == layers.len() {
        layers.iter_mut().zip(filled).for_each(|(layer, step)| layer.step = Some(step));
    }
    let container = found.configuration.config.unwrap_or_default();
    Ok(Image {
        names: found.names,
        id: Some(found.id),
        platform: found.platform,
        workdir: container.working_dir,
        command: [container.entrypoint, container.cmd].into_iter().flatten().flatten().collect(),
        history,
        layers,
    })
}

/// A path for people: bytes that are not UTF-8 and control characters are escaped.
pub fn show(path: &[u8]) -> String {
    let mut text = String::new();
    for chunk in path.utf8_chunks() {
        for character in chunk.valid().chars() {
            if is_live(character) {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    match text.char_indices().nth(300) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
