//! Installs of packages: what they read, leave behind, need later and repeat.

pub(super) mod cache_facts;
pub(super) mod cache_mounts;
pub(super) mod caches;
pub(super) mod cleanups;
pub(super) mod compile;
pub(super) mod dev_needs;
pub(super) mod ecosystems;
pub(super) mod late_installs;
pub(super) mod later_needs;
pub(super) mod left_over;
pub(super) mod locked;
pub(super) mod manifests;
pub(super) mod moved_downloads;
pub(super) mod recommends;
pub(super) mod removed;
pub(super) mod repeated_installs;
pub(super) mod scripts;
pub(super) mod unused_packages;
