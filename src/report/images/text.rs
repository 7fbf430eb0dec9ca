//! Tables for people.

use super::rows::{codes, layer_name, metrics, rows, sentence, story};
use super::{ImageReport, difference, verified};
use crate::escape;
use crate::lint::{Severity, size};
use crate::measure::{Class, Item, Measured, WhatIf};
use crate::report::columns::{cell, fit, width};
use crate::report::page::wrap;
use crate::report::plural;

/// How many paths of an item are shown.
const PATHS: usize = 3;

/// How many items are shown.
const ITEMS: usize = 12;

/// Items of fewer bytes are only counted.
const LEAST_ITEM: u64 = 1000;

/// The width of a bar.
const BAR: usize = 16;

pub(super) fn write(report: &ImageReport<'_>) -> String {
    let mut text = match report.difference {
        Some(it) => difference::text(report, it),
        None => {
            let head = if report.images.len() > 1 { table(report) } else { String::new() };
            let images = report.images.iter().map(|it| image(report, it));
            head + &images.collect::<Vec<_>>().join("\n")
        }
    };
    if let Some(checked) = report.checked {
        text += &findings(report, checked);
    }
    if report.images.len() > 1 && report.difference.is_none() {
        text += &sharing(report);
    }
    if let Some(it) = report.verified {
        text += &verified::text(report.style, it);
    }
    for gate in report.gates {
        let (word, severity) = match (gate.passed, gate.measured) {
            (true, _) => ("pass", Severity::Info),
            (false, true) => ("FAIL", Severity::Error),
            (false, false) => ("n/a ", Severity::Warning),
        };
        text +=
            &format!("{}  {}\n", report.style.severity(severity, word), escape::line(&gate.text));
    }
    text
}

fn image(report: &ImageReport<'_>, image: &Measured) -> String {
    let style = report.style;
    let id = image.image.id.map(|it| format!("  sha256:{}", it.short())).unwrap_or_default();
    let mut text = format!(
        "{}{id}  {}\n{}\n\n",
        style.bold(&escape::line(&image.name)),
        escape::line(&image.image.platform),
        metrics(image)
    );
    let rows = rows(report, image);
    let wide = rows.iter().map(|it| it.place.chars().count()).max().unwrap_or(0).max(5);
    let most =
        rows.iter().filter(|it| !it.is_base).filter_map(|it| it.bytes).max().unwrap_or(0).max(1);
    let left = if image.written.is_some() { "line" } else { "layer" };
    // Two blanks between columns; the number takes ten.
    let room = style.width.saturating_sub(wide + 2 + 2 + 10 + 2 + BAR).max(12);
    text += &style.dim(&format!("{left:>wide$}  {:<room$}  {:>10}", "instruction", "in files"));
    text.push('\n');
    for row in &rows {
        let bytes = row.bytes.map_or_else(|| "?".to_owned(), size);
        let bar = match (row.is_base, row.bytes) {
            (false, Some(bytes)) => bar(bytes, most),
            _ => String::new(),
        };
        let what = cell(&row.text, room);
        let line = format!("{:>wide$}  {what}  {bytes:>10}  {bar}", row.place);
        let line = line.trim_end();
        text += &if row.is_base { style.dim(line) } else { line.to_owned() };
        text.push('\n');
    }
    let sentence = wrap(&sentence(image), style.width);
    text.push('\n');
    text.extend(sentence.lines().map(|it| style.bold(it) + "\n"));
    let (counted, other): (Vec<&Item>, Vec<&Item>) = image
        .waste
        .items
        .iter()
        .filter(|it| it.made_in >= image.base.layers)
        .partition(|it| it.class.counts());
    text += &items(report, image, &counted);
    if let Some(it) = &image.what_if {
        text += &what_if(report, image, it);
    }
    if !other.is_empty() {
        text +=
            &format!("\nPossible savings, if nothing needs it:\n{}", items(report, image, &other));
    }
    text
}

/// Whether only a bound of it is known: packages declare their sizes, and share files that would stay.
fn is_bound(item: &Item) -> bool {
    matches!(item.class, Class::BuildTool | Class::Recommended)
}

/// What the image would weigh without its waste.
fn what_if(report: &ImageReport<'_>, image: &Measured, what_if: &WhatIf) -> String {
    let style = report.style;
    let room = style.width.saturating_sub(28).max(20);
    let row = |text: &str, files: &str, gzip: &str| {
        format!("{}  {files:>11}  {gzip:>11}\n", cell(text, room))
    };
    let less = |before: u64, after: u64| match before.checked_sub(after) {
        Some(less) => format!("-{}", size(less)),
        None => format!("+{}", size(after - before)),
    };
    let WhatIf { now, alone, together, program_alone } = what_if;
    let mut text =
        format!("\n{}", style.dim(&row("predicted size without it", "in files", "gzip -6")));
    text += &row("now", &size(now.files), &size(now.gzip));
    for (at, weight) in alone {
        let item = &image.waste.items[*at];
        let codes = codes(report, image, item);
        let by = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
        let made = layer_name(image, item.made_in);
        let what = format!("without {} of {made}{by}", item.class.code());
        text += &row(&what, &less(now.files, weight.files), &less(now.gzip, weight.gzip));
    }
    for item in image.waste.items.iter().filter(|it| is_bound(it)) {
        let what = format!(
            "without {} of {}, at most*",
            item.class.code(),
            layer_name(image, item.made_in)
        );
        text += &row(&what, &format!("-{}", size(item.bytes)), "?");
    }
    let all = row("without all waste that counts", &size(together.files), &size(together.gzip));
    text += &format!("{}\n", style.bold(all.trim_end()));
    if image.waste.items.iter().any(is_bound) {
        text += &style.dim(
            "* not replayed: declared package sizes; removing packages may also run scripts\n",
        );
    }
    if let Some(least) = program_alone.filter(|it| it.files < together.files) {
        text +=
            &row("minimum, with nothing but the program", &size(least.files), &size(least.gzip));
    }
    text
}

