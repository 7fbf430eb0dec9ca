//! Docker, with BuildKit or with its classic builder.

use crate::build::builder::{Builder, Output, Probe, Syntax};
use crate::build::image_store::{Folder, ImageStore, NAME};
use crate::build::progress::{buildkit, counted};
use crate::build::{Patience, Run};

/// What an answer of the daemon proves.
const DAEMON: Probe = Probe::Succeeds(&["version", "--format", "{{.Server.Version}}"]);

/// The variable that chooses between the two builders.
const CHOICE: &str = "DOCKER_BUILDKIT";

/// Docker with BuildKit. What is called `docker` may be another program that does as it does, so both dialects count.
pub(super) const BUILDKIT: Builder = Builder {
    name: "docker",
    about: "Docker with BuildKit",
    program: "docker",
    environment: &[(CHOICE, "1")],
    probes: &[Probe::Holds(has_buildkit), DAEMON],
    words: &["build", "--progress", "plain"],
    output: Output::StoreOrStream {
        words: &["buildx", "build", "--output", "type=docker,dest=-", "--progress", "plain"],
    },
    syntax: Syntax::Docker,
    takes_timestamp: false,
    steps: &[buildkit, counted],
    store: Some(&STORE),
};

/// Docker with its classic builder.
pub(super) const CLASSIC: Builder = Builder {
    name: "docker-classic",
    about: "Docker with its classic builder",
    program: "docker",
    environment: &[(CHOICE, "0")],
    probes: &[DAEMON],
    words: &["build", "--force-rm"],
    output: Output::Store,
    syntax: Syntax::Docker,
    takes_timestamp: false,
    steps: &[buildkit, counted],
    store: Some(&STORE),
};

/// The store of the daemon.
pub const STORE: ImageStore = ImageStore {
    program: "docker",
    connection: None,
    schemes: &["docker://", "docker-daemon:"],
    list: &["images", "--all", "--quiet", "--no-trunc"],
    inspect: &["image", "inspect", "--format", "{{.Id}}", NAME],
    save: &["save", NAME],
    // Parents are the cache of the next build.
    remove: Some(&["rmi", "--no-prune", NAME]),
    folders: &[Folder::System("/var/lib/docker"), Folder::Home(".local/share/docker")],
};

/// Whether the client can ask for BuildKit: from version 23 on that takes a plugin, before it is built in.
fn has_buildkit(builder: &Builder, patience: &Patience) -> bool {
    let version = builder.command(&["version", "--format", "{{.Client.Version}}"]);
    let version = Run::new(version, patience).output().unwrap_or_default();
    let major = version.split('.').next().and_then(|it| it.trim().parse::<u32>().ok());
    let plugin = || Run::new(builder.command(&["buildx", "version"]), patience).output().is_ok();
    major.is_some_and(|it| it < 23) || plugin()
}
