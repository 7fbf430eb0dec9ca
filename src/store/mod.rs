//! The stores of engines on a disk, read and never written: which images and layers there are, in which folders, and what
//! they take.

mod containers;
mod docker;
mod unreadable;
mod usage;

pub use unreadable::Unreadable;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::build::{DOCKER, Folder, ImageStore, PODMAN};
use crate::context::{Finder, read_written_file};
use crate::escape;

/// A store.
#[derive(Debug, Clone)]
pub struct Store {
    /// Its folder.
    pub root: PathBuf,
    /// Whose it is.
    pub kind: Kind,
    /// How it keeps layers: `overlay2`, `overlay`, `vfs`.
    pub driver: String,
    /// The images, those with names first.
    pub images: Vec<Image>,
    /// All layers, of images and of containers.
    pub layers: Vec<Layer>,
    /// Folders of layers that no image and no container names, with their bytes on disk.
    pub unreferenced: Vec<(PathBuf, u64)>,
    /// How many containers there are.
    pub containers: usize,
    /// What is wrong in it: references to what is not there.
    pub faults: Vec<String>,
    /// What changed while it was read.
    pub changed: Vec<String>,
}

/// Whose a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Docker's.
    Docker,
    /// That of podman, buildah and others.
    Containers,
}

impl Kind {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Containers => "containers/storage",
        }
    }

    /// The store as its program is asked.
    fn store(self) -> &'static ImageStore {
        match self {
            Self::Docker => &DOCKER,
            Self::Containers => &PODMAN,
        }
    }

    /// The command that removes an image.
    pub fn removal(self, id: &str) -> String {
        let program = self.store().program;
        let id = id.get(..12).unwrap_or(id);
        // What begins with a hyphen would be an option.
        let end = if id.starts_with('-') { "-- " } else { "" };
        format!("{program} image rm {end}{}", escape::shell_word(id))
    }
}

/// An image of a store.
#[derive(Debug, Clone, Default)]
pub struct Image {
    /// The hexadecimal digits of its ID.
    pub id: String,
    /// Its names; none if nobody gave it one.
    pub names: Vec<String>,
    /// Its layers by index, from the lowest.
    pub layers: Vec<usize>,
    /// How many containers are made of it.
    pub containers: usize,
    /// Whether it is a step of a build, on which others are built.
    pub is_step: bool,
}

impl Image {
    /// Whether it has no name, and nothing is built on it or runs of it: it only takes room.
    pub fn is_dangling(&self) -> bool {
        self.names.is_empty() && !self.is_step && self.containers == 0
    }
}

/// A layer of a store.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// Its ID in the store: for Docker the ChainID.
    pub id: String,
    /// The folder with its files, which is the UpperDir of an image that ends with it.
    pub folder: PathBuf,
    /// The bytes that the store records: for Docker those of its files, for others those of its tar.
    pub recorded: u64,
    /// The bytes that its folder takes on the disk.
    pub disk: u64,
    /// How many images have it, steps of builds aside.
    pub images: usize,
    /// Whether it is the writable one of a container, or a container is made of an image with it.
    pub is_used: bool,
}

/// Bytes of an image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Of all of its layers.
    pub all: u64,
    /// Of those that other images have too.
    pub shared: u64,
}

impl Store {
    /// Reads a store, if there is one.
    ///
    /// # Errors
    ///
    /// What is wrong and what to do: no store, one of a kind that is not read, no permission.
    pub fn read(root: &Path) -> Result<Self, Unreadable> {
        let listed = std::fs::read_dir(root).map_err(Unreadable::system)?;
        let names: BTreeSet<String> =
            listed.flatten().map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        let has = |name: &str| names.contains(name);
        let mut store = if has("image") {
            docker::read(root)?
        } else if let Some(driver) =
            ["overlay", "vfs"].into_iter().find(|it| has(&format!("{it}-layers")))
        {
            containers::read(root, driver)?
        } else if let Some(other) = names.iter().find_map(|it| it.strip_suffix("-layers")) {
            return Err(Unreadable::new(format!(
                "keeps layers with `{other}`, but only overlay and vfs are supported"
            )));
        } else if names.iter().any(|it| it.starts_with("io.containerd.")) {
            return Err(Unreadable::new(
                "is a containerd store, which is not supported; save its images and measure them",
            ));
        } else {
            return Err(Unreadable::new("is not a store of Docker, podman or buildah"));
        };
        let disk: Vec<u64> = store.layers.par_iter().map(|it| usage::on_disk(&it.folder)).collect();
        store.layers.iter_mut().zip(disk).for_each(|(layer, disk)| layer.disk = disk);
        store.count();
        Ok(store)
    }

