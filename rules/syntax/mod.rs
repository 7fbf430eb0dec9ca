//! Syntax and instruction form.

mod invalid_encoding;
mod syntax_error;
mod consistent_instruction_casing;
mod from_as_casing;
mod legacy_key_value_format;
mod no_empty_continuation;
mod undefined_var;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[invalid_encoding::RULE, syntax_error::RULE];
pub(super) const RULES: &[Rule] = &[
    consistent_instruction_casing::RULE,
    from_as_casing::RULE,
    legacy_key_value_format::RULE,
    no_empty_continuation::RULE,
    undefined_var::RULE,
];
