//! The command line: flags in, reports and an exit code out.

mod args;
mod ast;
mod baseline;
#[cfg(feature = "cache")]
mod cache;
mod check;
mod common_args;
mod completions;
mod config;
mod diff;
mod discover;
mod explain;
mod flags;
mod hadolint;
#[cfg(feature = "cache")]
mod history;
#[cfg(feature = "images")]
mod images;
mod init;
#[cfg(feature = "lsp")]
mod lsp;
mod output;
mod reports;
mod rewrite;
mod rules;
mod settings;
mod signals;
#[cfg(feature = "cache")]
mod since;
#[cfg(feature = "images")]
mod store;
mod write;

pub use baseline::Baseline;
#[cfg(feature = "cache")]
pub use history::{Histories, Work};

use std::process::ExitCode;

use clap::Parser;

use crate::error::Error;
use crate::shell;
use args::{Cli, Command};

/// Nothing to complain about.
const SUCCESS: u8 = 0;
/// There are findings at or above the threshold.
const FINDINGS: u8 = 1;
/// Bad usage, or a file that could not be read or written.
const FAILURE: u8 = 2;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !shell::is_guarded() {
            default(info);
        }
    }));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(output::misused(&error)),
    };
    let result = match &cli.command {
        Command::Check(args) => check::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Ast(args) => ast::run(args),
        Command::Config(args) => config::run(args),
        #[cfg(feature = "images")]
        Command::Measure(args) => images::measure(args),
        #[cfg(feature = "images")]
        Command::Image(args) => images::image(args),
        #[cfg(feature = "images")]
        Command::Store(args) => store::run(args),
        #[cfg(feature = "cache")]
        Command::Cache(args) => cache::run(args),
        Command::Init(command) => init::run(command),
        #[cfg(feature = "lsp")]
        Command::Lsp(args) => lsp::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => completions::man(args),
    };
    ExitCode::from(result.unwrap_or_else(|error| {
        output::complain(&error);
        FAILURE
    }))
}

/// The result of a subcommand: its exit code.
type Outcome = Result<u8, Error>;
