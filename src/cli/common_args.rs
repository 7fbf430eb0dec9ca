//! Flags that several subcommands have.

use clap::{Args, ValueEnum};

/// What a build is given.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct BuildFlags {
    /// Set a build argument, as in `docker build --build-arg`
    #[arg(long, value_name = "NAME=VALUE", value_parser = build_arg, help_heading = "Build")]
    pub(super) build_arg: Vec<(String, String)>,

    /// The stage to build, as in `docker build --target`
    #[arg(long, value_name = "STAGE", help_heading = "Build")]
    pub(super) target: Option<String>,
}

/// `--color`.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct ColorFlag {
    /// Colour the output
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

/// `NAME=VALUE`; a name alone takes its value from the environment in a build, which is not read here.
fn build_arg(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}
