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
pub(super) const BUILDERS: &[&Builder] =
    &[&docker::BUILDKIT, &docker::CLASSIC, &podman::BUILDER, &buildah::BUILDER, &buildctl::BUILDER];

/// All that keep images, the most common first.
pub(super) const STORES: &[&ImageStore] = &[&docker::STORE, &podman::STORE, &buildah::STORE];
