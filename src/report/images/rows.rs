//! The rows of a table: one a layer, or one a line of the Dockerfile; the base is one row.

use super::{ImageReport, RowOrder};
use crate::escape;
use crate::lint::size;
use crate::measure::{Class, Confidence, Item, Measured, show_step, steps_in_one_layer};
use crate::report::plural;

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    /// The lines of the Dockerfile, or the index of the layer, or `base`.
    pub(super) place: String,
    /// What made it.
    pub(super) text: String,
    /// File bytes; none where that is not known.
    pub(super) bytes: Option<u64>,
    /// Whether it is of the base.
    pub(super) is_base: bool,
    /// The first of its lines, 1-based; 0 if it has none.
    line: u32,
}

/// The rows of an image.
pub(super) fn rows(report: &ImageReport<'_>, image: &Measured) -> Vec<Row> {
    let base = &image.image.layers[..image.base.layers];
    let mut rows = Vec::new();
    if !base.is_empty() {
        rows.push(Row {
            place: "base".to_owned(),
            text: format!("{} ({})", plural(base.len(), "layer"), image.base.evidence.text()),
            bytes: Some(base.iter().map(crate::image::Layer::file_bytes).sum()),
            is_base: true,
            line: 0,
        });
    }
    for (index, layer) in image.image.layers.iter().enumerate().skip(image.base.layers) {
        rows.push(Row {
            place: place(image, index),
            text: made_by(image, index),
            bytes: Some(layer.file_bytes()),
            is_base: false,
            line: first_line(image, index),
        });
    }
    if let Some(written) = &image.written {
        rows.extend(image.unmeasured.iter().map(|(at, why)| {
            let it = &written.instructions[*at];
            Row {
                place: lines(it.line, it.end_line),
                text: format!("{why}: {} {}", it.keyword, it.text),
                bytes: None,
                is_base: false,
                line: it.line,
            }
        }));
        if !image.unmeasured.is_empty() {
            rows.sort_by_key(|it| it.line);
        }
    }
    if report.order == RowOrder::Size {
        rows.sort_by_key(|it| (it.is_base, std::cmp::Reverse(it.bytes)));
    }
    rows
}

