//! Layers and what they carry.

mod apk_index_left;
mod apt_lists_left;
mod consecutive_runs;
mod pip_cache_left;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] =
    &[apk_index_left::RULE, apt_lists_left::RULE, consecutive_runs::RULE, pip_cache_left::RULE];
