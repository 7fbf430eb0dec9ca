//! `layerwise rules`: the list of all rules.

use serde::Serialize;

use super::{Style, json};
use crate::lint::Meta;

#[derive(Serialize)]
struct RuleObject<'a> {
    code: &'a str,
    name: &'a str,
    family: &'a str,
    category: &'a str,
    severity: &'a str,
    default_severity: &'a str,
    profile: &'a str,
    summary: &'a str,
    url: String,
}

/// The list as a JSON array.
pub fn json_list<'a>(metas: impl Iterator<Item = &'a Meta>) -> String {
    let objects = metas.map(|meta| RuleObject {
        code: meta.code,
        name: meta.name,
        family: meta.family.name(),
        category: meta.category.name(),
        severity: meta.severity.name(),
        default_severity: meta.default_severity.unwrap_or(meta.severity).name(),
        profile: meta.profile.name(),
        summary: meta.summary,
        url: super::page_path(meta.family, meta.code),
    });
    let rows: Vec<String> = objects.map(|object| json::write(&object)).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

/// The list as a table, cut to the width.
pub fn text_list<'a>(metas: impl Iterator<Item = &'a Meta>, style: Style) -> String {
    let metas: Vec<&Meta> = metas.collect();
    let width = metas.iter().map(|meta| meta.code.len()).max().unwrap_or(0);
    let room = style.width.saturating_sub(width + 11).max(20);
    let lines = metas.iter().map(|meta| {
        let code = style.bold(&format!("{:width$}", meta.code));
        let severity = meta.default_severity.unwrap_or(meta.severity).name();
        format!("{code}  {severity:7}  {}\n", cut(meta.summary, room))
    });
    lines.collect()
}

/// Text of at most so many characters.
fn cut(text: &str, room: usize) -> String {
    match text.char_indices().nth(room) {
        None => text.to_owned(),
        Some(_) => text.chars().take(room - 1).chain(['…']).collect(),
    }
}
