//! What the build cache can keep, and what spoils it.

mod package_index_cached_apart;
mod source_copied_before_dependencies;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] =
    &[package_index_cached_apart::RULE, source_copied_before_dependencies::RULE];
