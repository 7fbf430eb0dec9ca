//! `--statistics`: how often each rule fired, in place of the findings.

use serde::Serialize;

use super::{Format, Style, Summary, summary};

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    findings: usize,
}

/// The table, or its rows as JSON where the format is one for programs.
pub fn statistics(summary: &Summary, format: Format, style: Style) -> String {
    let mut rows: Vec<Row<'_>> = summary
        .codes
        .values()
        .map(|(findings, meta)| Row {
            code: meta.code,
            name: meta.name,
            severity: meta.severity.name(),
            findings: *findings,
        })
        .collect();
    rows.sort_by(|a, b| b.findings.cmp(&a.findings).then(a.code.cmp(b.code)));
    match format {
        Format::Json => super::json::write(&rows) + "\n",
        Format::Jsonl => rows.iter().map(|row| super::json::write(row) + "\n").collect(),
        Format::Full | Format::Concise => table(&rows, style) + &summary::sentence(summary) + "\n",
    }
}

fn table(rows: &[Row<'_>], style: Style) -> String {
    let width = rows.iter().map(|row| row.code.len()).max().unwrap_or(0);
    let lines = rows.iter().map(|row| {
        let code = style.bold(&format!("{:width$}", row.code));
        format!("{:>6}  {code}  {:7}  {}\n", row.findings, row.severity, row.name)
    });
    lines.collect()
}
