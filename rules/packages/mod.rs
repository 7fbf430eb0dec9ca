//! Package managers.

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[];
