//! The reasons why bytes of an image are wasted.

/// Why bytes are in an image for nothing, or could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// W1: a later layer deletes it, or puts something else in its place.
    Deleted,
    /// W2: a later layer has other content at its path.
    Overwritten,
    /// W3: a later layer repeats the content to change mode, owner, attributes or times.
    MetadataOnly,
    /// W4: a later layer moves it.
    Moved,
    /// W5: caches and indexes of package managers, temporary files, logs.
    Cache,
    /// W6: packages that only builds need.
    BuildTool,
    /// W7: packages that came as recommendations alone.
    Recommended,
    /// W8: the same content at another path.
    Twin,
    /// W9: what is in the folders of projects, and no image needs.
    Baggage,
    /// W10: documentation, manuals, translations.
    Documentation,
    /// W11: archives kept, symbols not stripped, files of zeros.
    Unstripped,
    /// W12: layers that hold next to nothing.
    TinyLayers,
    /// W13: a layer that differs from another image's by its times alone.
    Unshared,
    /// W14: login logs with holes, which layers fill with zeros.
    Sparse,
    /// W15: a secret that a later layer deletes.
    Secret,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Deleted,
        Self::Overwritten,
        Self::MetadataOnly,
        Self::Moved,
        Self::Cache,
        Self::BuildTool,
        Self::Recommended,
        Self::Twin,
        Self::Baggage,
        Self::Documentation,
        Self::Unstripped,
        Self::TinyLayers,
        Self::Unshared,
        Self::Sparse,
        Self::Secret,
    ];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|it| *it == self).unwrap_or(0) + 1
    }

    /// Its code, such as `W1`.
    pub fn code(self) -> String {
        format!("W{}", self.number())
    }

    /// Whether the bytes count as waste: no container can see them, or none misses them. The others may be wanted.
    pub fn counts(self) -> bool {
        !matches!(
            self,
            Self::BuildTool
                | Self::Recommended
                | Self::Documentation
                | Self::Unstripped
                | Self::TinyLayers
                | Self::Unshared
        )
    }

    /// What it is, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Deleted => "deleted by a later layer",
            Self::Overwritten => "overwritten by a later layer",
            Self::MetadataOnly => "copied again for its metadata",
            Self::Moved => "moved by a later layer",
            Self::Cache => "caches, indexes, logs",
            Self::BuildTool => "packages that only builds need",
            Self::Recommended => "recommended packages",
            Self::Twin => "same content twice",
            Self::Baggage => "project files no image needs",
            Self::Documentation => "documentation, translations",
            Self::Unstripped => "could be stored smaller",
            Self::TinyLayers => "tiny layers",
            Self::Unshared => "differs by times alone",
            Self::Sparse => "zeros of login logs",
            Self::Secret => "secret, deleted by a later layer",
        }
    }
}
