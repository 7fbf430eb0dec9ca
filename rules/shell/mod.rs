//! Shell text and commands.

mod directory_change_in_run;
mod pipe_without_pipefail;
mod pointless_command;
mod wget_progress_bar;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    pointless_command::RULE,
    directory_change_in_run::RULE,
    pipe_without_pipefail::RULE,
    wget_progress_bar::RULE,
];
