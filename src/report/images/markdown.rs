//! Tables for job summaries and comments.

use super::rows::{metrics, rows, sentence, story};
use super::{ImageReport, difference, verified};
use crate::escape;
use crate::lint::{shorten, size};
use crate::measure::{Measured, WhatIf};
use crate::report::Style;
use crate::report::markdown::heading;

/// The longest text of an instruction.
const LONGEST: usize = 100;

/// How many items are shown.
const ITEMS: usize = 20;

pub(super) fn write(report: &ImageReport<'_>) -> String {
    let mut text = match report.difference {
        Some(it) => difference::markdown(report, it),
        None => {
            let head = if report.images.len() > 1 { table(report) } else { String::new() };
            let images = report.images.iter().map(|it| image(report, it));
            head + &images.collect::<Vec<_>>().join("\n")
        }
    };
    if let Some(it) = report.verified {
        let shown = verified::text(Style::default(), it);
        text += &format!("\n{}", escape::markdown_block(shown.trim_start()));
    }
    if !report.gates.is_empty() {
        text += "\n| Gate | |\n|---|---|\n";
        for gate in report.gates {
            text += &format!(
                "| {} | {} |\n",
                match (gate.passed, gate.measured) {
                    (true, _) => "✅",
                    (false, true) => "❌",
                    (false, false) => "❓",
                },
                escape::markdown(&gate.text)
            );
        }
    }
    text
}

/// A line per image.
fn table(report: &ImageReport<'_>) -> String {
    let mut text =
        "| Image | Platform | In files | Compressed | Layers | Waste |\n|---|---|---:|---:|---:|---:|\n".to_owned();
    text.extend(report.images.iter().map(|it| {
        format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            escape::markdown(&it.name),
            escape::markdown(&it.image.platform),
            size(it.file_bytes()),
            it.compressed_bytes().map_or_else(|| "?".to_owned(), size),
            it.image.layers.len(),
            size(it.waste.own)
        )
    }));
    text + "\n"
}

fn image(report: &ImageReport<'_>, image: &Measured) -> String {
    let mut text = heading(&image.name);
    text += &format!("{}\n\n", escape::markdown(&metrics(image)));
    let left = if image.written.is_some() { "Line" } else { "Layer" };
    text += &format!("| {left} | Instruction | In files |\n|---:|---|---:|\n");
    for row in rows(report, image) {
        let bytes = row.bytes.map_or_else(|| "?".to_owned(), size);
        text += &format!(
            "| {} | {} | {bytes} |\n",
            row.place,
            escape::markdown(&shorten(&row.text, LONGEST))
        );
    }
    text += &format!("\n**{}**\n", escape::markdown(&sentence(image)));
    let own: Vec<_> =
        image.waste.items.iter().filter(|it| it.made_in >= image.base.layers).collect();
    if own.is_empty() {
        return text;
    }
    if let Some(WhatIf { now, together, .. }) = &image.what_if {
        text += &format!(
            "\nPredicted without the waste that counts: {} → {} in files, {} → {} with gzip.\n",
            size(now.files),
            size(together.files),
            size(now.gzip),
            size(together.gzip)
        );
    }
    text += "\n| Bytes | | Why | Largest |\n|---:|---|---|---|\n";
    for item in own.iter().take(ITEMS) {
        let what = if item.class.counts() { "" } else { " (if nothing needs it)" };
        let largest = item.paths.first().map(|it| escape::markdown(&it.0)).unwrap_or_default();
        text += &format!(
            "| {} | {} {}{what} | {} | {largest} |\n",
            size(item.bytes),
            item.class.code(),
            item.class.title(),
            escape::markdown(&story(image, item))
        );
    }
    let rest = own.len().saturating_sub(ITEMS);
    if rest > 0 {
        text += &format!("\nand {rest} more.\n");
    }
    text
}
