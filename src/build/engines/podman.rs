//! podman.

use crate::build::builder::{Builder, Output, Probe, Syntax};
use crate::build::image_store::{Folder, ImageStore, NAME};
use crate::build::progress::counted;

pub(super) const BUILDER: Builder = Builder {
    name: "podman",
    about: "",
    program: "podman",
    environment: &[],
    probes: &[Probe::Succeeds(&["--version"])],
    // Without layers all of the file is one, and without Docker's format SHELL and others are ignored.
    words: &["build", "--layers", "--force-rm", "--format", "docker"],
    output: Output::Store,
    syntax: Syntax::Docker,
    takes_timestamp: true,
    steps: &[counted],
    store: Some(&STORE),
};

/// The store that podman and buildah share, unless podman's is on another machine.
pub const STORE: ImageStore = ImageStore {
    program: "podman",
    connection: Some("--connection"),
    schemes: &["podman://"],
    list: &["images", "--all", "--quiet", "--no-trunc"],
    inspect: &["image", "inspect", "--format", "{{.Id}}", NAME],
    save: &["save", "--quiet", "--format", "docker-archive", NAME],
    // What was built is the cache of the next build.
    remove: None,
    folders: &[
        Folder::System("/var/lib/containers/storage"),
        Folder::Home(".local/share/containers/storage"),
    ],
};
