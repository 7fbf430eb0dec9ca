//! Syntax and instruction form.

mod consistent_instruction_casing;
mod from_as_casing;
mod ignore_comment;
mod instruction_before_from;
mod invalid_encoding;
mod legacy_key_value_format;
mod no_empty_continuation;
mod suppression_without_reason;
mod syntax_error;
mod undefined_var;
mod unused_suppression;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    consistent_instruction_casing::RULE,
    from_as_casing::RULE,
    ignore_comment::RULE,
    instruction_before_from::RULE,
    invalid_encoding::RULE,
    legacy_key_value_format::RULE,
    no_empty_continuation::RULE,
    suppression_without_reason::RULE,
    syntax_error::RULE,
    undefined_var::RULE,
    unused_suppression::RULE,
];
