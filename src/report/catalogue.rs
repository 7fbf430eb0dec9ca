//! `layerwise rules`: the list of all rules.

use serde::Serialize;

use super::page::{severity, shell_severity};
use super::{Style, json};
use crate::lint::{Category, Family, Meta, Profile};
use crate::shell::ShellCode;

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
pub fn json_list<'a>(metas: impl Iterator<Item = &'a Meta>, codes: &[ShellCode]) -> String {
    let ours = metas.map(|meta| RuleObject {
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
    let theirs = codes.iter().map(|code| RuleObject {
        code: code.code,
        name: code.name,
        family: Family::Shellcheck.name(),
        category: Category::Shell.name(),
        severity: shell_severity(code),
        default_severity: shell_severity(code),
        profile: Profile::Default.name(),
        summary: code.summary,
        url: super::page_path(Family::Shellcheck, code.code),
    });
    let rows: Vec<String> = ours.chain(theirs).map(|row| json::write(&row)).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

/// The list as a table, cut to the width.
pub fn text_list<'a>(
    metas: impl Iterator<Item = &'a Meta>,
    codes: &[ShellCode],
    style: Style,
) -> String {
    let ours = metas.map(|meta| (meta.code, severity(meta), meta.summary));
    let theirs =
        codes.iter().map(|code| (code.code, shell_severity(code).to_owned(), code.summary));
    let rows: Vec<_> = ours.chain(theirs).collect();
    let width = rows.iter().map(|(code, ..)| code.len()).max().unwrap_or(0);
    let lines = rows.iter().map(|(code, severity, summary)| {
        let severity = severity.split(' ').next().unwrap_or_default();
        let room = style.width.saturating_sub(width + 11).max(20);
        format!("{}  {severity:7}  {}\n", style.bold(&format!("{code:width$}")), cut(summary, room))
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