fn items(report: &ImageReport<'_>, image: &Measured, list: &[&Item]) -> String {
    let style = report.style;
    let mut text = String::new();
    let shown: Vec<&&Item> = list
        .iter()
        .filter(|it| it.bytes >= LEAST_ITEM || it.class == Class::Secret)
        .take(ITEMS)
        .collect();
    for item in &shown {
        let head =
            format!("{:>9}  {:<3} {}", size(item.bytes), item.class.code(), item.class.title());
        text += &format!("\n{}\n           {}\n", style.bold(&head), story(image, item));
        for (path, bytes) in item.paths.iter().take(PATHS) {
            let room = style.width.saturating_sub(26).max(20);
            text +=
                &format!("           {:>10}  {}\n", size(*bytes), fit(&escape::line(path), room));
        }
        let rest = item.paths.len().saturating_sub(PATHS);
        if rest > 0 {
            let bytes = item.paths.iter().skip(PATHS).map(|it| it.1).sum();
            text += &format!("           {:>10}  in {rest} more\n", size(bytes));
        }
    }
    let rest = list.len() - shown.len();
    if rest > 0 {
        let bytes: u64 = list.iter().map(|it| it.bytes).sum::<u64>()
            - shown.iter().map(|it| it.bytes).sum::<u64>();
        let items = plural(rest, "smaller item");
        text += &format!("\n{:>9}  in {items} (`--format json` has all)\n", size(bytes));
    }
    text
}

/// A bar of eighths.
fn bar(bytes: u64, most: u64) -> String {
    let eighths =
        usize::try_from(u128::from(bytes) * (BAR as u128 * 8) / u128::from(most)).unwrap_or(0);
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    let bar = "█".repeat(eighths / 8) + rest;
    if bar.is_empty() && bytes > 0 { "▏".to_owned() } else { bar }
}

/// The findings that know their cost, the dearest first.
fn findings(report: &ImageReport<'_>, checked: &crate::session::Checked) -> String {
    let mut known: Vec<_> = checked
        .findings
        .iter()
        .filter(|it| {
            it.impact
                .is_some_and(|impact| impact.measured && impact.bytes.unwrap_or(0) >= LEAST_ITEM)
        })
        .filter(|it| !it.meta.code.starts_with("LM"))
        .collect();
    if known.is_empty() {
        return String::new();
    }
    known.sort_by_key(|it| std::cmp::Reverse(it.weight()));
    let mut text = "\nFindings in the Dockerfile, with the measured bytes:\n".to_owned();
    for finding in known {
        let bytes = finding.impact.and_then(|it| it.bytes).unwrap_or(0);
        let line = checked.source.line(finding.span.start);
        let head = format!("{:>9}  line {line}: {} ", size(bytes), finding.meta.code);
        let room = report.style.width.saturating_sub(width(&head)).max(20);
        text += &format!("{head}{}\n", fit(&escape::line(&finding.message), room));
    }
    text + "\n"
}

/// A line per image: platforms of one index, tags, or whatever was asked for.
fn table(report: &ImageReport<'_>) -> String {
    let room = report.style.width.saturating_sub(64).max(16);
    let head = format!(
        "{:<room$}  {:<14}  {:>10}  {:>10}  {:>6}  {:>10}",
        "image", "platform", "in files", "compressed", "layers", "waste"
    );
    let mut text = report.style.dim(&head) + "\n";
    for image in report.images {
        text += &format!(
            "{}  {}  {:>10}  {:>10}  {:>6}  {:>10}\n",
            cell(&escape::line(&image.name), room),
            cell(&escape::line(&image.image.platform), 14),
            size(image.file_bytes()),
            image.compressed_bytes().map_or_else(|| "?".to_owned(), size),
            image.image.layers.len(),
            size(image.waste.own)
        );
    }
    text + "\n"
}

fn sharing(report: &ImageReport<'_>) -> String {
    let sharing = crate::measure::sharing(report.images);
    let apart: u64 = report.images.iter().map(Measured::file_bytes).sum();
    let together = format!(
        "Together {} in files, not {}: {} are in shared layers",
        size(sharing.total_bytes),
        size(apart),
        size(sharing.shared_bytes)
    );
    let mut text = format!("\n{}\n", report.style.bold(&together));
    for (image, (shared, unique)) in report.images.iter().zip(&sharing.images) {
        text += &format!(
            "{:>10} shared  {:>10} unique  {}\n",
            size(*shared),
            size(*unique),
            escape::line(&image.name)
        );
    }
    for twin in sharing.twins.iter().filter(|it| it.bytes >= LEAST_ITEM) {
        let name = |(image, layer): (usize, usize)| {
            format!("layer {layer} of {}", escape::line(&report.images[image].name))
        };
        let head = format!("{:>10}  {} ", size(twin.bytes), Class::Unshared.code());
        let line = format!(
            "by {} alone differ {} and {}",
            twin.differ,
            name(twin.first),
            name(twin.second)
        );
        let room = report.style.width.saturating_sub(width(&head)).max(20);
        text += &format!("{head}{}\n", fit(&line, room));
    }
    text
}
