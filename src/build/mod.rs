//! Builders and stores of images, run as programs: Docker, podman and buildah, and BuildKit's own client. Only `measure`
//! and `image` come here, and only when asked. What is known of each engine is in its own file in `engines/`.

mod builder;
mod engines;
mod failure;
mod image_store;
mod process;
mod progress;

pub use builder::{Builder, Built};
pub use engines::{DOCKER, PODMAN};
pub use failure::Failure;
pub use image_store::{Folder, ImageStore, listed};
pub use process::{Cancel, Patience, Run};
pub use progress::{Place, Step, named, step};

use std::path::PathBuf;

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
