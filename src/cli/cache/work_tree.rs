//! The work tree as a build would see it: what git tracks as it is on the disk, and what it would track.

use std::path::Path;
use std::sync::Arc;

use ignore::WalkBuilder;

use crate::cache::git::{Commit, Repository};
use crate::cache::{Entry, Folder, Id, Kind, Lack, MadeTree, Objects};
use crate::context::with_slashes;

/// Contents up to this size are kept for those who ask for them: Dockerfiles, ignore files, targets of links.
const MOST_KEPT: usize = 256 << 10;

/// A work tree on top of a repository.
pub(super) struct WorkTree<'r> {
    repository: &'r Repository,
    made: MadeTree,
}

impl<'r> WorkTree<'r> {
    /// Reads the work tree of a repository at a commit. Gives it, and a commit that stands for it.
    pub(super) fn read(
        repository: &'r Repository,
        head: &Commit,
    ) -> Result<(Self, Commit), String> {
        let root = repository.root.as_deref().ok_or(
            "a bare repository has no working tree: name two commits, as in `--change main..topic`",
        )?;
        let mut reader = Reader { root, made: MadeTree::default(), folder: Folder::default() };
        reader.tracked(repository, head.tree, "").map_err(|it| it.0)?;
        reader.others();
        let tree = reader.made.close(reader.folder);
        let commit = Commit {
            id: Id([0; 20]),
            tree,
            parents: vec![head.id],
            time: head.time,
            subject: "the working tree".to_owned(),
        };
        Ok((Self { repository, made: reader.made }, commit))
    }
}

impl Objects for WorkTree<'_> {
    fn folder(&self, id: Id) -> Result<Arc<[Entry]>, Lack> {
        self.made.folder(id).or_else(|_| self.repository.folder(id))
    }

    fn content(&self, id: Id) -> Result<Arc<[u8]>, Lack> {
        self.made.content(id).or_else(|_| self.repository.content(id))
    }
}

struct Reader<'p> {
    root: &'p Path,
    made: MadeTree,
    folder: Folder,
}

impl Reader<'_> {
    /// What the commit has, as far as it is still there.
    fn tracked(&mut self, repository: &Repository, tree: Id, above: &str) -> Result<(), Lack> {
        for entry in repository.folder(tree)?.iter() {
            let path = if above.is_empty() {
                entry.name.to_string()
            } else {
                format!("{above}/{}", entry.name)
            };
            match entry.kind {
                Kind::Folder => self.tracked(repository, entry.id, &path)?,
                // What is in another repository is its own affair.
                Kind::Submodule => self.folder.put(&path, entry.clone()),
                Kind::File | Kind::Link => self.add(&path, Some(entry)),
            }
        }
        Ok(())
    }

    /// What git does not track yet and no .gitignore leaves out.
    fn others(&mut self) {
        let walk = WalkBuilder::new(self.root)
            .hidden(false)
            .ignore(false)
            .require_git(false)
            .filter_entry(|it| it.file_name() != ".git")
            .build();
        for entry in walk.flatten() {
            if entry.file_type().is_some_and(|it| it.is_dir()) {
                continue;
            }
            if let Ok(path) = entry.path().strip_prefix(self.root) {
                let path = with_slashes(path);
                if !self.folder.has(&path) {
                    self.add(&path, None);
                }
            }
        }
    }

    fn add(&mut self, path: &str, tracked: Option<&Entry>) {
        let place = self.root.join(path);
        let Ok(metadata) = place.symlink_metadata() else { return };
        let (kind, content) = if metadata.is_symlink() {
            let Ok(target) = std::fs::read_link(&place) else { return };
            (Kind::Link, with_slashes(&target).into_bytes())
        } else if metadata.is_file() {
            let Ok(content) = std::fs::read(&place) else { return };
            (Kind::File, content)
        } else {
            return;
        };
        let Some(id) = Repository::blob_id(&content) else { return };
        if content.len() <= MOST_KEPT {
            let known = tracked.is_some_and(|it| it.id == id);
            if !known {
                self.made.keep(id, &content);
            }
        }
        let mode = match kind {
            Kind::Link => 0o777,
            _ => mode(&metadata, tracked),
        };
        self.folder.put(path, Entry { name: "".into(), kind, mode, id, extra: None });
    }
}

/// The mode as git would keep it.
#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata, _: Option<&Entry>) -> u16 {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o100 != 0 { 0o755 } else { 0o644 }
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata, tracked: Option<&Entry>) -> u16 {
    tracked.map_or(0o644, |it| it.mode)
}
