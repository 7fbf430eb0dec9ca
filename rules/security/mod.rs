//! Security.

mod sudo_in_run;
mod root_user;
mod secrets_used_in_arg_or_env;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[sudo_in_run::RULE];
pub(super) const RULES: &[Rule] = &[root_user::RULE, secrets_used_in_arg_or_env::RULE];
