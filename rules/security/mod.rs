//! Security.

mod sudo_in_run;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[sudo_in_run::RULE];
