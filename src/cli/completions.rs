//! `layerwise completions`: a script that completes the command line in a shell.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs};
use super::output::Output;
use super::{Outcome, SUCCESS};

/// Runs it.
pub(super) fn run(args: &CompletionsArgs) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "layerwise", &mut script);
    let mut output = Output::stdout();
    let _ = output.write(&String::from_utf8_lossy(&script));
    output.finish()?;
    Ok(SUCCESS)
}
