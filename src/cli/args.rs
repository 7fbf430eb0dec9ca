//! The command line's flags.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

#[cfg(feature = "cache")]
use super::cache::CacheArgs;
use super::common_args::{BuildFlags, ColorFlag};
#[cfg(feature = "images")]
use super::images::{ImageArgs, MeasureArgs};
use super::reports::Reports;
use super::settings::ConfigFlags;
use crate::lint::{Profile, Severity};

/// A Dockerfile linter and layer-optimization advisor.
#[derive(Debug, Parser)]
#[command(
    name = "layerwise",
    version,
    arg_required_else_help = true,
    max_term_width = 80,
    after_help = EXAMPLES
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[cfg(feature = "cache")]
const EXAMPLES: &str = "\
Examples:
  layerwise check                check every Dockerfile below this folder
  layerwise measure              build, and see what each line weighs
  layerwise image debian:12      what is in an image, layer by layer
  layerwise cache                which lines rebuild how often, and why
  layerwise explain DL3008       why a rule exists and what to do
  layerwise rules                list all rules";
#[cfg(all(feature = "images", not(feature = "cache")))]
const EXAMPLES: &str = "\
Examples:
  layerwise check                check every Dockerfile in this folder
  layerwise measure              build, and show what each line adds
  layerwise image debian:12      show what is in an image, layer by layer
  layerwise explain DL3008       show why a rule exists and what to do
  layerwise rules                list all rules";
#[cfg(not(feature = "images"))]
const EXAMPLES: &str = "\
Examples:
  layerwise check                check every Dockerfile in this folder
  layerwise explain DL3008       show why a rule exists and what to do
  layerwise rules                list all rules";

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check Dockerfiles
    Check(Box<CheckArgs>),
    #[cfg(feature = "images")]
    /// Build a Dockerfile and measure what each line adds to the image
    Measure(Box<MeasureArgs>),
    #[cfg(feature = "images")]
    /// Measure images: what each layer holds, and which bytes are wasted
    Image(Box<ImageArgs>),
    #[cfg(feature = "images")]
    /// Show the disk space that images and layers use and share
    Store(StoreArgs),
    #[cfg(feature = "cache")]
    /// Replay the history of a project: which lines a builder runs again, and why
    Cache(Box<CacheArgs>),
    /// Explain what a rule finds, why, and how to fix or suppress it
    Explain(ExplainArgs),
    /// List all rules
    Rules(RulesArgs),
    /// Print Dockerfiles as the parser sees them
    Ast(AstArgs),
    /// Print the current settings, or the schema of the configuration file
    Config(ConfigArgs),
    /// Write a configuration file or a .dockerignore
    #[command(subcommand)]
    Init(InitCommand),
    #[cfg(feature = "lsp")]
    /// Start the language server on standard input and output
    Lsp(LspArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a manual page, in roff
    Man(ManArgs),
}

const CHECK_EXAMPLES: &str = "\
Exit codes: 0 nothing at or above the threshold, 1 findings, 2 bad usage or a
file that could not be read.

