//! Build stages and what each brings to the image.

mod missing_multi_stage;
mod unused_stage;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[missing_multi_stage::RULE, unused_stage::RULE];
