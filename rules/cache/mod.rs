//! What the build cache can keep, and what spoils it.

mod cache_mount_defeated;
mod missing_cache_mount;
mod nondeterministic_layer;
mod package_index_cached_apart;
mod source_copied_before_dependencies;
mod unlinked_copy;
mod unpinned_remote_source;
mod volatile_value_before_expensive_step;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    cache_mount_defeated::RULE,
    missing_cache_mount::RULE,
    nondeterministic_layer::RULE,
    package_index_cached_apart::RULE,
    source_copied_before_dependencies::RULE,
    unlinked_copy::RULE,
    unpinned_remote_source::RULE,
    volatile_value_before_expensive_step::RULE,
];
