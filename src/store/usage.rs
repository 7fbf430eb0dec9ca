//! What a folder takes on the disk, as `du` counts it.

use std::collections::HashSet;
use std::path::Path;

/// The bytes of all blocks of a folder and what is in it; a file with several names in it counts once. What cannot be read
/// counts nothing.
pub(super) fn on_disk(folder: &Path) -> u64 {
    let mut seen = HashSet::new();
    let mut sum = 0;
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        let Ok(metadata) = path.symlink_metadata() else { continue };
        let (bytes, file) = blocks(&metadata);
        if file.is_none_or(|it| seen.insert(it)) {
            sum += bytes;
        }
        if metadata.is_dir()
            && let Ok(list) = std::fs::read_dir(&path)
        {
            open.extend(list.flatten().map(|it| it.path()));
        }
    }
    sum
}

/// The bytes of its blocks, and what names it where it may have several names.
#[cfg(unix)]
fn blocks(metadata: &std::fs::Metadata) -> (u64, Option<(u64, u64)>) {
    use std::os::unix::fs::MetadataExt;
    let several = metadata.nlink() > 1 && !metadata.is_dir();
    (metadata.blocks() * 512, several.then(|| (metadata.dev(), metadata.ino())))
}

#[cfg(not(unix))]
fn blocks(metadata: &std::fs::Metadata) -> (u64, Option<(u64, u64)>) {
    (metadata.len(), None)
}
