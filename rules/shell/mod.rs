//! Shell text and commands.

mod comment_swallows_commands;
mod directory_change_in_run;
mod instruction_in_run;
mod pipe_without_pipefail;
mod pointless_command;
mod shell_replaced_by_link;
mod shellcheck;
mod unchecked_command;
mod unsupported_shell_option;
mod wget_progress_bar;

use crate::lint::Rule;
pub use shellcheck::shellcheck_metas;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    comment_swallows_commands::RULE,
    directory_change_in_run::RULE,
    instruction_in_run::RULE,
    pipe_without_pipefail::RULE,
    pointless_command::RULE,
    shell_replaced_by_link::RULE,
    shellcheck::RULE,
    unchecked_command::RULE,
    unsupported_shell_option::RULE,
    wget_progress_bar::RULE,
];
