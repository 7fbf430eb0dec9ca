//! Security.

mod named_user;
mod root_user;
mod secret_like_variable;
mod secrets_used_in_arg_or_env;
mod sudo_in_run;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    named_user::RULE,
    root_user::RULE,
    secret_like_variable::RULE,
    secrets_used_in_arg_or_env::RULE,
    sudo_in_run::RULE,
];
