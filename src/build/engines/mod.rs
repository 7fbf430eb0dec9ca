//! The engines, one file each: a program that builds, and the store that it keeps its images in.

mod buildah;
mod buildctl;
mod docker;
mod podman;

pub use docker::STORE as DOCKER;
pub use podman::STORE as PODMAN;

use super::builder::Builder;
use super::image_store::ImageStore;

/// All that build, the most common first.
const BUILDERS: &[&Builder] =
    &[&docker::BUILDKIT, &docker::CLASSIC, &podman::BUILDER, &buildah::BUILDER, &buildctl::BUILDER];

/// All that keep images, the most common first.
const STORES: &[&ImageStore] = &[&docker::STORE, &podman::STORE, &buildah::STORE];

impl Builder {
    /// All of them, the most common first.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        BUILDERS.iter().copied()
    }
}

impl ImageStore {
    /// All of them, the most common first.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        STORES.iter().copied()
    }

    /// The store that the name of an image starts with, and the rest of the name.
    pub fn of_scheme(text: &str) -> Option<(&'static Self, &str)> {
        Self::all().find_map(|store| {
            let rest = store.schemes.iter().find_map(|it| text.strip_prefix(it))?;
            Some((store, rest))
        })
    }
}
