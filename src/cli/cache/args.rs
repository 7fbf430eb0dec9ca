//! The flags of `cache`.

use std::path::PathBuf;

use clap::Args;

use super::super::common_args::{BuildFlags, ColorFlag};
use crate::cache::{Builder, dates};
use crate::escape::shell_word;
use crate::report::CacheFormat;

const EXAMPLES: &str = "\
Nothing is built: keys of the cache are computed from the Dockerfile and the
files of each commit, as git keeps them. Seconds are estimates from a table,
unless `--cost` names the log of a build.

Examples:
  layerwise cache                       the last 200 commits of this project
  layerwise cache -f docker/Dockerfile --target api
  layerwise cache --since 2026-01-01 --builder buildah
  layerwise cache --html cache.html     the history next to the Dockerfile
  layerwise cache --diff                the change that would have saved most
  layerwise cache --fix --unsafe-fixes  makes it
  layerwise cache --format json --output cache.json
  layerwise cache --change              what the working tree runs again
  layerwise cache --change origin/main...HEAD --format github
  layerwise cache --explain old.log new.log --revs HEAD~1..HEAD

Exit codes: 0 done, 1 a gate failed, 2 bad usage or nothing to replay.";

/// How many commits are replayed if nothing else is said.
const COMMITS: u32 = 200;

/// `cache`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in super::super) struct CacheArgs {
    /// The folder of the build context
    #[arg(default_value = ".", value_name = "CONTEXT")]
    pub(super) folder: PathBuf,

    /// The folder of the build context, as `check` takes it
    #[arg(long, value_name = "DIR", conflicts_with = "folder")]
    pub(super) context: Option<PathBuf>,

    /// The Dockerfile [default: Dockerfile or Containerfile in the context]
    #[arg(long, short, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// Whose cache it is
    #[arg(
        long,
        value_enum,
        value_name = "BUILDER",
        default_value = "buildkit",
        help_heading = "Build"
    )]
    pub(super) builder: Builder,

    #[command(flatten)]
    pub(super) build: BuildFlags,

    /// How many commits to replay
    #[arg(long, value_name = "N", default_value_t = COMMITS, value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "History")]
    pub(super) commits: u32,

    /// No commit before this day, such as 2026-01-31
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "History")]
    pub(super) since: Option<i64>,

    /// A branch, tag or commit to start from [default: HEAD]
    #[arg(long, value_name = "REV", help_heading = "History")]
    pub(super) branch: Option<String>,

    /// Nothing is remembered from one commit to the next, as in CI without a cache
    #[arg(long, help_heading = "Cache", conflicts_with_all = ["cache_age", "cache_commits"])]
    pub(super) cold: bool,

    /// What was not used for so many days is forgotten
    #[arg(long, value_name = "DAYS", help_heading = "Cache")]
    pub(super) cache_age: Option<u32>,

    /// What was not used in so many commits is forgotten
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Cache")]
    pub(super) cache_commits: Option<u32>,

    /// What a change runs again: REV..REV compares two commits, A...B the second with what both have in common, REV the working
    /// tree with a commit, and nothing the working tree with HEAD
    #[arg(long, value_name = "REV..REV", num_args = 0..=1, default_missing_value = "", help_heading = "Change", conflicts_with_all = ["commits", "since", "cold", "cache_age", "cache_commits"])]
    pub(super) change: Option<String>,

    /// Fail if the steps that run again take longer, in seconds
    #[arg(long, value_name = "SECONDS", requires = "change", help_heading = "Change")]
    pub(super) max_rebuilt_seconds: Option<u32>,

    /// Why a build missed its cache: the logs of two builds, the older one first. Manifests of `--record` and records of
    /// `docker buildx history inspect --format json` may be named too, the older one first
    #[arg(long, value_name = "OLD NEW", num_args = 1..=6, help_heading = "Explanation", conflicts_with_all = ["change", "commits", "since", "cold", "cache_age", "cache_commits", "cost", "diff"])]
    pub(super) explain: Vec<PathBuf>,

    /// The commits of the two builds, for `--explain`; one alone is compared with the working tree
    #[arg(long, value_name = "OLD..NEW", requires = "explain", help_heading = "Explanation")]
    pub(super) revs: Option<String>,

    /// Write what a build of the files on the disk takes, or of the commit that `--branch` names, to a manifest for `--explain`
    #[arg(long, value_name = "FILE", help_heading = "Explanation", conflicts_with_all = ["change", "explain", "commits", "since", "cold", "cache_age", "cache_commits", "cost", "diff", "format", "output"])]
    pub(super) record: Option<PathBuf>,

    /// Take times from the log of `docker build --no-cache --progress plain`
    #[arg(long, value_name = "LOG", help_heading = "Build")]
    pub(super) cost: Option<PathBuf>,

    /// Show the change to the Dockerfile that would have saved most, and nothing else
    #[arg(long, conflicts_with_all = ["change", "format"], help_heading = "Better orders")]
    pub(super) diff: bool,

    /// Make that change to the Dockerfile on the disk, and nothing else
    #[arg(long, conflicts_with_all = ["diff", "change", "explain", "record", "format", "output", "html"], help_heading = "Better orders")]
    pub(super) fix: bool,

    /// Also make changes that may alter what the image does, as another order of instructions does
    #[arg(long, requires = "fix", help_heading = "Better orders")]
    pub(super) unsafe_fixes: bool,

    /// Which change `--diff` and `--fix` are about: 1 is the one that would have saved most
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Better orders")]
    pub(super) order: u32,

    /// How to print the result
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(super) format: CacheFormat,

    /// Also write a page with the history next to the Dockerfile
    #[arg(long, value_name = "FILE", conflicts_with_all = ["change", "diff", "explain", "record"], help_heading = "Output")]
    pub(super) html: Option<PathBuf>,

    /// Write it to a file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Output")]
    pub(super) color: ColorFlag,
}

impl CacheArgs {
    /// The command that replays the same history, without what says how to print it. Values of build arguments are not
    /// repeated: they may be secret.
    pub(super) fn command(&self) -> String {
        let path = |it: &PathBuf| it.display().to_string();
        let number = |it: u32| it.to_string();
        let builder = self.builder.traits().name.to_owned();
        let mut options = vec![
            ("", Some(path(&self.folder)).filter(|it| it != ".")),
            ("--context", self.context.as_ref().map(path)),
            ("-f", self.file.as_ref().map(path)),
            ("--builder", Some(builder).filter(|_| self.builder != Builder::Buildkit)),
            ("--target", self.build.target.clone()),
        ];
        let names = self.build.build_arg.iter().map(|it| it.0.as_str());
        options.extend(names.map(|it| ("--build-arg", Some(format!("{it}=…")))));
        options.extend([
            ("--commits", Some(self.commits).filter(|it| *it != COMMITS).map(number)),
            ("--since", self.since.map(dates::date)),
            ("--branch", self.branch.clone()),
            ("--cache-age", self.cache_age.map(number)),
            ("--cache-commits", self.cache_commits.map(number)),
            ("--cost", self.cost.as_ref().map(path)),
        ]);
        let mut command = "layerwise cache".to_owned();
        for (name, value) in options {
            let Some(value) = value else { continue };
            let name = if name.is_empty() { String::new() } else { format!("{name} ") };
            command.push_str(&format!(" {name}{}", shell_word(&value)));
        }
        command + if self.cold { " --cold" } else { "" }
    }
}

fn day(text: &str) -> Result<i64, String> {
    dates::parse(text).ok_or_else(|| "expected a day, such as 2026-01-31".to_owned())
}
