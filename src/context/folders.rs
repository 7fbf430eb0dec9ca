//! Paths as they are compared and shown, and the repositories that folders are in.

use std::path::{Component, Path, PathBuf};

/// The root of the repository that a folder is in.
pub(super) fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|it| it.join(".git").symlink_metadata().is_ok())
}

/// The absolute path of a folder. Where `..` is in it, links are followed, as it depends on them what it means.
pub fn full(folder: &Path) -> PathBuf {
    let absolute = || std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    if folder.components().any(|it| it == Component::ParentDir) {
        return folder.canonicalize().unwrap_or_else(|_| absolute());
    }
    absolute()
}

/// A path with `/` between its parts, whatever the system writes.
pub fn with_slashes(path: &Path) -> String {
    let text = shown_path(path);
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// A path as text; bytes that are not UTF-8 are written as `\xff`.
pub fn shown_path(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|it| text.push_str(&format!("\\x{it:02x}")));
    }
    text
}

/// The path from the root of the file system, without `.` and `..`; links are left as they are.
pub fn absolute(path: &Path) -> PathBuf {
    let whole = std::env::current_dir().unwrap_or_default().join(path);
    let mut clean = PathBuf::new();
    for component in whole.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(clean.pop()),
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(all(test, unix))]
mod tests;
