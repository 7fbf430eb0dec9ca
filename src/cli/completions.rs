//! `layerwise completions` and `layerwise man`: what packages install next to the program.

use clap::{Command, CommandFactory};

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::output::Output;
use super::{Outcome, SUCCESS};
use crate::error::Error;
use crate::lint::did_you_mean;

/// Prints a script that completes the command line in a shell.
pub(super) fn run(args: &CompletionsArgs) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "layerwise", &mut script);
    print(&script)
}

/// Prints the manual page of the program or of a subcommand, in roff.
pub(super) fn man(args: &ManArgs) -> Outcome {
    let mut command = Cli::command();
    command.build();
    let page = match args.subcommand.as_deref() {
        None => Some(&command),
        Some(name) => command.get_subcommands().find(|it| it.get_name() == name),
    };
    let Some(page) = page else {
        let name = args.subcommand.as_deref().unwrap_or_default();
        let names = command.get_subcommands().map(Command::get_name);
        let hint = did_you_mean(name, names);
        return Err(Error::Usage(format!("no subcommand is called `{name}`{hint}")));
    };
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(page.clone()).render(&mut text);
    print(&text)
}

fn print(text: &[u8]) -> Outcome {
    let mut output = Output::stdout();
    let _ = output.write(&String::from_utf8_lossy(text));
    output.finish()?;
    Ok(SUCCESS)
}
