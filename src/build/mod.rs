//! Builders and stores of images, run as programs: Docker, podman and buildah, and BuildKit's own client. Only `measure`
//! and `image` come here, and only when asked.

mod failure;
mod process;
mod progress;

pub use failure::Failure;
pub use process::{Cancel, Run};
pub use progress::{Step, step};

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A program that builds and keeps images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Docker with BuildKit.
    DockerBuildKit,
    /// Docker with its classic builder.
    DockerClassic,
    /// podman.
    Podman,
    /// buildah.
    Buildah,
    /// `buildctl`, which talks to a BuildKit daemon.
    Buildctl,
}

/// What a build is asked for. Whatever the engine takes from its own environment (`DOCKER_HOST`, `BUILDKIT_HOST`,
/// `CONTAINER_HOST`, `BUILDAH_ISOLATION`, storage settings) reaches it as it is.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The Dockerfile.
    pub file: PathBuf,
    /// The folder of the build context.
    pub context: PathBuf,
    /// `--build-arg`.
    pub build_args: Vec<(String, String)>,
    /// `--target`.
    pub target: Option<String>,
    /// `--platform`.
    pub platform: Option<String>,
    /// `--secret`, each as the engine takes it.
    pub secrets: Vec<String>,
    /// `--ssh`, each as the engine takes it.
    pub ssh: Vec<String>,
    /// `--network`.
    pub network: Option<String>,
    /// `--no-cache`.
    pub no_cache: bool,
    /// `--builder` of `docker buildx`.
    pub builder: Option<String>,
    /// `--connection` of podman.
    pub connection: Option<String>,
    /// `--timestamp` of podman and buildah.
    pub timestamp: Option<u32>,
    /// What else the engine's build command is given, word by word.
    pub extra: Vec<String>,
}

/// The longest that an engine may take to say that it is there.
const PROBE: Duration = Duration::from_secs(10);

/// How long an engine may take, and whether somebody wants it to stop.
#[derive(Debug, Clone)]
pub struct Patience {
    /// The longest that one run may take; none for no end.
    pub timeout: Option<Duration>,
    /// Set when the run is to stop.
    pub cancel: Cancel,
}

impl Engine {
    /// All of them, the most common first.
    pub const ALL: [Self; 5] =
        [Self::DockerBuildKit, Self::DockerClassic, Self::Podman, Self::Buildah, Self::Buildctl];

