//! The files of a build context as they are on the disk: what the ignore file lets through and a step may take.

use std::fs::Metadata;
use std::path::Path;

use crate::cache::git::Repository;
use crate::cache::manifest::{FileRecord, is_wanted};
use crate::context::{IgnoreFile, Standing, clean, with_slashes};

/// More entries are not read.
const MOST_ENTRIES: usize = 500_000;

/// More folders in each other are not read.
const MOST_DEPTH: usize = 150;

/// Links to folders are followed so often.
const MOST_ROUNDS: usize = 16;

/// Reads them. `wanted` has the paths that steps name.
pub(super) fn files(
    context: &Path,
    ignore: Option<&IgnoreFile>,
    mut wanted: Vec<String>,
) -> Result<Vec<FileRecord>, String> {
    for _ in 0..MOST_ROUNDS {
        let mut reader = Reader { context, ignore, wanted: &wanted, found: Vec::new(), work: 0 };
        if !wanted.is_empty() {
            let standing = ignore.map_or_else(Standing::default, IgnoreFile::root);
            reader.folder("", &standing, 0)?;
        }
        // What lies behind a link that is on the way is taken from where the link leads.
        let more: Vec<String> = reader.found.iter().filter_map(target).collect();
        let more: Vec<String> = more.into_iter().filter(|it| !covers(&wanted, it)).collect();
        if more.is_empty() {
            return Ok(reader.found);
        }
        wanted.extend(more);
    }
    Err("its links lead in circles".to_owned())
}

fn covers(wanted: &[String], path: &str) -> bool {
    wanted.iter().any(|it| it.is_empty() || crate::context::is_in(path, it))
}

/// Where a link leads, from the root of the context.
fn target(file: &FileRecord) -> Option<String> {
    let target = file.target.as_deref()?;
    let folder = file.path.rsplit_once('/').map_or("", |it| it.0);
    let folder = if target.starts_with('/') { "" } else { folder };
    let path = clean(&format!("/{folder}/{target}"));
    let path = path.trim_matches('/').to_owned();
    (!path.is_empty() && path != ".").then_some(path)
}

struct Reader<'r> {
    context: &'r Path,
    ignore: Option<&'r IgnoreFile>,
    wanted: &'r [String],
    found: Vec<FileRecord>,
    work: u64,
}

impl Reader<'_> {
    fn folder(&mut self, path: &str, standing: &Standing, depth: usize) -> Result<(), String> {
        let place = self.context.join(path);
        let shown = || if path.is_empty() { "the context".to_owned() } else { format!("`{path}`") };
        if depth > MOST_DEPTH {
            return Err(format!("{} is too deep", shown()));
        }
        let fails = |it: std::io::Error| format!("{} cannot be read: {it}", shown());
        for name in names(&place).map_err(fails)? {
            let path = if path.is_empty() { name } else { format!("{path}/{name}") };
            if is_wanted(&path, self.wanted) {
                self.entry(&path, standing, depth)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: &str, standing: &Standing, depth: usize) -> Result<(), String> {
        if self.found.len() >= MOST_ENTRIES {
            return Err(format!("it has more than {MOST_ENTRIES} files"));
        }
        let place = self.context.join(path);
        let Ok(metadata) = place.symlink_metadata() else { return Ok(()) };
        let is_out =
            self.ignore.is_some_and(|it| it.leaves_out(it.line_of(standing, path, &mut self.work)));
        if metadata.is_dir() {
            let opened = IgnoreFile::open(self.ignore, standing, path, &mut self.work);
            let Some(inside) = opened else { return Ok(()) };
            let before = self.found.len();
            self.found.push(record(path, "folder", &metadata));
            match path == ".git" {
                true => self.git(&place, &inside)?,
                false => self.folder(path, &inside, depth + 1)?,
            }
            if is_out && self.found.len() == before + 1 {
                self.found.truncate(before);
            }
            return Ok(());
        }
        if is_out {
            return Ok(());
        }
        let unreadable = |it: std::io::Error| format!("`{path}` cannot be read: {it}");
        if metadata.is_symlink() {
            let target = with_slashes(&std::fs::read_link(&place).map_err(unreadable)?);
            let id = Repository::blob_id(target.as_bytes()).map(|it| it.to_string());
            let target = Some(target);
            self.found.push(FileRecord { id, target, ..record(path, "link", &metadata) });
        } else if metadata.is_file() {
            let file = std::fs::File::open(&place).map_err(unreadable)?;
            let attributes = attributes(&file);
            let id = Repository::blob_id_of(metadata.len(), file).map_err(unreadable)?;
            let id = Some(id.to_string());
            self.found.push(FileRecord { id, attributes, ..record(path, "file", &metadata) });
        }
        Ok(())
    }

    /// The folder of git: its files; of objects only the names, which say what they are.
    fn git(&mut self, place: &Path, inside: &Standing) -> Result<(), String> {
        for name in names(place).map_err(|it| format!("`.git` cannot be read: {it}"))? {
            let path = format!(".git/{name}");
            if name != "objects" {
                self.entry(&path, inside, 1)?;
            } else if self.ignore.is_none_or(|it| !it.excludes(&path)) {
                let names = walk(&place.join(&name)).join("\n");
                let id = Repository::blob_id(names.as_bytes()).map(|it| it.to_string());
                let (kind, mode) = ("file".to_owned(), "755".to_owned());
                let (target, owner, attributes) = (None, None, None);
                self.found.push(FileRecord { path, kind, mode, id, target, owner, attributes });
            }
        }
        Ok(())
    }
}

/// The names in a folder, in order.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.push(with_slashes(Path::new(&entry?.file_name())));
    }
    names.sort_unstable();
    Ok(names)
}

/// The paths of files below a folder, in order.
fn walk(folder: &Path) -> Vec<String> {
    let walk = ignore::WalkBuilder::new(folder).standard_filters(false).build();
    let files = walk.flatten().filter(|it| it.file_type().is_some_and(|it| it.is_file()));
    let mut names: Vec<String> = files
        .filter_map(|it| it.path().strip_prefix(folder).ok().map(with_slashes))
        .take(MOST_ENTRIES)
        .collect();
    names.sort_unstable();
    names
}

fn record(path: &str, kind: &str, metadata: &Metadata) -> FileRecord {
    let (mode, owner) = permissions(metadata);
    FileRecord {
        path: path.to_owned(),
        kind: kind.to_owned(),
        mode: format!("{mode:o}"),
        id: None,
        target: None,
        owner,
        attributes: None,
    }
}

/// The extended attributes that builders copy: `user.a=…`, with digests of their values.
fn attributes(file: &std::fs::File) -> Option<String> {
    let all = crate::cli::write::extended(file).into_iter();
    let copied = all.filter(|it| it.0.starts_with("user.") || it.0 == "security.capability");
    let shown: Vec<String> = copied
        .filter_map(|(name, value)| Some(format!("{name}={}", Repository::blob_id(&value)?)))
        .collect();
    (!shown.is_empty()).then(|| shown.join(" "))
}

#[cfg(unix)]
fn permissions(metadata: &Metadata) -> (u32, Option<(u32, u32)>) {
    use std::os::unix::fs::MetadataExt;
    let owner = (metadata.uid(), metadata.gid());
    (metadata.mode() & 0o7777, Some(owner).filter(|it| *it != (0, 0)))
}

/// As builders on Windows send them.
#[cfg(not(unix))]
fn permissions(_: &Metadata) -> (u32, Option<(u32, u32)>) {
    (0o755, None)
}
