//! buildah.

use crate::build::builder::{Builder, Output, Probe, Syntax};
use crate::build::image_store::{ImageStore, NAME};
use crate::build::progress::counted;

pub(super) const BUILDER: Builder = Builder {
    name: "buildah",
    about: "",
    program: "buildah",
    environment: &[],
    probes: &[Probe::Succeeds(&["--version"])],
    // Without layers all of the file is one, and without Docker's format SHELL and others are ignored.
    words: &["bud", "--layers", "--force-rm", "--format", "docker"],
    output: Output::Store,
    syntax: Syntax::Docker,
    takes_timestamp: true,
    steps: &[counted],
    store: Some(&STORE),
};

/// The store that buildah shares with podman, which names its folders.
pub(super) const STORE: ImageStore = ImageStore {
    program: "buildah",
    connection: None,
    schemes: &["buildah://", "containers-storage:"],
    list: &["images", "--all", "--quiet", "--no-trunc"],
    inspect: &["inspect", "--type", "image", "--format", "{{.FromImageID}}", NAME],
    save: &["push", "--quiet", NAME, "docker-archive:/dev/stdout"],
    // What was built is the cache of the next build.
    remove: None,
    folders: &[],
};