    /// Its name in `--engine` and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::DockerBuildKit => "docker",
            Self::DockerClassic => "docker-classic",
            Self::Podman => "podman",
            Self::Buildah => "buildah",
            Self::Buildctl => "buildctl",
        }
    }

    /// The program.
    pub fn program(self) -> &'static str {
        match self {
            Self::DockerBuildKit | Self::DockerClassic => "docker",
            other => other.name(),
        }
    }

    /// Whether it is installed and answers.
    pub fn answers(self, patience: &Patience) -> bool {
        let least = PROBE.min(patience.timeout.unwrap_or(PROBE));
        let patience = &Patience { timeout: Some(least), ..patience.clone() };
        if self == Self::DockerBuildKit && !self.has_buildkit(patience) {
            return false;
        }
        let mut probes = vec![match self {
            Self::DockerBuildKit | Self::DockerClassic => {
                self.command(&["version", "--format", "{{.Server.Version}}"])
            }
            _ => self.command(&["--version"]),
        }];
        if self == Self::Buildctl {
            probes.push(self.command(&["debug", "workers"]));
        }
        probes.into_iter().all(|it| Run::new(it, patience).output().is_ok())
    }

    /// Whether the client can ask for BuildKit: from version 23 on that takes a plugin, before it is built in.
    fn has_buildkit(self, patience: &Patience) -> bool {
        let version = self.command(&["version", "--format", "{{.Client.Version}}"]);
        let version = Run::new(version, patience).output().unwrap_or_default();
        let major = version.split('.').next().and_then(|it| it.trim().parse::<u32>().ok());
        let plugin = || Run::new(self.command(&["buildx", "version"]), patience).output().is_ok();
        major.is_some_and(|it| it < 23) || plugin()
    }

    fn command(self, words: &[&str]) -> Command {
        let mut command = Command::new(self.program());
        command.args(words);
        if let Self::DockerBuildKit | Self::DockerClassic = self {
            command.env("DOCKER_BUILDKIT", if self == Self::DockerBuildKit { "1" } else { "0" });
        }
        command
    }

    /// Builds an image. `lines` gets what the engine prints, line by line, from its own thread.
    pub fn build(
        self,
        request: &Request,
        patience: &Patience,
        lines: &(dyn Fn(&str) + Sync),
    ) -> Result<Built, Failure> {
        let folder = tempfile::Builder::new().prefix("layerwise-").tempdir();
        let folder =
            folder.map_err(|error| Failure::new(format!("no temporary folder: {error}")))?;
        let id_file = folder.path().join("id");
        let before = self.images(request, patience);
        let (command, streams) = self.build_command(request, &id_file);
        let run = Run::new(command, patience);
        if streams {
            // The image comes on standard output, and stays nowhere.
            let archive = folder.path().join("image.tar");
            run.into_file(&archive, lines)?;
            return Ok(Built { place: At::File(archive), _folder: folder });
        }
        run.lines(lines)?;
        let id = std::fs::read_to_string(&id_file).unwrap_or_default().trim().to_owned();
        if id.is_empty() {
            return Err(Failure::new(format!(
                "`{}` built an image but did not report its ID",
                self.program()
            )));
        }
        let bare = id.strip_prefix("sha256:").unwrap_or(&id).to_owned();
        let is_new = before.is_some_and(|it| !it.contains(&bare));
        Ok(Built {
            place: At::Store {
                engine: self,
                id,
                is_new,
                connection: request.connection.clone(),
                patience: patience.clone(),
            },
            _folder: folder,
        })
    }

    /// The IDs of the images that a store has, so that only what a build adds is taken away again.
    fn images(self, request: &Request, patience: &Patience) -> Option<Vec<String>> {
        if self == Self::Buildctl {
            return None;
        }
        let mut command = self.with_connection(request.connection.as_deref());
        command.args(["images", "--all", "--quiet", "--no-trunc"]);
        let text = Run::new(command, patience).output().ok()?;
        Some(text.lines().map(|it| it.trim().trim_start_matches("sha256:").to_owned()).collect())
    }

    fn with_connection(self, connection: Option<&str>) -> Command {
        let mut command = self.command(&[]);
        if let (Self::Podman, Some(name)) = (self, connection) {
            command.args(["--connection", name]);
        }
        command
    }

    /// The command that builds, and whether the image comes on its standard output.
    fn build_command(self, request: &Request, id_file: &Path) -> (Command, bool) {
        if self == Self::Buildctl {
            return (buildctl(request), true);
        }
        let mut command = self.with_connection(request.connection.as_deref());
        let streams = self == Self::DockerBuildKit && request.builder.is_some();
        let words: &[&str] = match self {
            Self::DockerBuildKit if streams => {
                &["buildx", "build", "--output", "type=docker,dest=-", "--progress", "plain"]
            }
            Self::DockerBuildKit => &["build", "--progress", "plain"],
            Self::DockerClassic => &["build", "--force-rm"],
            // Without layers all of the file is one, and without Docker's format SHELL and others are ignored.
            Self::Podman => &["build", "--layers", "--force-rm", "--format", "docker"],
            Self::Buildah | Self::Buildctl => {
                &["bud", "--layers", "--force-rm", "--format", "docker"]
            }
        };
        command.args(words);
        if !streams {
            command.arg("--iidfile").arg(id_file);
        }
        command.arg("--file").arg(&request.file);
        for (name, value) in &request.build_args {
            command.arg("--build-arg").arg(format!("{name}={value}"));
        }
        let options = [
            ("--target", &request.target),
            ("--platform", &request.platform),
            ("--network", &request.network),
            ("--builder", &request.builder),
        ];
        for (name, value) in options {
            if let Some(value) = value {
                command.arg(name).arg(value);
            }
        }
        add_keys(&mut command, request);
        if request.no_cache {
            command.arg("--no-cache");
        }
        if let (Self::Podman | Self::Buildah, Some(time)) = (self, request.timestamp) {
            command.arg("--timestamp").arg(time.to_string());
        }
        command.args(&request.extra).arg(&request.context);
        (command, streams)
    }

    /// The command that writes an image as an archive to its standard output.
    fn save_command(self, name: &str, connection: Option<&str>) -> Command {
        let mut command = self.with_connection(connection);
        let words: &[&str] = match self {
            Self::Podman => &["save", "--quiet", "--format", "docker-archive", name],
            Self::Buildah => &["push", "--quiet", name, "docker-archive:/dev/stdout"],
            _ => &["save", name],
        };
        command.args(words);
        command
    }

    /// Reads an image of the store as an archive.
    pub fn save<T>(
        self,
        name: &str,
        connection: Option<&str>,
        patience: &Patience,
        read: impl FnOnce(&mut (dyn Read + Send)) -> Result<T, String>,
    ) -> Result<T, Failure> {
        Run::new(self.save_command(name, connection), patience).stream(read)
    }

    /// Whether the store has an image of that name.
    pub fn has(self, name: &str, patience: &Patience) -> bool {
        let least = PROBE.min(patience.timeout.unwrap_or(PROBE));
        let patience = &Patience { timeout: Some(least), ..patience.clone() };
        let words: &[&str] = match self {
            Self::Buildah => &["inspect", "--type", "image", "--format", "{{.FromImageID}}"],
            Self::Buildctl => return false,
            _ => &["image", "inspect", "--format", "{{.Id}}"],
        };
        let mut command = self.command(words);
        command.arg(name);
        Run::new(command, patience).output().is_ok()
    }
}

