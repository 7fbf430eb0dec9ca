//! What `/bin/sh` is in known base images.

use super::{Model, Run};

/// Official images of Docker Hub that are built on Debian or Ubuntu unless their tag names another system, sorted.
/// From the images' own Dockerfiles (the library of official images, 2026).
const ON_DEBIAN: &[&str] = &[
    "buildpack-deps",
    "debian",
    "gcc",
    "golang",
    "haskell",
    "httpd",
    "nginx",
    "node",
    "perl",
    "php",
    "postgres",
    "python",
    "redis",
    "ruby",
    "rust",
    "ubuntu",
];

/// Words in tags that name a system whose `sh` is not dash.
const OTHER_SYSTEMS: &[&str] =
    &["alpine", "oracle", "windows", "nanoserver", "ubi", "centos", "fedora"];

impl Model<'_> {
    /// Whether `/bin/sh` is known to be dash where a RUN runs: it has POSIX's features and hardly any other. The
    /// shells of Alpine (BusyBox) and of Red Hat's systems (bash) have most of what scripts use beyond POSIX.
    pub fn has_dash(&self, run: &Run<'_>) -> bool {
        let Some(image) = run.stage.and_then(|stage| self.root_image(stage)) else { return false };
        let tag = image.tag.as_deref().unwrap_or_default();
        image.is_official(image.name())
            && ON_DEBIAN.binary_search(&image.name()).is_ok()
            && !OTHER_SYSTEMS.iter().any(|system| tag.contains(system))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BuildOptions;
    use crate::source::Source;
    use crate::syntax;

    fn has_dash(image: &str) -> bool {
        let source = Source::new("Dockerfile", format!("FROM {image} AS a\nFROM a\nRUN b\n"));
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        model.has_dash(&model.runs[0])
    }

    #[test]
    fn the_images_are_sorted() {
        assert!(ON_DEBIAN.is_sorted());
    }

    #[test]
    fn debian_and_what_is_built_on_it_have_dash() {
        for image in ["debian:12", "ubuntu", "docker.io/library/python:3.12-slim", "node:20"] {
            assert!(has_dash(image), "{image}");
        }
        for image in ["alpine", "python:3.12-alpine", "acme/debian", "centos:7", "scratch", "$X"] {
            assert!(!has_dash(image), "{image}");
        }
    }
}
