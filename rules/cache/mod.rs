//! What the build cache can keep, and what spoils it.

mod cache_mount_defeated;
mod cache_mount_of_root;
mod error_page_saved;
mod missing_cache_mount;
mod mounted_files_used_elsewhere;
mod nondeterministic_layer;
mod package_index_cached_apart;
mod packages_installed_after_sources;
mod podman_only_option;
mod source_copied_before_dependencies;
mod unlinked_copy;
mod unlocked_apt_cache_mount;
mod unpinned_remote_source;
mod volatile_value_before_expensive_step;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    cache_mount_defeated::RULE,
    cache_mount_of_root::RULE,
    error_page_saved::RULE,
    missing_cache_mount::RULE,
    mounted_files_used_elsewhere::RULE,
    nondeterministic_layer::RULE,
    package_index_cached_apart::RULE,
    podman_only_option::RULE,
    packages_installed_after_sources::RULE,
    source_copied_before_dependencies::RULE,
    unlinked_copy::RULE,
    unlocked_apt_cache_mount::RULE,
    unpinned_remote_source::RULE,
    volatile_value_before_expensive_step::RULE,
];
