//! Patterns of paths as in .gitignore, of which no list may cost too much.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns that were tried before one by one; together they may be too many.
pub(super) fn patterns(list: &[String]) -> Result<Gitignore, String> {
    path_patterns(list.iter().map(String::as_str))
        .ok_or_else(|| "too many path patterns".to_owned())
}

/// The most bytes of patterns with wildcards in one list: the matcher takes up to 7 µs and 600 bytes of memory for each.
const MOST_WILD_BYTES: usize = 32 << 10;

/// Patterns as in .gitignore; none if they are too many. What is not a pattern says nothing, as with git.
pub fn path_patterns<'p>(patterns: impl Iterator<Item = &'p str>) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    let mut wild = 0;
    for pattern in patterns {
        wild += if pattern.contains(['*', '?', '[', '{']) { pattern.len() } else { 0 };
        if wild > MOST_WILD_BYTES {
            return None;
        }
        let _ = builder.add_line(None, pattern);
    }
    builder.build().ok()
}

/// Whether patterns that are relative to a folder match a path, or a folder above it.
pub(super) fn matches(patterns: &Gitignore, folder: &Path, path: &Path) -> bool {
    let path = path.strip_prefix(folder);
    path.is_ok_and(|path| {
        !path.has_root() && patterns.matched_path_or_any_parents(path, false).is_ignore()
    })
}
