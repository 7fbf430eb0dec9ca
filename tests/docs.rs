//! The pages in `docs/` are made from the rules. `UPDATE=1 cargo test --test docs` writes them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/update.rs"]
mod update;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use layerwise::lint::{Family, Meta};
use layerwise::report::{fixability, page};
use layerwise::rules;

/// What the pages must say, by path.
fn pages() -> BTreeMap<PathBuf, String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let metas: Vec<&Meta> =
        rules::all().map(|it| &it.meta).filter(|it| it.family != Family::Shellcheck).collect();
    let mut pages = BTreeMap::new();
    let fixes: Vec<_> = metas.iter().map(|it| fixability::of(it)).collect();
    let words = fixes.iter().map(|it| fixability::word(it.as_deref()));
    let rows: Vec<_> = metas.iter().copied().zip(words).collect();
    pages.insert(docs.join("rules.md"), page::markdown_index(&rows));
    pages.insert(
        docs.join("rules/shellcheck.md"),
        page::markdown_shellcheck(rules::shellcheck_metas()),
    );
    for (meta, fixes) in metas.iter().zip(&fixes) {
        let page = page::markdown(meta, fixes.as_deref());
        pages.insert(docs.join(format!("rules/{}.md", meta.code)), page);
    }
    pages
}

#[test]
fn pages_are_up_to_date() {
    let pages = pages();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    std::fs::create_dir_all(&folder).unwrap();
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let left_over: Vec<PathBuf> = entries.filter(|path| !pages.contains_key(path)).collect();
    if update::update() {
        for path in &left_over {
            std::fs::remove_file(path).unwrap();
        }
        for (path, text) in &pages {
            std::fs::write(path, text).unwrap();
        }
        return;
    }
    assert!(left_over.is_empty(), "pages of no rule: {left_over:?}; run with UPDATE=1");
    for (path, text) in &pages {
        let found = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(found == *text, "{} is stale; run with UPDATE=1", path.display());
    }
}