    /// Counts who has which layer.
    fn count(&mut self) {
        // Steps of builds are in no list, and have no layer that is not in an image on them.
        for image in self.images.iter().filter(|it| !it.is_step) {
            let distinct: BTreeSet<usize> = image.layers.iter().copied().collect();
            for layer in distinct {
                self.layers[layer].images += 1;
                self.layers[layer].is_used |= image.containers > 0;
            }
        }
        self.images.sort_by_key(|it| {
            (it.is_step, it.names.is_empty(), it.names.first().cloned(), it.id.clone())
        });
    }

    /// What an image takes, by what `of` says of a layer.
    pub fn bytes(&self, image: &Image, of: impl Fn(&Layer) -> u64) -> Bytes {
        let layers = image.layers.iter().map(|it| &self.layers[*it]);
        layers.fold(Bytes::default(), |sum, layer| Bytes {
            all: sum.all + of(layer),
            shared: sum.shared + if layer.images > 1 { of(layer) } else { 0 },
        })
    }

    /// What all layers of images take on the disk, each once.
    pub fn disk(&self) -> u64 {
        self.layers.iter().filter(|it| it.images > 0).map(|it| it.disk).sum()
    }

    /// What the list of images adds up to: shared layers as often as they are shared. Steps of builds are not in it.
    pub fn listed(&self) -> u64 {
        let listed = self.images.iter().filter(|it| !it.is_step);
        listed.map(|it| self.bytes(it, |layer| layer.disk).all).sum()
    }

    /// What goes from the disk when all images go that have no container.
    pub fn reclaimable(&self) -> u64 {
        self.layers.iter().filter(|it| it.images > 0 && !it.is_used).map(|it| it.disk).sum()
    }
}

/// Where stores usually are, as far as there are some: those of the system, then those in the home of a user.
pub fn usual(home: Option<&Path>) -> Vec<PathBuf> {
    let folders = || ImageStore::all().flat_map(|it| it.folders);
    let system = folders().filter_map(|it| match it {
        Folder::System(path) => Some(PathBuf::from(path)),
        Folder::Home(_) => None,
    });
    let own = folders().filter_map(|it| match it {
        Folder::Home(path) => Some(home?.join(path)),
        Folder::System(_) => None,
    });
    let own: Vec<PathBuf> = own.collect();
    let is_store = |it: &PathBuf| {
        ["image", "overlay-layers", "vfs-layers"].iter().any(|name| it.join(name).exists())
    };
    system.filter(|it| it.exists()).chain(own.into_iter().rev().filter(is_store)).collect()
}

/// Reads a file of a store, which is text.
fn text(path: &Path) -> Result<String, Unreadable> {
    // Of a store that somebody else made, too, only files are read, and no more of them than an engine writes.
    let bytes = read_written_file(path, Finder::Person);
    let bytes = bytes.map_err(|refusal| Unreadable::refused(path, refusal))?;
    String::from_utf8(bytes).map_err(|error| Unreadable::at(path, "not UTF-8 text", error))
}

/// The names in a folder; none if it is not there.
fn names(folder: &Path) -> Result<BTreeSet<String>, Unreadable> {
    match std::fs::read_dir(folder) {
        Ok(list) => {
            Ok(list.flatten().map(|it| it.file_name().to_string_lossy().into_owned()).collect())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(Unreadable::system_at(folder, error)),
    }
}

/// The first digits of an ID.
fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

/// The folders of layers that are not known, with their bytes on the disk.
fn unreferenced(
    folder: &Path,
    is_known: impl Fn(&str) -> bool,
) -> Result<Vec<(PathBuf, u64)>, Unreadable> {
    let unknown = names(folder)?.into_iter().filter(|it| !is_known(it)).map(|it| folder.join(it));
    Ok(unknown.filter(|it| it.is_dir()).map(|it| (it.clone(), usage::on_disk(&it))).collect())
}

/// When some files and folders were changed: whoever uses a store while it is read changes one of them.
#[derive(Debug)]
struct Marks(Vec<(PathBuf, Option<std::time::SystemTime>)>);

impl Marks {
    fn of(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let time = |path: &Path| path.metadata().and_then(|it| it.modified()).ok();
        Self(paths.into_iter().map(|path| (path.clone(), time(&path))).collect())
    }

    /// Those that changed since.
    fn changed(&self) -> Vec<String> {
        let now = Self::of(self.0.iter().map(|it| it.0.clone()));
        let pairs = self.0.iter().zip(now.0);
        pairs
            .filter(|(old, new)| old.1 != new.1)
            .map(|(old, _)| old.0.display().to_string())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn what_changes_meanwhile_is_seen() {
        let folder = tempfile::tempdir().expect("there is room");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        std::fs::write(&one, "1").expect("there is room");
        let marks = Marks::of([one.clone(), two.clone()]);
        assert_eq!(marks.changed(), Vec::<String>::new());
        std::fs::write(&two, "2").expect("there is room");
        let old = std::fs::File::options().write(true).open(&one).expect("it is there");
        old.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("it is ours");
        assert_eq!(marks.changed(), [one.display().to_string(), two.display().to_string()]);
    }
}
