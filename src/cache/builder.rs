//! What builders do differently when they look for a step in their cache: data, from runs of real ones.

/// A builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Builder {
    /// BuildKit: `docker build`, `docker buildx`, `buildctl`
    Buildkit,
    /// Docker's classic builder: `DOCKER_BUILDKIT=0 docker build`
    Classic,
    /// buildah and podman with layers
    Buildah,
}

/// What counts for a builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
pub struct Traits {
    /// The name in reports.
    pub name: &'static str,
    /// Whether LABEL, ENV, EXPOSE and their like are steps: all that follows depends on them.
    pub metadata: bool,
    /// Whether the default of an ARG is a part of the ARG, so that all that follows depends on it.
    pub arg_default: bool,
    /// Whether it matters what a bind mount shows.
    pub mounted_content: bool,
    /// Whether the name of a source matters, besides what is in it.
    pub source_name: bool,
    /// Whether a destination matters as it is written: `/srv/./` is another one than `/srv/`.
    pub written_destination: bool,
    /// Whether the array of a RUN matters as it is written, with its blanks.
    pub written_array: bool,
    /// Whether flags matter as they are written: in which order, and `--chmod=0644` as another one than `--chmod=644`.
    pub written_flags: bool,
    /// Whether the folders matter that a pattern matches, and not only the names of what it finds in them.
    pub matched_folders: bool,
    /// Whether a link that a pattern matches counts by what it leads to.
    pub follows_matches: bool,
    /// Whether `**` in a source is any number of folders, also without `--parents`.
    pub deep_patterns: bool,
    /// Whether `--chown=0:0` is something else than no `--chown`.
    pub chown_root: bool,
    /// Whether the owner that a file has in the context matters.
    pub owner: bool,
    /// Whether extended attributes of users matter.
    pub attributes: bool,
    /// Whether the mode of a directory matters whose content is copied.
    pub root_mode: bool,
    /// Whether an archive that ADD unpacks counts by its members, without their times.
    pub members: bool,
    /// Whether `--link` makes a COPY independent of what precedes it.
    pub links: bool,
    /// Whether it knows mounts, heredocs, `--link`, `--chmod`, `--exclude` and `--parents`.
    pub is_modern: bool,
}

const BUILDKIT: Traits = Traits {
    name: "buildkit",
    metadata: false,
    arg_default: false,
    mounted_content: true,
    source_name: true,
    written_destination: false,
    written_array: false,
    written_flags: false,
    matched_folders: true,
    follows_matches: true,
    deep_patterns: false,
    chown_root: true,
    owner: false,
    attributes: true,
    root_mode: true,
    members: false,
    links: true,
    is_modern: true,
};

const CLASSIC: Traits = Traits {
    name: "classic",
    metadata: true,
    arg_default: true,
    mounted_content: false,
    source_name: true,
    written_destination: true,
    written_array: false,
    written_flags: true,
    matched_folders: false,
    follows_matches: false,
    deep_patterns: false,
    chown_root: true,
    owner: false,
    attributes: false,
    root_mode: true,
    members: false,
    links: false,
    is_modern: false,
};

const BUILDAH: Traits = Traits {
    name: "buildah",
    metadata: true,
    arg_default: false,
    mounted_content: false,
    source_name: false,
    written_destination: true,
    written_array: true,
    written_flags: true,
    matched_folders: false,
    follows_matches: false,
    deep_patterns: true,
    chown_root: false,
    owner: true,
    attributes: false,
    root_mode: false,
    members: true,
    links: false,
    is_modern: true,
};

impl Builder {
    /// What counts for it.
    pub fn traits(self) -> &'static Traits {
        match self {
            Self::Buildkit => &BUILDKIT,
            Self::Classic => &CLASSIC,
            Self::Buildah => &BUILDAH,
        }
    }
}
