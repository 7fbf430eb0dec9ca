//! DL3006: a base image without a tag.

use std::collections::HashSet;

use crate::lint::prelude::*;
use crate::syntax::is_placeholder;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3006",
        name: "untagged-image",
        category: Category::BaseImage,
        released_only: true,
        manner: true,
        summary: "base image without a tag",
        why: "Without a tag, the builder uses `latest`, which changes over time. The same Dockerfile can \
              build a different image tomorrow, and a new major version can arrive by surprise.",
        bad: &[
            "FROM debian\n",
            "FROM registry.example.com:5000/team/app\n",
            "FROM \"debian\"\n",
            "ARG NAME\nFROM team/$NAME\n",
        ],
        good: &[
            "FROM debian:12\n",
            "FROM scratch\n",
            "FROM debian:12 AS build\nFROM build\n",
            "FROM debian:12 AS Build\nFROM build\n",
            "ARG BASE=debian\nFROM $BASE\n",
            "ARG NAME=app:1.2\nFROM team/$NAME\n",
            "FROM debian@sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
        ],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
        ],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let lends = Lending::of(cx.model);
    let mut names = HashSet::new();
    for stage in cx.stages() {
        let image = &stage.from.image;
        let pinned = |it: &ImageRef| it.tag.is_some() || it.digest.is_some();
        let known = match &stage.base {
            Base::Scratch | Base::Stage(_) => true,
            Base::Image(image) => pinned(image),
            Base::Unknown => false,
        };
        // A name that is all variable is the caller's to choose; `FROM Build` after `AS Build` fails by itself.
        let chosen = matches!(image.parts.first(), Some(Part::Var(_)));
        let named = names.contains(image.text.as_ref());
        names.extend(stage.from.alias.as_ref().map(|it| it.name.text.as_ref()));
        let written = image.text.trim_matches(['"', '\'']);
        if known || chosen || named || pinned(&ImageRef::parse(written)) {
            continue;
        }
        let finding = findings
            .report(image.span, format!("`{}` has no tag, so it is `latest`", shorten(written, 45)))
            .help("add the tag of a version, or a digest");
        // A value that nobody knows may bring a tag, or name a stage; what is made on this machine is as new as it is.
        let is_local = matches!(&stage.base, Base::Image(image) if image.is_local());
        if stage.base == Base::Unknown
            || cx.model.may_name_stage(stage)
            || cx.model.lacks_value(image)
            || is_local
            || is_placeholder(written)
            || is_elsewhere(written)
            || super::names_a_version(written)
            || lends.only_files(cx.model, stage.id)
            || lends.only_holds_files(cx.model, stage.id)
            || cx.model.is_own_image(&ImageRef::parse(written))
        {
            finding.only_in(Profile::Strict);
        }
    }
}

/// Whether the image comes from a registry other than Docker Hub: such images are of few people, who know how they move, or
/// have no tags for versions, as in `gcr.io/distroless`.
fn is_elsewhere(image: &str) -> bool {
    ImageRef::parse(image).registry.is_some_and(|it| it != "docker.io")
}

/// What stages are used for.
struct Lending {
    /// The stages that others are built on.
    bases: HashSet<usize>,
    /// The stages that compile something.
    builders: HashSet<usize>,
    /// The stages that run something.
    runners: HashSet<usize>,
}

impl Lending {
    fn of(model: &Model<'_>) -> Self {
        let base = |it: &Stage<'_>| if let Base::Stage(base) = it.base { Some(base) } else { None };
        Self {
            bases: model.stages.iter().filter_map(base).collect(),
            builders: model.builds().iter().filter_map(|it| model.runs[it.run].stage).collect(),
            runners: model.runs.iter().filter_map(|it| it.stage).collect(),
        }
    }

    /// Whether a stage ships nothing and compiles nothing: what it fetches or hands on is of the same version on any image.
    fn only_files(&self, model: &Model<'_>, stage: usize) -> bool {
        !model.stages[stage].ships
            && !self.builders.contains(&stage)
            && !self.bases.contains(&stage)
            && model.final_stage.is_some()
    }

    /// Whether a stage of a bare system runs nothing: what is copied into it works on one version as on another, or shows at
    /// once.
    fn only_holds_files(&self, model: &Model<'_>, stage: usize) -> bool {
        let is_system = |it: &ImageRef| {
            ["alpine", "busybox", "debian", "fedora", "ubuntu"]
                .iter()
                .any(|name| it.is_official(name))
        };
        !self.runners.contains(&stage) && model.stages[stage].image().is_some_and(is_system)
    }
}
