//! Where an image is: a file, a folder, standard input, or the store of an engine.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::stream::{Kind, Late, Waiting};
use super::{Again, Session};
use crate::build::{Built, ImageStore, listed};
use crate::error::Error;
use crate::image::{self, Choice, Codec, Digest, Fault, Image, Limits};
use crate::lint::size;
use crate::measure::{Measured, Weight, predict, what_if};

/// Where images are that may be read again; a temporary file goes with it.
pub(super) struct Kept {
    ids: Vec<Digest>,
    path: PathBuf,
    _file: Option<NamedTempFile>,
}

/// Where an image is.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Stdin,
    File {
        path: PathBuf,
        name: Option<String>,
    },
    Store {
        store: &'static ImageStore,
        name: String,
    },
    /// In whatever store has it.
    Any(String),
}

/// What a kind of archive is called in front of its path. The kind itself is recognized by what is in it.
const FILES: &[&str] = &["docker-archive:", "oci-archive:", "oci:", "dir:"];

impl Place {
    fn of(text: &str) -> Self {
        if text == "-" {
            return Self::Stdin;
        }
        if let Some((store, name)) = ImageStore::of_scheme(text) {
            return Self::Store { store, name: name.to_owned() };
        }
        for prefix in FILES {
            if let Some(rest) = text.strip_prefix(prefix) {
                return Self::file(rest)
                    .unwrap_or_else(|| Self::File { path: rest.into(), name: None });
            }
        }
        let looks_like_path = text.starts_with(['.', '/'])
            || [".tar", ".tgz", ".tar.gz", ".tar.zst"].iter().any(|it| text.ends_with(it));
        match Self::file(text) {
            Some(file) => file,
            None if looks_like_path => Self::File { path: text.into(), name: None },
            None => Self::Any(text.to_owned()),
        }
    }

    /// A file that is there, with the name of the image in it.
    fn file(text: &str) -> Option<Self> {
        if Path::new(text).exists() {
            return Some(Self::File { path: text.into(), name: None });
        }
        let colons = text.match_indices(':').map(|it| it.0);
        let at = colons.into_iter().find(|at| *at > 0 && Path::new(&text[..*at]).exists())?;
        Some(Self::File { path: text[..at].into(), name: Some(text[at + 1..].to_owned()) })
    }
}

/// An error of the system in its own words.
fn plain(error: std::io::Error) -> Fault {
    Fault::because(error.to_string(), error)
}

