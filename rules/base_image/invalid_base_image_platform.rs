//! InvalidBaseImagePlatform: a base image of another architecture than the platform asked for.

use crate::lint::prelude::*;
use crate::model::Platform;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "InvalidBaseImagePlatform",
        name: "invalid-base-image-platform",
        category: Category::BaseImage,
        summary: "a base image for another platform than the requested one",
        why: "The image exists for one architecture only, but `--platform` requests another. Its programs do \
              not start, or run emulated and many times slower. The rule looks up no image; it knows the \
              namespaces in which Docker publishes the official images for one architecture.",
        bad: &["FROM --platform=linux/amd64 arm64v8/debian:12\n"],
        good: &[
            "FROM --platform=linux/arm64 arm64v8/debian:12\n",
            "FROM arm64v8/debian:12\n",
            "FROM --platform=linux/amd64 example/debian:12\n",
        ],
        references: &[
            "https://docs.docker.com/reference/build-checks/invalid-base-image-platform/",
            "https://github.com/docker-library/official-images#architectures-other-than-amd64",
        ],
        ..Meta::BUILDKIT
    },
    check,
};

/// Namespaces of official images and what the images in them are for.
const NAMESPACES: &[(&str, &str)] = &[
    ("amd64", "amd64"),
    ("arm32v5", "arm"),
    ("arm32v6", "arm"),
    ("arm32v7", "arm"),
    ("arm64v8", "arm64"),
    ("i386", "386"),
    ("mips64le", "mips64le"),
    ("ppc64le", "ppc64le"),
    ("riscv64", "riscv64"),
    ("s390x", "s390x"),
];

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let Some(platform) = &stage.from.platform else { continue };
        if platform.text.contains('$') || stage.from.image.text.contains('$') {
            continue;
        }
        let asked = Platform::parse(&platform.text).and_then(|it| it.architecture);
        let image = ImageRef::parse(&stage.from.image.text);
        let namespace = image.repository.split_once('/').map(|(first, _)| first);
        let known = NAMESPACES.iter().find(|(name, _)| Some(*name) == namespace);
        let is_hub = image.registry.as_deref().is_none_or(|it| it == "docker.io");
        if let (Some(asked), Some((_, has)), true) = (asked, known, is_hub)
            && asked != *has
        {
            findings
                .report(
                    stage.from.image.span,
                    format!("this image is for `{has}`, not for the requested `{asked}`"),
                )
                .label(platform.span, "requested here")
                .help("use the image without the namespace; it exists for many platforms");
        }
    }
}
