//! Syntax and instruction form.

mod invalid_encoding;
mod syntax_error;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[invalid_encoding::RULE, syntax_error::RULE];