/// `7` or `7-9`.
pub(super) fn lines(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// The first line that a layer comes from, 1-based; 0 if it is not known.
fn first_line(image: &Measured, layer: usize) -> u32 {
    let origin = image.origins[layer].zip(image.written.as_ref());
    origin.map_or(0, |(origin, written)| written.lines(origin).0)
}

/// Where a layer comes from: lines if they are known, else its index.
fn place(image: &Measured, layer: usize) -> String {
    match (image.origins[layer], &image.written) {
        (Some(origin), Some(written)) => {
            let (first, last) = written.lines(origin);
            lines(first, last)
        }
        (None, Some(_)) => format!("#{layer}"),
        _ => layer.to_string(),
    }
}

/// What made a layer, on one line.
pub(super) fn made_by(image: &Measured, layer: usize) -> String {
    let text = match (image.origins[layer], &image.written) {
        (Some(origin), Some(written)) => {
            let first = &written.instructions[origin.first];
            let unsure = if origin.confidence <= Confidence::Positional { " (?)" } else { "" };
            match origin.first == origin.last {
                true => format!("{} {}{unsure}", first.keyword, first.text),
                false => {
                    let last = &written.instructions[origin.last];
                    format!("{} … {} in one layer{unsure}", first.keyword, last.keyword)
                }
            }
        }
        _ => match image.image.layers[layer].step {
            Some(step) => match steps_in_one_layer(&image.image, layer) {
                Some((first, count)) => {
                    let first = show_step(&image.image.history[first]);
                    format!("{} in one layer, the first: {first}", plural(count, "step"))
                }
                None => show_step(&image.image.history[step]),
            },
            None => "(no record)".to_owned(),
        },
    };
    escape::line(&text).into_owned()
}

/// A layer, in a sentence.
pub(super) fn layer_name(image: &Measured, layer: usize) -> String {
    if layer < image.base.layers {
        return "the base".to_owned();
    }
    match (image.origins[layer], &image.written) {
        (Some(origin), Some(written)) => {
            let (first, last) = written.lines(origin);
            match first == last {
                true => format!("line {first}"),
                false => format!("lines {first}-{last}"),
            }
        }
        _ => format!("layer {layer}"),
    }
}

/// Where an item's bytes come from and what should change.
pub(super) fn story(image: &Measured, item: &Item) -> String {
    let made = layer_name(image, item.made_in);
    let fix = layer_name(image, item.fix_in);
    // One line adds, several lines add.
    let verb = |who: &str, verb: &str| {
        if who.starts_with("lines ") { verb.to_owned() } else { format!("{verb}s") }
    };
    let adds = |who: &str| format!("{who} {} it", verb(who, "add"));
    match item.class {
        Class::Deleted | Class::Secret => {
            format!("{}, {fix} {} it, which frees nothing", adds(&made), verb(&fix, "remove"))
        }
        Class::Overwritten if item.made_in == item.fix_in => {
            format!("{made} {} it twice", verb(&made, "hold"))
        }
        Class::Overwritten => format!("{}, {fix} {} it again", adds(&made), verb(&fix, "write")),
        Class::Moved => {
            format!("{}, {fix} {} it: both copies ship", adds(&made), verb(&fix, "move"))
        }
        Class::MetadataOnly => {
            let text = match item.change.unwrap_or("metadata") {
                "times" => {
                    format!("{made} touch{} it", if made.starts_with("lines ") { "" } else { "es" })
                }
                other => format!("{made} {} its {other}", verb(&made, "change")),
            };
            format!("{}, {text}: both copies ship", adds(&fix))
        }
        Class::TinyLayers => {
            format!("from {made} to {fix}: each costs some hundred bytes and a round trip")
        }
        _ => adds(&made),
    }
}

/// The codes of the findings that report an item: their rules are about its class, and they are at its lines.
pub(super) fn codes(report: &ImageReport<'_>, image: &Measured, item: &Item) -> Vec<&'static str> {
    let (Some(checked), Some(written)) = (report.checked, &image.written) else {
        return Vec::new();
    };
    let class = u8::try_from(item.class.number()).unwrap_or(u8::MAX);
    let origins = [image.origins[item.made_in], image.origins[item.fix_in]];
    let lines: Vec<(u32, u32)> =
        origins.into_iter().flatten().map(|it| written.lines(it)).collect();
    let mut codes: Vec<&'static str> = checked
        .findings
        .iter()
        .filter(|it| it.meta.measured_by.iter().any(|it| it.0 == class))
        .filter(|it| {
            let spans = [it.span].into_iter().chain(it.labels.iter().map(|it| it.span));
            let mut at = spans.map(|span| checked.source.line(span.start));
            at.any(|line| lines.iter().any(|(first, last)| (*first..=*last).contains(&line)))
        })
        .map(|it| it.meta.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Numbers of an image, each with its metric.
pub(super) fn metrics(image: &Measured) -> String {
    let mut parts = vec![
        format!("{} in files", size(image.file_bytes())),
        format!("{} as tar", size(image.tar_bytes())),
    ];
    parts.extend(image.compressed_bytes().map(|it| format!("{} compressed", size(it))));
    let (all, base) = (image.image.layers.len(), image.base.layers);
    let own = all - base;
    parts.push(match base {
        0 => plural(all, "layer"),
        _ => format!("{} ({base} of the base, {own} own)", plural(all, "layer")),
    });
    parts.join(", ")
}

/// The waste of an image in one sentence.
pub(super) fn sentence(image: &Measured) -> String {
    let own = &image.waste.own;
    let mut text = match own {
        0 => format!("No waste in {} of own files", size(image.own_bytes)),
        own => format!("Waste: {} of {} of own files", size(*own), size(image.own_bytes)),
    };
    text += &format!("; efficiency {:.1} %", image.efficiency() * 100.0);
    if image.waste.inherited > 0 {
        text += &format!("; {} more in the base image", size(image.waste.inherited));
    }
    match image.unmeasured.len() {
        0 => {}
        1 => text += "; one instruction is not measured",
        n => text += &format!("; {n} instructions are not measured"),
    }
    text + "."
}
