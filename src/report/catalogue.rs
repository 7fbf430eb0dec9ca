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
    /// The safest fix that its findings may have: `safe`, `unsafe`, or none.
    fix: Option<&'a str>,
    summary: &'a str,
    url: String,
}

/// The list as a JSON array.
pub fn json_list<'a>(rules: impl Iterator<Item = (&'a Meta, &'a str)>) -> String {
    let objects = rules.map(|(meta, fix)| RuleObject {
        code: meta.code,
        name: meta.name,
        family: meta.family.name(),
        category: meta.category.name(),
        severity: meta.severity.name(),
        default_severity: meta.default_severity.unwrap_or(meta.severity).name(),
        profile: meta.profile.name(),
        fix: Some(fix).filter(|it| *it != "-"),
        summary: meta.summary,
        url: super::page_path(meta.family, meta.code),
    });
    let rows: Vec<String> = objects.map(|object| json::write(&object)).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

/// The list as a table, cut to the width: code, severity and profile by default, the safest fix, and what is wrong.
pub fn text_list<'a>(rules: impl Iterator<Item = (&'a Meta, &'a str)>, style: Style) -> String {
    let rules: Vec<_> = rules.collect();
    let width = rules.iter().map(|(meta, _)| meta.code.len()).max().unwrap_or(0);
    let room = style.width.saturating_sub(width + 29).max(20);
    let lines = rules.iter().map(|(meta, fix)| {
        let code = style.bold(&format!("{:width$}", meta.code));
        let severity = meta.default_severity.unwrap_or(meta.severity).name();
        let (profile, summary) = (meta.profile.name(), cut(meta.summary, room));
        format!("{code}  {severity:7}  {profile:7}  {fix:6}  {summary}\n")
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
