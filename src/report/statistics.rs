//! `--statistics`: how often each rule fired, in place of the findings.

use serde::Serialize;

use super::summary::Count;
use super::{Format, Style, Summary, summary};
use crate::lint::Severity;

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    findings: usize,
    fixable: usize,
}

/// Whether a format can hold the table.
pub fn has_statistics(format: Format) -> bool {
    matches!(format, Format::Full | Format::Concise | Format::Json | Format::Jsonl)
}

/// The table, or its rows as JSON where the format is one for programs.
pub fn statistics(summary: &Summary, format: Format, style: Style) -> String {
    let mut rows: Vec<Row<'_>> = summary.codes.values().flat_map(rows_of).collect();
    rows.sort_by(|a, b| b.findings.cmp(&a.findings).then(a.code.cmp(b.code)));
    match format {
        Format::Json => super::json::write(&rows) + "\n",
        Format::Jsonl => rows.iter().map(|row| super::json::write(row) + "\n").collect(),
        _ => table(&rows, style) + &summary::sentence(summary) + "\n",
    }
}

/// A row for each severity that the findings of a rule have.
fn rows_of(count: &Count) -> impl Iterator<Item = Row<'_>> {
    let severities = Severity::ALL.into_iter().filter(|it| count.findings[*it as usize] > 0);
    severities.map(|severity| Row {
        code: count.meta.code,
        name: count.meta.name,
        severity: severity.name(),
        findings: count.findings[severity as usize],
        fixable: count.fixable[severity as usize],
    })
}

fn table(rows: &[Row<'_>], style: Style) -> String {
    let width = rows.iter().map(|row| row.code.len()).max().unwrap_or(0);
    let any = rows.iter().any(|it| it.fixable > 0);
    let lines = rows.iter().map(|row| {
        let code = style.bold(&format!("{:width$}", row.code));
        // The mark says whether `--fix` fixes all of them, some of them or none.
        let mark = match row.fixable {
            _ if !any => "",
            0 => "    ",
            n if n == row.findings => "[*] ",
            _ => "[-] ",
        };
        format!("{:>6}  {code}  {:7}  {mark}{}\n", row.findings, row.severity, row.name)
    });
    lines.collect()
}
