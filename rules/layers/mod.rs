//! Layers and what they carry.

mod cleanup_in_later_layer;
mod excess_run_layers;
mod package_cache_left_in_layer;
mod permission_change_copies_files;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    excess_run_layers::RULE,
    cleanup_in_later_layer::RULE,
    permission_change_copies_files::RULE,
    package_cache_left_in_layer::RULE,
];
