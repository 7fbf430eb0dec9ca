//! Reads what `measure --format json` wrote, for editors: what the lines of a Dockerfile add to the image, and what of it is wasted.

use std::path::Path;

use serde::Deserialize;

use crate::escape;
use crate::lint::size;
use crate::source::hash;

/// The version of the format that is read.
const VERSION: u32 = 1;

/// More kinds of waste of a line are not named.
const KINDS: usize = 4;

/// A measured image, as it was written to a file.
#[derive(Debug, Clone, Deserialize)]
pub struct Measurement {
    version: u32,
    images: Vec<Image>,
}

#[derive(Debug, Clone, Deserialize)]
struct Image {
    dockerfile: Option<Dockerfile>,
    layers: Vec<Layer>,
    waste: Waste,
}

#[derive(Debug, Clone, Deserialize)]
struct Dockerfile {
    file: String,
    digest: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Layer {
    index: usize,
    size: Size,
    instruction: Option<Lines>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Size {
    files: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Lines {
    line: u32,
    end_line: u32,
}

#[derive(Debug, Clone, Deserialize)]
struct Waste {
    items: Vec<Item>,
}

#[derive(Debug, Clone, Deserialize)]
struct Item {
    title: String,
    bytes: u64,
    counted: bool,
    made_in: usize,
}

/// What the layer of an instruction holds. Sizes are in bytes of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredLine {
    /// The first line of what made the layer, from 1.
    pub line: u32,
    /// The last line.
    pub end_line: u32,
    /// What it adds to the image.
    pub bytes: u64,
    /// What of that is wasted, by kind, the most first.
    pub wasted: Vec<(String, u64)>,
}

impl Measurement {
    /// Reads a report; none if it is another file.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(bytes).ok()?;
        (read.version == VERSION).then_some(read)
    }

    /// What it says of the lines of a Dockerfile of that name with exactly this text, from the top; nothing if no image is of
    /// it. After a change its lines are others.
    pub fn lines(&self, name: &str, text: &str) -> Vec<MeasuredLine> {
        let digest = hash(text);
        let is_own = |it: &Dockerfile| {
            Path::new(&it.file).file_name().is_some_and(|it| it == name) && it.digest == digest
        };
        let own = self.images.iter().find(|it| it.dockerfile.as_ref().is_some_and(is_own));
        let mut lines: Vec<MeasuredLine> = own.map(Image::lines).unwrap_or_default();
        lines.sort_by_key(|it| it.line);
        lines
    }
}

impl Image {
    fn lines(&self) -> Vec<MeasuredLine> {
        let line = |layer: &Layer| {
            let Lines { line, end_line } = layer.instruction?;
            let items = self.waste.items.iter();
            let own = items.filter(|it| it.counted && it.made_in == layer.index);
            let mut wasted: Vec<(String, u64)> = Vec::new();
            for item in own {
                match wasted.iter_mut().find(|it| it.0 == item.title) {
                    Some(known) => known.1 = known.1.saturating_add(item.bytes),
                    None => wasted.push((item.title.clone(), item.bytes)),
                }
            }
            wasted.sort_by_key(|it| std::cmp::Reverse(it.1));
            Some(MeasuredLine { line, end_line, bytes: layer.size.files, wasted })
        };
        self.layers.iter().filter_map(line).collect()
    }
}

impl MeasuredLine {
    /// What it adds, and what of that is wasted, in Markdown.
    pub fn story(&self, instruction_end: u32) -> String {
        let bytes = size(self.bytes);
        let mut text = if self.end_line > instruction_end {
            format!(
                "Lines {} to {} are one layer, which adds {bytes} to the image (measured).",
                self.line, self.end_line
            )
        } else {
            format!("Adds {bytes} to the image (measured).")
        };
        let kinds = self.wasted.iter().take(KINDS);
        let kinds: Vec<String> = kinds
            .map(|(title, bytes)| format!("{} ({})", escape::markdown(title), size(*bytes)))
            .collect();
        if !kinds.is_empty() {
            let all = self.wasted.iter().fold(0u64, |sum, it| sum.saturating_add(it.1));
            text += &format!(" Of this, {} is wasted: {}.", size(all), kinds.join(", "));
        }
        text
    }
}
