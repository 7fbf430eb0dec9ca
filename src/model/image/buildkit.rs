//! Whether the file is written for BuildKit.

use crate::model::Model;
use crate::source::Span;
use crate::syntax::MountType;

/// Options that the classic builder does not know.
const OPTIONS: &[&str] = &["chmod", "exclude", "link", "parents"];

impl Model<'_> {
    /// The first thing in the file that only BuildKit (or buildah) understands: a `syntax` directive, a mount, a
    /// heredoc, or an option that the classic builder does not know.
    pub fn buildkit_evidence(&self) -> Option<Span> {
        let directive = self.doc.directives.iter().find(|it| it.key == "syntax").map(|it| it.span);
        directive.or_else(|| {
            let told = self.doc.instructions.iter().flat_map(|it| {
                let flags = it.flags.iter().filter(|flag| OPTIONS.contains(&flag.name.as_ref()));
                let heredocs = it.heredocs.iter().map(|it| it.marker_span);
                flags.map(|flag| flag.span).chain(heredocs)
            });
            let mounts = self.runs.iter().flat_map(|run| run.mounts).map(|it| it.span);
            told.chain(mounts).min()
        })
    }

    /// Whether the file's name is podman's and buildah's: `Containerfile`, `Containerfile.dev`, `app.containerfile`.
    pub fn is_containerfile(&self) -> bool {
        let name = self.doc.source.name.rsplit(['/', '\\']).next().unwrap_or("");
        name.to_ascii_lowercase().contains("containerfile")
    }

    /// The first cache mount of the file.
    pub fn first_cache_mount(&self) -> Option<Span> {
        let mut mounts = self.runs.iter().flat_map(|run| run.mounts);
        mounts.find(|it| it.kind == MountType::Cache).map(|it| it.span)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn what_only_buildkit_knows_tells() {
        let told = |text: &str| of(text, |model| model.buildkit_evidence().is_some());
        assert!(told("# syntax=docker/dockerfile:1\nFROM a\n"));
        assert!(told("FROM a\nRUN --mount=type=cache,target=/x y\n"));
        assert!(told("FROM a\nCOPY --link a b\n") && told("FROM a\nRUN <<E\nx\nE\n"));
        assert!(!told("FROM a AS b\nFROM a\nCOPY --from=b --chown=1 a b\n"));
    }
}
