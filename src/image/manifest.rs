//! The JSON files of images: `manifest.json` of docker-archives, OCI indexes and manifests, image configurations.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An element of a docker-archive's `manifest.json`.
/// Source: <https://github.com/moby/docker-image-spec/blob/main/spec.md>.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ArchiveItem {
    pub(super) config: String,
    #[serde(default)]
    pub(super) repo_tags: Option<Vec<String>>,
    #[serde(default)]
    pub(super) layers: Option<Vec<String>>,
}

/// An OCI index or manifest, or Docker's: what they have in common is enough to distinguish them.
/// Source: <https://github.com/opencontainers/image-spec/blob/main/manifest.md>.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    #[serde(default)]
    pub(super) manifests: Vec<Descriptor>,
    pub(super) config: Option<Descriptor>,
    #[serde(default)]
    pub(super) layers: Vec<Descriptor>,
}

/// Points at a blob.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    #[serde(default)]
    pub(super) media_type: String,
    pub(super) digest: String,
    #[serde(default)]
    pub(super) annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// Whether it is about another image, such as its provenance.
    /// Source: <https://docs.docker.com/build/metadata/attestations/attestation-storage/>.
    pub(super) fn is_attestation(&self) -> bool {
        self.annotations
            .get("vnd.docker.reference.type")
            .is_some_and(|it| it == "attestation-manifest")
    }

    /// The name that the image has in its index.
    pub(super) fn name(&self) -> Option<String> {
        let names = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];
        names.into_iter().find_map(|it| self.annotations.get(it)).cloned()
    }
}

/// An image's configuration.
/// Source: <https://github.com/opencontainers/image-spec/blob/main/config.md>.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Configuration {
    #[serde(default)]
    pub(super) architecture: String,
    #[serde(default)]
    pub(super) os: String,
    #[serde(default)]
    pub(super) variant: String,
    #[serde(default)]
    pub(super) config: Option<Container>,
    #[serde(default)]
    pub(super) rootfs: RootFs,
    #[serde(default)]
    pub(super) history: Option<Vec<Step>>,
}

/// What containers get.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Container {
    #[serde(default, rename = "WorkingDir")]
    pub(super) working_dir: String,
    #[serde(default, rename = "Entrypoint")]
    pub(super) entrypoint: Option<Vec<String>>,
    #[serde(default, rename = "Cmd")]
    pub(super) cmd: Option<Vec<String>>,
}

/// The layers of a configuration.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct RootFs {
    #[serde(default)]
    pub(super) diff_ids: Option<Vec<String>>,
}

/// An entry of an image's history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// When it was made, in RFC 3339.
    #[serde(default)]
    pub created: Option<String>,
    /// The instruction, as its builder writes it.
    #[serde(default)]
    pub created_by: String,
    /// What the builder adds.
    #[serde(default)]
    pub comment: String,
    /// Whether it made no layer.
    #[serde(default)]
    pub empty_layer: bool,
}
