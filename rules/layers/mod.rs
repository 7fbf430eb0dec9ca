//! Layers and what they carry.

mod apk_index_left;
mod apt_lists_left;
mod cleanup_in_later_layer;
mod consecutive_runs;
mod excess_run_layers;
mod package_cache_left_in_layer;
mod permission_change_copies_files;
mod pip_cache_left;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    apk_index_left::RULE,
    apt_lists_left::RULE,
    cleanup_in_later_layer::RULE,
    consecutive_runs::RULE,
    excess_run_layers::RULE,
    package_cache_left_in_layer::RULE,
    permission_change_copies_files::RULE,
    pip_cache_left::RULE,
];
