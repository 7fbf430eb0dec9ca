//! The build cache and the order of instructions.

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[];
