//! The build context.

mod added_local_file;
mod copy_ignored_file;
mod copy_to_file;
mod copy_without_workdir;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    added_local_file::RULE,
    copy_ignored_file::RULE,
    copy_to_file::RULE,
    copy_without_workdir::RULE,
];
