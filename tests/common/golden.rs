//! What programs print of cases, compared with what they printed before.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::cases::{quoted, read_cases};
use super::update;

/// Compares what is shown of the texts in the `.cases` of a folder with the `.cases.expected` next to them; `UPDATE=1` and
/// the name of the test write these.
pub(crate) fn assert_cases(folder: &Path, test: &str, shown: impl Fn(&str) -> String + Sync) {
    let paths = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|it| it.extension().is_some_and(|it| it == "cases")).collect();
    paths.sort();
    let mut stale = Vec::new();
    for path in paths {
        let found: Vec<String> = read_cases(&path)
            .par_iter()
            .map(|(title, text)| format!("# {title}\n{}\n{}", quoted(text), shown(text)))
            .collect();
        let (expected, new) = (path.with_extension("cases.expected"), found.join("\n"));
        let old = std::fs::read_to_string(&expected).unwrap_or_default();
        if old == new {
            continue;
        }
        if update() {
            std::fs::write(&expected, new).unwrap();
        } else {
            let diff = similar::TextDiff::from_lines(&old, &new);
            stale.push(diff.unified_diff().context_radius(3).to_string());
        }
    }
    let how = format!("`UPDATE=1 cargo test --test {test}` writes what is said");
    assert!(stale.is_empty(), "{}\n{how}", stale.join("\n"));
}
