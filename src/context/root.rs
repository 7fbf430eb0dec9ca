//! Where a file is for others: its path from the root of the repository, which is the same on every machine.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::folders::{absolute, with_slashes};
use super::git;
use super::side_file::{Finder, read_text};

/// The repositories that folders are in, each looked for once.
#[derive(Debug, Default)]
pub struct Roots {
    known: Mutex<HashMap<PathBuf, Option<PathBuf>>>,
}

impl Roots {
    /// The path of a file from the root of its repository, or else from the working directory if it is below that, with
    /// `/` between its parts.
    pub fn path(&self, file: &Path) -> String {
        let whole = absolute(file);
        let here = std::env::current_dir().unwrap_or_default();
        let root = whole.parent().and_then(|folder| self.root_of(folder)).unwrap_or(here);
        with_slashes(whole.strip_prefix(root).unwrap_or(&whole))
    }

    /// The root of the repository that a file is in.
    pub(super) fn of(&self, file: &Path) -> Option<PathBuf> {
        absolute(file).parent().and_then(|folder| self.root_of(folder))
    }

    fn root_of(&self, folder: &Path) -> Option<PathBuf> {
        let known = self.known.lock().ok().and_then(|known| known.get(folder).cloned());
        known.unwrap_or_else(|| {
            let is_root = |it: &&Path| it.join(".git").symlink_metadata().is_ok();
            let root = folder.ancestors().find(is_root).map(Path::to_owned);
            if let Ok(mut known) = self.known.lock() {
                known.insert(folder.to_owned(), root.clone());
            }
            root
        })
    }
}

/// The owner and the name of the repository that a folder is in, in small letters, as the address of its `origin` gives them.
pub(super) fn origin(folder: &Path, finder: Finder) -> Option<(String, String)> {
    let whole = absolute(folder);
    let root = whole.ancestors().find(|it| it.join(".git").symlink_metadata().is_ok())?;
    let config = git::common_folder(&git::folder(root)?).join("config");
    let text = read_text(&config, finder).ok().flatten()?;
    origin_in(&text)
}

/// The same from the text of git's configuration.
fn origin_in(text: &str) -> Option<(String, String)> {
    let mut section = text.lines().skip_while(|it| it.trim() != "[remote \"origin\"]").skip(1);
    let mut own = section.by_ref().take_while(|it| !it.trim_start().starts_with('['));
    let address =
        own.find_map(|it| it.trim().strip_prefix("url")?.trim_start().strip_prefix('='))?;
    let address = address.trim().trim_end_matches('/').trim_end_matches(".git").to_lowercase();
    let (rest, name) = address.rsplit_once('/')?;
    let owner = rest.rsplit(['/', ':']).next()?;
    (!owner.is_empty() && !name.is_empty()).then(|| (owner.to_owned(), name.to_owned()))
}

/// A path for a text that people read elsewhere: a relative one as it is, an absolute one from the root of its repository.
pub(super) fn shown(path: &Path) -> String {
    let text = match path.is_absolute() {
        true => Roots::default().path(path),
        false => with_slashes(path.strip_prefix("./").unwrap_or(path)),
    };
    // Not even a folder is known that it could be derived from.
    match path.file_name() {
        Some(name) if Path::new(&text).is_absolute() => name.to_string_lossy().into_owned(),
        _ if text.is_empty() => ".".to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[test]
    fn the_origin_says_whose_a_repository_is() {
        let origin = |url: &str| {
            origin_in(&format!(
                "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {url}\n\tfetch = x\n"
            ))
        };
        let expected = Some(("acme".to_owned(), "shop".to_owned()));
        for url in [
            "https://github.com/Acme/shop.git",
            "https://example.com/group/acme/Shop/",
            "git@github.com:acme/shop.git",
            "ssh://git@example.com:22/acme/shop",
        ] {
            assert_eq!(origin(url), expected, "{url}");
        }
        assert_eq!(origin("shop"), None);
        assert_eq!(
            origin_in(
                "[remote \"fork\"]\nurl = https://a.b/c/d\n[remote \"origin\"]\n[x]\nurl = a/b"
            ),
            None
        );
    }

    #[test]
    fn paths_start_at_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        let path = |text: &str| folder.path().join(text);
        std::fs::create_dir_all(path("one/a/b")).unwrap();
        std::fs::create_dir_all(path("one/inner/c")).unwrap();
        std::fs::create_dir_all(path("one/.git")).unwrap();
        // A submodule has a file.
        std::fs::write(path("one/inner/.git"), "gitdir: x").unwrap();
        let roots = Roots::default();
        for (file, expected) in [
            ("one/Dockerfile", "Dockerfile"),
            ("one/a/b/Dockerfile", "a/b/Dockerfile"),
            ("one/a/./b/../Dockerfile", "a/Dockerfile"),
            ("one/inner/c/Dockerfile", "c/Dockerfile"),
        ] {
            assert_eq!(roots.path(&path(file)), expected);
            assert_eq!(shown(&path(file)), expected);
        }
        assert_eq!(shown(&path("outside/.dockerignore")), ".dockerignore");
        assert_eq!(shown(Path::new("./a/.dockerignore")), "a/.dockerignore");
    }
}