Examples:
  layerwise check                           every Dockerfile in this folder
  layerwise check Dockerfile services/      a file and a folder
  layerwise check - < Dockerfile            standard input
  layerwise check --ignore DL3008,metadata  skip a rule and a category
  layerwise check --select hadolint,shellcheck --profile strict
  layerwise check --fail-on error --format concise
  layerwise check --format sarif --output layerwise.sarif --format full";

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(super) struct CheckArgs {
    /// Files, folders, or `-` for standard input
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Check standard input as if it were this file, with its settings and its build context
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<String>,

    /// How many files to check at once [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,

    /// Report only these codes, prefixes, families, categories, ALL or DEFAULT
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',', help_heading = "Rules")]
    pub(super) select: Vec<String>,

    /// Report these rules too
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',', help_heading = "Rules")]
    pub(super) extend_select: Vec<String>,

    /// Never report these rules
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',', help_heading = "Rules")]
    pub(super) ignore: Vec<String>,

    /// How much to report [default: default]
    #[arg(long, value_enum, help_heading = "Rules")]
    pub(super) profile: Option<ProfileArg>,

    /// Also report suppressions without a reason
    #[arg(long, help_heading = "Rules")]
    pub(super) require_reason: bool,

    /// Ignore comments that suppress findings
    #[arg(long, help_heading = "Rules")]
    pub(super) disable_ignore_comments: bool,

    /// Apply safe fixes to the files
    #[arg(long, help_heading = "Changes")]
    pub(super) fix: bool,

    /// With `--fix` or `--diff`: include fixes that may change what the image does
    #[arg(long, help_heading = "Changes")]
    pub(super) unsafe_fixes: bool,

    /// Show what `--fix` would change, without changing anything
    #[arg(long, help_heading = "Changes")]
    pub(super) diff: bool,

    /// Write comments that suppress all findings
    #[arg(long, help_heading = "Changes", conflicts_with_all = ["fix", "diff", "baseline", "write_baseline"])]
    pub(super) add_ignores: bool,

    /// Report only findings that are not in this file
    #[arg(long, value_name = "FILE", help_heading = "Baseline", conflicts_with = "write_baseline")]
    pub(super) baseline: Option<PathBuf>,

    /// Write all findings to this file, for use with `--baseline`
    #[arg(long, value_name = "FILE", help_heading = "Baseline")]
    pub(super) write_baseline: Option<PathBuf>,

    /// Report only what a change brings: findings that are new since this commit, branch or tag, or on lines that
    /// changed since then
    #[cfg(feature = "cache")]
    #[arg(long, value_name = "REV", help_heading = "Baseline", conflicts_with_all = ["write_baseline", "fix", "diff", "add_ignores"])]
    pub(super) diff_base: Option<String>,

    #[command(flatten)]
    pub(super) reports: Reports,

    /// Replay the last commits (200 if no number is given) through the cache of BuildKit, and put on findings about the
    /// cache how often their lines ran again; sorts by that
    #[cfg(feature = "cache")]
    #[arg(long, value_name = "COMMITS", num_args = 0..=1, require_equals = true, default_missing_value = "200", help_heading = "Output")]
    pub(super) history: Option<std::num::NonZeroU32>,

    /// The order of the findings; by default `place`, and `impact` with `--history`
    #[arg(long, value_enum, value_name = "ORDER", help_heading = "Output")]
    sort: Option<Order>,

    /// Print how often each rule matched instead of the findings
    #[arg(long, help_heading = "Output")]
    pub(super) statistics: bool,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) color: ColorFlag,

    /// Print only findings: no summary, no remarks
    #[arg(long, short, help_heading = "Output")]
    pub(super) quiet: bool,

    /// The lowest severity that makes the exit code 1 [default: info]
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Exit code")]
    pub(super) fail_on: Option<Threshold>,

    /// Exit with 0 even if there are findings
    #[arg(long, help_heading = "Exit code")]
    pub(super) exit_zero: bool,

    #[command(flatten)]
    pub(super) build: BuildFlags,

    /// The folder of the build context [default: derived from the Dockerfile's location]
    #[arg(long, value_name = "DIR", help_heading = "Build")]
    pub(super) context: Option<PathBuf>,

    /// Skip what matches this pattern when searching folders; same syntax as .gitignore, relative to the working
    /// directory
    #[arg(long, value_name = "PATTERN", help_heading = "Files")]
    pub(super) exclude: Vec<String>,

    /// Also check files that .gitignore and .ignore exclude
    #[arg(long, help_heading = "Files")]
    pub(super) no_ignore: bool,

    /// Apply `exclude` to named files too
    #[arg(long, help_heading = "Files")]
    pub(super) force_exclude: bool,

    #[command(flatten)]
    pub(super) files: ConfigFlags,
}

impl CheckArgs {
    /// The order of the findings.
    pub(super) fn order(&self) -> Order {
        #[cfg(feature = "cache")]
        let default = if self.history.is_some() { Order::Impact } else { Order::Place };
        #[cfg(not(feature = "cache"))]
        let default = Order::Place;
        self.sort.unwrap_or(default)
    }
}

/// `--sort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Order {
    /// By position in the files
    Place,
    /// Most expensive first: replayed reruns, then bytes, then rebuilds, then layers
    Impact,
}

/// `--profile`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ProfileArg {
    /// What nearly everyone would act on
    Default,
    /// Every rule of hadolint, BuildKit and ShellCheck exactly as they have it, in every stage
    Strict,
    /// Also what may be worth a look
    Audit,
}

