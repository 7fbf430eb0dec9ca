//! Images that a file takes something from.

use std::collections::HashSet;

use crate::model::{Base, ImageRef, Model};
use crate::source::Span;
use crate::syntax::{Instruction, Kind, MountType, Word};

/// An image that FROM, `COPY --from` or a mount names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedImage {
    /// The image.
    pub image: ImageRef,
    /// Where it is named.
    pub span: Span,
}

impl Model<'_> {
    /// The images that the file names, in order: of FROM, of `COPY --from`, of bind and cache mounts. Names that are
    /// stages, `scratch`, and those that depend on a value which nobody knows are left out.
    pub fn images_used(&self) -> Vec<UsedImage> {
        let mut found = Vec::new();
        for instruction in &self.doc.instructions {
            if let Kind::From(from) = &instruction.kind {
                let stage = self.stage_of(instruction.id);
                if let Some(Base::Image(image)) = stage.map(|stage| &stage.base) {
                    found.push(UsedImage { image: image.clone(), span: from.image.span });
                }
                continue;
            }
            for word in sources(instruction) {
                let text = word.text.trim_matches(['"', '\'']);
                if self.stage_called(instruction.id, text).is_none()
                    && text.parse::<usize>().is_err()
                    && text != "scratch"
                {
                    found.push(UsedImage { image: ImageRef::parse(text), span: word.span });
                }
            }
        }
        found
    }
}

/// The words of `--from` and of `from=` in mounts.
fn sources<'a>(instruction: &'a Instruction<'_>) -> Vec<&'a Word<'a>> {
    match &instruction.kind {
        Kind::Copy(_) => {
            instruction.flag("from").and_then(|it| it.value.as_ref()).into_iter().collect()
        }
        Kind::Run(run) => run
            .mounts
            .iter()
            .filter(|it| matches!(it.kind, MountType::Bind | MountType::Cache))
            .filter_map(|mount| mount.option("from"))
            .collect(),
        _ => Vec::new(),
    }
}

/// The longest tag that a registry takes.
const LONGEST_TAG: usize = 128;

/// The names of stages that images seem to be published from: their tags, what is in those behind a hyphen, and their
/// own names say so.
pub(in crate::model) fn names_of_stages(images: &[UsedImage]) -> HashSet<&str> {
    let mut names = HashSet::new();
    for used in images {
        let tag =
            used.image.tag.as_deref().filter(|it| it.len() <= LONGEST_TAG).unwrap_or_default();
        let variants = tag.match_indices('-').map(|(at, _)| &tag[at + 1..]);
        names.extend(variants.chain([tag, used.image.name()]).filter(|it| !it.is_empty()));
    }
    names
}

impl ImageRef {
    /// Whether the image's registry, its port included, fits a pattern: `*`, `*suffix`, `prefix*` or the whole name.
    /// An image without a registry comes from Docker Hub, `docker.io` or `hub.docker.com`.
    pub fn is_from(&self, pattern: &str) -> bool {
        let fits = |registry: &str| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (Some(suffix), _) => registry.ends_with(suffix),
            (None, Some(prefix)) => registry.starts_with(prefix),
            (None, None) => registry == pattern,
        };
        match self.registry.as_deref() {
            Some(registry) => fits(registry),
            None => fits("docker.io") || fits("hub.docker.com"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::of;

    #[test]
    fn stages_are_no_images() {
        let text = "FROM a AS one\nFROM one\nCOPY --from=one / /\nCOPY --from=b/c:1 / /\n\
                    RUN --mount=from=d,target=/x e\nFROM scratch\nFROM $X\n";
        of(text, |model| {
            let images = model.images_used();
            let names: Vec<_> = images.iter().map(|it| it.image.repository.as_str()).collect();
            assert_eq!(names, ["a", "b/c", "d"]);
        });
    }

    #[test]
    fn registries_fit_patterns() {
        let is_from = |image: &str, pattern: &str| ImageRef::parse(image).is_from(pattern);
        assert!(is_from("debian", "docker.io") && is_from("a/b", "hub.docker.com"));
        assert!(is_from("x.y/a", "*") && is_from("x.y/a", "*.y") && is_from("x.y/a", "x.*"));
        assert!(!is_from("x.y:5000/a", "x.y") && !is_from("debian", "x.y"));
    }
}