fn add_keys(command: &mut Command, request: &Request) {
    for (name, values) in [("--secret", &request.secrets), ("--ssh", &request.ssh)] {
        for value in values {
            command.arg(name).arg(value);
        }
    }
}

fn buildctl(request: &Request) -> Command {
    let mut command = Command::new("buildctl");
    command.args([
        "build",
        "--progress",
        "plain",
        "--frontend",
        "dockerfile.v0",
        "--output",
        "type=docker",
    ]);
    let folder =
        request.file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let local = |name: &str, folder: &Path| format!("{name}={}", folder.display());
    command.arg("--local").arg(local("context", &request.context));
    command.arg("--local").arg(local("dockerfile", folder));
    let mut option = |name: &str, value: &str| {
        command.arg("--opt").arg(format!("{name}={value}"));
    };
    if let Some(name) = request.file.file_name() {
        option("filename", &name.to_string_lossy());
    }
    for (name, value) in &request.build_args {
        option(&format!("build-arg:{name}"), value);
    }
    for (name, value) in [
        ("target", &request.target),
        ("platform", &request.platform),
        ("force-network-mode", &request.network),
    ] {
        if let Some(value) = value {
            option(name, value);
        }
    }
    add_keys(&mut command, request);
    if request.no_cache {
        command.arg("--no-cache");
    }
    command.args(&request.extra);
    command
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
        engine: Engine,
        id: String,
        is_new: bool,
        connection: Option<String>,
        patience: Patience,
    },
}

impl Built {
    /// Reads it as an archive.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&mut (dyn Read + Send)) -> Result<T, String>,
    ) -> Result<T, Failure> {
        match &self.place {
            At::File(path) => {
                let mut file =
                    std::fs::File::open(path).map_err(|error| Failure::new(error.to_string()))?;
                read(&mut file).map_err(Failure::new)
            }
            At::Store { engine, id, connection, patience, .. } => {
                engine.save(id, connection.as_deref(), patience, read)
            }
        }
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        if let At::Store { engine, id, is_new: true, connection, patience } = &self.place {
            let mut command = engine.with_connection(connection.as_deref());
            // Parents are the cache of the next build. In the stores of podman and buildah the image itself is, too.
            if !matches!(engine, Engine::DockerBuildKit | Engine::DockerClassic) {
                return;
            }
            command.args(["rmi", "--no-prune", id]);
            let patience = Patience { cancel: Cancel::default(), ..patience.clone() };
            let _ = Run::new(command, &patience).output();
        }
    }
}
