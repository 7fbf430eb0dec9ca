//! Files that are there only while another one is written: under random names, and gone after a signal.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::cli::signals;

/// The files that are there now. Whoever holds the lock is in the middle of something that no signal may end.
static PENDING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How their names begin. No search takes them for Dockerfiles.
const PREFIX: &str = ".layerwise-";

/// Keeps a signal from ending the program until it is dropped.
pub(super) struct Hold(MutexGuard<'static, Vec<PathBuf>>);

/// Keeps signals waiting. Nothing that takes long may be done meanwhile.
pub(super) fn hold() -> Hold {
    Hold(PENDING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Takes all files away, and keeps any other from being made. The program has to end after that.
fn remove_all() {
    let Hold(pending) = hold();
    for path in pending.iter() {
        let _ = std::fs::remove_file(path);
    }
    std::mem::forget(pending);
}

/// A file with a random name in the folder of another one. It is taken away when it is dropped.
pub(super) struct Beside(Option<NamedTempFile>);

impl Beside {
    /// Makes one that only its owner can read.
    pub(super) fn new(target: &Path) -> io::Result<Self> {
        Self::make(target, &mut Self::builder())
    }

    /// Makes one that those can read who can read other new files.
    pub(super) fn for_all(target: &Path) -> io::Result<Self> {
        let mut builder = Self::builder();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        Self::make(target, &mut builder)
    }

    fn builder<'b>() -> tempfile::Builder<'b, 'b> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).rand_bytes(12);
        builder
    }

    fn make(target: &Path, builder: &mut tempfile::Builder<'_, '_>) -> io::Result<Self> {
        signals::watch(remove_all);
        let folder = target.parent().filter(|it| !it.as_os_str().is_empty());
        let Hold(mut pending) = hold();
        let file = builder.tempfile_in(folder.unwrap_or(Path::new("."))).map_err(plain)?;
        pending.push(file.path().to_owned());
        Ok(Self(Some(file)))
    }

    /// The file itself.
    pub(super) fn file(&self) -> &File {
        self.get().as_file()
    }

    /// Moves it to the place of another one; gives it back where that fails.
    pub(super) fn replace(mut self, target: &Path) -> Result<(), (io::Error, Self)> {
        let Some(file) = self.0.take() else { return Ok(()) };
        let path = file.path().to_owned();
        let Hold(mut pending) = hold();
        match file.persist(target) {
            Ok(_) => {
                pending.retain(|it| *it != path);
                Ok(())
            }
            Err(failed) => {
                self.0 = Some(failed.file);
                Err((failed.error, self))
            }
        }
    }

    /// Leaves it there for a person. Gives its path.
    pub(super) fn leave(mut self, hold: &mut Hold) -> Option<PathBuf> {
        let file = self.0.take()?;
        hold.0.retain(|it| it != file.path());
        file.keep().ok().map(|(_, path)| path)
    }

    /// Takes it away while signals are waiting.
    pub(super) fn remove(mut self, hold: &mut Hold) {
        if let Some(file) = self.0.take() {
            hold.0.retain(|it| it != file.path());
        }
    }

    fn get(&self) -> &NamedTempFile {
        self.0.as_ref().expect("it is taken only by what consumes it")
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(file) = self.0.take() {
            let Hold(mut pending) = hold();
            pending.retain(|it| it != file.path());
            drop(file);
        }
    }
}

/// What the system said, without the random name.
fn plain(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|it| it.source()?.downcast_ref::<io::Error>());
    inner.and_then(io::Error::raw_os_error).map_or(error, io::Error::from_raw_os_error)
}
