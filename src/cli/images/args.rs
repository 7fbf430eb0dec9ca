//! The flags of `measure` and `image`.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::super::common_args::{BuildFlags, ColorFlag};
use super::super::settings::ConfigFlags;
use crate::amount::{Amount, amount, bytes, efficiency};
use crate::build::Builder;
use crate::report::{ImageFormat, RowOrder};

const IMAGE_EXAMPLES: &str = "\
An IMAGE is a file or folder (docker-archive, OCI layout, `dir:`), `-` for an
archive on standard input, or the name of an image in an engine's store:
  layerwise image app.tar                  an archive, from any tool
  layerwise image oci:layout:1.0           one image of an OCI layout
  layerwise image docker://app:1           from Docker; podman:// likewise
  layerwise image containers-storage:app   from buildah's and podman's store
  layerwise image app:1                    from the first engine that has it
  layerwise image app:1 --base debian:12   list the base image's part separately
  layerwise image app:1 app:2 --diff       what changed, path by path
  layerwise image oci:layout --platform all  the images of an index, as a table

Exit codes: 0 all gates passed, 1 a gate failed, 2 wrong usage or an image that
could not be read.";

const MEASURE_EXAMPLES: &str = "\
Without --image, this builds the Dockerfile with the first engine that answers.
With `--engine none`, it builds the layers of COPY, ADD and WORKDIR itself.

Examples:
  layerwise measure                        build this folder and measure it
  layerwise measure --engine none          only layers that need no engine
  layerwise measure --image app:1          an image that is already built
  layerwise measure --max-waste 5% --max-size 200MB
  layerwise measure --format json --output measured.json
  layerwise measure --baseline measured.json
  layerwise measure --verify               does the fixed file build the same image?

Exit codes: 0 all gates passed, 1 a gate failed, 2 wrong usage or a failed
build.";

/// `image`.
#[derive(Debug, Args)]
#[command(after_help = IMAGE_EXAMPLES)]
pub(in super::super) struct ImageArgs {
    /// Archives, folders, or names of images
    #[arg(required = true, value_name = "IMAGE")]
    pub(super) images: Vec<String>,

    /// Show what changed from the first to the second of two images
    #[arg(long)]
    pub(super) diff: bool,

    #[command(flatten)]
    pub(super) common: Common,
}

/// `measure`.
#[derive(Debug, Args)]
#[command(after_help = MEASURE_EXAMPLES)]
pub(in super::super) struct MeasureArgs {
    /// The folder of the build context
    #[arg(default_value = ".", value_name = "CONTEXT")]
    pub(super) context: PathBuf,

    /// The Dockerfile [default: Dockerfile or Containerfile in the context]
    #[arg(long, short, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// Measure this image, built from the file earlier, instead of building
    #[arg(long, value_name = "IMAGE")]
    pub(super) image: Option<String>,

    /// Apply all fixes to a copy of the file, or use FILE, build it too, and compare the images
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with = "image")]
    pub(super) verify: Option<Option<PathBuf>>,

    /// The engine that builds the image [default: the first that answers]
    #[arg(long, value_enum, value_name = "ENGINE", help_heading = "Build")]
    pub(super) engine: Option<EngineArg>,

    #[command(flatten)]
    pub(super) build: BuildFlags,

    /// A secret, in the engine's syntax
    #[arg(long, value_name = "SECRET", help_heading = "Build")]
    pub(super) secret: Vec<String>,

    /// An SSH agent or key, in the engine's syntax
    #[arg(long, value_name = "SSH", help_heading = "Build")]
    pub(super) ssh: Vec<String>,

    /// The network of RUN, in the engine's syntax
    #[arg(long, value_name = "MODE", help_heading = "Build")]
    pub(super) network: Option<String>,

    /// Build every step again, without the cache
    #[arg(long, help_heading = "Build")]
    pub(super) no_cache: bool,

    /// The builder of `docker buildx`
    #[arg(long, value_name = "NAME", help_heading = "Build")]
    pub(super) builder: Option<String>,

    /// The podman connection to another machine
    #[arg(long, value_name = "NAME", help_heading = "Build")]
    pub(super) connection: Option<String>,

    /// Set this time for all files, in seconds since 1970, for reproducible builds; podman, buildah and `none` only
    #[arg(long, value_name = "SECONDS", help_heading = "Build")]
    pub(super) timestamp: Option<u32>,

    /// Pass an argument to the engine's build command, such as --engine-arg=--isolation=chroot
    #[arg(long, value_name = "WORD", allow_hyphen_values = true, help_heading = "Build")]
    pub(super) engine_arg: Vec<String>,

    #[command(flatten)]
    pub(super) common: Common,
}

