//! One page with everything: the Dockerfile next to its layers, a treemap of each layer, waste marked and explained. It needs
//! no network, and shows texts of the image as texts.

use std::collections::HashMap;

use serde::Serialize;

use super::ImageReport;
use super::rows::{layer_name, lines, made_by, metrics, sentence, story};
use crate::escape;
use crate::image::{Kind, show};
use crate::lint::size;
use crate::measure::{Item, Measured, WhatIf};
use crate::report::json::write as to_text;

const PAGE: &str = include_str!("page.html");

/// Where the data goes.
const PLACE: &str = "/*DATA*/";

/// How many paths of an item are listed.
const PATHS: usize = 5;

#[derive(Serialize)]
struct Data {
    images: Vec<ImageData>,
}

#[derive(Serialize)]
struct ImageData {
    name: String,
    numbers: String,
    title: String,
    sentence: String,
    /// What it would weigh without its waste; empty if nobody asked.
    what_if: String,
    rows: Vec<RowData>,
    layers: Vec<LayerData>,
    items: Vec<ItemData>,
}

/// A line of the Dockerfile, or a layer.
#[derive(Serialize)]
struct RowData {
    no: String,
    text: String,
    title: String,
    layer: Option<usize>,
    bytes: Option<u64>,
    waste: u64,
    base: bool,
}

#[derive(Serialize)]
struct LayerData {
    name: String,
    /// Path, bytes, and 1 for waste, 2 for what could be saved.
    files: Vec<(String, u64, u8)>,
}

#[derive(Serialize)]
struct ItemData {
    code: String,
    title: &'static str,
    bytes: u64,
    counted: bool,
    story: String,
    layer: usize,
    paths: Vec<(String, u64)>,
    more: usize,
    /// What would go with it, compressed; empty if nobody asked.
    saves: String,
}

/// The page.
pub(super) fn page(report: &ImageReport<'_>) -> String {
    let data = Data { images: report.images.iter().map(|it| image(report, it)).collect() };
    PAGE.replacen(PLACE, &escape::html_json(&to_text(&data)), 1)
}

fn image(report: &ImageReport<'_>, it: &Measured) -> ImageData {
    let mut wasted: HashMap<(usize, &str), u8> = HashMap::new();
    let mut of_layer: HashMap<usize, u64> = HashMap::new();
    for item in &it.waste.items {
        let kind = if item.class.counts() { 1 } else { 2 };
        if kind == 1 {
            *of_layer.entry(item.made_in).or_default() += item.bytes;
        }
        for (path, _) in &item.paths {
            wasted.entry((item.made_in, path)).or_insert(kind);
        }
    }
    let layers = it.image.layers.iter().enumerate().map(|(index, layer)| {
        let files = layer.content.entries.iter().filter(|it| it.kind == Kind::File && it.size > 0);
        LayerData {
            name: if index < it.base.layers {
                format!("layer {index} of the base")
            } else {
                layer_name(it, index)
            },
            files: files
                .map(|entry| {
                    let path = show(&entry.path);
                    let kind = wasted.get(&(index, path.as_str())).copied().unwrap_or(0);
                    (path, entry.size, kind)
                })
                .collect(),
        }
    });
    let items =
        it.waste.items.iter().filter(|item| item.made_in >= it.base.layers).map(|item| ItemData {
            code: item.class.code(),
            title: item.class.title(),
            bytes: item.bytes,
            counted: item.class.counts(),
            story: story(it, item),
            layer: item.made_in,
            paths: item.paths.iter().take(PATHS).cloned().collect(),
            more: item.paths.len().saturating_sub(PATHS),
            saves: saves(it, item),
        });
    let mut items: Vec<ItemData> = items.collect();
    items.sort_by_key(|it| !it.counted);
    ImageData {
        name: escape::line(&it.name).into_owned(),
        numbers: metrics(it),
        title: it
            .written
            .as_ref()
            .map_or_else(|| "Layers".to_owned(), |it| escape::line(&it.file).into_owned()),
        sentence: sentence(it),
        what_if: what_if(it),
        rows: rows(report, it, &of_layer),
        layers: layers.collect(),
        items,
    }
}

/// Before and after, in one line.
fn what_if(it: &Measured) -> String {
    let Some(WhatIf { now, together, .. }) = &it.what_if else { return String::new() };
    format!(
        "Predicted without any waste: {} → {} in files, {} → {} with gzip.",
        size(now.files),
        size(together.files),
        size(now.gzip),
        size(together.gzip)
    )
}

/// What would go with an item alone.
fn saves(it: &Measured, item: &Item) -> String {
    let alone = it.what_if.iter().flat_map(|it| it.alone.iter().map(|alone| (it.now, alone)));
    let mut found = alone.filter(|(_, (at, _))| it.waste.items.get(*at) == Some(item));
    found.next().map_or_else(String::new, |(now, (_, weight))| {
        format!("-{} with gzip", size(now.gzip.saturating_sub(weight.gzip)))
    })
}

/// The base's layers, and then the lines of the Dockerfile, each with the layer that ends there; or all layers, where no
/// Dockerfile is known.
fn rows(report: &ImageReport<'_>, it: &Measured, waste: &HashMap<usize, u64>) -> Vec<RowData> {
    let of_layer = |index: usize, no: String, text: String| RowData {
        no,
        text,
        title: made_by(it, index),
        layer: Some(index),
        bytes: Some(it.image.layers[index].file_bytes()),
        waste: waste.get(&index).copied().unwrap_or(0),
        base: index < it.base.layers,
    };
    let all = 0..it.image.layers.len();
    let (Some(written), Some(checked)) = (&it.written, report.checked) else {
        return all.map(|index| of_layer(index, index.to_string(), made_by(it, index))).collect();
    };
    let is_placed = |index: &usize| *index >= it.base.layers && it.origins[*index].is_some();
    let mut rows: Vec<RowData> = all
        .clone()
        .filter(|it| !is_placed(it))
        .map(|index| of_layer(index, "base".to_owned(), made_by(it, index)))
        .collect();
    for (at, text) in checked.source.text.lines().enumerate() {
        let line = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
        let starts =
            |index: &usize| it.origins[*index].is_some_and(|it| written.lines(it).0 == line);
        let here: Vec<usize> = all.clone().filter(is_placed).filter(starts).collect();
        let (no, text) = (line.to_string(), escape::source(text));
        match here.split_first() {
            Some((first, rest)) => {
                rows.push(of_layer(*first, no, text.into_owned()));
                rows.extend(rest.iter().map(|index| {
                    of_layer(*index, lines(line, line), "↳ another layer".to_owned())
                }));
            }
            None => rows.push(RowData {
                no,
                text: text.into_owned(),
                title: String::new(),
                layer: None,
                bytes: None,
                waste: 0,
                base: false,
            }),
        }
    }
    rows
}
