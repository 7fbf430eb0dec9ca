//! DL3007: a base image with the tag `latest`.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3007",
        name: "latest-tag",
        category: Category::BaseImage,
        released_only: true,
        manner: true,
        summary: "base image with the tag `latest`",
        why: "`latest` changes over time. The same Dockerfile can build a different image tomorrow, a new \
              major version can arrive by surprise, and you cannot tell later which version an image was \
              built on.",
        bad: &["FROM debian:latest\n", "FROM registry.example.com:5000/team/app:latest AS app\n"],
        good: &[
            "FROM debian:12\n",
            "FROM debian:latest@sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
            "ARG VERSION\nFROM debian:${VERSION:-latest}\n",
            "FROM latest:1\n",
        ],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
        ],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let image = &stage.from.image;
        let written = ImageRef::parse(image.text.trim_matches(['"', '\'']));
        if written.tag.as_deref() == Some("latest") && written.digest.is_none() {
            let finding = findings
                .report(
                    image.span,
                    format!("the tag of `{}` changes over time", shorten(&image.text, 50)),
                )
                .help("use the tag of a version, or add a digest");
            // Other registries hold images of few people, who know how their tags move.
            if !stage.ships
                || written.registry.as_deref().is_some_and(|it| it != "docker.io")
                || super::names_a_version(&written.repository)
                || cx.model.is_own_image(&written)
            {
                finding.only_in(Profile::Strict);
            }
        }
    }
}
