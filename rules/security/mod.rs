//! Security.

mod root_user;
mod secrets_used_in_arg_or_env;
mod sudo_in_run;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] =
    &[root_user::RULE, secrets_used_in_arg_or_env::RULE, sudo_in_run::RULE];