/// What both have.
#[derive(Debug, Args)]
pub(in super::super) struct Common {
    /// The base image: its layers do not count as the image's own. `--engine none` builds on top of it
    #[arg(long, value_name = "IMAGE")]
    pub(super) base: Option<String>,

    /// The platform, such as linux/arm64, or `all` for existing images [default: this machine's]
    #[arg(long, value_name = "PLATFORM")]
    pub(super) platform: Option<String>,

    /// Predict the size of the image without its waste; reads the image twice
    #[arg(long)]
    pub(super) what_if: bool,

    /// Do not count these paths as waste; same syntax as .gitignore
    #[arg(long, value_name = "GLOB")]
    pub(super) ignore_path: Vec<String>,

    /// The maximum size of an unpacked image
    #[arg(long, value_name = "SIZE", value_parser = bytes, default_value = "64GB")]
    pub(super) max_unpacked: u64,

    /// Stop an engine that takes longer than this many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) timeout: Option<u64>,

    /// The maximum file bytes of the image, such as 200MB
    #[arg(long, value_name = "SIZE", value_parser = bytes, help_heading = "Gates")]
    pub(super) max_size: Option<u64>,

    /// The maximum waste in the image's own layers: a size, or a share such as 5%
    #[arg(long, value_name = "SIZE", value_parser = amount, help_heading = "Gates")]
    pub(super) max_waste: Option<Amount>,

    /// The minimum share of useful bytes in the image's own layers, such as 0.95
    #[arg(long, value_name = "SHARE", value_parser = efficiency, help_heading = "Gates")]
    pub(super) min_efficiency: Option<f64>,

    /// The maximum number of the image's own layers
    #[arg(long, value_name = "N", help_heading = "Gates")]
    pub(super) max_layers: Option<usize>,

    /// An earlier output of --format json; the image may not be larger
    #[arg(long, value_name = "FILE", help_heading = "Gates")]
    pub(super) baseline: Option<PathBuf>,

    /// How much larger than the baseline the image may be [default: 0]
    #[arg(long, value_name = "SIZE", value_parser = amount, requires = "baseline", help_heading = "Gates")]
    pub(super) max_growth: Option<Amount>,

    /// How to print the result
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(super) format: ImageFormat,

    /// Write it to a file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,

    /// Also write a self-contained HTML page
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) html: Option<PathBuf>,

    /// The order of the rows
    #[arg(
        long,
        value_enum,
        value_name = "ORDER",
        default_value = "place",
        help_heading = "Output"
    )]
    pub(super) sort: RowOrder,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) color: ColorFlag,

    /// Do not show progress
    #[arg(long, short, help_heading = "Output")]
    pub(super) quiet: bool,

    #[command(flatten)]
    pub(super) files: ConfigFlags,
}

/// `--engine`: one that builds; none for `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EngineArg(pub(super) Option<&'static Builder>);

impl ValueEnum for EngineArg {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<EngineArg>> =
            LazyLock::new(|| Builder::all().map(Some).chain([None]).map(EngineArg).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, about) = match self.0 {
            Some(builder) => (builder.name, builder.about),
            None => ("none", "No engine: layerwise builds the layers that need none"),
        };
        let value = PossibleValue::new(name);
        Some(if about.is_empty() { value } else { value.help(about) })
    }
}
