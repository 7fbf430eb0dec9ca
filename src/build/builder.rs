//! Programs that build images: how each is asked, and what it leaves.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::failure::Failure;
use super::image_store::ImageStore;
use super::process::{Cancel, Run};
use super::progress::{Dialect, Step, read_step};
use super::{Patience, Request};

/// A program that builds images.
#[derive(Debug)]
pub struct Builder {
    /// Its name in `--engine` and in messages.
    pub name: &'static str,
    /// What the name does not say; empty if it says all.
    pub about: &'static str,
    /// The program.
    pub program: &'static str,
    /// Variables of its environment.
    pub(super) environment: &'static [(&'static str, &'static str)],
    /// What holds where it is installed and answers.
    pub(super) probes: &'static [Probe],
    /// The start of the command that builds.
    pub(super) words: &'static [&'static str],
    /// Where the image goes.
    pub(super) output: Output,
    /// How the command says what is asked for.
    pub(super) syntax: Syntax,
    /// Whether it has `--timestamp`.
    pub(super) takes_timestamp: bool,
    /// How it prints the step that it is at.
    pub(super) steps: &'static [Dialect],
    /// Where its images are kept; none if they come on standard output only.
    pub store: Option<&'static ImageStore>,
}

/// What holds where a program is installed and answers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Probe {
    /// It succeeds with these words.
    Succeeds(&'static [&'static str]),
    /// This holds.
    Holds(fn(&Builder, &Patience) -> bool),
}

/// Where an image goes that is built.
#[derive(Debug, Clone, Copy)]
pub(super) enum Output {
    /// Into the store.
    Store,
    /// To standard output, as an archive.
    Stream,
    /// Into the store, or with `--builder` to standard output: then with these words.
    StoreOrStream {
        /// The start of the command.
        words: &'static [&'static str],
    },
}

/// How a command says what is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Syntax {
    /// As `docker build`: options, and the context at the end.
    Docker,
    /// With options of its own, which say the context too.
    Own(fn(&Request) -> Vec<OsString>),
}

impl PartialEq for Builder {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Builder {}

impl Builder {
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command.args(words).envs(self.environment.iter().copied());
        command
    }

    /// Whether it is installed and answers.
    pub fn answers(&self, patience: &Patience) -> bool {
        let patience = &patience.of_probe();
        self.probes.iter().all(|probe| match probe {
            Probe::Succeeds(words) => Run::new(self.command(words), patience).output().is_ok(),
            Probe::Holds(holds) => holds(self, patience),
        })
    }

    /// The step that a line of its output reports.
    pub fn step(&self, line: &str) -> Option<Step> {
        read_step(self.steps, line)
    }

    /// Builds an image. `lines` gets what the engine prints, line by line, from its own thread.
    ///
    /// # Errors
    /// The build fails, with the step, or its image is not to be found.
    pub fn build(
        &'static self,
        request: &Request,
        patience: &Patience,
        lines: &(dyn Fn(&str) + Sync),
    ) -> Result<Built, Failure> {
        let folder = tempfile::Builder::new().prefix("layerwise-").tempdir();
        let folder = folder
            .map_err(|error| Failure::because(format!("no temporary folder: {error}"), error))?;
        let connection = request.connection.as_deref();
        let before = self.store.and_then(|it| it.ids(connection, patience));
        let id_file = folder.path().join("id");
        let (command, store) = self.build_command(request, &id_file);
        let run = Run::new(command, patience).with_steps(self.steps);
        let Some(store) = store else {
            // The image comes on standard output, and stays nowhere.
            let archive = folder.path().join("image.tar");
            run.into_file(&archive, lines)?;
            return Ok(Built { place: At::File(archive), _folder: folder });
        };
        run.lines(lines)?;
        let id = std::fs::read_to_string(&id_file).unwrap_or_default().trim().to_owned();
        if id.is_empty() {
            return Err(Failure::new(format!(
                "`{}` built an image but did not report its ID",
                self.program
            )));
        }
        let bare = id.strip_prefix("sha256:").unwrap_or(&id).to_owned();
        let is_new = before.is_some_and(|it| !it.contains(&bare));
        Ok(Built {
            place: At::Store {
                store,
                id,
                is_new,
                connection: request.connection.clone(),
                patience: patience.clone(),
            },
            _folder: folder,
        })
    }

    /// The command that builds, and the store that the image goes to; none if it comes on standard output.
    fn build_command(
        &self,
        request: &Request,
        id_file: &Path,
    ) -> (Command, Option<&'static ImageStore>) {
        let (words, store) = match self.output {
            Output::StoreOrStream { words } if request.builder.is_some() => (words, None),
            Output::Store | Output::StoreOrStream { .. } => (self.words, self.store),
            Output::Stream => (self.words, None),
        };
        let mut command = self.command(&[]);
        let option = self.store.and_then(|it| it.connection);
        if let Some((option, connection)) = option.zip(request.connection.as_deref()) {
            command.args([option, connection]);
        }
        command.args(words);
        if store.is_some() {
            command.arg("--iidfile").arg(id_file);
        }
        match self.syntax {
            Syntax::Docker => command.args(options(request)),
            Syntax::Own(options) => command.args(options(request)),
        };
        for (name, values) in [("--secret", &request.secrets), ("--ssh", &request.ssh)] {
            for value in values {
                command.arg(name).arg(value);
            }
        }
        if request.no_cache {
            command.arg("--no-cache");
        }
        if let Some(time) = request.timestamp.filter(|_| self.takes_timestamp) {
            command.arg("--timestamp").arg(time.to_string());
        }
        command.args(&request.extra);
        if matches!(self.syntax, Syntax::Docker) {
            command.arg(&request.context);
        }
        (command, store)
    }
}

/// What is asked for, as `docker build` takes it.
fn options(request: &Request) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec!["--file".into(), request.file.clone().into()];
    for (name, value) in &request.build_args {
        words.extend(["--build-arg".into(), format!("{name}={value}").into()]);
    }
    let options = [
        ("--target", &request.target),
        ("--platform", &request.platform),
        ("--network", &request.network),
        ("--builder", &request.builder),
    ];
    for (name, value) in options {
        if let Some(value) = value {
            words.extend([name.into(), value.into()]);
        }
    }
    words
}

/// An image that was built. When it goes, so does what the build left in the store, but for the cache.
#[derive(Debug)]
pub struct Built {
    place: At,
    _folder: tempfile::TempDir,
}

#[derive(Debug)]
enum At {
    File(PathBuf),
    Store {
        store: &'static ImageStore,
        id: String,
        is_new: bool,
        connection: Option<String>,
        patience: Patience,
    },
}

impl Built {
    /// Reads it as an archive.
    ///
    /// # Errors
    /// The store does not give it, or `read` fails.
    pub fn read<T, E: std::error::Error + Send + Sync + 'static>(
        &self,
        read: impl FnOnce(&mut (dyn Read + Send)) -> Result<T, E>,
    ) -> Result<T, Failure> {
        match &self.place {
            At::File(path) => {
                let mut file = std::fs::File::open(path).map_err(Failure::of)?;
                read(&mut file).map_err(Failure::of)
            }
            At::Store { store, id, connection, patience, .. } => {
                store.save(id, connection.as_deref(), patience, read)
            }
        }
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        if let At::Store { store, id, is_new: true, connection, patience } = &self.place {
            let patience = Patience { cancel: Cancel::default(), ..patience.clone() };
            store.remove(id, connection.as_deref(), &patience);
        }
    }
}