impl From<ProfileArg> for Profile {
    fn from(arg: ProfileArg) -> Self {
        match arg {
            ProfileArg::Default => Self::Default,
            ProfileArg::Strict => Self::Strict,
            ProfileArg::Audit => Self::Audit,
        }
    }
}

/// `--fail-on`.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[allow(missing_docs, reason = "each is the severity of its name")]
pub(super) enum Threshold {
    Error,
    Warning,
    Info,
    Style,
    Never,
}

impl Threshold {
    /// The severity; none for `never`.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Style => Some(Severity::Style),
            Self::Never => None,
        }
    }
}

const STORE_EXAMPLES: &str = "\
It reads the stores of Docker (overlay2), podman and buildah, and changes
nothing. Commands that remove something are printed and never run.

Examples:
  layerwise store                          the stores of this machine
  layerwise store --layers                 with the folder of every layer
  layerwise store --root /mnt/var/lib/docker";

/// `store`.
#[derive(Debug, Args)]
#[command(after_help = STORE_EXAMPLES)]
pub(super) struct StoreArgs {
    /// The folder of a store [default: the usual places of Docker, podman and buildah]
    #[arg(long, value_name = "DIR")]
    pub(super) root: Vec<PathBuf>,

    /// List the folders of all layers, not just the last one of each image
    #[arg(long)]
    pub(super) layers: bool,

    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: TextOrJson,

    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Codes or names of rules, such as DL3008 or latest-tag; for a prefix (LW1), a family or a category, list its
    /// rules
    #[arg(required = true, value_name = "CODE")]
    pub(super) codes: Vec<String>,

    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// `rules`.
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// List only these codes, prefixes, families, categories, or DEFAULT
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',')]
    pub(super) select: Vec<String>,

    /// How to print the list
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: TextOrJson,

    #[command(flatten)]
    pub(super) color: ColorFlag,
}

/// `ast`.
#[derive(Debug, Args)]
pub(super) struct AstArgs {
    /// Files, folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Also read files that .gitignore and .ignore exclude
    #[arg(long)]
    pub(super) no_ignore: bool,

    /// Follow links out of the project
    #[arg(long)]
    pub(super) allow_outside: bool,

    /// How to print the instructions
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: TextOrJson,
}

/// `config`.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    /// Print the settings for this Dockerfile, and where each one comes from
    #[arg(value_name = "FILE", conflicts_with_all = ["schema", "from_hadolint"])]
    pub(super) file: Option<PathBuf>,

    /// Print the JSON Schema of layerwise.yaml
    #[arg(long, conflicts_with = "from_hadolint")]
    pub(super) schema: bool,

    /// Convert hadolint's configuration file to a layerwise.yaml
    #[arg(long, value_name = "FILE")]
    pub(super) from_hadolint: Option<PathBuf>,

    #[command(flatten)]
    pub(super) flags: ConfigFlags,
}

/// `init`.
#[derive(Debug, Subcommand)]
pub(super) enum InitCommand {
    /// Write a .dockerignore with everything in the folder that no build needs
    Dockerignore(DockerignoreArgs),
    /// Write a layerwise.yaml with every setting commented out
    Config(InitConfigArgs),
}

/// `init config`.
#[derive(Debug, Args)]
pub(super) struct InitConfigArgs {
    /// The folder to write it into
    #[arg(default_value = ".", value_name = "DIR")]
    pub(super) folder: PathBuf,

    /// Print it instead
    #[arg(long)]
    pub(super) stdout: bool,
}

/// `init dockerignore`.
#[derive(Debug, Args)]
pub(super) struct DockerignoreArgs {
    /// The folder of the build context
    #[arg(default_value = ".", value_name = "CONTEXT")]
    pub(super) context: PathBuf,

    /// Print it instead
    #[arg(long)]
    pub(super) stdout: bool,
}

/// `lsp`.
#[derive(Debug, Args)]
pub(super) struct LspArgs {
    /// Use standard input and output; the only supported way, accepted for editors
    #[arg(long)]
    pub(super) stdio: bool,

    #[command(flatten)]
    pub(super) files: ConfigFlags,
}

/// `man`.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The subcommand [default: the program itself]
    pub(super) subcommand: Option<String>,
}

/// `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

/// Formats of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TextOrJson {
    /// For people
    Text,
    /// For programs
    Json,
}