impl Session<'_> {
    /// The one image that a text names.
    ///
    /// # Errors
    /// It cannot be read, or is one of several.
    pub fn single(&self, text: &str) -> Result<Image, Error> {
        let mut images = self.read(text)?;
        let (_, image) = images
            .pop()
            .filter(|_| images.is_empty())
            .ok_or_else(|| Error::image(text, "holds several images; choose one by name"))?;
        Ok(image)
    }

    /// Reads the images that a text names, each with the name that it is shown by.
    ///
    /// # Errors
    /// There are none, or one cannot be read.
    pub fn read(&self, text: &str) -> Result<Vec<(String, Image)>, Error> {
        let place = Place::of(text);
        let name = match &place {
            Place::File { name, .. } => name.clone(),
            _ => None,
        };
        let choice = Choice { name, platform: self.platform.clone() };
        let images = match place {
            Place::Stdin => {
                let mut input = Waiting::start(std::io::stdin(), Arc::clone(&self.patience.cancel));
                self.watch(text, |limits| self.pass(&mut input, &choice, limits))
            }
            Place::File { path, .. } => match Kind::of(&path) {
                Kind::Stream => {
                    let cancel = Arc::clone(&self.patience.cancel);
                    let mut input = Waiting::start(Late::new(path), cancel);
                    self.watch(text, |limits| self.pass(&mut input, &choice, limits))
                }
                Kind::Other => Err(Fault::new("neither a file, a folder nor a pipe")),
                Kind::Plain => self.watch(text, |limits| self.open(&path, &choice, limits)),
            },
            Place::Store { store, name } => self.of_store(store, &name),
            Place::Any(name) => match ImageStore::all().find(|it| it.has(&name, &self.patience)) {
                Some(store) => self.of_store(store, &name),
                None => Err(Fault::new(format!(
                    "no such file, and {} have no image of this name",
                    listed(ImageStore::all().map(|it| it.program), "and")
                ))),
            },
        };
        let images = images.map_err(|it| Error::image_of(text, it))?;
        let several = images.len() > 1;
        let named = images.into_iter().map(|image| {
            let own = image.names.first().filter(|_| several || text == "-");
            (own.cloned().unwrap_or_else(|| text.to_owned()), image)
        });
        Ok(named.collect())
    }

    fn of_store(&self, store: &ImageStore, name: &str) -> image::Result<Vec<Image>> {
        self.watch(name, |limits| {
            let choice = Choice { name: None, platform: self.platform.clone() };
            let read = |reader: &mut (dyn Read + Send)| self.pass(reader, &choice, limits);
            store
                .save(name, self.connection.as_deref(), &self.patience, read)
                .map_err(|it| Fault::because(it.to_string(), it))
        })
    }

    /// Reads an archive that an engine just built.
    pub(super) fn archive(&self, name: &str, built: &Built) -> image::Result<Image> {
        self.watch(name, |limits| {
            let read =
                |reader: &mut (dyn Read + Send)| self.pass(reader, &Choice::default(), limits);
            let images = built.read(read).map_err(|it| Fault::because(it.to_string(), it));
            images?.pop().ok_or_else(|| Fault::new("the engine did not save an image"))
        })
    }

    /// Reads images from a file or folder, and keeps in mind where they are.
    fn open(&self, path: &Path, choice: &Choice, limits: &Limits) -> image::Result<Vec<Image>> {
        if self.again != Again::Never && path.is_file() {
            let mut start = Vec::new();
            let file = std::fs::File::open(path).map_err(plain)?;
            file.take(6).read_to_end(&mut start).map_err(plain)?;
            if Codec::of(&start) != Codec::Plain {
                let mut file = std::fs::File::open(path).map_err(plain)?;
                return self.pass(&mut file, choice, limits);
            }
        }
        let images = image::open(path, choice, limits)?;
        self.keep(&images, path.to_owned(), None);
        Ok(images)
    }

    /// Reads images from a stream; if they are to be read again, from a temporary file to which it goes.
    fn pass(
        &self,
        stream: &mut (dyn Read + Send),
        choice: &Choice,
        limits: &Limits,
    ) -> image::Result<Vec<Image>> {
        if self.again == Again::Never {
            return image::from_stream(stream, choice, limits);
        }
        let file = tempfile::Builder::new().prefix("layerwise-").tempfile();
        let mut file =
            file.map_err(|error| Fault::because(format!("no temporary file: {error}"), error))?;
        image::spool(stream, file.as_file_mut(), limits)?;
        let images = image::open(file.path(), choice, limits)?;
        self.keep(&images, file.path().to_owned(), Some(file));
        Ok(images)
    }

    fn keep(&self, images: &[Image], path: PathBuf, file: Option<NamedTempFile>) {
        if self.again != Again::Never {
            let ids = images.iter().filter_map(|it| it.id).collect();
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(Kept { ids, path, _file: file });
        }
    }

    /// What was measured with what it would weigh, if images are read again.
    pub(super) fn weighed(&self, measured: Measured) -> Result<Measured, Error> {
        if self.again != Again::ToPredict {
            return Ok(measured);
        }
        let what_if = self
            .again(&measured, |archive, limits| what_if(&measured, archive, limits))
            .map_err(|it| Error::image_of(measured.name.clone(), it))?;
        Ok(Measured { what_if, ..measured })
    }

    /// What an image weighs, and what it would weigh without some items of its waste.
    pub(super) fn predict(
        &self,
        measured: &Measured,
        items: &[usize],
    ) -> image::Result<Option<(Weight, Weight)>> {
        let sets = [items.to_vec()];
        let found =
            self.again(measured, |archive, limits| predict(measured, &sets, archive, limits));
        Ok(found?.and_then(|(now, weights)| Some((now, *weights.first()?))))
    }

    /// Does something with the archive in which an image was.
    fn again<T: Send>(
        &self,
        measured: &Measured,
        what: impl FnOnce(&Path, &Limits) -> image::Result<Option<T>> + Send,
    ) -> image::Result<Option<T>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |it: &&Kept| measured.image.id.is_some_and(|id| it.ids.contains(&id));
        let Some(archive) = kept.iter().find(is_it) else { return Ok(None) };
        self.watch(&measured.name, |limits| what(&archive.path, limits))
    }

    /// Shows how much was read while `read` goes on.
    pub(super) fn watch<T: Send>(&self, name: &str, read: impl FnOnce(&Limits) -> T + Send) -> T {
        let limits = self.limits();
        let shown = self.progress.start();
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    shown.say(&format!(
                        "reading {name}: {}",
                        size(limits.read.load(Ordering::Relaxed))
                    ));
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
            let result = read(&limits);
            is_done.store(true, Ordering::Relaxed);
            result
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_by_what_they_look_like() {
        let store = |text| match Place::of(text) {
            Place::Store { store, name } => (store.program, name),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(store("docker://app:1"), ("docker", "app:1".to_owned()));
        assert_eq!(store("docker-daemon:app:1"), ("docker", "app:1".to_owned()));
        assert_eq!(store("podman://app"), ("podman", "app".to_owned()));
        assert_eq!(store("buildah://app"), ("buildah", "app".to_owned()));
        assert_eq!(store("containers-storage:app"), ("buildah", "app".to_owned()));
        assert_eq!(Place::of("-"), Place::Stdin);
        assert_eq!(Place::of("app:1"), Place::Any("app:1".to_owned()));
        assert_eq!(Place::of("./no.tar"), Place::File { path: "./no.tar".into(), name: None });
        assert_eq!(
            Place::of("oci:src:x"),
            Place::File { path: "src".into(), name: Some("x".to_owned()) }
        );
        assert_eq!(Place::of("Cargo.toml"), Place::File { path: "Cargo.toml".into(), name: None });
    }
}
